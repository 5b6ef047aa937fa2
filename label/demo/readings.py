"""What the simulated jury does with a file: two readings, rulings on the claims, a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from accounts.models import User
from assessments.doors import scorecards
from assessments.enums import AnswerState, State
from assessments.models import Application, Edition
from assessments.queries import Sheet, sheet
from jury import actions, policies, queries
from jury.actions.reviews import Reading
from jury.doors import examination
from jury.jobs import planning, proposals
from jury.models import Appeal, Assignment, Juror, Proposal, Review
from label.demo.files import Fate, Plan
from label.demo.words import texts
from scoring.engine import Result

# The share of readings that are drafted first.
DRAFTS = 0.4
# Shares of an axis above which it is praised, below which a next step is shown.
PRAISED, REGRETTED = Fraction(11, 20), Fraction(9, 20)


def examine(plan: Plan, application: Application, *, chair: Juror, organiser: User, now: datetime) -> None:
    """Bring the file as far as its fate says. It has its readers; running it again changes nothing."""
    rng = plan.rng("jury")
    words = texts("jury")
    if application.state != State.UNDER_REVIEW:
        return
    match plan.fate:
        case Fate.RETURNED:
            reader = _readers(application)[0]
            points = _points(application)
            asked = rng.choice([name for name in words["returns"] if any(points[name].values())])
            reason = rng.choice(words["returns"][asked])
            actions.return_to_applicant(application=application, by=reader, reason=reason, now=now, **points[asked])
        case Fate.INELIGIBLE:
            reason = rng.choice(words["ineligible"])
            actions.mark_ineligible(application=application, by=organiser, reason=reason, now=now)
        case Fate.READING:
            _read(plan, application, sheet(application), _readers(application)[:1], now=now)
        case _read_by_all:
            rows = sheet(application)
            _read(plan, application, rows, _readers(application), now=now)
            settle(plan, application, rows, chair, now=now + timedelta(hours=20))
            examined = _rule(plan, application, rows, now=now + timedelta(days=1))
            if plan.fate is Fate.DECIDED:
                _decide(plan, application, examined, chair, now=now + timedelta(days=3))


def _points(application: Application) -> dict[str, dict[str, list[Any]]]:
    """What a file offers to each kind of request of the texts."""
    standing = sheet(application)
    claimed = [name for name, row in standing.answers.items() if row.state == AnswerState.NOT_APPLICABLE]
    return {
        "evidence": {"parts": sorted(standing.proven)[:3], "initiatives": []},
        "initiatives": {"parts": [], "initiatives": list(standing.initiatives[:2])},
        "claims": {"parts": sorted(claimed), "initiatives": []},
        "identite": {"parts": ["identite"], "initiatives": []},
    }


def share_out(edition: Edition, *, by: User, now: datetime) -> list[Assignment]:
    """Each file gets its readers, as the worker proposes."""
    proposal = actions.propose(edition=edition, by=by, now=now)
    Proposal.objects.filter(pk=proposal.pk).update(**proposals.work_out(proposal))
    proposal.refresh_from_db()
    return actions.confirm(proposal=proposal, by=by, now=now, seen=planning.digest(proposal))


def _readers(application: Application) -> list[Juror]:
    rows = application.assignments.select_related("juror__user", "juror__panel").order_by("pk")
    return [row.juror for row in rows]


def _read(plan: Plan, application: Application, rows: Sheet, readers: list[Juror], *, now: datetime) -> None:
    declared = scorecards.live(application, sheet=rows)
    for number, reader in enumerate(readers):
        assignment = application.assignments.get(juror=reader)
        review = getattr(assignment, "review", None)
        if review and review.submitted_at:
            continue
        rng = plan.rng(f"reader {number}")
        reading = Reading(
            marks={axis: _mark(declared, axis, rng.choice((-1, 0, 0, 0, 1))) for axis in declared.axes},
            proposed_level=_near(declared.level or 0, rng.choice((-1, 0, 0, 0, 0, 1))),
            comment_to_territory=_comment(plan, declared, number),
            comment_to_jury=rng.choice(texts("jury")["to_jury"]),
        )
        seen = review.version if review else 0
        times = plan.rng(f"time of reader {number}")
        # The others write in one go: how long it took them is not known.
        if times.random() < DRAFTS:
            draft = replace(reading, comment_to_jury="")
            begun = now - timedelta(minutes=times.randint(11, 29))
            seen = actions.save_review(application=application, by=reader, reading=draft, seen=seen, now=begun).version
        actions.submit_review(application=application, by=reader, reading=reading, seen=seen, now=now)


def settle(plan: Plan, application: Application, rows: Sheet, chair: Juror, *, now: datetime) -> None:
    """Readers too far apart: a third one is called, and reads."""
    handed_in = Review.objects.filter(assignment__application=application, submitted_at__isnull=False)
    levels = [level for level in handed_in.values_list("proposed_level", flat=True) if level]
    # Cheaper than to count the readings of each file; the many on which readers agree need nothing else.
    if levels and max(levels) - min(levels) <= policies.WIDEST:
        return
    counted = queries.readings_of(application)
    if counted["readings"] < queries.readings_awaited(application, counted):
        actions.call_third_reader(application=application, by=chair, now=now)
        _read(plan, application, rows, _readers(application), now=now + timedelta(hours=1))


def read_anew(plan: Plan, appeal: Appeal, chair: Juror, *, now: datetime) -> None:
    """The file of an appeal goes to jurors who never read it, the least loaded first; they read."""
    given = queries.read_anew(appeal)
    if not given:
        jurors = queries.new_readers(appeal.application)[: queries.readings_anew_awaited(appeal, given)]
        actions.read_anew(appeal=appeal, jurors=jurors, by=chair, now=now)
    application = appeal.application
    _read(plan, application, sheet(application), _readers(application), now=now + timedelta(days=1))


def _mark(declared: Result, axis: str, shift: int) -> int:
    return max(0, min(4, round(4 * _share(declared, axis)) + shift))


def _share(result: Result, axis: str) -> Fraction:
    earned, possible = result.axes[axis]
    return Fraction(earned, possible) if possible else Fraction(0)


def _comment(plan: Plan, result: Result, voice: int) -> str:
    """What to praise and what comes next, on the strongest and the weakest axis where they are so; else in general.

    Each reader of a file, `voice`, has sentences of their own; the jury's own word is one of the general ones."""
    words = texts("jury")

    def own(sentences: Sequence[str]) -> str:
        return plan.rng("words").sample(sentences, len(sentences))[voice % len(sentences)]

    weakest, *_others, strongest = sorted(result.axes, key=lambda axis: _share(result, axis))
    said = []
    if _share(result, strongest) >= PRAISED:
        said.append(own(words["by_axis"][strongest]["strengths"]))
    if _share(result, weakest) < REGRETTED:
        said.append(own(words["by_axis"][weakest]["weaknesses"]))
    return " ".join(said) or own(words["to_territory"])


def _word(plan: Plan, result: Result) -> str:
    """The jury's own word: a general one, then the strongest and the weakest issue of this very file."""
    rng, words = plan.rng("jury's words"), texts("jury")
    shares = {issue: Fraction(*sums) for issue, sums in result.issues.items() if sums[1]}
    weakest, *_others, strongest = sorted(shares, key=lambda issue: (shares[issue], rng.random()))
    titles = {issue.id: issue.title["fr"] for issue in result.framework.issues}
    own = rng.choice(words["by_issue"]).format(strong=titles[strongest], weak=titles[weakest])
    return f"{rng.choice(words['to_territory'])} {own}"


def _near(level: int, shift: int) -> int:
    """No jury takes the first arobase away, or gives it to who has none, in a simulation."""
    return max(1, min(5, level + shift)) if level else level


def _rule(plan: Plan, application: Application, rows: Sheet, *, now: datetime) -> Result:
    """The file as examined. Refusing one claim may bring another to light: until none is left."""
    rng = plan.rng("rulings")
    reasons: Mapping[str, list[str]] = texts("jury")["rulings"]
    while True:
        examined = scorecards.live(application, sheet=rows, rulings=examination.rulings_of(application))
        pending = examined.claims_pending
        if not pending:
            return examined
        reader = _readers(application)[0]
        for question in pending:
            accepted = rng.random() < 0.8
            reason = rng.choice(reasons["accepted" if accepted else "refused"])
            actions.rule(application=application, on=question, accepted=accepted, reason=reason, by=reader, now=now)


def _decide(plan: Plan, application: Application, result: Result, chair: Juror, *, now: datetime) -> None:
    """Mostly the examined level; one file in twelve is moved by one, with reasons."""
    rng = plan.rng("decision")
    examined = result.level or 0
    level, reasons = examined, ""
    if rng.random() < 1 / 12:
        level = _near(examined, rng.choice((-1, 1)))
    if level != examined:
        reasons = rng.choice(texts("jury")["differs"]["up" if level > examined else "down"])
    actions.decide(
        application=application,
        level=level,
        reasons=reasons,
        honours=[rng.choice(texts("jury")["honours"])] if level >= 3 and rng.random() < 0.1 else [],
        comment_to_territory=_word(plan, result),
        by=chair,
        now=now,
    )
