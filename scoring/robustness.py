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
from scoring.model import OBLIGATION, Framework, Level, Question

DRAWS = 1000  # a multiple of 8, and 8 × 255 at most: see _count_true
STABLE = Fraction(95, 100)
SPREAD = Fraction(1, 4)  # a factor is at most that far from 1
LIGHTEST, HEAVIEST = float(1 - SPREAD), float(1 + SPREAD)
ROWS = 128  # applications weighed together: their sums stay in the cache
AT_ONCE = 65536  # applications ranked together
RARE = 1024  # a set of questions of an axis is rare when fewer of them have it
ROUNDINGS = 8  # of a score, beside those of its sums
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

    `axis` is None for the minimum of the overall score, and for that of the `obligations` met.
    """

    level: int
    axis: str | None
    gap: Fraction
    obligations: bool = False


def robustness(result: Result) -> Robustness:
    """The robustness of the level of a scored result. Raises ValueError for an incomplete one: it has no level."""
    if result.level is None:
        raise ValueError("an incomplete result has no level")
    credits = np.array([[line.credit] for line in result.lines])
    counted = np.array([[line.possible > 0] for line in result.lines])
    counts = draws_by_level(result.framework, credits, counted)[0]
    return Robustness(result.level, dict(zip(result.framework.grades, map(int, counts), strict=True)))


def draws_by_level(framework: Framework, credits: Array, counted: Array) -> Whole:
    """For each application, how many draws give each level: one row an application, one column for each of `grades`.

    `credits` and `counted` have one row a question and one column an application: its credit, and whether it counts in
    what is possible (see `batch.Scores`). Only the rows of scored applications mean something. Points and weights are
    what is drawn: the obligations met stay those of the file.
    """
    quick, exact = _Draws(framework, np.dtype(np.float32)), _Draws(framework, np.dtype(np.float64))
    reached = np.empty((credits.shape[1], len(framework.levels)), np.int64)
    for start in range(0, len(reached), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        files = quick.files(credits[quick.order, rows], counted[quick.order, rows])
        in_doubt = quick.count(files, files.ranked, reached[rows])
        exact.count(files, in_doubt, reached[rows])
    reached *= _obligations_met(framework, credits, counted)
    lowest = [np.full((len(reached), 1), DRAWS)] if 0 in framework.grades else []
    return -np.diff(np.hstack([*lowest, reached, np.zeros((len(reached), 1), np.int64)]), axis=1)


def _obligations_met(framework: Framework, credits: Array, counted: Array) -> Array:
    """By application and level, whether enough obligations are met."""
    questions = enumerate(framework.questions)
    theirs = [index for index, question in questions if question.nature == OBLIGATION and question.points]
    met = (counted[theirs] & (credits[theirs] == FULL)).sum(axis=0)
    asked = np.array([[level.min_obligations] for level in framework.levels])
    enough: Array = met * FULL >= asked * counted[theirs].sum(axis=0)
    return enough.T


@lru_cache(maxsize=8)
def factors(framework: Framework) -> Floats:
    """The factors: one row a draw; its questions, then its axes, in the order of the document."""
    bits = np.random.PCG64(int.from_bytes(bytes.fromhex(framework.hash)[:8], "big"))
    width = len(framework.questions) + len(framework.axes)
    uniform = (bits.random_raw(DRAWS * width) >> np.uint64(11)) * 2.0**-53
    drawn = (0.75 + uniform / 2).reshape(DRAWS, width)
    drawn.flags.writeable = False  # it is shared by all who ask
    return drawn


class _Axis:
    """The draws of one axis: `worth` has a row a question, `weight` is that of the axis; a column a draw."""

    def __init__(self, place: slice, points: Floats, drawn: Floats, weight: Floats) -> None:
        self.place = place  # of its questions, once those of an axis stand together
        self.worth = (points[:, None] * drawn).astype(weight.dtype)
        self.weight = weight

    def shares(self, masks: Array) -> Floats:
        """What a hundredth of a point earned adds to the overall score, by set of questions that count and draw."""
        possible = masks.astype(self.worth.dtype) @ self.worth
        possible[possible[:, 0] == 0] = 1  # nothing is earned there
        return np.divide(self.weight, possible, out=possible)


@dataclass(frozen=True)
class _Files:
    """Applications to be weighed, one row each: what each question earned, which count, which axes have points."""

    credits: Array
    masks: Array
    present: Array
    ranked: Whole


class _Draws:
    """The draws of one framework, ready to weigh applications by matrix products of one precision.

    Single precision is twice as fast, and enough wherever no draw is within `slack` of a minimum: the sums have at most
    one term a question, none of them negative, so that each rounding costs half a unit of the last place at most.
    Its working arrays are kept from one block of rows to the next: to ask for new ones costs more than to fill them.
    """

    def __init__(self, framework: Framework, precision: np.dtype[Any]) -> None:
        self.levels = framework.levels
        self.precision = precision
        drawn = factors(framework).T
        axes = [axis.id for axis in framework.axes]
        axis_of = np.array([axes.index(question.axis) for question in framework.questions])
        self.order = np.argsort(axis_of, kind="stable")  # of the questions: those of an axis stand together
        points = np.array([question.points for question in framework.questions], np.float64)[self.order]
        weights = np.array([[axis.weight] for axis in framework.axes]) * drawn[len(points) :]
        self.weights = (weights / weights.sum(axis=0)).astype(precision)
        ends = np.cumsum(np.bincount(axis_of, minlength=len(axes)))
        places = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        self.axes = [
            _Axis(place, points[place], drawn[self.order[place]], weight)
            for place, weight in zip(places, self.weights, strict=True)
        ]
        self.points = np.zeros((len(points), len(axes)))  # a column an axis
        self.points[np.arange(len(points)), axis_of[self.order]] = points
        longest = max(axis.place.stop - axis.place.start for axis in self.axes)
        roundings = len(points) + longest + len(axes) + ROUNDINGS
        self.slack = max(TOLERANCE, FULL * roundings * float(np.finfo(precision).eps) / 2)
        self.mask = np.zeros(len(points), np.bool_)  # the questions that count in `shared`
        # By question, what a hundredth of its credit adds to the overall score.
        self.shared = np.zeros((len(points), DRAWS), precision)
        self.overall, self.earned, self.scratch = (np.empty((ROWS, DRAWS), precision) for _ in range(3))
        self.holds, self.surely = (np.empty((ROWS, DRAWS), np.bool_) for _ in range(2))

    def files(self, credits: Array, counted: Array) -> _Files:
        """As given to draws_by_level, the questions being in `order`."""
        # What is possible in the first draw tells whether an axis has points, and one set of questions from another.
        possible = np.array([axis.worth[:, 0] @ counted[axis.place].astype(self.precision) for axis in self.axes])
        by_row, masks, present = (np.ascontiguousarray(each.T) for each in (credits, counted, possible > 0))
        return _Files(by_row, masks, present, _ranked(credits.sum(axis=0, dtype=np.int32), possible))

    def count(self, files: _Files, ranked: Whole, counts: Whole) -> Whole:
        """Write into `counts` how many draws of these files reach each level or a higher one.

        Returns the files for which this precision cannot tell, in the same order.
        """
        in_doubt = np.empty(len(ranked), np.bool_)
        for start in range(0, len(ranked), ROWS):
            rows = ranked[start : start + ROWS]
            credits, masks = files.credits[rows].astype(self.precision), files.masks[rows]
            overall = self._overall(credits, masks, files.present[rows])
            counts[rows], in_doubt[start : start + ROWS] = self._count(overall, credits, masks)
        return ranked[in_doubt]

    def _overall(self, credits: Floats, masks: Array, present: Array) -> Floats:
        """The overall score, in percent, by row and draw.

        Also by row: `masks`, the questions that count; `present`, the axes that have points.
        """
        apart = self._share(masks)
        together = credits.copy() if apart else credits
        for axis in apart:
            together[:, axis.place] = 0
        overall = np.matmul(together, self.shared, out=self.overall[: len(credits)])
        for axis in apart:
            changes = _changes(masks[:, axis.place])
            shares = axis.shares(masks[changes, axis.place])
            earned = np.matmul(credits[:, axis.place], axis.worth, out=self.earned[: len(credits)])
            earned *= np.take(shares, np.cumsum(changes) - 1, axis=0, out=self.scratch[: len(credits)], mode="clip")
            overall += earned
        if not present.all():
            weighed = present @ self.weights
            weighed[weighed == 0] = 1  # no weighted axis has points: overall is 0
            overall /= weighed
        return overall

    def _share(self, masks: Array) -> list[_Axis]:
        """Make `shared` for the questions that count in these rows; the axes where they are not the same in all."""
        same = masks == self.mask
        apart: list[_Axis] = []
        if same.all():
            return apart
        for axis in self.axes:
            mask = masks[:, axis.place]
            if _changes(mask)[1:].any():
                apart.append(axis)
            elif not same[0, axis.place].all():
                self.mask[axis.place] = mask[0]
                np.multiply(axis.worth, axis.shares(mask[:1]), out=self.shared[axis.place])
        return apart

    def _count(self, overall: Floats, credits: Floats, masks: Array) -> tuple[Whole, Array]:
        """How many draws reach each level or a higher one, by row; and the rows where rounding may change that.

        Only where a minimum lies between the least and the most of a row are its draws looked at one by one.
        """
        counts = np.zeros((len(overall), len(self.levels)), np.int64)
        in_doubt = np.zeros(len(overall), np.bool_)
        least, most = overall.min(axis=1), overall.max(axis=1)
        for rank, level in enumerate(self.levels):
            if not (level.min_overall or level.min_axis):
                counts[:, rank] = DRAWS
                continue
            reaching = np.flatnonzero(most >= level.min_overall - self.slack)
            if not len(reaching):
                break
            counts[reaching, rank] = DRAWS
            doubted = self._doubted(level, credits, masks, reaching)
            looked_at = (least[reaching] < level.min_overall + self.slack) | doubted.any(axis=1)
            rows, doubted = reaching[looked_at], doubted[looked_at]
            near = np.take(overall, rows, axis=0, out=self.scratch[: len(rows)], mode="clip")
            holds = np.greater_equal(near, level.min_overall - self.slack, out=self.holds[: len(rows)])
            surely = np.greater_equal(near, level.min_overall + self.slack, out=self.surely[: len(rows)])
            for axis, some in zip(self.axes, doubted.T, strict=True):
                if some.any():
                    earned = credits[rows[some], axis.place] @ axis.worth
                    possible = masks[rows[some], axis.place].astype(self.precision) @ axis.worth
                    holds[some] &= earned >= (level.min_axis - self.slack) * possible
                    surely[some] &= earned >= (level.min_axis + self.slack) * possible
            counts[rows, rank] = _count_true(holds)
            in_doubt[rows] |= counts[rows, rank] != _count_true(surely)
        return counts, in_doubt

    def _doubted(self, level: Level, credits: Floats, masks: Array, rows: Whole) -> Array:
        """By row and axis, whether its minimum would be missed if all that is lost weighed most, and the rest least."""
        if not level.min_axis:
            return np.zeros((len(rows), len(self.axes)), np.bool_)
        earned = credits[rows] @ self.points
        lost = FULL * (masks[rows] @ self.points) - earned
        doubted: Array = earned * LIGHTEST * (FULL - level.min_axis) <= lost * HEAVIEST * level.min_axis
        return doubted


def _ranked(likeness: Array, possible: Floats) -> Array:
    """The applications, in an order where neighbours ask for the same questions on most axes, and earn alike.

    A set of questions that few of them have on an axis would part those which are alike on the others: all such sets
    rank together.
    """
    keys = [likeness, possible.sum(axis=0)]
    for each in possible:
        _, sets, sizes = np.unique(each, return_inverse=True, return_counts=True)
        keys.append(np.where(sizes[sets] < RARE, -1, sets).astype(np.int16))
    return np.lexsort(keys)


def _changes(masks: Array) -> Array:
    """Whether each row differs from the one before it; the first one does."""
    return np.concatenate([[True], (masks[1:] != masks[:-1]).any(axis=1)])


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
        met, total = result.obligations
        minimum = levels[number].min_obligations if number in levels else 0
        if minimum and total:
            gap = Fraction(met * FULL, total) - minimum
            if number == result.level or gap < 0:
                found.append(Margin(number, None, gap, obligations=True))
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
