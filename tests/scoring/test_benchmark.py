from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.benchmark import Peer, Standing, benchmark, benchmarks, group, percentile, quartiles, scores_of
from tests.scoring.builders import axes, load, proven, question, result

WHOLE = ("overall", "")
ratios = st.fractions(min_value=0, max_value=1)


def peer(name, band=3, kind="commune", **scores):
    return Peer(name, kind, band, {(node, ""): Fraction(score) for node, score in scores.items()})


ME = peer("me", overall="1/2")


@pytest.mark.parametrize(
    ("bands", "name", "size"),
    [
        ([3] * 5, "band", 5),
        ([3] * 5 + [2, 4, 9], "band", 5),
        ([3] * 4 + [2], "adjacent bands", 5),
        ([3, 3, 2, 4, 4], "adjacent bands", 5),
        ([3] * 4 + [1], "kind", 5),
        ([0, 1, 5, 6, 6, 6], "kind", 6),
        ([3] * 4, None, 0),
        ([], None, 0),
    ],
)
def test_group_widens_until_five_peers(bands, name, size):
    found = group(ME, [peer(f"p{rank}", band) for rank, band in enumerate(bands)])
    assert (found[0], len(found[1])) == (name, size) if name else found is None


def test_group_leaves_out_oneself_and_the_other_kind():
    others = [*[peer(f"p{rank}") for rank in range(4)], ME, peer("e", kind="epci")]
    assert group(ME, others) is None


def test_group_of_an_epci_is_its_whole_kind_at_once():
    me = peer("me", band=3, kind="epci")
    others = [peer(f"p{rank}", band=3, kind="epci") for rank in range(6)] + [peer("far", band=0, kind="epci")]
    name, peers = group(me, others)
    assert (name, len(peers)) == ("kind", 7)


@pytest.mark.parametrize(
    ("score", "rank"), [("0", "0"), ("1/10", "1/10"), ("3/10", "4/5"), ("1/2", "1"), ("2/10", "2/5"), ("1/4", "3/5")]
)
def test_percentile_counts_half_of_equals(score, rank):
    others = [Fraction(tenths, 10) for tenths in (1, 2, 2, 3, 3)]
    assert percentile(Fraction(score), others) == Fraction(rank)


@given(ratios, st.lists(ratios, min_size=1).map(sorted))
def test_percentile_as_defined(score, others):
    below, equal = sum(other < score for other in others), others.count(score)
    assert percentile(score, others) == (below + Fraction(equal, 2)) / len(others)


@pytest.mark.parametrize(
    ("count", "ranks"), [(1, (1, 1, 1)), (4, (1, 2, 3)), (5, (2, 3, 4)), (6, (2, 3, 5)), (7, (2, 4, 6)), (8, (2, 4, 6))]
)
def test_quartiles_by_nearest_rank(count, ranks):
    assert quartiles([Fraction(rank) for rank in range(1, count + 1)]) == ranks


@given(st.lists(ratios, min_size=1).map(sorted))
def test_quartiles_as_defined(values):
    assert list(quartiles(values)) == [values[ceil(Fraction(len(values) * quarter, 4)) - 1] for quarter in (1, 2, 3)]


def test_benchmark_of_each_node():
    others = [peer(f"p{rank}", overall=Fraction(rank, 10), axis="1/3") for rank in range(6)]
    made = benchmark(peer("me", overall="1/4"), others)
    standing = Standing(Fraction(1, 4), Fraction(1, 2), (Fraction(1, 10), Fraction(2, 10), Fraction(4, 10)), 6)
    assert (made.group, made.size, made.standings) == ("band", 6, {WHOLE: standing})


editions = st.lists(
    st.builds(
        Peer,
        id=st.uuids().map(str),
        kind=st.sampled_from(["commune", "epci"]),
        band=st.integers(0, 3),
        scores=st.dictionaries(st.sampled_from([WHOLE, ("axis", "a")]), st.sampled_from([Fraction(1), Fraction(1, 2)])),
    ),
    max_size=20,
    unique_by=lambda peer: peer.id,
)


@given(editions)
def test_benchmarks_of_all_are_those_of_each(edition):
    assert list(benchmarks(edition)) == [benchmark(each, edition) for each in edition]


def test_benchmark_says_nothing_of_a_node_with_fewer_than_five():
    others = [peer(f"p{rank}", overall="1/2", **({"axis": "1/2"} if rank else {})) for rank in range(5)]
    assert set(benchmark(peer("me", overall="1/2", axis="1/2"), others).standings) == {WHOLE}


def test_benchmark_with_too_few_peers():
    assert benchmark(ME, [peer("p")]) is None


def test_scores_of_a_result():
    rules = load(
        question("A", points=3),
        question("B", points=1),
        question("C", axis="b", applies_when="overseas"),
        axes=axes(a=1, b=1),
    )
    scored = result(rules, {"A": proven(True)})
    assert scores_of(scored) == {WHOLE: Fraction(3, 4), ("axis", "a"): Fraction(3, 4), ("issue", "i"): Fraction(3, 4)}


def test_scores_of_a_result_without_points():
    assert scores_of(result(load(question(points=0)))) == {}
