"""What becomes of a file before the jury: taken up, sent back, turned down, decided, reopened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Refused
from assessments import actions as applications
from assessments import wording
from assessments.doors import scorecards
from assessments.enums import ScorecardKind, State
from assessments.models import Application, Initiative
from assessments.queries import locked, sheet
from jury import permissions, policies, queries
from jury.actions import recusals
from jury.actions.ballots import set_aside
from jury.doors import examination, letters
from jury.jobs import previews
from jury.models import Decision, Juror, Review
from jury.policies import Standing
from scoring.engine import Result


def take_up(application: Application, *, by: User, now: datetime) -> None:
    """A submitted file that has readers is under review: the first time, and when it comes back with its complement."""
    if application.state == State.SUBMITTED and queries.live_assignments().filter(application=application).exists():
        applications.move(application=application, to=State.UNDER_REVIEW, by=by, now=now)
        previews.schedule(application)


@transaction.atomic
def return_to_applicant(
    *,
    application: Application,
    by: Juror,
    reason: str,
    parts: Collection[str],
    initiatives: Collection[Initiative] = (),
    now: datetime,
) -> Application:
    """Ask the commune for more on `parts` (questions, issues, the context) and `initiatives`: nothing else is reopened.

    Readings handed in become drafts again, since the file will change."""
    fresh = locked(application)
    policies.check_can_read(fresh)
    permissions.check_can_examine(by, fresh)
    applications.ask_complement(
        application=application,
        reason=reason,
        parts=parts,
        initiatives=initiatives,
        examined=scorecards.inputs(fresh, rulings=examination.rulings_of(fresh), now=now),
        by=by.user,
        now=now,
    )
    handed_in = Review.objects.filter(assignment__application=application, submitted_at__isnull=False)
    for review in handed_in:
        audit.record(by=by.user, verb="jury.review_reopened", on=application, review=review.pk)
    handed_in.update(submitted_at=None)
    set_aside(application, why=_("Un complément est demandé à la collectivité."), by=by.user, now=now)
    letters.complement_asked(application)
    return application


@transaction.atomic
def mark_ineligible(*, application: Application, by: User, reason: str, now: datetime) -> Application:
    """The file does not meet the rules of the label. The commune is told why."""
    check_can_organise(by)
    applications.move(application=application, to=State.INELIGIBLE, by=by, reason=reason, now=now)
    set_aside(application, why=_("Le dossier est déclaré non recevable."), by=by, now=now)
    letters.turned_down(application)
    return application


@transaction.atomic
def decide(
    *,
    application: Application,
    level: int,
    reasons: str = "",
    honours: Sequence[str] = (),
    comment_to_territory: str = "",
    waiver: str = "",
    by: Juror,
    now: datetime,
) -> Decision:
    """Grant a level: the examined scorecard is frozen with the rulings, and the file becomes `DECIDED`.

    `reasons` are required when the level is not the examined one; where it is raised over obligations that are not
    proven, they go on with those. `waiver` says why readings may be missing.
    Raises NotAllowed unless `by` presides for this file, NotNow when a claim awaits a ruling, readings are missing, the
    jury is voting or voted otherwise, the level is more than one away from the examined one, or somebody decided first:
    nothing is written then."""
    fresh = locked(application)
    permissions.check_can_preside(by, fresh)
    honours = [honour.strip() for honour in honours if honour.strip()]
    rulings = examination.rulings_of(fresh)
    rows = sheet(fresh, refused=rulings.refused_evidence)
    result = scorecards.live(fresh, sheet=rows, rulings=rulings)
    file = _standing(fresh, claims=len(result.claims_pending) + len(examination.unsettled(fresh, rulings)))
    waiver = waiver.strip() if file.readings < file.awaited else ""
    policies.refuse(
        policies.why_not_decide(file, waived=bool(waiver))
        or policies.why_not_against_the_vote(level=level, voted=queries.voted_level(fresh))
        or policies.why_not_honours(honours=honours, voted=queries.voted_honours(fresh))
    )
    take_up(fresh, by=by.user, now=now)
    recusals.record_for_file(fresh, now=now)
    card = scorecards.freeze(application=fresh, kind=ScorecardKind.EXAMINED, now=now, sheet=rows, rulings=rulings)
    grades = fresh.framework.parsed.grades
    examined = policies.check_level(level=level, examined=card.level, reasons=reasons, grades=grades)
    decision = Decision.objects.create(
        application=fresh,
        scorecard=card,
        level=level,
        examined_level=examined,
        reasons=told_with_obligations(reasons, examined=result, level=level),
        comment_to_territory=comment_to_territory.strip(),
        honours=honours,
        waiver=waiver,
        decided_by=by,
        decided_at=now,
    )
    applications.move(application=fresh, to=State.DECIDED, by=by.user, now=now)
    application.state = fresh.state
    audit.record(by=by.user, verb="jury.decided", on=decision, application=fresh.pk, level=level, examined=examined)
    return decision


def told_with_obligations(reasons: str, *, examined: Result, level: int) -> str:
    """The reasons as they are published: where the level is raised over obligations that are not proven, with those."""
    return "\n\n".join(part for part in (reasons.strip(), wording.raised_over(examined, level)) if part)


@dataclass(frozen=True)
class Acceptance:
    """What became of a batch: the decisions taken, and for each file left out the reason why."""

    decisions: list[Decision]
    refusals: list[tuple[Application, str]]


@transaction.atomic
def accept(*, files: Sequence[tuple[Application, int]], by: Juror, now: datetime) -> Acceptance:
    """Decide a batch of undisputed files, each with the level that was previewed; what changed since is left out."""
    decisions: list[Decision] = []
    refusals: list[tuple[Application, str]] = []
    for application, level in files:
        try:
            with transaction.atomic():
                _check_undisputed(application, level, by)
                decisions.append(decide(application=application, level=level, by=by, now=now))
        except Refused as refusal:
            refusals.append((application, refusal.reason))
    audit.record(by=by.user, verb="jury.accepted", on=by.panel, decisions=[decision.pk for decision in decisions])
    return Acceptance(decisions, refusals)


def _check_undisputed(application: Application, level: int, by: Juror) -> None:
    fresh = locked(application)
    file = _standing(fresh, claims=examination.awaiting(fresh, examination.live(fresh)))
    agreement = queries.agreement(fresh, by)
    policies.refuse(policies.why_not_accept(file, agreement))
    if agreement.level != level:
        raise NotNow(_("Ce dossier n’est plus à ce niveau, ou ne l’était pas : relisez-le avant de décider."))


def _standing(application: Application, *, claims: int) -> Standing:
    counted, voting = queries.readings_of(application), queries.is_voting(application)
    return queries.standing(application, counted, claims=claims, voting=voting)


@transaction.atomic
def reopen(*, application: Application, by: Juror, reason: str, now: datetime) -> Application:
    """Take a decision back before publication. It is kept with the time; the file returns under review."""
    fresh = locked(application)
    policies.check_can_reopen(fresh)
    permissions.check_can_preside(by, fresh)
    if not reason.strip():
        raise Refused(_("Dites pourquoi vous rouvrez ce dossier."))
    queries.standing_decisions().filter(application=fresh).update(reopened_at=now, reopened_for=reason.strip())
    set_aside(fresh, why=_("Le dossier est rouvert."), by=by.user, now=now)
    return applications.move(application=application, to=State.UNDER_REVIEW, by=by.user, reason=reason, now=now)
