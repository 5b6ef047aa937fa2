"""How much a level owes to the exact weights: the same file under a thousand plausible sets of weights.

Each question's points and each axis' weight are multiplied by a factor between 3/4 and 5/4 drawn from the framework's
hash, so that anyone gets the same draws. Floating point is allowed here, and only here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.credits import FULL
from scoring.engine import Result
from scoring.model import Framework, Level, Question

DRAWS = 1000  # a multiple of 8, and 8 × 255 at most: see _count_true
STABLE = Fraction(95, 100)
SPREAD = Fraction(1, 4)  # a factor is at most that far from 1
ROWS = 64  # applications weighed together: their sums stay in the cache
ENOUGH, AT_ONCE = 16, 4096  # applications alike: from how many, and up to how many, they share a matrix
TOLERANCE = 1e-9  # in percent: a file exactly on a threshold reaches it, however its sums are rounded

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Array = NDArray[Any]


@dataclass(frozen=True)
class Robustness:
    """How many draws give each level, and whether nearly all give that of the exact weights."""

    level: int
    draws: Mapping[int, int]

    @property
    def stable(self) -> bool:
        return Fraction(self.draws[self.level], sum(self.draws.values())) >= STABLE


@dataclass(frozen=True)
class Margin:
    """How far a result is from a minimum of a level, in exact points of percentage: 0 or more when it is reached.

    `axis` is None for the minimum of the overall score.
    """

    level: int
    axis: str | None
    gap: Fraction


def robustness(result: Result) -> Robustness:
    """The robustness of the level of a scored result. Raises ValueError for an incomplete one: it has no level."""
    if result.level is None:
        raise ValueError("an incomplete result has no level")
    credits = np.array([[line.credit] for line in result.lines])
    counted = np.array([[line.possible > 0] for line in result.lines])
    counts = draws_by_level(result.framework, credits, counted)[0]
    levels = [level.level for level in result.framework.levels]
    return Robustness(result.level, dict(zip(levels, map(int, counts), strict=True)))


def draws_by_level(framework: Framework, credits: Array, counted: Array) -> Whole:
    """For each application, how many draws give each level: one row an application, one column a level.

    `credits` and `counted` have one row a question and one column an application: its credit, and whether it counts in
    what is possible (see `batch.Scores`). Only the rows of scored applications mean something.
    """
    draws = _Draws(framework)
    by_row, masks = (np.ascontiguousarray(each[draws.order].T) for each in (credits, counted))
    reached = np.empty((len(masks), len(framework.levels)), np.int64)
    for rows, firsts, mask_of in _groups(masks, by_row.sum(axis=1, dtype=np.int64)):
        reached[rows] = draws.reached(by_row[rows], masks[firsts].astype(np.float64), mask_of)
    return reached - np.column_stack([reached[:, 1:], np.zeros(len(reached), np.int64)])


def _groups(masks: Array, likeness: Whole) -> Iterator[tuple[Array, Array, Array]]:
    """The rows in groups; with each, one row of every mask met in it, and the rank of each row's mask among those.

    Enough rows of one mask make a group of their own: what they are divided by then goes into the matrix. Inside a
    group, rows are in the order of `likeness`, so that those which reach a level stand together (see _count).
    """
    packed = np.packbits(masks, axis=1)
    words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
    order = np.lexsort(words.T)
    alike = np.split(order, np.flatnonzero(_changes(words[order])[1:]) + 1)
    few = [rows for rows in alike if len(rows) < ENOUGH]
    groups = [(rows, AT_ONCE) for rows in alike if len(rows) >= ENOUGH]
    for group, size in [*groups, *([(np.concatenate(few), ROWS)] if few else [])]:
        for start in range(0, len(group), size):
            rows = group[start : start + size]
            new = _changes(words[rows])
            ranked = np.argsort(likeness[rows], kind="stable")
            yield rows[ranked], rows[new], (np.cumsum(new) - 1)[ranked]


def _changes(words: Array) -> Array:
    """Whether each row differs from the one before it; the first one does."""
    return np.concatenate([[True], (words[1:] != words[:-1]).any(axis=1)])


@lru_cache(maxsize=8)
def factors(framework: Framework) -> Floats:
    """The factors: one row a draw; its questions, then its axes, in the order of the document."""
    bits = np.random.PCG64(int.from_bytes(bytes.fromhex(framework.hash)[:8], "big"))
    width = len(framework.questions) + len(framework.axes)
    uniform = (bits.random_raw(DRAWS * width) >> np.uint64(11)) * 2.0**-53
    drawn = (0.75 + uniform / 2).reshape(DRAWS, width)
    drawn.flags.writeable = False  # it is shared by all who ask
    return drawn


class _Draws:
    """The draws of one framework, ready to weigh applications by matrix products.

    Its working arrays are kept from one block of rows to the next: to ask for new ones costs more than to fill them.
    """

    def __init__(self, framework: Framework) -> None:
        self.levels = framework.levels
        drawn = factors(framework).T
        axes = [axis.id for axis in framework.axes]
        axis_of = np.array([axes.index(question.axis) for question in framework.questions])
        points = np.array([[question.points] for question in framework.questions])
        self.order = np.argsort(axis_of, kind="stable")  # of the questions: those of an axis stand together
        ends = np.cumsum(np.bincount(axis_of, minlength=len(axes)))
        self.axes = [slice(end - size, end) for size, end in zip(np.diff(ends, prepend=0), ends, strict=True)]
        self.worth = (points * drawn[: len(points)])[self.order]
        self.weights = np.array([[axis.weight] for axis in framework.axes]) * drawn[len(points) :]
        self.shared = np.empty_like(self.worth)
        self.overall, self.earned, self.scratch = (np.empty((ROWS, DRAWS)) for _ in range(3))
        self.holds = np.empty((ROWS, DRAWS), np.bool_)

    def reached(self, credits: Array, masks: Floats, mask_of: Array) -> Whole:
        """For each row of credits, how many draws reach each level or a higher one.

        The questions that count for a row are those of masks[mask_of[row]]. Columns are questions, in `order`.
        """
        possible = [masks[:, axis] @ self.worth[axis] for axis in self.axes]
        shares = self._shares(possible)
        if len(masks) == 1:
            for axis, share in zip(self.axes, shares, strict=True):
                np.multiply(self.worth[axis], share, out=self.shared[axis])
        counts = np.zeros((len(credits), len(self.levels)), np.int64)
        for start in range(0, len(credits), ROWS):
            rows = slice(start, start + ROWS)
            block = credits[rows].astype(np.float64)
            overall = self._overall(block, shares, mask_of[rows])
            counts[rows] = self._count(overall, block, possible, mask_of[rows])
        return counts

    def _shares(self, possible: list[Floats]) -> list[Floats]:
        """What a hundredth of a point earned on each axis gives to the overall score, by mask and draw."""
        present = np.column_stack([part[:, 0] > 0 for part in possible])
        total = present @ self.weights
        total[total == 0] = 1  # no weighted axis has points: overall is 0
        # Nothing is earned on an axis without points, whatever that is divided by.
        return [
            weights / (np.maximum(part, here[:, None] < 1) * total)
            for part, weights, here in zip(possible, self.weights, present.T, strict=True)
        ]

    def _overall(self, credits: Floats, shares: list[Floats], mask_of: Array) -> Floats:
        """The overall score, in percent, by row and draw."""
        overall, earned = self.overall[: len(credits)], self.earned[: len(credits)]
        if len(shares[0]) == 1:
            return np.matmul(credits, self.shared, out=overall)
        overall.fill(0)
        for axis, share in zip(self.axes, shares, strict=True):
            np.matmul(credits[:, axis], self.worth[axis], out=earned)
            earned *= np.take(share, mask_of, axis=0, out=self.scratch[: len(credits)], mode="clip")
            overall += earned
        return overall

    def _count(self, overall: Floats, credits: Floats, possible: list[Floats], mask_of: Array) -> Whole:
        """How many draws reach each level, by row.

        Minima never decrease: the rows before the first that reaches one level are not looked at for the next.
        """
        counts = np.zeros((len(overall), len(self.levels)), np.int64)
        counts[:, 0] = DRAWS  # level 1 asks for nothing
        first = 0
        for rank, level in enumerate(self.levels[1:], 1):
            holds = np.greater_equal(
                overall[first:], level.min_overall - TOLERANCE, out=self.holds[: len(overall) - first]
            )
            counts[first:, rank] = _count_true(holds)
            reaching = np.flatnonzero(counts[:, rank])
            if not len(reaching):
                break
            if level.min_axis:
                holds = holds[reaching[0] - first :]
                self._hold_axes(holds, level, credits[reaching[0] :], possible, mask_of[reaching[0] :])
                counts[reaching[0] :, rank] = _count_true(holds)
            first = reaching[0]
        return counts

    def _hold_axes(self, holds: Array, level: Level, credits: Floats, possible: list[Floats], mask_of: Array) -> None:
        """Leave in `holds` the draws where every axis reaches the minimum of the level too."""
        for axis, part in zip(self.axes, possible, strict=True):
            earned = np.matmul(credits[:, axis], self.worth[axis], out=self.earned[: len(credits)])
            # On an axis without points, 0 is asked and 0 is earned.
            asked = (level.min_axis - TOLERANCE) * (part if len(part) == 1 else part[mask_of])
            holds &= earned >= asked


def _count_true(holds: Array) -> Whole:
    """How many are true in each row: eight columns of bytes summed at once, since no byte can overflow."""
    eighths = holds.view(np.uint64).sum(axis=1)
    return np.asarray(eighths.view(np.uint8).reshape(-1, 8).sum(axis=1), np.int64)


def margins(result: Result) -> tuple[Margin, ...]:
    """How far a scored result is from losing its level and from the next one, the nearest minimum first.

    Of its own level, every minimum that is more than 0; of the next one, those that are not reached.
    """
    if result.level is None or result.overall is None:
        raise ValueError("an incomplete result has no level")
    levels = {level.level: level for level in result.framework.levels}
    scores: list[tuple[str | None, Fraction]] = [(None, result.overall)]
    scores += [(name, Fraction(earned, possible)) for name, (earned, possible) in result.axes.items() if possible]
    found = []
    for number in (result.level, result.level + 1):
        for axis, score in scores if number in levels else ():
            minimum = levels[number].min_overall if axis is None else levels[number].min_axis
            gap = score * FULL - minimum
            if minimum and (number == result.level or gap < 0):
                found.append(Margin(number, axis, gap))
    return tuple(sorted(found, key=lambda margin: abs(margin.gap)))


def influences(result: Result) -> tuple[tuple[Question, Fraction], ...]:
    """The questions whose weight matters most to the overall score, the first ones most.

    With each, the first-order change of the overall score, in points of percentage, when its points grow by a quarter.
    """
    weights = {axis.id: axis.weight for axis in result.framework.axes if result.axes[axis.id][1]}
    total = sum(weights.values())
    found = []
    for line in result.lines:
        if line.possible and total:
            earned, possible = result.axes[line.question.axis]
            change = Fraction(line.earned * possible - line.possible * earned, possible * possible)
            found.append((line.question, change * weights[line.question.axis] * FULL * SPREAD / total))
    return tuple(sorted(found, key=lambda pair: -abs(pair[1])))
