"""Rulings: what the jury accepts or not among the claims, the evidence, the initiatives and the context of a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.refusals import NotNow, Refused
from assessments.actions import check_context
from assessments.doors import scorecards
from assessments.models import Application, Evidence, Initiative
from assessments.queries import locked
from assessments.rules import eligibility
from jury import permissions, policies, queries
from jury.actions.decisions import take_up
from jury.doors import examination
from jury.models import Juror, Ruling
from scoring import facts


@dataclass(frozen=True)
class Told:
    """An answer of the context, by its name."""

    name: str


# A claim « pas concerné » is named by its question's id.
Subject = str | Evidence | Initiative | Told


@transaction.atomic
def rule(
    *,
    application: Application,
    on: Subject,
    accepted: bool,
    reason: str,
    instead: Any = None,
    by: Juror,
    now: datetime,
) -> Ruling:
    """Accept or refuse one thing, with a reason. The last ruling counts, earlier ones stay; the same again is harmless.

    `instead`: the axis and the issues ({"axis", "issues"}) under which an accepted initiative counts, or the answer
    that takes the place of one of the context, which is not accepted. Raises NotAllowed unless `by` reads the file or
    presides, NotNow when there is no such thing to rule on."""
    fresh = _held(application, by)
    if not reason.strip():
        raise Refused(_("Donnez une raison : elle accompagne votre avis dans le dossier."))
    subject = _subject(fresh, on)
    _check_instead(fresh, on, accepted=accepted, instead=instead)
    content = {"accepted": accepted, "instead": instead, "reason": reason.strip()}
    if standing := _standing(fresh, subject | content, of=subject):
        return standing
    take_up(fresh, by=by.user, now=now)
    application.state = fresh.state
    ruling = Ruling.objects.create(application=fresh, by=by, at=now, **subject, **content)
    examination.count_claims(fresh)
    audit.record(
        by=by.user, verb="jury.ruled", on=ruling, application=fresh.pk, accepted=accepted, instead=ruling.instead
    )
    return ruling


@transaction.atomic
def accept_as_read(
    *, application: Application, on: Iterable[Subject], part: str, by: Juror, now: datetime
) -> list[Ruling]:
    """Accept together what was read and that nobody doubts, a ruling each; `part` says in words of what it is the rest.
    What has a ruling meanwhile keeps it. None of it changes the score: that is why one gesture is enough.

    Raises NotNow for what asks for a ruling of its own: a claim, what the commune did not know of itself, a piece on
    which points depend."""
    fresh = _held(application, by)
    bearing = examination.bearing(scorecards.live(fresh))
    ruled = examination.standing_rulings(fresh)
    rulings = []
    for thing in on:
        if _asks_alone(fresh, thing, bearing):
            raise NotNow(_("Un de ces éléments demande un avis à lui seul : des points en dépendent."))
        subject = _subject(fresh, thing)
        if not any(_says(row, subject) for row in ruled):
            reason = _("Accepté à la lecture, avec le reste de « %(part)s ».") % {"part": part}
            rulings.append(
                Ruling(application=fresh, by=by, at=now, **subject, accepted=True, as_read=True, reason=reason)
            )
    if rulings:
        take_up(fresh, by=by.user, now=now)
        application.state = fresh.state
        for ruling in rulings:
            ruling.save()
        keys = [ruling.pk for ruling in rulings]
        audit.record(by=by.user, verb="jury.accepted_as_read", on=fresh, part=part, rulings=keys)
    return rulings


@transaction.atomic
def take_back(*, application: Application, rulings: Iterable[int], by: Juror, now: datetime) -> int:
    """Undo what this person accepted as read, by the keys of these rulings: each is kept, and stands no more. How many
    were. Twice is harmless."""
    fresh = _held(application, by)
    own = Ruling.objects.filter(application=fresh, by=by, as_read=True, taken_back_at=None, pk__in=list(rulings))
    keys = list(own.values_list("pk", flat=True))
    if keys:
        own.update(taken_back_at=now)
        audit.record(by=by.user, verb="jury.taken_back", on=fresh, rulings=keys)
    return len(keys)


def _held(application: Application, by: Juror) -> Application:
    """The row, locked, once sure that this person may rule on it now."""
    fresh = locked(application)
    policies.check_can_read(fresh)
    permissions.check_can_examine(by, fresh)
    policies.refuse(policies.why_not_while_voting(queries.is_voting(fresh)))
    return fresh


def _asks_alone(application: Application, on: Subject, bearing: set[str]) -> bool:
    if isinstance(on, Evidence):
        return not bearing.isdisjoint(use.question_id for use in on.uses.all())
    return isinstance(on, str) or (isinstance(on, Told) and on.name in scorecards.unknown(application))


def _standing(application: Application, wanted: Mapping[str, Any], *, of: Mapping[str, Any]) -> Ruling | None:
    """The last word on a thing, when it is already the one wanted."""
    rows = [row for row in examination.standing_rulings(application) if _says(row, of)]
    return rows[-1] if rows and _says(rows[-1], wanted) else None


def _says(row: Ruling, fields: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in fields.items())


def _subject(application: Application, on: Subject) -> dict[str, Any]:
    """The columns of the ruling that name its object, once sure that the file has it."""
    subject: dict[str, Any]
    if isinstance(on, Evidence):
        known, subject = application.evidence.filter(pk=on.pk, removed_at=None).exists(), {"evidence_id": on.pk}
    elif isinstance(on, Initiative):
        known, subject = application.initiatives.filter(pk=on.pk, removed_at=None).exists(), {"initiative_id": on.pk}
    elif isinstance(on, Told):
        told = examination.told(application).get(on.name)
        known, subject = told is not None, {"context_name": on.name, "told": told}
    else:
        known, subject = examination.is_claimed(application, on), {"question_id": on}
    if not known:
        raise NotNow(_("Cet élément n’est plus dans le dossier : rechargez la page."))
    return subject


def _check_instead(application: Application, on: Subject, *, accepted: bool, instead: Any) -> None:
    """What may take the place of what was said: a known place of an initiative, or an answer that differs."""
    framework = application.framework.parsed
    if isinstance(on, Told) and accepted and on.name in scorecards.unknown(application):
        raise Refused(_("La collectivité ne sait pas : dites quelle est la réponse."))
    if isinstance(on, Told) and not accepted:
        if instead in (None, facts.UNKNOWN):
            raise Refused(_("Dites quelle est la bonne réponse."))
        check_context(framework, {on.name: instead})
        if instead == application.declared_context[on.name]:
            raise Refused(_("C’est déjà ce que la collectivité a répondu : acceptez sa réponse."))
    elif isinstance(on, Initiative) and accepted and instead is not None:
        policies.refuse(eligibility.why_not_placed(framework, axis=instead["axis"], issues=instead["issues"]))
    elif instead is not None:
        raise Refused(_("Cet avis ne corrige rien : acceptez l’élément, ou ne le retenez pas."))
