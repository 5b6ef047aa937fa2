"""Where a commune stands among its peers: percentile and quartiles, exactly, and never among fewer than five."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.engine import Result

FEWEST = 5
OVERALL = ""

BAND, ADJACENT_BANDS, WHOLE_KIND = "band", "adjacent bands", "kind"

Node = tuple[str, str]  # ("overall", ""), ("axis", id) or ("issue", id)
Scores = Mapping[Node, Sequence[Fraction]]


@dataclass(frozen=True)
class Peer:
    """One application of the edition: its kind, the rank of its population band, and its score by node, from 0 to 1.

    A node where nothing could be earned has no score.
    """

    id: str
    kind: str
    band: int
    scores: Mapping[Node, Fraction]


@dataclass(frozen=True)
class Standing:
    """One score among those of the peers that have one on the same node. `percentile` is from 0 to 1."""

    score: Fraction
    percentile: Fraction
    quartiles: tuple[Fraction, Fraction, Fraction]
    peers: int


@dataclass(frozen=True)
class Benchmark:
    """The standing of one application, by node. `group` is BAND, ADJACENT_BANDS or WHOLE_KIND, of `size` peers."""

    group: str
    size: int
    standings: Mapping[Node, Standing]


def scores_of(result: Result) -> dict[Node, Fraction]:
    """The scores of a result, by node."""
    scores: dict[Node, Fraction] = {}
    if result.overall is not None:
        scores["overall", OVERALL] = result.overall
    for kind, sums in (("axis", result.axes), ("issue", result.issues)):
        scores |= {(kind, name): Fraction(earned, possible) for name, (earned, possible) in sums.items() if possible}
    return scores


def benchmark(me: Peer, applications: Iterable[Peer]) -> Benchmark | None:
    """Where `me` stands among the applications of the edition, itself left out; None when too few are like it."""
    found = group(me, applications)
    if found is None:
        return None
    name, peers = found
    return Benchmark(name, len(peers), _standings(me, _ordered(peers)))


def benchmarks(applications: Sequence[Peer]) -> Iterator[Benchmark | None]:
    """Of each of them in turn, as `benchmark` finds it. A group is put in order once, for all of its members."""
    groups: dict[tuple[str, int], tuple[str, int, Scores] | None] = {}
    for me in applications:
        key = me.kind, me.band
        if key not in groups:
            found = group(me, applications)
            groups[key] = (found[0], len(found[1]), _ordered([*found[1], me])) if found else None
        if known := groups[key]:
            name, size, scores = known
            others = {node: _without(scores[node], score) for node, score in me.scores.items()}
            yield Benchmark(name, size, _standings(me, others))
        else:
            yield None


def _ordered(peers: Iterable[Peer]) -> Scores:
    """Their scores by node, sorted."""
    scores: dict[Node, list[Fraction]] = {}
    for peer in peers:
        for node, score in peer.scores.items():
            scores.setdefault(node, []).append(score)
    return {node: sorted(values) for node, values in scores.items()}


def _without(values: Sequence[Fraction], value: Fraction) -> list[Fraction]:
    """Sorted values without one of those equal to `value`."""
    place = bisect_left(values, value)
    return [*values[:place], *values[place + 1 :]]


def _standings(me: Peer, others: Scores) -> dict[Node, Standing]:
    return {
        node: Standing(score, percentile(score, scores), quartiles(scores), len(scores))
        for node, score in me.scores.items()
        if len(scores := others.get(node, ())) >= FEWEST
    }


def group(me: Peer, applications: Iterable[Peer]) -> tuple[str, list[Peer]] | None:
    """The smallest group of at least five peers: same band, then with both adjacent ones, then the whole kind.

    An intercommunalité has its whole kind at once.
    """
    kind = [peer for peer in applications if peer.kind == me.kind and peer.id != me.id]
    near = [] if me.kind == "epci" else [(BAND, 0), (ADJACENT_BANDS, 1)]
    for name, distance in near:
        peers = [peer for peer in kind if abs(peer.band - me.band) <= distance]
        if len(peers) >= FEWEST:
            return name, peers
    return (WHOLE_KIND, kind) if len(kind) >= FEWEST else None


def percentile(score: Fraction, others: Sequence[Fraction]) -> Fraction:
    """The share of the others, sorted, strictly below the score, plus half the share of those equal to it."""
    below, through = bisect_left(others, score), bisect_right(others, score)
    return Fraction(below + through, 2 * len(others))


def quartiles(values: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """The three quartiles of sorted values, by nearest rank: a quarter of them is at most the first, and so on."""
    first, second, third = (values[-(-len(values) * quarter // 4) - 1] for quarter in (1, 2, 3))
    return first, second, third
