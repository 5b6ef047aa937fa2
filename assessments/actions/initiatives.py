"""Initiatives: written by several people in several sittings; the version seen says who was first."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import Refused, Stale
from accounts.rules import texts
from assessments import policies, queries
from assessments.actions.evidence import check_link
from assessments.models import Application, Initiative, InitiativeVersion
from assessments.rules import eligibility
from territories.models import Territory

OLDEST = 1900  # a start before that is a slip of the keyboard
FIELDS = Initiative.WRITTEN
# Characters of each text.
MOST = {"title": 120, "description": texts.LONGEST, "results": texts.LONGEST, "partners": 300, "contact": 160}
LONG = ("description", "results")  # the others are on one line
# Of the dates of an initiative: nobody was on line before, nobody plans beyond.
FIRST_YEAR, LAST_YEAR = 1980, 2100


class StaleInitiative(Stale):
    """Somebody saved it first, perhaps the same person in another tab. `current` stands; `proposed` holds the fields
    that were not written."""

    def __init__(self, current: Initiative, proposed: Mapping[str, Any], by: User) -> None:
        mine, removed = current.updated_by_id == by.pk, current.removed_at is not None
        words = {
            (True, False): _("Vous avez modifié cette initiative dans un autre onglet, ou sur un autre appareil."),
            (False, False): _("Une autre personne a modifié cette initiative pendant que vous l’écriviez."),
            (True, True): _("Vous avez retiré cette initiative dans un autre onglet, ou sur un autre appareil."),
            (False, True): _("Une autre personne a retiré cette initiative pendant que vous l’écriviez."),
        }
        super().__init__(words[mine, removed])
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
    fields = written(fields)
    check(application, fields)
    with transaction.atomic():
        fresh = queries.locked(application)
        if initiative is None:
            row = Initiative(application=application, **fields)
            policies.check_can_change(fresh, now, initiatives=[row])
        else:
            row = Initiative.objects.get(pk=initiative.pk, application=application)
            moved = Initiative(pk=row.pk, issues=fields.get("issues", row.issues))
            policies.check_can_change(fresh, now, initiatives=[row, moved])
            if all(getattr(row, name) == value for name, value in fields.items()) and row.removed_at is None:
                return row
            if row.version != seen:
                raise StaleInitiative(row, fields, by)
            if row.updated_by_id != by.pk or not _only_adds(row, fields):
                _keep(row)
            for name, value in fields.items():
                setattr(row, name, value)
            row.version += 1
        row.removed_at, row.updated_at, row.updated_by = None, now, by
        row.save()
        audit.record(by=by, verb="initiative.saved", on=row, version=row.version, **_plain(fields))
    return row


def set_aside(*, initiative: Initiative, fields: Mapping[str, Any], by: User, now: datetime) -> None:
    """The colleague's version stays; what was typed meanwhile goes into the history, whence it can be restored."""
    fields = written(fields)
    check(initiative.application, fields)
    with transaction.atomic():
        fresh = queries.locked(initiative.application)
        row = Initiative.objects.get(pk=initiative.pk)
        policies.check_can_change(fresh, now, initiatives=[row])
        if all(getattr(row, name) == value for name, value in fields.items()):
            return
        content = kept(row) | kept(Initiative(**fields), fields)
        InitiativeVersion.objects.create(
            initiative=row, version=row.version, content=content, aside=True, at=now, author=by
        )


def restore_initiative(
    *, initiative: Initiative, version: InitiativeVersion | None, seen: int, by: User, now: datetime
) -> Initiative:
    """Say again what `version` said (None: the last one, of an initiative that was removed), as a new version.

    Raises StaleInitiative when somebody wrote after version `seen`, Refused for what the questionnaire no longer
    takes."""
    with transaction.atomic():
        fresh = queries.locked(initiative.application)
        row = Initiative.objects.get(pk=initiative.pk)
        fields = told(version, Territory.objects.in_bulk([version.content["inspired_by"]])) if version else {}
        moved = Initiative(pk=row.pk, issues=fields.get("issues", row.issues))
        policies.check_can_change(fresh, now, initiatives=[row, moved])
        if row.version != seen:
            raise StaleInitiative(row, fields, by)
        if version is None and row.removed_at is None:
            return row
        if version:
            check(fresh, fields)
            _keep(row)
            for name, value in fields.items():
                setattr(row, name, value)
        row.version += 1
        row.removed_at, row.updated_at, row.updated_by = None, now, by
        row.save()
        audit.record(by=by, verb="initiative.restored", on=row, version=row.version, **plain(row))
    return row


def _keep(row: Initiative) -> None:
    """What stands, before it is written over."""
    InitiativeVersion.objects.create(
        initiative=row, version=row.version, content=kept(row), at=row.updated_at, author_id=row.updated_by_id
    )


def _only_adds(row: Initiative, fields: Mapping[str, Any]) -> bool:
    """Is all that the row says still said? Then its version says nothing more: what is typed is saved at each pause."""
    return all(
        value.startswith(before) if isinstance(before := getattr(row, name), str) else before in (None, [], value)
        for name, value in fields.items()
    )


def kept(row: Initiative, names: Iterable[str] = FIELDS) -> dict[str, Any]:
    """The fields as a version keeps them."""
    values = {name: getattr(row, "inspired_by_id" if name == "inspired_by" else name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def told(version: InitiativeVersion, places: Mapping[int, Territory]) -> dict[str, Any]:
    """The fields of a version that was kept, as a row has them. `places`: those that may have inspired it, by key."""
    days = {name: parse_date(version.content[name] or "") for name in ("started_on", "ended_on")}
    return {**version.content, **days, "inspired_by": places.get(version.content["inspired_by"])}


def remove_initiative(*, initiative: Initiative, seen: int, by: User, now: datetime) -> None:
    """Out of the file; the row stays, with what proves it, for who restores it. Twice is harmless."""
    with transaction.atomic():
        fresh = queries.locked(initiative.application)
        row = Initiative.objects.get(pk=initiative.pk)
        policies.check_can_change(fresh, now, initiatives=[row])
        if row.removed_at is not None:
            return
        if row.version != seen:
            raise StaleInitiative(row, {}, by)
        # Who is writing meanwhile reads that it is gone, and may bring it back with what they wrote.
        row.version += 1
        row.removed_at, row.updated_at, row.updated_by = now, now, by
        row.save(update_fields=["version", "removed_at", "updated_at", "updated_by"])
        audit.record(by=by, verb="initiative.removed", on=row)


def written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, their texts as they are kept. Raises Refused for one that is too long or holds what no text does."""
    return {
        name: texts.taken(value, most=MOST[name], lines=name in LONG) if name in MOST else value
        for name, value in fields.items()
    }


def check(application: Application, fields: Mapping[str, Any]) -> None:
    """Refuse what may not even be a draft."""
    issues = fields.get("issues", [])
    framework = application.framework.parsed
    known = framework.issue_by_id
    if any(issue not in known for issue in issues) or len(set(issues)) != len(issues):
        raise Refused(_("Cet enjeu n’existe pas dans le référentiel de votre dossier."))
    most = (framework.eligibility or eligibility.UNWRITTEN).max_issues
    if len(issues) > most:
        words = ngettext(
            "Une initiative sert un seul enjeu : choisissez le principal.",
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
    if link := fields.get("link"):
        check_link(link)
    start, end = fields.get("started_on"), fields.get("ended_on")
    if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (start, end)):
        raise Refused(_("Vérifiez l’année des dates : elle s’écrit avec quatre chiffres, par exemple 2024."))
    if start and end and end < start:
        raise Refused(_("La date de fin est avant la date de début : corrigez l’une des deux."))


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the trail keeps them."""
    return {name: value if isinstance(value, (bool, list, str)) else str(value or "") for name, value in fields.items()}


def plain(row: Initiative) -> dict[str, Any]:
    """What the card says, as JSON keeps it."""
    return _plain({name: getattr(row, name) for name in FIELDS})
