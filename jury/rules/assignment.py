"""Sharing files between readers, as a flow of least cost. Pure and deterministic: the same data give the same plan.

First of all loads are as even as conflicts allow: the sum of their squares is the least there is. Among such plans, the
readers of a file differ in expertise, and the files of a juror in region, as often as can be. A reading flows from its
file through an expertise, then through a region, to a juror's load: the programme of a flow has whole solutions at its
corners, and the simplex method ends in one.

SciPy enters here: only a worker imports this module."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import chain
from math import ceil
from typing import TypeVar

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Pair = tuple[int, int]
Key = TypeVar("Key", bound=Hashable)


def balance(
    *,
    needs: Mapping[int, int],
    eligible: Mapping[int, Iterable[int]],
    loads: Mapping[int, int],
    regions: Mapping[int, str] | None = None,
    expertise: Mapping[int, str] | None = None,
) -> list[Pair]:
    """Pairs (file, juror) to add, sorted.

    `needs`: how many readers each file still lacks; `eligible`: who may become one of them, neither recused nor already
    a reader; `loads`: how many files each juror has already; `regions` of files, `expertise` of jurors, where known. A
    file with too few of them gets those there are."""
    pairs = [(file, juror) for file in sorted(needs) for juror in sorted(eligible[file])]
    if not pairs:
        return []
    flow = _Flow(pairs)
    for file, ways in flow.by(lambda file, _juror: file):
        flow.fix(ways, min(needs[file], len(ways)))
    # A less even load costs more than all that follows together.
    heavy = 2 * sum(needs.values()) + 1
    by_juror = flow.by(lambda _file, juror: juror)
    idle = min(loads.get(juror, 0) for juror, _ways in by_juror)
    for juror, ways in by_juror:
        begun = loads.get(juror, 0) - idle
        flow.price(ways, [heavy * (begun + number) for number in range(len(ways))])
    skills, places = expertise or {}, regions or {}
    for (_file, skill), ways in flow.by(lambda file, juror: (file, skills.get(juror, ""))):
        flow.price_beyond(ways, 1 if skill else len(ways))
    readings = Counter(chain.from_iterable([places.get(file, "")] * need for file, need in needs.items()))
    for (_juror, place), ways in flow.by(lambda file, juror: (juror, places.get(file, ""))):
        flow.price_beyond(ways, ceil(readings[place] / len(by_juror)) if place else len(ways))
    return flow.cheapest()


class _Flow:
    """A linear programme: one unknown for each pair, 0 or 1, then those that price groups of them."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.pairs = pairs
        self.costs: list[int] = [0] * len(pairs)
        self.highest: list[int] = [1] * len(pairs)
        # Of each equation, the unknowns that it adds up, those that it takes away, and what remains.
        self.equations: list[tuple[list[int], list[int], int]] = []

    def by(self, key: Callable[[int, int], Key]) -> list[tuple[Key, list[int]]]:
        """The pairs, as numbers of unknowns, grouped."""
        groups: defaultdict[Key, list[int]] = defaultdict(list)
        for number, pair in enumerate(self.pairs):
            groups[key(*pair)].append(number)
        return list(groups.items())

    def fix(self, group: list[int], count: int) -> None:
        """So many of the group are chosen."""
        self.equations.append((group, [], count))

    def price(self, group: list[int], costs: list[int]) -> None:
        """The first of the group that is chosen costs the first price, and so on. Prices rise."""
        self.equations.append((group, [self._unknown(cost, 1) for cost in costs], 0))

    def price_beyond(self, group: list[int], free: int) -> None:
        """Each of the group that is chosen after so many costs 1."""
        if free < len(group):
            self.equations.append((group, [self._unknown(0, free), self._unknown(1, len(group) - free)], 0))

    def _unknown(self, cost: int, highest: int) -> int:
        self.costs.append(cost)
        self.highest.append(highest)
        return len(self.costs) - 1

    def cheapest(self) -> list[Pair]:
        entries = [
            (row, column, sign)
            for row, (added, taken, _rest) in enumerate(self.equations)
            for columns, sign in ((added, 1.0), (taken, -1.0))
            for column in columns
        ]
        rows, columns, signs = zip(*entries, strict=True)
        matrix = csr_array((signs, (rows, columns)), shape=(len(self.equations), len(self.costs)))
        rests = [rest for _added, _taken, rest in self.equations]
        bounds = np.column_stack([np.zeros(len(self.costs)), self.highest])
        # The stubs know of dense matrices alone.
        found = linprog(  # type: ignore[call-overload]
            self.costs, A_eq=matrix, b_eq=rests, bounds=bounds, method="highs-ds"
        )
        if not found.success:
            raise ArithmeticError(found.message)
        return [pair for pair, chosen in zip(self.pairs, found.x, strict=False) if chosen > 0.5]
