"""What another version of a questionnaire would change for an application: its level, and by which questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoring.answers import check_answer, parse_application
from scoring.engine import Result, Sums, score
from scoring.model import Framework, Question
from scoring.rules import CONTEXT

GONE = "gone"
NEW = "new"
CHANGED = "changed"

_TYPES = {"boolean": bool, "integer": int, "string": str}


class Change(NamedTuple):
    """A question that earns or asks something else: (earned, possible) before and after, in hundredths of a point.

    `question` is the new one, or the old one when it is `gone`; a missing one counts for (0, 0).
    """

    question: Question
    what: str
    before: Sums
    after: Sums


@dataclass(frozen=True, eq=False)
class Impact:
    """An application scored by both versions. `parked` are the ids of answers that have no place in the new one."""

    before: Result
    after: Result
    changes: tuple[Change, ...]
    parked: tuple[str, ...]


def fits(framework: Framework, name: str, answer: Any) -> bool:
    """Whether an answer has a place in a framework: its question is there, and would take it."""
    question = framework.question_by_id.get(name)
    return question is not None and question.takes_answer and not check_answer(question, answer)


def carried(framework: Framework, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a framework knows of the context, answers and initiatives of an application made for another one."""
    types = CONTEXT | dict(framework.context)
    return {
        "context": {
            name: value
            for name, value in inputs["context"].items()
            if name in types and (value is None or type(value) is _TYPES[types[name]])
        },
        "answers": {name: answer for name, answer in inputs["answers"].items() if fits(framework, name, answer)},
        "initiatives": _counts(framework, inputs["initiatives"]),
    }


def _counts(framework: Framework, initiatives: Mapping[str, Any]) -> dict[str, Any]:
    """The counts that have a place: by issue in schema 1, by issue and axis since. Neither tells the other."""
    of_issues = {name: counts for name, counts in initiatives.items() if name in framework.issue_by_id}
    if framework.schema == 1:
        return {name: count for name, count in of_issues.items() if isinstance(count, int)}
    return {
        name: {axis: count for axis, count in counts.items() if axis in framework.axis_by_id}
        for name, counts in of_issues.items()
        if isinstance(counts, Mapping)
    }


def impact(before: Result, framework: Framework) -> Impact:
    """A result beside what the same file gives by another version; the changes that weigh most come first."""
    inputs = before.application.inputs
    document = carried(framework, inputs)
    after = score(framework, parse_application(framework, document))
    parked = tuple(name for name in inputs["answers"] if name not in document["answers"])
    return Impact(before, after, _changes(before, after), parked)


def _changes(before: Result, after: Result) -> tuple[Change, ...]:
    old = {line.question.id: line for line in before.lines}
    new = {line.question.id: line for line in after.lines}
    found = []
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        sums = [(line.earned, line.possible) if line else (0, 0) for line in (was, now)]
        if sums[0] != sums[1]:
            what = GONE if now is None else NEW if was is None else CHANGED
            found.append(Change((now or old[name]).question, what, sums[0], sums[1]))
    return tuple(sorted(found, key=lambda change: -_weight(change)))


def _weight(change: Change) -> int:
    """The larger of what is earned more or less and what could be."""
    return max(abs(change.after[0] - change.before[0]), abs(change.after[1] - change.before[1]))
