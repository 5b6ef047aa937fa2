"""What the juror's pages show, as plain contexts: what blindness hides is left out here, not in templates."""

from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotNow, Refused
from assessments import wording
from assessments.enums import State
from assessments.jobs.robustness import Firmness, document_of, firmness
from assessments.models import Application
from assessments.pages import complements, panels
from assessments.policies import CONTEXT
from assessments.queries import find_inspirations
from assessments.queries import pictures as live_pictures
from jury import policies, queries, visibility
from jury.actions import Reading
from jury.actions.reviews import content_of
from jury.doors.examination import Examination, examine, unsettled
from jury.forms import ComplementForm, DecisionForm
from jury.jobs import minutes
from jury.models import Assignment, Decision, Juror, Review
from jury.pages import queue, todo
from jury.pages.side_by_side import Side
from jury.pages.trace import Trace
from jury.queries import Seat, ballots, organising
from jury.rules.counting import YES
from jury.rules.rubric import scale_of
from jury.visibility import Facts
from scoring import parts
from scoring.engine import Result
from scoring.model import Axis


def status_of(refusal: Refused) -> int:
    """Of a form shown again with its reason: a plain refusal is a form to mend."""
    return 422 if refusal.status == Refused.status else refusal.status


def seat(juror: Juror, *, now: datetime) -> dict[str, Any]:
    """One panel in the queue: what awaits the juror, readings by what is left of them, those that came back and those
    wanted soonest first; whether this person presides something.

    `over`: the edition is published, the panel's work is done."""
    rows = queries.to_read(juror)
    for row in rows:
        row.came_back = _came_back(row)
        row.wanted = row.application.deadline.day if hasattr(row.application, "deadline") and not row.appeal else None
    done: list[Any] = []
    left: list[Any] = []
    waiting: list[Any] = []
    for row in rows:
        if queries.is_handed_in(row):
            done.append(row)
        elif policies.why_not_write(row.application, row.appeal) is None:
            left.append(row)
        else:
            waiting.append(row)
    left.sort(key=lambda row: (not row.came_back, row.wanted or date.max))
    presides = juror.is_chair or queries.presides_something(juror)
    year, today = juror.panel.edition.year, timezone.localdate(now)
    return {
        "todos": todo.todos(
            year=year,
            votes=ballots.awaited_of(juror) if juror.declared_at else 0,
            appeals=queries.appeals_to_answer(juror) if presides else 0,
            unreported=minutes.decisions_to_report(juror).count() if presides else 0,
            moved=organising.moved(juror) if juror.is_chair and juror.panel.edition.published_at is None else 0,
            left=left,
            today=today,
        ),
        "juror": juror,
        "over": juror.panel.edition.published_at is not None,
        "left": left,
        "begun": queue.rows((row for row in left if hasattr(row, "review")), now=now),
        "to_begin": queue.rows((row for row in left if not hasattr(row, "review")), now=now),
        "waiting": queue.rows(waiting, now=now),
        "done": queue.rows(done, now=now),
        "minutes": queries.usual_minutes(juror.panel) if left else None,
        "presides": presides,
    }


def _came_back(row: Assignment) -> bool:
    """Completed since its draft was last saved."""
    review, submitted_at = getattr(row, "review", None), row.application.submitted_at
    if review is None or review.submitted_at is not None or submitted_at is None:
        return False
    return bool(submitted_at > review.updated_at)


def file(seat: Seat, *, typed: Reading | None = None, whole: bool = False) -> dict[str, Any]:
    """The page of one file, with what its folds hold if it is asked `whole`. `typed` is what the reader wrote and could
    not be saved: the form keeps it."""
    application, juror, facts = seat.application, seat.juror, seat.facts
    examination = examine(application)
    why_not = policies.why_not_read(application)
    own = seat.own
    review = getattr(own, "review", None) or Review(version=0)
    returned = application.state == State.RETURNED
    appeal = own.appeal if own else None
    decision = _decision(application, facts)
    context = {
        "application": application,
        "facts": facts,
        "juror": juror,
        "counted": seat.counted,
        "examination": examination,
        **judged(seat, examination, whole=whole),
        "declared_if_accepted": panels.if_accepted(application, examination.declared, own=False),
        "examined_if_accepted": panels.if_accepted(application, examination.examined, own=False),
        "whole": whole,
        "reasons": queries.recent_reasons(juror) if whole else [],
        "returned": returned,
        "may_write": facts.reader and review.submitted_at is None,
        "why_not_write": policies.why_not_write(application, appeal),
        "appeal": appeal,
        "why_not": why_not,
        "review": review,
        "typed": typed,
        **draft(application, typed or content_of(review), result=examination.examined),
        "others": _others(seat.readings, juror, facts, examination.declared.framework.axes),
        "may_revise": visibility.may_revise(facts) and why_not is None,
        "blind": facts.reader and not visibility.sees_other_reviews(facts),
        "decision": decision,
        "ballots": list(queries.ballots_on(application)) if facts.called else [],
        "firmness": _firmness(decision, examination),
        "comparison": examination.comparison,
        "rounds": complements.rounds(application, seen_by_jury=True) if examination.card.round > 1 or returned else [],
        "following": seat.following,
    }
    return context | (deciding(seat, examination, context) if facts.presides else {})


def judged(seat: Seat, examination: Examination, *, whole: bool = False) -> dict[str, Any]:
    """What a reader judges of a file, and whether this one may rule on it; `whole`: with the pages of its proofs, which
    are fetched when their fold is opened otherwise."""
    application, facts = seat.application, seat.facts
    proved = queries.proved(application)
    if whole:
        proved = proved.prefetch_related("evidence__preview__pages")
        find_inspirations(examination.sheet.initiatives)
    pictures = live_pictures(application).filter(file__isnull=False) if examination.pictured else ()
    return {
        "trace": Trace(application, examination, proved, pictures, reader=seat.juror.pk),
        "may_rule": (facts.reader or facts.presides) and policies.why_not_read(application) is None,
    }


def part(seat: Seat) -> dict[str, Any]:
    """What the page of one part of a file needs. Refused while the commune completes it."""
    if seat.application.state == State.RETURNED:
        policies.check_can_read(seat.application)
    context = judged(seat, examine(seat.application))
    reasons = queries.recent_reasons(seat.juror) if context["may_rule"] else []
    return {"application": seat.application, "juror": seat.juror, "whole": False, "reasons": reasons, **context}


def beside(seat: Seat) -> Side:
    """One of two files read side by side; of the other readings, what this juror may see."""
    trace = part(seat)["trace"]
    others = _others(seat.readings, seat.juror, seat.facts, trace.framework.axes)
    return Side(trace, getattr(seat.own, "review", None), [other["row"] for other in others])


def piece(seat: Seat, kind: str, name: str) -> dict[str, Any] | None:
    """One thing to judge, with what the jury needs to judge it; None when the file has no such thing."""
    context = part(seat)
    trace = context["trace"]
    found = next((one for one in trace.pieces if (one.kind, one.name) == (kind, name)), None)
    if found is None:
        return None
    context |= {"piece": found, "group": trace.group_of(found)}
    if kind == "initiative":
        return context | {"item": next(item for item in trace.items if str(item.initiative.pk) == name)}
    if kind == "claim":
        return context | {"rows": [trace.row_of(name)]}
    if kind == "context":
        return context | {"told": trace.told_of(name)}
    evidence = next(one for one in trace.evidence if str(one.pk) == name)
    return context | {"proof": trace.proof_of(evidence), "rows": trace.proved(evidence)}


def group(seat: Seat, name: str) -> dict[str, Any]:
    """One part of what is to judge, as it stands. Refused when the file has no such part."""
    context = part(seat)
    found = next((one for one in context["trace"].groups if one.part == name), None)
    if found is None:
        raise NotNow(_("Cet élément n’est plus dans le dossier : rechargez la page."))
    return context | {"group": found}


def asking(application: Application, form: ComplementForm) -> dict[str, Any]:
    """The form that asks for more: the questions that concern the commune, under their issue, with what it answered."""
    examination = examine(application)
    sheet, lines = examination.sheet, {line.question.id: line for line in examination.examined.lines}
    chosen = {str(name) for name in form["parts"].value() or []}
    issues = []
    for part in parts.parts(examination.examined.framework):
        asked = [q for q in part.questions if q.takes_answer and lines[q.id].applies]
        rows = [(q, wording.answer(q, sheet.answers.get(q.id)), q.id in chosen) for q in asked]
        whole = part.id in chosen
        issues.append({"part": part, "rows": rows, "whole": whole, "open": whole or any(row[2] for row in rows)})
    named = {str(pk) for pk in form["initiatives"].value() or []}
    return {
        "issues": issues,
        "initiatives": [(row, str(row.pk) in named) for row in sheet.initiatives],
        "initiatives_open": bool(named),
        "context": CONTEXT,
        "with_context": CONTEXT in chosen,
    }


def draft(application: Application, reading: Reading, *, result: Result) -> dict[str, Any]:
    """The form of a reading, filled in: each axis with its rubric and its calculated share; the levels of the label."""
    framework = application.framework.parsed
    scales = [
        {
            "axis": axis,
            "scale": list(enumerate(scale_of(axis.id))),
            "mark": reading.marks.get(axis.id),
            "share": result.axes[axis.id],
        }
        for axis in framework.axes
    ]
    return {
        "reading": reading,
        "scales": scales,
        "marked": sum(scale["mark"] is not None for scale in scales),
        "levels": framework.grades,
        "thresholds": [(each.level, each.min_overall) for each in framework.levels if each.min_overall],
    }


def deciding(seat: Seat, examination: Examination, shown: dict[str, Any]) -> dict[str, Any]:
    """What the person who presides may do now, and why not. The form starts from what the jury voted, else from the
    examined level."""
    application, counted = seat.application, seat.counted
    differ = counted["spread"] > policies.WIDEST and counted["readings"] <= counted["required"]
    closed = [ballot for ballot in shown["ballots"] if ballot.closed_at]
    voting = any(ballot.closed_at is None for ballot in shown["ballots"])
    levels = [examination.examined.level, *(ballot.outcome for ballot in closed if not ballot.honour)]
    honours = {ballot.honour: ballot.outcome == YES for ballot in closed if ballot.honour}
    initial = {
        "level": levels[-1],
        "honours": "\n".join(honour for honour, wanted in honours.items() if wanted),
    }
    proposed = [other["row"].review.honour for other in shown["others"] if other["row"].review.honour]
    standing = queries.standing(
        application,
        counted,
        claims=len(examination.pending) + len(unsettled(application, examination.rulings)),
        voting=voting,
    )
    return {
        "why_not_vote": policies.why_not_put_to_vote(standing),
        "differ": differ and not policies.why_not_read(application),
        "third": queries.third_reader(application) if differ and counted["readers"] == counted["readings"] else None,
        "why_not_decide": policies.why_not_decide(standing, waived=True),
        "missing_readings": policies.readings_missing(readings=standing.readings, required=standing.awaited),
        "why_not_reopen": policies.why_not_reopen(application),
        "honours_to_vote": [honour for honour in dict.fromkeys(proposed) if honour not in honours],
        "raised_over": wording.raised_over(examination.examined, (examination.examined.level or 0) + 1),
        "form": DecisionForm(examination.declared.framework, initial=initial),
    }


def _decision(application: Application, facts: Facts) -> Decision | None:
    """With what was found of the robustness of its scorecard."""
    if not visibility.sees_decision(facts):
        return None
    standing = queries.standing_decisions().filter(application=application)
    found = document_of(OuterRef("scorecard__result_hash"))
    return standing.select_related("decided_by__user").annotate(robustness=found).first()


def _firmness(decision: Any, examination: Examination) -> Firmness | None:
    """Of the last score that was frozen: the examined one once it is decided, the declared one before."""
    if decision is None:
        return examination.firmness
    return firmness(decision.robustness, examination.declared.framework)


def _others(readings: list[Assignment], juror: Juror, facts: Facts, axes: tuple[Axis, ...]) -> list[dict[str, Any]]:
    """The readings handed in by the others, when they may be seen."""
    if not visibility.sees_other_reviews(facts):
        return []
    return [
        {"row": row, "marks": [(axis.title["fr"], row.review.marks.get(axis.id)) for axis in axes]}
        for row in readings
        if row.juror_id != juror.pk and queries.is_handed_in(row)
    ]
