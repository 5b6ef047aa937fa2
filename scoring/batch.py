"""The array path: a whole edition at once, equal to the scalar path integer for integer.

`encode` turns applications into columns, `score` scores columns. All arithmetic is on integers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import engine
from scoring.answers import UNKNOWN, Answer, Application
from scoring.credits import FULL, HIGHEST_MATURITY, MATURITY_STEP
from scoring.engine import ANSWERED, CLAIMED, MISSING, NOT_APPLICABLE, UNDECIDED, Line, Result
from scoring.grammar import Among, And, Compare, Literal, Name, Node, Not, Or
from scoring.model import BOOLEAN, CHOICE, INITIATIVES, MATURITY, MULTIPLE, NUMBER, OBLIGATION, Framework, Question
from scoring.rules import CONTEXT, OPERATORS, Rule

Array = NDArray[Any]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# In this order: what does not apply, what applies and does not count, what counts. A claim on which the jury has not
# ruled counts, since schema 2: CLAIMED stands twice, and its code is that of an accepted one.
STATES = (UNDECIDED, NOT_APPLICABLE, CLAIMED, MISSING, ANSWERED, UNKNOWN, CLAIMED)
CODES = {state: STATES.index(state) for state in STATES}
PENDING = len(STATES) - 1
CHUNK = 8192  # rows scored together: their columns stay in the cache


@dataclass(frozen=True, eq=False)
class Column:
    """The answers to one question, one row an application.

    `state` is the code of the state that the answer gives if the question applies. `value`, where there is one, is 0 or
    1, a maturity, the rank of an option (uint16), an integer (int64), or for a multiple one boolean an option.
    """

    state: NDArray[np.uint8]
    evidence: Booleans
    value: Array


@dataclass(frozen=True, eq=False)
class Columns:
    """Applications as columns of `size` rows. `context` has a column and a mask of the rows that have a value, by name.

    Strings stand as their rank in `words`. `initiatives` has a column by question that counts some.
    """

    size: int
    context: Mapping[str, tuple[Array, Booleans]]
    answers: Mapping[str, Column]
    initiatives: Mapping[str, Integers]
    words: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Scores:
    """The results of `size` applications: questions, axes and issues by row of an array, applications by column.

    `states` holds codes of STATES; sums are in hundredths of a point; `overall` is a pair of integers, reduced, with a
    denominator of 0 for none; `level` means something only where `scored`.
    """

    framework: Framework
    size: int
    states: NDArray[np.uint8]
    credits: NDArray[np.uint8]
    axes: tuple[Integers, Integers]
    issues: tuple[Integers, Integers]
    completeness: tuple[Integers, Integers]
    obligations: tuple[Integers, Integers]
    overall: tuple[Array, Array]
    level: Integers
    scored: Booleans

    @property
    def counted(self) -> Booleans:
        """Whether each question counts in what each application may earn."""
        return np.asarray(self.states >= CODES[MISSING], np.bool_)

    def result(self, row: int, application: Application) -> Result:
        """The result of one row, whole, as the scalar path gives it."""
        framework = self.framework
        lines = tuple(self._line(index, row, application) for index in range(len(framework.questions)))
        numerator, denominator = (int(part[row]) for part in self.overall)
        scored = bool(self.scored[row])
        return Result(
            framework=framework,
            application=application,
            status=engine.SCORED if scored else engine.INCOMPLETE,
            undecided=tuple(line.question.id for line in lines if line.applies is None),
            level=int(self.level[row]) if scored else None,
            overall=Fraction(numerator, denominator) if denominator else None,
            axes={axis.id: _pair(self.axes, index, row) for index, axis in enumerate(framework.axes)},
            issues={issue.id: _pair(self.issues, index, row) for index, issue in enumerate(framework.issues)},
            completeness=(int(self.completeness[0][row]), int(self.completeness[1][row])),
            obligations=(int(self.obligations[0][row]), int(self.obligations[1][row])),
            lines=lines,
        )

    def _line(self, index: int, row: int, application: Application) -> Line:
        question = self.framework.questions[index]
        code, credit = int(self.states[index, row]), int(self.credits[index, row])
        state = STATES[code]
        applies = {UNDECIDED: None, NOT_APPLICABLE: False}.get(state, True)
        answer = application.answers.get(question.id)
        if applies and not question.takes_answer:
            answer = Answer(application.initiatives[question.id], evidence=True)
        possible = question.points * FULL if code >= CODES[MISSING] else 0
        return Line(question, answer, applies, state, credit, question.points * credit, possible)


def _pair(sums: tuple[Integers, Integers], index: int, row: int) -> tuple[int, int]:
    return int(sums[0][index, row]), int(sums[1][index, row])


# --- from applications to columns


def encode(framework: Framework, applications: Sequence[Application]) -> Columns:
    """The columns of applications made for this framework."""
    words: dict[str, int] = {}
    types = CONTEXT | dict(framework.context)
    return Columns(
        size=len(applications),
        context={name: _context(name, kind, applications, words) for name, kind in types.items()},
        answers={
            question.id: _column(framework, question, applications)
            for question in framework.questions
            if question.takes_answer
        },
        initiatives={
            question.id: np.array([application.initiatives[question.id] for application in applications], np.int64)
            for question, _ in framework.pools
        },
        words=words,
    )


def _context(
    name: str, kind: str, applications: Sequence[Application], words: dict[str, int]
) -> tuple[Array, Booleans]:
    given = [application.context.get(name) for application in applications]
    known = np.array([value is not None for value in given], np.bool_)
    if kind == "string":
        return np.array([words.setdefault(str(value), len(words)) for value in given], np.int64), known
    return np.array([value or 0 for value in given], np.bool_ if kind == "boolean" else np.int64), known


def _column(framework: Framework, question: Question, applications: Sequence[Application]) -> Column:
    given = [application.answers.get(question.id) for application in applications]
    claimed = PENDING if framework.schema > 1 else CODES[CLAIMED]
    states = np.array(
        [claimed if engine.is_pending(answer) else CODES[engine.given_state(answer)] for answer in given], np.uint8
    )
    evidence = np.array([answer is not None and answer.evidence for answer in given], np.bool_)
    values = [None if answer is None else answer.value for answer in given]
    ranks = {option.id: rank for rank, option in enumerate(question.options)}
    if question.kind == MULTIPLE:
        chosen = np.zeros((len(values), len(ranks)), np.bool_)
        for row, value in enumerate(values):
            chosen[row, [ranks[option] for option in value or ()]] = True
        return Column(states, evidence, chosen)
    if question.kind == CHOICE:
        values = [ranks[value] if value else 0 for value in values]
    kind = np.int64 if question.kind == NUMBER else np.uint16
    return Column(states, evidence, np.array([value or 0 for value in values], kind))


# --- from columns to scores


def score(framework: Framework, columns: Columns) -> Scores:
    """The scores of all the rows."""
    made = _empty(framework, columns.size)
    for start in range(0, columns.size, CHUNK):
        _Chunk(framework, columns, slice(start, start + CHUNK)).fill(made)
    return made


def _empty(framework: Framework, size: int) -> Scores:
    def pair(*shape: int, dtype: Any = np.int64) -> tuple[Array, Array]:
        return np.zeros(shape, dtype), np.zeros(shape, dtype)

    questions = len(framework.questions)
    return Scores(
        framework=framework,
        size=size,
        states=np.zeros((questions, size), np.uint8),
        credits=np.zeros((questions, size), np.uint8),
        axes=pair(len(framework.axes), size),
        issues=pair(len(framework.issues), size),
        completeness=pair(size),
        obligations=pair(size),
        overall=pair(size, dtype=_wide_enough(framework)),
        level=np.zeros(size, np.int64),
        scored=np.zeros(size, np.bool_),
    )


def _wide_enough(framework: Framework) -> type:
    """The type that holds every product met in computing `overall`: 64 bits, or Python's integers beyond."""
    bound = FULL * FULL * sum(axis.weight for axis in framework.axes)
    for axis in framework.axes:
        bound *= max(sum(question.points for question in framework.questions if question.axis == axis.id), 1)
    return np.int64 if bound < 2**63 else object


class _Chunk:
    """Some rows of the columns, scored question by question in the order of dependencies."""

    def __init__(self, framework: Framework, columns: Columns, rows: slice) -> None:
        self.framework = framework
        self.columns = columns
        self.rows = rows
        self.size = len(range(columns.size)[rows])
        self.words = dict(columns.words)
        self.credits: dict[str, Array] = {}
        self.undecided: dict[str, Booleans] = {}

    def fill(self, made: Scores) -> None:
        """Write the scores of these rows where they belong."""
        rows = self.rows
        ranks = {question.id: rank for rank, question in enumerate(self.framework.questions)}
        axes = {axis.id: rank for rank, axis in enumerate(self.framework.axes)}
        issues = {issue.id: rank for rank, issue in enumerate(self.framework.issues)}
        for question in self.framework.by_dependency:
            states, credits = self._question(question)
            made.states[ranks[question.id], rows] = states
            made.credits[ranks[question.id], rows] = credits
            earned = question.points * credits
            applies = states >= CODES[CLAIMED]
            possible = question.points * FULL * (states >= CODES[MISSING])
            for sums, rank in ((made.axes, axes[question.axis]), (made.issues, issues[question.issue])):
                sums[0][rank, rows] += earned
                sums[1][rank, rows] += possible
            made.completeness[0][rows] += applies & (states != CODES[MISSING])
            made.completeness[1][rows] += applies
            if question.nature == OBLIGATION:
                made.obligations[0][rows] += (possible > 0) & (credits == FULL)
                made.obligations[1][rows] += possible > 0
        earned, possible = made.axes[0][:, rows], made.axes[1][:, rows]
        numerator, denominator = self._overall(earned, possible, made.overall[0].dtype)
        made.overall[0][rows], made.overall[1][rows] = numerator, denominator
        made.scored[rows] = ~np.any(list(self.undecided.values()), axis=0) & (denominator != 0)
        met, total = made.obligations[0][rows], made.obligations[1][rows]
        made.level[rows] = self._level(numerator, denominator, earned, possible, met, total)

    def _question(self, question: Question) -> tuple[NDArray[np.uint8], Integers]:
        """The state and the credit of a question in every row."""
        undecided = np.zeros(self.size, np.bool_)
        applies: Array = np.ones(self.size, np.bool_)
        if question.rule:
            undecided = self._undecided(question.rule)
            applies = np.broadcast_to(self._holds(question.rule.node), self.size)
        states, full, evidence = self._given(question)
        states = np.where(applies, states, CODES[NOT_APPLICABLE])
        states = np.where(undecided, CODES[UNDECIDED], states).astype(np.uint8)
        credits = np.where(evidence, full, full * question.unproven_credit // FULL)
        credits = np.where(states == CODES[ANSWERED], credits, 0)
        self.credits[question.id] = credits
        self.undecided[question.id] = undecided
        return states, credits

    def _undecided(self, rule: Rule) -> Booleans:
        masks = [~self.columns.context[name][1][self.rows] for name in rule.names]
        masks += [self.undecided[question] for question in rule.questions]
        return np.any(masks, axis=0) if masks else np.zeros(self.size, np.bool_)

    def _holds(self, node: Node) -> Any:
        """The value of a rule, or of a part of it, in every row; a scalar where it is the same in all."""
        if isinstance(node, Name):
            return self.columns.context[node.name][0][self.rows]
        if isinstance(node, Literal):
            return self._literal(node.value)
        if isinstance(node, Not):
            return np.logical_not(self._holds(node.of))
        if isinstance(node, (And, Or)):
            together = np.logical_and if isinstance(node, And) else np.logical_or
            return together.reduce([np.broadcast_to(self._holds(part), self.size) for part in node.parts])
        if isinstance(node, Compare):
            links = [OPERATORS[sign](self._holds(left), self._holds(right)) for left, sign, right in node.links]
            return np.logical_and.reduce([np.broadcast_to(link, self.size) for link in links])
        if isinstance(node, Among):
            operand = self._holds(node.operand)
            found = [np.broadcast_to(operand == self._literal(value), self.size) for value in node.values]
            return np.logical_or.reduce(found) != node.negated
        return self.credits[node.question]

    def _literal(self, value: bool | int | str) -> bool | int:
        """A string is its rank among the words, new ones after those of the applications."""
        return self.words.setdefault(value, len(self.words)) if isinstance(value, str) else value

    def _given(self, question: Question) -> tuple[Array, Integers, Array]:
        """What was answered: states, credits before evidence is looked at, and evidence."""
        if question.kind == INITIATIVES:
            counts = self.columns.initiatives[question.id][self.rows]
            steps = np.array([0, *question.credits], np.int64)
            everywhere = np.ones(self.size, np.bool_)
            return np.full(self.size, CODES[ANSWERED]), steps[np.minimum(counts, len(question.credits))], everywhere
        column = self.columns.answers[question.id]
        return column.state[self.rows], _full(question, column.value[self.rows]), column.evidence[self.rows]

    def _overall(self, earned: Integers, possible: Integers, dtype: Any) -> tuple[Array, Array]:
        """The weighted mean of the ratios of the axes, reduced, as numerator and denominator."""
        numerator, denominator = np.zeros(self.size, dtype), np.ones(self.size, dtype)
        total = np.zeros(self.size, dtype)
        for rank, axis in enumerate(self.framework.axes):
            counted = (possible[rank] > 0) & (axis.weight > 0)
            below = np.where(counted, possible[rank] // FULL, 1).astype(dtype)
            above = np.where(counted, earned[rank], 0).astype(dtype)
            numerator = numerator * below + axis.weight * above * denominator
            denominator = denominator * below
            total = total + axis.weight * counted
        denominator = denominator * total * FULL
        common = np.gcd(numerator, denominator)
        common = np.where(common == 0, 1, common)
        return numerator // common, denominator // common

    def _level(
        self, numerator: Array, denominator: Array, earned: Integers, possible: Integers, met: Integers, total: Integers
    ) -> Integers:
        """The highest level whose minima are reached."""
        reached = np.zeros(self.size, np.int64)
        for level in self.framework.levels:
            holds = numerator * FULL >= level.min_overall * denominator
            holds = holds & np.all((possible == 0) | (earned * FULL >= level.min_axis * possible), axis=0)
            holds = holds & (met * FULL >= level.min_obligations * total)
            reached = np.where(holds, level.level, reached)
        return reached


def _full(question: Question, value: Array) -> Integers:
    """The credits of values, as if all were proven. A row without a value has that of 0, which is not used."""
    if question.kind == NUMBER:
        return _interpolated(question.scale, value)
    worths = np.array(_worths(question), np.int64)
    credits: Integers = np.minimum(value @ worths, FULL) if question.kind == MULTIPLE else worths[value]
    return credits


def _worths(question: Question) -> list[int]:
    """The credit of each rank that a value may have."""
    if question.kind == BOOLEAN:
        return [0, FULL]
    if question.kind == MATURITY:
        return [MATURITY_STEP * step for step in range(HIGHEST_MATURITY + 1)]
    return [option.credit for option in question.options]


def _interpolated(scale: Sequence[tuple[int, int]], value: Integers) -> Integers:
    """Exact interpolation, then the floor; within 64 bits, values being within ±2⁵³ and credits within 100."""
    xs, ys = (np.array(part, np.int64) for part in zip(*scale, strict=True))
    inside = np.clip(value, xs[0], xs[-1])
    before = np.minimum(np.searchsorted(xs, inside, side="right") - 1, len(xs) - 2)
    x0, x1, y0, y1 = xs[before], xs[before + 1], ys[before], ys[before + 1]
    credits: Integers = (y0 * (x1 - inside) + y1 * (inside - x0)) // (x1 - x0)
    return credits
