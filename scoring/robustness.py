"""How much a level owes to the exact weights: the same file under a thousand plausible sets of weights.

Each question's points and each axis' weight are multiplied by a factor between 3/4 and 5/4 drawn from the framework's
hash, so that anyone gets the same draws. Floating point is allowed here, and only here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.credits import FULL
from scoring.engine import Result
from scoring.model import Framework, Level, Question

DRAWS = 1000
STABLE = Fraction(95, 100)
SPREAD = Fraction(1, 4)  # a factor is at most that far from 1
ROWS = 64  # applications weighed together: their sums stay in the cache
TOLERANCE = 1e-9  # in percent: a file exactly on a threshold reaches it, however its sums are rounded

Floats = NDArray[np.float64]
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


def draws_by_level(framework: Framework, credits: Array, counted: Array) -> NDArray[np.int64]:
    """For each application, how many draws give each level: one row an application, one column a level.

    `credits` and `counted` have one row a question and one column an application: its credit, and whether it counts in
    what is possible. Applications should be scored ones: those with no points on any weighted axis come out at level 1.
    """
    draws = _draws(framework)
    patterns, pattern_of = np.unique(np.packbits(counted, axis=0).T, axis=0, return_inverse=True)
    reached = np.empty((credits.shape[1], len(framework.levels)), np.int64)
    order = np.argsort(pattern_of.ravel(), kind="stable")
    for start in range(0, len(order), ROWS):
        rows = order[start : start + ROWS]
        kinds, kind_of = np.unique(pattern_of.ravel()[rows], return_inverse=True)
        masks = np.unpackbits(patterns[kinds], axis=1, count=len(credits)).astype(np.float64)
        reached[rows] = draws.reached(credits[:, rows].T.astype(np.float64), masks, kind_of)
    return reached - np.column_stack([reached[:, 1:], np.zeros(len(reached), np.int64)])


@lru_cache(maxsize=8)
def _draws(framework: Framework) -> "_Draws":
    return _Draws(framework)


def factors(framework: Framework) -> Floats:
    """The factors: one row a draw; its questions, then its axes, in the order of the document."""
    bits = np.random.PCG64(int.from_bytes(bytes.fromhex(framework.hash)[:8], "big"))
    width = len(framework.questions) + len(framework.axes)
    uniform = (bits.random_raw(DRAWS * width) >> np.uint64(11)) * 2.0**-53
    return (0.75 + uniform / 2).reshape(DRAWS, width)


class _Draws:
    """The draws of one framework, ready to weigh applications by matrix products."""

    def __init__(self, framework: Framework) -> None:
        self.levels = framework.levels
        drawn = factors(framework).T
        points = np.array([question.points for question in framework.questions], np.float64)
        weights = np.array([axis.weight for axis in framework.axes], np.float64)
        worth = points[:, None] * drawn[: len(points)]
        self.weights = weights[:, None] * drawn[len(points) :]
        axes = [axis.id for axis in framework.axes]
        axis_of = np.array([axes.index(question.axis) for question in framework.questions])
        self.questions = [np.flatnonzero((axis_of == rank) & (points > 0)) for rank in range(len(axes))]
        self.worth = [np.ascontiguousarray(worth[chosen]) for chosen in self.questions]

    def reached(self, credits: Floats, masks: Floats, mask_of: Array) -> NDArray[np.int64]:
        """For each row of credits, how many draws reach each level or a higher one. Its mask is masks[mask_of[row]]."""

        def rows_of(by_mask: Floats) -> Floats:
            """What is known by mask, by row; one mask alone stands for all rows."""
            return by_mask if len(by_mask) == 1 else by_mask[mask_of]

        present = np.array([masks[:, chosen].any(axis=1) for chosen in self.questions])
        total = present.T @ self.weights
        total[total == 0] = 1  # no weighted axis has points: overall stays 0
        overall = np.zeros((len(credits), DRAWS))
        lowest = np.full((len(credits), DRAWS), np.inf)
        for chosen, worth, weights, here in zip(self.questions, self.worth, self.weights, present, strict=True):
            possible = masks[:, chosen] @ worth
            possible[~here] = 1
            ratio = credits[:, chosen] @ worth
            ratio *= rows_of(1 / possible)
            overall += ratio * rows_of(here[:, None] * weights / total)
            if not here.all():
                ratio[~here[mask_of]] = np.inf  # an axis without points holds nobody back
            np.minimum(lowest, ratio, out=lowest)
        return np.column_stack([_count(overall, lowest, level) for level in self.levels])


def _count(overall: Floats, lowest: Floats, level: Level) -> NDArray[np.int64]:
    holds = overall >= level.min_overall - TOLERANCE
    if level.min_axis:
        holds &= lowest >= level.min_axis - TOLERANCE
    return np.asarray(np.count_nonzero(holds, axis=1), np.int64)


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
