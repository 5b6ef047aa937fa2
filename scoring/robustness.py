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

from scoring.batch import CODES
from scoring.credits import FULL
from scoring.engine import CLAIMED, MISSING, Result
from scoring.model import Framework, Level, Question

DRAWS = 1000
STABLE = Fraction(95, 100)
SPREAD = Fraction(1, 4)  # a factor is at most that far from 1
ROWS, AT_ONCE = 64, 250  # applications and draws weighed together: their sums stay in the cache
TOLERANCE = 1e-9  # a file exactly on a threshold reaches it, an axis has points or none, however sums are rounded

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
    states = np.array([[CODES[line.state]] for line in result.lines], np.uint8)
    credits = np.array([[line.credit] for line in result.lines], np.uint8)
    counts = draws_by_level(result.framework, states, credits)[0]
    levels = [level.level for level in result.framework.levels]
    return Robustness(result.level, dict(zip(levels, map(int, counts), strict=True)))


def draws_by_level(framework: Framework, states: Array, credits: Array) -> Whole:
    """For each application, how many draws give each level: one row an application, one column a level.

    `states` and `credits` are those of `batch.Scores`: one row a question, one column an application. Only the rows of
    scored applications mean something.
    """
    claimed = states == CODES[CLAIMED]
    patterns, pattern_of = np.unique(np.packbits(states >= CODES[MISSING], axis=0).T, axis=0, return_inverse=True)
    pattern_of = pattern_of.ravel()
    order = np.lexsort((claimed.any(axis=0), pattern_of))  # alike together: they share what they are divided by
    masks = np.unpackbits(patterns, axis=1, count=len(states)).astype(np.float64)
    reached = np.zeros((states.shape[1], len(framework.levels)), np.int64)
    for start in range(0, len(order), ROWS):
        rows = order[start : start + ROWS]
        kinds, kind_of = np.unique(pattern_of[rows], return_inverse=True)
        for draws in _draws(framework):
            possible, row_of = draws.possible(masks[kinds], kind_of, claimed[:, rows].T)
            reached[rows] += draws.reached(credits[:, rows].T.astype(np.float64), possible, row_of)
    return reached - np.column_stack([reached[:, 1:], np.zeros(len(reached), np.int64)])


@lru_cache(maxsize=8)
def _draws(framework: Framework) -> tuple["_Draws", ...]:
    drawn = factors(framework)
    return tuple(_Draws(framework, drawn[start : start + AT_ONCE].T) for start in range(0, DRAWS, AT_ONCE))


def factors(framework: Framework) -> Floats:
    """The factors: one row a draw; its questions, then its axes, in the order of the document."""
    bits = np.random.PCG64(int.from_bytes(bytes.fromhex(framework.hash)[:8], "big"))
    width = len(framework.questions) + len(framework.axes)
    uniform = (bits.random_raw(DRAWS * width) >> np.uint64(11)) * 2.0**-53
    return (0.75 + uniform / 2).reshape(DRAWS, width)


class _Draws:
    """Some draws of one framework, ready to weigh applications by matrix products."""

    def __init__(self, framework: Framework, drawn: Floats) -> None:
        self.levels = framework.levels
        self.count = drawn.shape[1]
        points = np.array([question.points for question in framework.questions], np.float64)
        axes = [axis.id for axis in framework.axes]
        axis_of = np.array([axes.index(question.axis) for question in framework.questions])
        self.weights = np.array([[axis.weight] for axis in framework.axes]) * drawn[len(points) :]
        self.questions = [np.flatnonzero((axis_of == rank) & (points > 0)) for rank in range(len(axes))]
        self.worth = [points[chosen, None] * drawn[chosen] for chosen in self.questions]

    def possible(self, masks: Floats, mask_of: Array, claimed: Array) -> tuple[list[Floats], Array]:
        """What is possible on each axis: one row for each mask, then one for each row with a claim; and which is whose.

        An axis without points has infinity, so that it gives nothing to the mean.
        """
        claiming = np.flatnonzero(claimed.any(axis=1))
        row_of = mask_of.copy()
        row_of[claiming] = len(masks) + np.arange(len(claiming))
        parts = []
        for chosen, worth in zip(self.questions, self.worth, strict=True):
            part = masks[:, chosen] @ worth
            part = np.concatenate([part, part[mask_of[claiming]]])
            for row, question in np.argwhere(claimed[np.ix_(claiming, chosen)]):
                part[len(masks) + row] -= worth[question]
            part[part[:, 0] < TOLERANCE] = np.inf
            parts.append(part)
        return parts, row_of

    def reached(self, credits: Floats, possible: list[Floats], row_of: Array) -> Whole:
        """For each row of credits, how many draws reach each level or a higher one."""
        present = [np.isfinite(part[:, :1]) for part in possible]
        total = np.sum([here * weights for here, weights in zip(present, self.weights, strict=True)], axis=0)
        total[total == 0] = 1  # no weighted axis has points: overall stays 0
        earned = [credits[:, chosen] @ worth for chosen, worth in zip(self.questions, self.worth, strict=True)]
        overall = np.zeros((len(credits), self.count))
        for above, below, weights in zip(earned, possible, self.weights, strict=True):
            share = weights / (below * total)
            overall += above * (share if len(share) == 1 else share[row_of])
        counts = [self._count(level, overall, earned, possible, row_of) for level in self.levels]
        return np.column_stack(counts)

    def _count(
        self, level: Level, overall: Floats, earned: list[Floats], possible: list[Floats], row_of: Array
    ) -> Whole:
        """How many draws reach the minima of a level, by row; those of axes only where the overall one is reached."""
        holds = overall >= level.min_overall - TOLERANCE
        if level.min_axis:
            rows = np.flatnonzero(holds.any(axis=1))
            for above, below in zip(earned, possible, strict=True):
                own = below[row_of[rows]]
                holds[rows] &= (above[rows] >= (level.min_axis - TOLERANCE) * own) | np.isinf(own)
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
