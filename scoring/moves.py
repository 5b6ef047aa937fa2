"""What an applicant could do better, question by question, and what each step would cost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoring.credits import FULL, HIGHEST_MATURITY, credit
from scoring.engine import ANSWERED, Line, Result
from scoring.model import BOOLEAN, CHOICE, INITIATIVES, MATURITY, MULTIPLE, Question


@dataclass(frozen=True)
class Improvement:
    """One thing to do: a better answer to a question, or more initiatives for its issue.

    `answer` is the new answer as a document has it, or the new number of initiatives. `steps` counts the steps up, plus
    one where evidence is to be brought; `cost` is their effort together. `credits` has, by question, the credit before
    and after.
    """

    question: Question
    answer: Any
    steps: int
    cost: int
    credits: Mapping[str, tuple[int, int]]


def moves(result: Result) -> list[list[Improvement]]:
    """For each question that can earn more, in document order, its improvements worth considering, the cheapest first.

    One more initiative serves every question that counts the same ones, and stands at the first of them.
    """
    found = []
    pools_seen = set()
    for line in result.lines:
        if not line.possible:
            continue
        if line.question.kind != INITIATIVES:
            found.append(_worthwhile(_answers(line)))
        elif (pool := result.framework.pool(line.question)) not in pools_seen:
            pools_seen.add(pool)
            found.append(_worthwhile(_initiatives(result, line)))
    return [improvements for improvements in found if improvements]


def _worthwhile(improvements: Iterator[Improvement]) -> list[Improvement]:
    """The improvements that give something, and more than any other that costs as little."""
    kept: list[Improvement] = []
    for improvement in sorted(improvements, key=lambda improvement: improvement.cost):
        rivals = [other.credits for other in kept]
        gains = any(after > before for before, after in improvement.credits.values())
        if gains and not any(_covers(rival, improvement.credits) for rival in rivals):
            kept.append(improvement)
    return kept


def _covers(one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]) -> bool:
    return all(one[name][1] >= after for name, (_, after) in other.items())


def _initiatives(result: Result, first: Line) -> Iterator[Improvement]:
    """One more eligible initiative is one step, at the highest effort of the questions that it serves."""
    pool = result.framework.pool(first.question)
    served = {question.id for question, counted in result.framework.pools if counted == pool}
    lines = [line for line in result.lines if line.possible and line.question.id in served]
    count = result.application.initiatives[first.question.id]
    effort = max(line.question.effort for line in lines)
    for total in range(count + 1, max(len(line.question.credits) for line in lines) + 1):
        credits = {line.question.id: (line.credit, credit(line.question, total, evidence=True)) for line in lines}
        yield Improvement(first.question, total, total - count, (total - count) * effort, credits)


def _answers(line: Line) -> Iterator[Improvement]:
    """Each better value, with the evidence there is and with evidence brought."""
    question, given = line.question, line.answer if line.state == ANSWERED else None
    proven = given is not None and given.evidence
    rungs = [] if given is None else [Rung(given.value, 0, 0)]
    rungs += _ladder(question, None if given is None else given.value)
    for value, count, effort in rungs:
        for evidence in (False, True) if question.unproven_credit < FULL and not proven else (proven,):
            brought = int(evidence and not proven)
            yield Improvement(
                question,
                {"value": value, "evidence": True} if evidence else {"value": value},
                count + brought,
                effort + brought,
                {question.id: (line.credit, credit(question, value, evidence=evidence))},
            )


class Rung(NamedTuple):
    """A value above the one given, how many steps up it is, and their effort."""

    value: Any
    steps: int
    effort: int


def _ladder(question: Question, value: Any) -> list[Rung]:
    """The values better than the one given (None for none), one step up, two steps up…"""
    if question.kind == BOOLEAN:
        return _evenly(question, [] if value else [True])
    if question.kind == MATURITY:
        return _evenly(question, range((value or 0) + 1, HIGHEST_MATURITY + 1))
    if question.kind == MULTIPLE:
        return _longer(question, list(dict.fromkeys(value or ())))
    worth = 0 if value is None else credit(question, value, evidence=True)
    if question.kind == CHOICE:
        return _better(question, worth)
    points: dict[int, int] = {}
    for point, credited in question.scale:
        if credited > worth:
            points.setdefault(credited, point)
    return _evenly(question, [points[credited] for credited in sorted(points)])


def _evenly(question: Question, values: Iterable[Any]) -> list[Rung]:
    """Values each one step above the one before."""
    return [Rung(value, steps, steps * question.effort) for steps, value in enumerate(values, 1)]


def _better(question: Question, worth: int) -> list[Rung]:
    """The options that are worth more, by credit. One that has an effort of its own costs it whatever lies between."""
    passed = sorted({option.credit for option in question.options if option.credit > worth})
    rungs = []
    for steps, reached in enumerate(passed, 1):
        for option in question.options:
            if option.credit == reached:
                rungs.append(Rung(option.id, steps, option.effort or steps * question.effort))
    return rungs


def _longer(question: Question, chosen: list[str]) -> list[Rung]:
    """The list with one option more, two more… the best first, then the lightest, until it is worth everything."""
    left = [option for option in question.options if option.id not in chosen and option.credit]
    ladder: list[Rung] = []
    spent = 0
    for option in sorted(left, key=lambda option: (-option.credit, option.effort or question.effort)):
        if credit(question, chosen, evidence=True) == FULL:
            break
        chosen = [*chosen, option.id]
        spent += option.effort or question.effort
        ladder.append(Rung(chosen, len(ladder) + 1, spent))
    return ladder
