"""From an application to its result, exactly, with the reasons: the scalar path."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, NamedTuple

from scoring.answers import UNKNOWN, Answer, Application
from scoring.credits import FULL, credit
from scoring.grammar import Value
from scoring.hashing import digest_of_checked
from scoring.model import INITIATIVES, OBLIGATION, Framework, Level, Question

SCORED = "scored"
INCOMPLETE = "incomplete"

ANSWERED = "answered"
UNDECIDED = "undecided"
NOT_APPLICABLE = "not_applicable"
CLAIMED = "not_applicable_claimed"
MISSING = "missing"

Sums = tuple[int, int]  # earned and possible, in hundredths of a point


class Line(NamedTuple):
    """One question of the trace; `earned` and `possible` are in hundredths of a point.

    `applies` is the verdict of the rule, None when it is undecided. Where an `initiatives` question applies, its answer
    is their number.
    """

    question: Question
    answer: Answer | None
    applies: bool | None
    state: str
    credit: int
    earned: int
    possible: int


LineFields = tuple[Question, Answer | None, bool | None, str, int, int, int]


@dataclass(frozen=True, eq=False)
class Result:
    """The result of an application. `lines` has one line for each question, in the order of the framework.

    `overall` is an exact fraction of 1, None when no weighted axis has points. `axes` and `issues` give (earned,
    possible) in hundredths of a point. `level` is None when the result is incomplete, 0 when a scored file does not
    reach the first.
    """

    framework: Framework
    application: Application
    status: str
    undecided: tuple[str, ...]
    level: int | None
    overall: Fraction | None
    axes: Mapping[str, Sums]
    issues: Mapping[str, Sums]
    completeness: tuple[int, int]
    obligations: tuple[int, int]
    lines: tuple[Line, ...]

    @cached_property
    def questions(self) -> Mapping[str, tuple[str, int, int, int]]:
        """Of every question: state, credit, earned, possible."""
        return {line.question.id: (line.state, line.credit, line.earned, line.possible) for line in self.lines}

    @property
    def answered(self) -> tuple[int, int]:
        """How many of the questions asked of people have an answer, and how many are: initiatives are counted."""
        return _completeness(line for line in self.lines if line.question.takes_answer)

    @cached_property
    def input_hash(self) -> str:
        return digest_of_checked({"framework": self.framework.hash, **self.application.inputs})

    @cached_property
    def result_hash(self) -> str:
        return digest_of_checked(self._hashed())

    @cached_property
    def claims_pending(self) -> list[str]:
        """The questions that apply, claimed not to, on which the jury has not ruled."""
        return [line.question.id for line in self.lines if line.state == CLAIMED and is_pending(line.answer)]

    def as_document(self) -> dict[str, Any]:
        """The result as JSON values, with its hashes, and the id of the application when it has one."""
        document = self._hashed() | {"result_hash": self.result_hash}
        if self.application.id is not None:
            document["id"] = self.application.id
        return document

    def _hashed(self) -> dict[str, Any]:
        return {
            "schema": self.framework.schema,
            "status": self.status,
            "undecided": list(self.undecided),
            "level": self.level,
            "overall": None if self.overall is None else f"{self.overall.numerator}/{self.overall.denominator}",
            "axes": {name: list(sums) for name, sums in self.axes.items()},
            "issues": {name: list(sums) for name, sums in self.issues.items()},
            "completeness": list(self.completeness),
            "obligations": list(self.obligations),
            "questions": {name: list(cells) for name, cells in self.questions.items()},
            "framework_hash": self.framework.hash,
            "input_hash": self.input_hash,
        }

    def reads(self, question: Question) -> dict[str, Value | None]:
        """What the rule of a question saw: each name and each credit with its value, None for those that have none."""
        if question.rule is None:
            return {}
        return question.rule.reads(self.application.context, self._credits)

    @cached_property
    def _credits(self) -> Mapping[str, int | None]:
        """What rules see of each question: None where it is undecided."""
        return {line.question.id: None if line.applies is None else line.credit for line in self.lines}


def score(framework: Framework, application: Application) -> Result:
    """The result of an application made for this framework. Pure: the same inputs give the same hashes, anywhere."""
    lines = _lines(framework, application)
    axes, issues = _sums(framework, lines)
    undecided = tuple(line.question.id for line in lines if line.applies is None)
    mean = overall(framework, axes)
    complete = mean is not None and not undecided
    met = _obligations(lines)
    return Result(
        framework=framework,
        application=application,
        status=SCORED if complete else INCOMPLETE,
        undecided=undecided,
        level=level(framework.levels, mean, axes.values(), met) if mean is not None and complete else None,
        overall=mean,
        axes=axes,
        issues=issues,
        completeness=_completeness(lines),
        obligations=met,
        lines=lines,
    )


def _sums(framework: Framework, lines: Iterable[Line]) -> tuple[dict[str, Sums], dict[str, Sums]]:
    """What is earned and possible, by axis and by issue."""
    axes = {axis.id: [0, 0] for axis in framework.axes}
    issues = {issue.id: [0, 0] for issue in framework.issues}
    for question, _, _, _, _, earned, possible in lines:
        axis, issue = axes[question.axis], issues[question.issue]
        axis[0] += earned
        axis[1] += possible
        issue[0] += earned
        issue[1] += possible
    return _pairs(axes), _pairs(issues)


def _pairs(sums: Mapping[str, list[int]]) -> dict[str, Sums]:
    return {name: (earned, possible) for name, (earned, possible) in sums.items()}


def overall(framework: Framework, axes: Mapping[str, Sums]) -> Fraction | None:
    """The weighted mean of the axes that have points and a weight; None when there is none."""
    counted = [(axis.weight, *axes[axis.id]) for axis in framework.axes if axis.weight and axes[axis.id][1]]
    if not counted:
        return None
    return sum((Fraction(weight * earned, possible) for weight, earned, possible in counted), Fraction()) / sum(
        weight for weight, _, _ in counted
    )


def level(levels: Sequence[Level], mean: Fraction, axes: Iterable[Sums], obligations: Sums) -> int:
    """The highest level whose minima are reached, compared exactly; 0 when not even those of the first are.

    `obligations` is how many are met, and how many there are.
    """
    met, total = obligations
    ratios = [(earned * 100, possible) for earned, possible in axes if possible]
    reached = (
        candidate.level
        for candidate in reversed(levels)
        if mean.numerator * 100 >= candidate.min_overall * mean.denominator
        and all(earned >= candidate.min_axis * possible for earned, possible in ratios)
        and met * 100 >= candidate.min_obligations * total
    )
    return next(reached, 0)


def _lines(framework: Framework, application: Application) -> tuple[Line, ...]:
    """One line a question, computed in the order of dependencies, given in that of the framework."""
    context, answers, initiatives = application.context, application.answers, application.initiatives
    claims_count = framework.schema > 1  # what is claimed stays possible until the jury accepts it
    credits: dict[str, int | None] = {}
    lines: dict[str, Line] = {}
    for question in framework.by_dependency:
        name = question.id
        applies = True if question.rule is None else question.rule.verdict(context, credits)
        answer = answers.get(name)
        if applies and question.kind == INITIATIVES:
            answer = Answer(initiatives[name], evidence=True)
        line = _line(question, answer, applies, claims_count=claims_count)
        credits[name] = None if applies is None else line.credit
        lines[name] = line
    return tuple([lines[question.id] for question in framework.questions])


def _line(question: Question, answer: Answer | None, applies: bool | None, *, claims_count: bool) -> Line:
    """The first row of the table of states that matches."""
    if not applies:
        state = UNDECIDED if applies is None else NOT_APPLICABLE
        return _make_line((question, answer, applies, state, 0, 0, 0))
    state = given_state(answer)
    if state == CLAIMED and not (claims_count and is_pending(answer)):
        return _make_line((question, answer, applies, state, 0, 0, 0))
    possible = question.points * FULL
    if answer is None or state != ANSWERED:
        return _make_line((question, answer, applies, state, 0, 0, possible))
    worth = credit(question, answer.value, evidence=answer.evidence)
    return _make_line((question, answer, applies, state, worth, question.points * worth, possible))


# What Line._make does, without its detour: a trace has a hundred of them.
_make_line: Callable[[LineFields], Line] = partial(tuple.__new__, Line)


def given_state(answer: Answer | None) -> str:
    """The state that an answer gives to a question that applies."""
    if answer is None:
        return MISSING
    if answer.state is None:
        return ANSWERED
    if answer.state == UNKNOWN:
        return UNKNOWN
    return MISSING if answer.accepted is False else CLAIMED


def is_pending(answer: Answer | None) -> bool:
    """Whether an answer is a claim on which the jury has not ruled."""
    return answer is not None and answer.state == NOT_APPLICABLE and answer.accepted is None


def _completeness(lines: Iterable[Line]) -> tuple[int, int]:
    """How many of the questions that apply are not missing, and how many apply."""
    applicable = [line.state for line in lines if line.applies]
    return len(applicable) - applicable.count(MISSING), len(applicable)


def _obligations(lines: Iterable[Line]) -> tuple[int, int]:
    """How many of the obligations worth points are fully met, and how many there are."""
    credits = [line.credit for line in lines if line.possible and line.question.nature == OBLIGATION]
    return credits.count(FULL), len(credits)
