"""What the simulated jury does with a file: two readings, rulings on the claims, a decision."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import User
from assessments import scorecards
from assessments.enums import State
from assessments.models import Application
from jury import actions, examination
from jury.actions.reviews import Reading
from jury.models import Juror
from label.demo.files import Fate, Plan
from label.demo.words import texts
from scoring.engine import Result

REVIEWED = (Fate.READ, Fate.DECIDED)


def examine(plan: Plan, application: Application, *, chair: Juror, organiser: User, now: datetime) -> None:
    """Bring the file as far as its fate says. It has its readers; running it again changes nothing."""
    rng = plan.rng("jury")
    words = texts("jury")
    if application.state != State.UNDER_REVIEW:
        return
    match plan.fate:
        case Fate.RETURNED:
            reader = _readers(application)[0]
            reason = rng.choice(words["returns"])
            actions.return_to_applicant(application=application, by=reader, reason=reason, now=now)
        case Fate.INELIGIBLE:
            reason = rng.choice(words["ineligible"])
            actions.mark_ineligible(application=application, by=organiser, reason=reason, now=now)
        case Fate.READING:
            _read(plan, application, _readers(application)[:1], now=now)
        case _read_by_all:
            _read(plan, application, _readers(application), now=now)
            _rule(plan, application, now=now + timedelta(days=1))
    if plan.fate is Fate.DECIDED:
        _decide(plan, application, chair, now=now + timedelta(days=3))


def _readers(application: Application) -> list[Juror]:
    rows = application.assignments.select_related("juror__user", "juror__panel").order_by("pk")
    return [row.juror for row in rows]


def _read(plan: Plan, application: Application, readers: list[Juror], *, now: datetime) -> None:
    declared = scorecards.live(application)
    for number, reader in enumerate(readers):
        rng = plan.rng(f"reader {number}")
        reading = Reading(
            marks={axis: _mark(declared, axis, rng.choice((-1, 0, 0, 0, 1))) for axis in declared.axes},
            proposed_level=_near(declared.level or 1, rng.choice((-1, 0, 0, 0, 0, 1))),
            comment_to_territory=rng.choice(texts("jury")["to_territory"]),
            comment_to_jury=rng.choice(texts("jury")["to_jury"]),
        )
        review = getattr(application.assignments.get(juror=reader), "review", None)
        seen = review.version if review else 0
        actions.submit_review(application=application, by=reader, reading=reading, seen=seen, now=now)


def _mark(declared: Result, axis: str, shift: int) -> int:
    earned, possible = declared.axes[axis]
    share = earned / possible if possible else 0
    return max(0, min(4, round(4 * share) + shift))


def _near(level: int, shift: int) -> int:
    return max(1, min(5, level + shift))


def _rule(plan: Plan, application: Application, *, now: datetime) -> None:
    """Refusing one claim may bring another to light: until none is left."""
    rng = plan.rng("rulings")
    reader = _readers(application)[0]
    reasons: Mapping[str, list[str]] = texts("jury")["rulings"]
    while pending := examination.pending_claims(application, examination.rulings_of(application)):
        for question in pending:
            accepted = rng.random() < 0.8
            reason = rng.choice(reasons["accepted" if accepted else "refused"])
            actions.rule(application=application, on=question, accepted=accepted, reason=reason, by=reader, now=now)


def _decide(plan: Plan, application: Application, chair: Juror, *, now: datetime) -> None:
    """Mostly the examined level; one file in twelve is moved by one, with reasons."""
    rng = plan.rng("decision")
    rulings = examination.rulings_of(application)
    examined = scorecards.live(application, rulings=rulings).level or 1
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
        comment_to_territory=rng.choice(texts("jury")["to_territory"]),
        by=chair,
        now=now,
    )
