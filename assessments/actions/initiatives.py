"""Initiatives: written by several people in several sittings; the version seen says who was first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import Refused, Stale
from accounts.rules import texts
from assessments import policies
from assessments.actions.locking import writing
from assessments.doors import frameworks
from assessments.models import Application, Initiative
from assessments.rules import eligibility

OLDEST = 1900  # a start before that is a slip of the keyboard
FIELDS = (
    *("title", "description", "started_on", "ended_on", "operator", "axis", "issues", "link"),
    *("results", "partners", "cost", "inspired_by", "contact", "contact_public"),
)
# Of the dates of an initiative: nobody was on line before, nobody plans beyond.
FIRST_YEAR, LAST_YEAR = 1980, 2100


class StaleInitiative(Stale):
    """Somebody saved it first, perhaps the same person in another tab. `current` stands; `proposed` holds the fields
    that were not written."""

    def __init__(self, current: Initiative, proposed: Mapping[str, Any], by: User) -> None:
        super().__init__(
            _("Vous avez modifié cette initiative dans un autre onglet, ou sur un autre appareil.")
            if current.updated_by_id == by.pk
            else _("Une autre personne a modifié cette initiative pendant que vous l’écriviez.")
        )
        self.current = current
        self.proposed = proposed


def save_initiative(
    *,
    application: Application,
    initiative: Initiative | None,
    fields: Mapping[str, Any],
    seen: int,
    by: User,
    now: datetime,
) -> Initiative:
    """Create (`initiative` None) or change. `fields` are among FIELDS; a draft may leave all but the title empty.

    The same content again is harmless; another content on a version that is no longer the last raises
    StaleInitiative."""
    check(application, fields)
    with writing(application) as fresh:
        if initiative is None:
            row = Initiative(application=application, **fields)
            policies.check_can_change(fresh, now, initiatives=[row])
        else:
            row = Initiative.objects.get(pk=initiative.pk, application=application)
            moved = Initiative(pk=row.pk, issues=fields.get("issues", row.issues))
            policies.check_can_change(fresh, now, initiatives=[row, moved])
            if all(getattr(row, name) == value for name, value in fields.items()) and row.removed_at is None:
                return row
            if row.version != seen or row.removed_at is not None:
                raise StaleInitiative(row, fields, by)
            for name, value in fields.items():
                setattr(row, name, value)
            row.version += 1
        row.updated_at, row.updated_by = now, by
        row.save()
        audit.record(by=by, verb="initiative.save", on=row, version=row.version, **_plain(fields))
    return row


def remove_initiative(*, initiative: Initiative, seen: int, by: User, now: datetime) -> None:
    """Out of the file; the row stays, with its evidence. Twice is harmless."""
    with writing(initiative.application) as fresh:
        row = Initiative.objects.get(pk=initiative.pk)
        policies.check_can_change(fresh, now, initiatives=[row])
        if row.removed_at is not None:
            return
        if row.version != seen:
            raise StaleInitiative(row, {}, by)
        row.removed_at, row.updated_at, row.updated_by = now, now, by
        row.save(update_fields=["removed_at", "updated_at", "updated_by"])
        audit.record(by=by, verb="initiative.remove", on=row)


def check(application: Application, fields: Mapping[str, Any]) -> None:
    """Refuse what may not even be a draft."""
    issues = fields.get("issues", [])
    framework = frameworks.of(application.framework)
    known = framework.issue_by_id
    if any(issue not in known for issue in issues) or len(set(issues)) != len(issues):
        raise Refused(_("Cet enjeu n’existe pas dans le référentiel de votre dossier."))
    most = (framework.eligibility or eligibility.UNWRITTEN).max_issues
    if len(issues) > most:
        words = ngettext(
            "Une initiative sert un seul enjeu : choisissez le principal.",
            "Une initiative sert au plus %(n)d enjeux : choisissez les principaux.",
            most,
        )
        raise Refused(words % {"n": most})
    if (axis := fields.get("axis")) and axis not in framework.axis_by_id:
        raise Refused(_("Cet axe n’existe pas dans le référentiel de votre dossier."))
    started = fields.get("started_on")
    if started and started.year < OLDEST:
        raise Refused(_("Vérifiez l’année de la date de début : %(year)s.") % {"year": started.year})
    inspiration = fields.get("inspired_by")
    if inspiration is not None and inspiration.pk == application.territory_id:
        raise Refused(_("Une initiative s’inspire de celle d’une autre collectivité."))
    if not str(fields.get("title", "")).strip():
        raise Refused(_("Donnez un titre à l’initiative."))
    for name in ("description", "results"):
        texts.taken(str(fields.get(name, "")), most=texts.LONGEST)
    start, end = fields.get("started_on"), fields.get("ended_on")
    if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (start, end)):
        raise Refused(_("Vérifiez l’année des dates : elle s’écrit avec quatre chiffres, par exemple 2024."))
    if start and end and end < start:
        raise Refused(_("La date de fin vient après la date de début."))


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the trail keeps them."""
    return {name: value if isinstance(value, (bool, list, str)) else str(value or "") for name, value in fields.items()}


def plain(row: Initiative) -> dict[str, Any]:
    """What the card says, as JSON keeps it."""
    return _plain({name: getattr(row, name) for name in FIELDS})
