"""The sets that reach a level where several minima are missed, the best first: an integer programme."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from scoring.moves import Improvement
from scoring.target import SLACK, Target

BLOCK = 12  # questions whose order is settled by one solve: powers of two that the solver tells apart

Row = NDArray[np.float64]
Whole = NDArray[np.int64]
Requirement = tuple[Row, float, float]  # a row of coefficients, and the bounds of its product


def sets(target: Target) -> Iterator[Sequence[Improvement]]:
    """Each set that reaches the level, in the order that `plan` says."""
    programme = _Programme(target)
    while (chosen := programme.best()) is not None:
        if target.reached(chosen):  # the slack alone may have let it through
            yield chosen
        programme.exclude(chosen)


class _Programme:
    """One variable an improvement, 0 or 1; at most one improvement for a question; the minima of the level reached."""

    def __init__(self, target: Target) -> None:
        self.improvements = [improvement for each in target.improvements for improvement in each]
        self.count = len(target.improvements)
        self.question_of = np.repeat(np.arange(self.count), [len(each) for each in target.improvements])
        self.rows: list[Requirement] = [(self._changes(index), 0, 1) for index in range(self.count)]
        for minimum in target.minima:
            gains = np.array([minimum.gain(improvement) for improvement in self.improvements])
            self.rows.append((gains, minimum.lacking - SLACK, np.inf))

    def _changes(self, index: int) -> Row:
        """1 for every improvement of a question."""
        return np.asarray(self.question_of == index, np.float64)

    def exclude(self, chosen: Sequence[Improvement]) -> None:
        """Never this very set again."""
        taken = np.array([improvement in chosen for improvement in self.improvements])
        self.rows.append((np.where(taken, 1.0, -1.0), -np.inf, len(chosen) - 1))

    def best(self) -> list[Improvement] | None:
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
        values = _whole(self._minimise(costs * self.question_of, settled))
        return [improvement for improvement, value in zip(self.improvements, values, strict=True) if value]

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
