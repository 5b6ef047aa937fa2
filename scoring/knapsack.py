"""The sets that reach a level where one minimum alone is missed, the best first: a table of what each cost buys."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.moves import Improvement
from scoring.target import SLACK, Target

Gains = list[list[float]]  # in percent, of each improvement of each question
Table = NDArray[np.float64]


class Begun(NamedTuple):
    """Some improvements of the first questions: what is left to spend, and what is still lacking."""

    cost: int
    lacking: float
    chosen: tuple[Improvement, ...]


def sets(target: Target) -> Iterator[Sequence[Improvement]]:
    """Each set that reaches the level, in the order that `plan` says. `target` has one minimum."""
    (minimum,) = target.minima
    gains = [[minimum.gain(improvement) for improvement in each] for each in target.improvements]
    lacking = minimum.lacking - SLACK
    for cost in _costs(target, gains, lacking):
        tables = _tables(target, gains, cost)
        for count in np.flatnonzero(tables[0, cost] >= lacking):
            for chosen in _in_order(target, gains, tables, Begun(cost, lacking, ()), int(count)):
                if target.reached(chosen):
                    yield chosen


def _costs(target: Target, gains: Gains, lacking: float) -> range:
    """From the least cost that buys what is lacking to the dearest of all; empty when nothing does."""
    dearest = sum(each[-1].cost for each in target.improvements)
    best = np.zeros(dearest + 1)  # for each cost, the most that it buys, or less of it
    for improvements, gained in zip(target.improvements, gains, strict=True):
        before = best.copy()
        for improvement, gain in zip(improvements, gained, strict=True):
            cost = improvement.cost
            np.maximum(best[cost:], before[: dearest + 1 - cost] + gain, out=best[cost:])
    return range(int(np.searchsorted(best, lacking)), dearest + 1)


def _tables(target: Target, gains: Gains, most: int) -> Table:
    """By question, cost up to `most` and number of questions changed: the most that changing that many, for exactly
    that cost, gains from this question on. Minus infinity where nothing costs that."""
    count = len(target.improvements)
    tables = np.full((count + 1, most + 1, min(most, count) + 1), -np.inf)
    tables[count, 0, 0] = 0
    for rank in reversed(range(count)):
        here, after = tables[rank], tables[rank + 1]
        here[:] = after
        for improvement, gain in zip(target.improvements[rank], gains[rank], strict=True):
            cost = improvement.cost
            if cost <= most:
                np.maximum(here[cost:, 1:], after[: most + 1 - cost, :-1] + gain, out=here[cost:, 1:])
    return tables


def _in_order(target: Target, gains: Gains, tables: Table, start: Begun, count: int) -> Iterator[Sequence[Improvement]]:
    """The sets that cost what is to spend and change `count` questions, those that change the first questions first.
    Only what the tables can complete is gone on with."""
    stack = [(0, count, [start])]
    while stack:
        rank, left, begun = stack.pop()
        if rank == len(target.improvements):
            yield from _early_first(target, begun)
            continue
        after = tables[rank + 1]
        spared = [each for each in begun if after[each.cost, left] >= each.lacking]
        if spared:
            stack.append((rank + 1, left, spared))
        changed = [
            Begun(each.cost - improvement.cost, each.lacking - gain, (*each.chosen, improvement))
            for each in begun
            for improvement, gain in zip(target.improvements[rank], gains[rank], strict=True)
            if left and improvement.cost <= each.cost
        ]
        changed = [each for each in changed if after[each.cost, left - 1] >= each.lacking]
        if changed:
            stack.append((rank + 1, left - 1, changed))


def _early_first(target: Target, made: Sequence[Begun]) -> list[tuple[Improvement, ...]]:
    """Sets of the same questions: those that spend on the first ones come first."""
    ranks = {improvements[0].question.id: rank for rank, improvements in enumerate(target.improvements)}

    def lateness(chosen: Sequence[Improvement]) -> int:
        return sum(improvement.cost * ranks[improvement.question.id] for improvement in chosen)

    return sorted((each.chosen for each in made), key=lateness)
