"""Rulings: what the jury accepts or not among the claims, the evidence and the initiatives of a file."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.refusals import NotNow, Refused
from assessments.models import Application, Evidence, Initiative
from assessments.policies import refuse
from jury import permissions, policies, queries
from jury.actions.assignments import take_up
from jury.doors import examination
from jury.models import Juror, Ruling
from jury.queries import ballots

# A claim « pas concerné » is named by its question's id.
Subject = str | Evidence | Initiative


@transaction.atomic
def rule(*, application: Application, on: Subject, accepted: bool, reason: str, by: Juror, now: datetime) -> Ruling:
    """Accept or refuse one thing, with a reason. The last ruling counts, earlier ones stay; the same again is harmless.

    Raises NotAllowed unless `by` reads the file or presides, NotNow when there is no such thing to rule on."""
    fresh = queries.locked(application)
    policies.check_can_read(fresh)
    permissions.check_can_examine(by, fresh)
    refuse(policies.why_not_while_voting(ballots.is_open(fresh)))
    if not reason.strip():
        raise Refused(_("Donnez une raison : elle accompagne votre avis dans le dossier."))
    subject = _subject(fresh, on)
    standing = examination.standing_rulings(fresh).filter(**subject).last()
    if standing and (standing.accepted, standing.reason) == (accepted, reason.strip()):
        return standing
    take_up(fresh, by=by.user, now=now)
    application.state = fresh.state
    ruling = Ruling.objects.create(
        application=fresh, accepted=accepted, reason=reason.strip(), by=by, at=now, **subject
    )
    audit.record(by=by.user, verb="jury.rule", on=ruling, application=fresh.pk, accepted=accepted)
    return ruling


def _subject(application: Application, on: Subject) -> dict[str, object]:
    """The column of the ruling that names its object, once sure that the file has it."""
    if isinstance(on, Evidence):
        known, column = application.evidence.filter(pk=on.pk, removed_at=None).exists(), "evidence"
    elif isinstance(on, Initiative):
        known, column = application.initiatives.filter(pk=on.pk, removed_at=None).exists(), "initiative"
    else:
        known, column = examination.is_claimed(application, on), "question_id"
    if not known:
        raise NotNow(_("Cet élément n’est plus dans le dossier : rechargez la page."))
    return {column: on}
