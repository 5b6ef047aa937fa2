"""How the published scores are spread, by size, region or edition: quartiles, never of fewer than five."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.benchmark import FEWEST, Node, quartiles

Key = tuple[str, str]  # code and name of a group


@dataclass(frozen=True)
class Scored:
    """A published result: what it may be grouped by, and its score by node, from 0 to 1."""

    kind: str
    band: Key
    region: Key
    edition: Key
    scores: Mapping[Node, Fraction]


@dataclass(frozen=True)
class Spread:
    """The three quartiles of a node, and of how many."""

    node: Node
    size: int
    quartiles: tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True)
class Group:
    """`spreads` has the nodes that at least five of them have; none when they are fewer."""

    key: Key
    size: int
    spreads: Mapping[Node, Spread]

    @property
    def told(self) -> bool:
        return self.size >= FEWEST


def groups(results: Iterable[Scored], by: Callable[[Scored], Key]) -> list[Group]:
    """In the order of their codes."""
    members: dict[Key, list[Scored]] = defaultdict(list)
    for result in results:
        members[by(result)].append(result)
    return [Group(key, len(members[key]), _spreads(members[key])) for key in sorted(members)]


def _spreads(members: list[Scored]) -> dict[Node, Spread]:
    values: dict[Node, list[Fraction]] = defaultdict(list)
    for member in members:
        for node, score in member.scores.items():
            values[node].append(score)
    return {
        node: Spread(node, len(found), quartiles(sorted(found)))
        for node, found in values.items()
        if len(found) >= FEWEST
    }
