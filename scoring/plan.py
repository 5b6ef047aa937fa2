"""The cheapest set of improvements that reaches the next level: an integer programme, its answer scored for real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from scoring import engine
from scoring.answers import parse_application
from scoring.credits import FULL
from scoring.engine import Result, score
from scoring.model import Framework, Level, Question
from scoring.moves import Improvement, moves

TRIES = 20
SLACK = 1e-6  # in percent: more than the solver's tolerance may cost; what it lets through is checked exactly
BLOCK = 12  # questions whose order is settled by one solve: powers of two that the solver tells apart

Row = NDArray[np.float64]
Whole = NDArray[np.int64]
Requirement = tuple[Row, float, float]  # a row of coefficients, and the bounds of its product


@dataclass(frozen=True)
class Shortfall:
    """A minimum of a level that is missed, in percent: that of the overall score where `axis` is None."""

    axis: str | None
    asked: int
    reached: Fraction


@dataclass(frozen=True)
class Plan:
    """The way to `level`: what to do, in document order, and the result that it gives, scored for real.

    `result` is None, and `improvements` empty, when no plan was found. `missed` then says why: what is out of reach
    with every improvement made or, where `appearing` names questions, what the cheapest set misses once they apply.
    """

    level: int
    improvements: tuple[Improvement, ...] = ()
    result: Result | None = None
    missed: tuple[Shortfall, ...] = ()
    appearing: tuple[Question, ...] = ()

    @property
    def cost(self) -> int:
        return sum(improvement.cost for improvement in self.improvements)


def plan(result: Result) -> Plan | None:
    """The plan to the level after that of a result; None at the top, and for an incomplete result.

    Among the cheapest sets, the one that changes the fewest questions, then the first in document order.
    """
    if result.level is None or result.level == len(result.framework.levels):
        return None
    level = result.level + 1
    problem = _Problem(result, level)
    cheapest = None
    for _ in range(TRIES):
        chosen = problem.solve()
        if chosen is None:
            break
        planned = carry_out(result, chosen)
        if planned.level is not None and planned.level >= level:
            return Plan(level, tuple(chosen), planned)
        cheapest = cheapest or planned
        problem.exclude(chosen)
    if cheapest is None:
        return Plan(level, missed=_missed(problem.level, result.framework, problem.axes(problem.best_of_each)))
    appearing = [
        after.question
        for before, after in zip(result.lines, cheapest.lines, strict=True)
        if after.possible > before.possible
    ]
    return Plan(level, missed=_missed(problem.level, result.framework, cheapest.axes), appearing=tuple(appearing))


def _missed(level: Level, framework: Framework, axes: Mapping[str, tuple[int, int]]) -> tuple[Shortfall, ...]:
    """The minima of a level that these sums do not reach."""
    scores: list[tuple[str | None, int, Fraction]] = [
        (None, level.min_overall, (engine.overall(framework, axes) or Fraction()) * FULL)
    ]
    scores += [
        (name, level.min_axis, Fraction(FULL * earned, possible))
        for name, (earned, possible) in axes.items()
        if possible
    ]
    return tuple(Shortfall(*score) for score in scores if score[2] < score[1])


def carry_out(result: Result, improvements: Sequence[Improvement]) -> Result:
    """The result of the same application once the improvements are made, applicability recomputed."""
    inputs = result.application.inputs
    answers, initiatives = dict(inputs["answers"]), dict(inputs["initiatives"])
    for improvement in improvements:
        if improvement.question.takes_answer:
            answers[improvement.question.id] = improvement.answer
        else:
            initiatives[improvement.question.issue] = improvement.answer
    planned = {"context": inputs["context"], "answers": answers, "initiatives": initiatives}
    return score(result.framework, parse_application(result.framework, planned))


class _Problem:
    """One variable an improvement, 0 or 1; at most one improvement for a question; the minima of the level reached."""

    def __init__(self, result: Result, level: int) -> None:
        self.result = result
        self.level = result.framework.levels[level - 1]
        by_question = moves(result)
        self.improvements = [improvement for each in by_question for improvement in each]
        self.best_of_each = [each[-1] for each in by_question]  # the dearer, the better
        self.question_of = np.repeat(np.arange(len(by_question)), [len(each) for each in by_question])
        self.count = len(by_question)
        self.rows: list[Requirement] = []
        for index in range(self.count):
            self._require(self._changes(index), 0, 1)
        self._require_minima()

    def _require(self, row: Row, low: float, high: float) -> None:
        self.rows.append((row, low, high))

    def _changes(self, index: int) -> Row:
        """1 for every improvement of a question."""
        return np.asarray(self.question_of == index, np.float64)

    def _require_minima(self) -> None:
        """The overall score and every axis, in percent, with what is possible held as it is."""
        axes = {name: sums for name, sums in self.result.axes.items() if sums[1]}
        weights = {axis.id: axis.weight for axis in self.result.framework.axes if axis.id in axes}
        total = sum(weights.values())
        overall = np.zeros(len(self.improvements))
        for name, (earned, possible) in axes.items():
            gains = [Fraction(FULL * self._gain(improvement, name), possible) for improvement in self.improvements]
            lacking = self.level.min_axis - Fraction(FULL * earned, possible)
            self._require(np.array(gains, np.float64), float(lacking) - SLACK, np.inf)
            overall += [float(gain * weights[name] / total) for gain in gains]
        mean = self.result.overall or Fraction()
        self._require(overall, float(self.level.min_overall - FULL * mean) - SLACK, np.inf)

    def _gain(self, improvement: Improvement, axis: str) -> int:
        """What an improvement adds to what an axis earns, in hundredths of a point."""
        questions = self.result.framework.question_by_id
        return sum(
            questions[name].points * (after - before)
            for name, (before, after) in improvement.credits.items()
            if questions[name].axis == axis
        )

    def solve(self) -> list[Improvement] | None:
        """The best set that reaches the level, applicability held; None when there is none."""
        while True:
            values = self._best()
            if values is None:
                return None
            chosen = [improvement for improvement, value in zip(self.improvements, values, strict=True) if value]
            if self._reaches(chosen):
                return chosen
            self.exclude(chosen)  # let through by the slack alone

    def _reaches(self, chosen: Sequence[Improvement]) -> bool:
        """Whether a set reaches the level exactly, applicability held."""
        framework, axes = self.result.framework, self.axes(chosen)
        mean = engine.overall(framework, axes)
        return mean is not None and engine.level(framework.levels, mean, axes.values()) >= self.level.level

    def axes(self, chosen: Sequence[Improvement]) -> dict[str, tuple[int, int]]:
        """What a set makes of the sums of the axes, applicability held."""
        return {
            name: (earned + sum(self._gain(improvement, name) for improvement in chosen), possible)
            for name, (earned, possible) in self.result.axes.items()
        }

    def exclude(self, chosen: Sequence[Improvement]) -> None:
        """Never this very set again."""
        taken = np.array([improvement in chosen for improvement in self.improvements])
        self._require(np.where(taken, 1.0, -1.0), -np.inf, len(chosen) - 1)

    def _best(self) -> Whole | None:
        """The cheapest set; then the fewest questions changed; then document order, settled block by block."""
        costs = np.array([improvement.cost for improvement in self.improvements], np.float64)
        cheapest = self._minimise(costs, []) if self.improvements else None
        if cheapest is None:
            return None
        each = np.ones(len(costs))
        settled = [_fixed(costs, _whole(cheapest))]
        settled.append(_fixed(each, _whole(self._minimise(each, settled))))
        for start in range(0, self.count, BLOCK):
            block = range(start, min(start + BLOCK, self.count))
            early = np.sum([2.0 ** (block.stop - 1 - index) * self._changes(index) for index in block], axis=0)
            values = _whole(self._minimise(-early, settled))
            settled += [_fixed(self._changes(index), values) for index in block]
        return _whole(self._minimise(costs * self.question_of, settled))

    def _minimise(self, objective: Row, settled: Sequence[Requirement]) -> Row | None:
        """The values of least objective under every requirement and all that is settled; None when there are none."""
        matrix, low, high = zip(*self.rows, *settled, strict=True)
        solved: Any = milp(
            objective,
            integrality=np.ones(len(objective), np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(matrix), np.array(low), np.array(high)),
            options={"mip_rel_gap": 0},
        )
        values: Row | None = solved.x
        return values


def _whole(values: Row | None) -> Whole:
    """The values without the solver's rounding. What was settled by one solve is always found by the next."""
    return np.rint(np.asarray(values, np.float64)).astype(np.int64)


def _fixed(row: Row, values: Whole) -> Requirement:
    """What a solution makes of a row, to be kept in the next ones."""
    reached = float(row @ values)
    return row, reached, reached
