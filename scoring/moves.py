"""What an applicant could do better, question by question, and what each step would cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.credits import FULL, HIGHEST_MATURITY, credit
from scoring.engine import ANSWERED, Line, Result
from scoring.model import BOOLEAN, CHOICE, INITIATIVES, MATURITY, MULTIPLE, Question


@dataclass(frozen=True)
class Improvement:
    """One thing to do: a better answer to a question, or more initiatives for its issue.

    `answer` is the new answer as a document has it, or the new number of initiatives. `steps` counts the steps up, plus
    one where evidence is to be brought; `cost` is theirs together. `credits` has, by question, the credit before and
    after.
    """

    question: Question
    answer: Any
    steps: int
    cost: int
    credits: Mapping[str, tuple[int, int]]


def moves(result: Result) -> list[list[Improvement]]:
    """For each question that can earn more, in document order, its improvements worth considering, the cheapest first.

    Initiatives are counted by issue: one more serves every such question of it, and stands at the first of them.
    """
    found = []
    issues_seen = set()
    for line in result.lines:
        if not line.possible:
            continue
        if line.question.kind != INITIATIVES:
            found.append(_worthwhile(_answers(line)))
        elif line.question.issue not in issues_seen:
            issues_seen.add(line.question.issue)
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
    lines = [
        line
        for line in result.lines
        if line.possible and line.question.kind == INITIATIVES and line.question.issue == first.question.issue
    ]
    count = result.application.initiatives.get(first.question.issue, 0)
    effort = max(line.question.effort for line in lines)
    for total in range(count + 1, max(len(line.question.credits) for line in lines) + 1):
        credits = {line.question.id: (line.credit, credit(line.question, total, evidence=True)) for line in lines}
        yield Improvement(first.question, total, total - count, (total - count) * effort, credits)


def _answers(line: Line) -> Iterator[Improvement]:
    """Each better value, with the evidence there is and with evidence brought."""
    question, given = line.question, line.answer if line.state == ANSWERED else None
    proven = given is not None and given.evidence
    steps = [] if given is None else [(0, given.value)]
    steps += enumerate(_ladder(question, None if given is None else given.value), 1)
    for count, value in steps:
        for evidence in (False, True) if question.unproven_credit < FULL and not proven else (proven,):
            brought = int(evidence and not proven)
            yield Improvement(
                question,
                {"value": value, "evidence": True} if evidence else {"value": value},
                count + brought,
                count * question.effort + brought,
                {question.id: (line.credit, credit(question, value, evidence=evidence))},
            )


def _ladder(question: Question, value: Any) -> list[Any]:
    """The values one step, two steps… above the one given (None for none)."""
    if question.kind == BOOLEAN:
        return [] if value else [True]
    if question.kind == MATURITY:
        return list(range((value or 0) + 1, HIGHEST_MATURITY + 1))
    if question.kind == MULTIPLE:
        return _longer(question, list(dict.fromkeys(value or ())))
    worth = 0 if value is None else credit(question, value, evidence=True)
    rungs = (
        [(option.credit, option.id) for option in question.options]
        if question.kind == CHOICE
        else [(credit, x) for x, credit in question.scale]
    )
    better: dict[int, Any] = {}
    for rung, candidate in rungs:
        if rung > worth:
            better.setdefault(rung, candidate)
    return [better[rung] for rung in sorted(better)]


def _longer(question: Question, chosen: list[str]) -> list[Any]:
    """The list with one option more, two more… the best first, until it is worth everything."""
    left = [option for option in question.options if option.id not in chosen and option.credit]
    ladder = []
    for option in sorted(left, key=lambda option: -option.credit):
        if credit(question, chosen, evidence=True) == FULL:
            break
        chosen = [*chosen, option.id]
        ladder.append(chosen)
    return ladder
