"""Demandes de réexamen: one a file, by a signatory; read anew by jurors who never read the file, then answered by the
person who presides."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_sign
from accounts.queries import membership_of
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments.models import Application
from assessments.queries import locked
from jury import permissions, policies, queries
from jury.actions.decisions import told_with_obligations
from jury.doors import examination, letters
from jury.models import Appeal, AppealState, Assignment, Juror
from outbox import jobs


@transaction.atomic
def file_appeal(*, application: Application, by: User, grounds: str, now: datetime) -> Appeal:
    """Ask for a second look at a published result, within the delay. The chair and the organisers are told."""
    membership = membership_of(user=by, territory=application.territory)
    if membership is None:
        raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
    check_can_sign(membership)
    fresh = locked(application)
    policies.check_can_appeal(fresh, already=Appeal.objects.filter(application=fresh).exists(), now=now)
    if not grounds.strip():
        raise Refused(_("Dites ce qui, selon vous, mérite d’être réexaminé."))
    appeal = Appeal.objects.create(application=fresh, grounds=grounds.strip(), filed_by=by, filed_at=now)
    audit.record(by=by, verb="appeal.lodged", on=appeal, application=fresh.pk)
    letters.appeal_filed(appeal, presiding=queries.presiding(fresh), organisers=queries.organisers_told(fresh))
    return appeal


@transaction.atomic
def read_anew(*, appeal: Appeal, jurors: Iterable[Juror], by: Juror, now: datetime) -> list[Assignment]:
    """Hand the file to readers who never read it, as blind as the first ones were. The same ones again is harmless.

    Raises NotAllowed unless `by` presides for this file, NotNow when answered, or for who read it or is recused."""
    application = locked(appeal.application)
    permissions.check_can_preside(by, application)
    appeal.refresh_from_db()
    policies.check_can_answer(appeal)
    given = {row.juror_id for row in queries.read_anew(appeal)}
    asked = [juror for juror in jurors if juror.pk not in given]
    able = set(queries.new_readers(application).values_list("pk", flat=True))
    for juror in asked:
        if juror.pk not in able:
            raise NotNow(_("%(juror)s a déjà lu ce dossier, ou ne peut pas le lire.") % {"juror": juror})
    rows = [
        Assignment.objects.create(
            application=application, juror=juror, appeal=appeal, assigned_at=now, assigned_by=by.user
        )
        for juror in asked
    ]
    if rows:
        audit.record(by=by.user, verb="appeal.read_anew", on=appeal, jurors=[row.juror_id for row in rows])
        letters.assigned(rows)
    return rows


@transaction.atomic
def answer_appeal(
    *, appeal: Appeal, by: Juror, upheld: bool, answer: str, new_level: int | None = None, now: datetime
) -> Appeal:
    """Uphold with a new level, or reject; always with reasons. An upheld one asks for a new published copy; over
    obligations that are not proven, its reasons go on with those.

    Raises NotAllowed unless `by` presides for this file, NotNow when it was answered before, or is not read anew."""
    application = locked(appeal.application)
    permissions.check_can_preside(by, application)
    appeal.refresh_from_db()
    policies.check_can_answer(appeal)
    policies.refuse(policies.why_not_conclude(awaited=queries.readings_anew_awaited(appeal, queries.read_anew(appeal))))
    if not answer.strip():
        raise Refused(_("Donnez vos raisons : la collectivité les lira."))
    answer = answer.strip()
    if upheld:
        appeal.new_level = _checked_level(application, new_level)
        examined = examination.decided(queries.standing_decisions().get(application=application))
        answer = told_with_obligations(answer, examined=examined, level=appeal.new_level)
    appeal.state = AppealState.UPHELD if upheld else AppealState.REJECTED
    appeal.answer, appeal.answered_by, appeal.answered_at = answer, by, now
    appeal.save()
    audit.record(by=by.user, verb=f"appeal.{appeal.state}", on=appeal, application=application.pk, level=new_level)
    if upheld:
        jobs.named("result.republish").schedule(appeal=appeal.pk)
    letters.appeal_answered(appeal)
    return appeal


def _checked_level(application: Application, level: int | None) -> int:
    """Higher than the one decided, for an appeal never lowers a level, and within one of the examined one."""
    decision = queries.standing_decisions().get(application=application)
    if level is None:
        raise Refused(_("Indiquez le nouveau niveau."))
    grades = application.framework.parsed.grades
    if level not in grades:
        raise Refused(policies.no_such_level(grades))
    if level == decision.level:
        raise Refused(_("C’est déjà le niveau publié : rejetez la demande, ou choisissez un niveau plus haut."))
    if level < decision.level:
        raise Refused(_("Un réexamen n’abaisse jamais un niveau : rejetez la demande, ou choisissez-en un plus haut."))
    if abs(level - decision.examined_level) > 1:
        raise NotNow(
            _("Le niveau instruit est %(examined)s : le jury peut s’en écarter d’une arobase au plus.")
            % {"examined": decision.examined_level}
        )
    return level
