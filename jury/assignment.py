"""Sharing files between readers. Pure and deterministic: the same data give the same plan, whoever asks.

Loads are as even as conflicts allow. The plan is first drawn greedily, then repaired: as long as some chain of
hand-overs leads from a juror to one who has at least two files fewer, the chain is applied. When no such chain is left,
no other plan has a smaller sum of squared loads: without conflicts, two loads never differ by more than one."""

from collections.abc import Iterable, Mapping
from itertools import chain, pairwise

Plan = list[tuple[int, int]]


def balance(*, needs: Mapping[int, int], eligible: Mapping[int, Iterable[int]], loads: Mapping[int, int]) -> Plan:
    """Pairs (file, juror) to add, sorted.

    `needs`: how many readers each file still lacks; `eligible`: who may become one of them, neither recused nor already
    a reader; `loads`: how many files each juror has already. A file with too few of them gets those there are."""
    sharing = _Sharing(eligible={file: frozenset(eligible[file]) for file in needs}, loads=dict(loads))
    # The file with the least choice first; ids settle what is left, so that no dictionary order matters.
    for file in sorted(needs, key=lambda file: (len(sharing.eligible[file]), file)):
        sharing.give(file, needs[file])
    while sharing.improve():
        pass
    return sorted((file, juror) for file, jurors in sharing.readers.items() for juror in jurors)


class _Sharing:
    def __init__(self, *, eligible: dict[int, frozenset[int]], loads: dict[int, int]) -> None:
        self.eligible = eligible
        known = {*loads, *chain.from_iterable(eligible.values())}
        self.loads = {juror: loads.get(juror, 0) for juror in known}
        self.readers: dict[int, set[int]] = {}

    def give(self, file: int, count: int) -> None:
        """Hand the file to the least loaded of those who may read it."""
        chosen = sorted(self.eligible[file], key=lambda juror: (self.loads[juror], juror))[:count]
        self.readers[file] = set(chosen)
        for juror in chosen:
            self.loads[juror] += 1

    def improve(self) -> bool:
        """Apply one chain of hand-overs that makes loads more even; False when there is none."""
        hand_overs = self._hand_overs()
        for busiest in sorted(self.loads, key=lambda juror: (-self.loads[juror], juror)):
            path = self._path(busiest, hand_overs)
            if path:
                for giver, taker in pairwise(path):
                    file = hand_overs[giver][taker]
                    self.readers[file].remove(giver)
                    self.readers[file].add(taker)
                self.loads[path[0]] -= 1
                self.loads[path[-1]] += 1
                return True
        return False

    def _hand_overs(self) -> dict[int, dict[int, int]]:
        """For each juror, to whom one of the files given here could go, and which."""
        found: dict[int, dict[int, int]] = {juror: {} for juror in sorted(self.loads)}
        for file in sorted(self.readers):
            for giver in sorted(self.readers[file]):
                for taker in self.eligible[file] - self.readers[file]:
                    found[giver].setdefault(taker, file)
        return found

    def _path(self, start: int, hand_overs: dict[int, dict[int, int]]) -> list[int]:
        """The shortest chain from `start` to a juror with at least two files fewer; breadth first, lowest id first."""
        came_from = {start: start}
        queue = [start]
        for juror in queue:
            if self.loads[juror] <= self.loads[start] - 2:
                return _walk_back(juror, came_from)
            for taker in sorted(hand_overs[juror]):
                if taker not in came_from:
                    came_from[taker] = juror
                    queue.append(taker)
        return []


def _walk_back(juror: int, came_from: dict[int, int]) -> list[int]:
    path = [juror]
    while came_from[juror] != juror:
        juror = came_from[juror]
        path.append(juror)
    return path[::-1]
