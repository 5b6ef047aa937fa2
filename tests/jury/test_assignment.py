from collections import Counter
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from jury.rules.assignment import balance

JURORS = range(1, 5)


@st.composite
def sharings(draw, jurors=JURORS, files=4):
    eligible = {
        file: frozenset(draw(st.lists(st.sampled_from(list(jurors)), unique=True)))
        for file in range(draw(st.integers(0, files)))
    }
    needs = {file: draw(st.integers(1, 2)) for file in eligible}
    loads = {juror: draw(st.integers(0, 3)) for juror in jurors}
    return needs, eligible, loads


def loads_after(pairs, loads):
    return Counter(loads) + Counter(juror for _file, juror in pairs)


def cost(pairs, loads):
    return sum(load * load for load in loads_after(pairs, loads).values())


def every_plan(needs, eligible):
    """All the ways to give each file its readers: the slow way to know the best."""
    choices = [
        [
            [(file, juror) for juror in some]
            for some in combinations(sorted(eligible[file]), min(need, len(eligible[file])))
        ]
        for file, need in needs.items()
    ]
    for plan in product(*choices):
        yield [pair for pairs in plan for pair in pairs]


@given(sharings())
def test_balance_gives_each_file_distinct_eligible_readers(sharing):
    needs, eligible, loads = sharing
    pairs = balance(needs=needs, eligible=eligible, loads=loads)
    assert len(set(pairs)) == len(pairs)
    assert all(juror in eligible[file] for file, juror in pairs)
    given_to = Counter(file for file, _juror in pairs)
    assert {file: given_to[file] for file in needs} == {
        file: min(need, len(eligible[file])) for file, need in needs.items()
    }


@given(sharings())
def test_balance_is_as_even_as_conflicts_allow(sharing):
    needs, eligible, loads = sharing
    best = min(cost(plan, loads) for plan in every_plan(needs, eligible))
    assert cost(balance(needs=needs, eligible=eligible, loads=loads), loads) == best


@given(st.integers(2, 8), st.integers(0, 40), st.integers(1, 2))
def test_balance_without_conflict_differs_by_one_at_most(jurors, files, readers):
    people = frozenset(range(jurors))
    pairs = balance(needs=dict.fromkeys(range(files), readers), eligible=dict.fromkeys(range(files), people), loads={})
    loads = [loads_after(pairs, {})[juror] for juror in people]
    assert max(loads) - min(loads) <= 1


@given(sharings(), st.randoms(use_true_random=False))
def test_balance_does_not_depend_on_the_order_given(sharing, random):
    needs, eligible, loads = sharing
    shuffled = list(needs)
    random.shuffle(shuffled)
    again = balance(
        needs={file: needs[file] for file in shuffled},
        eligible={file: eligible[file] for file in shuffled},
        loads=dict(reversed(loads.items())),
    )
    assert again == balance(needs=needs, eligible=eligible, loads=loads)


def test_balance_with_conflicts_is_even_and_repeatable():
    """A fifth of a season; `bench.assignment` does the whole."""
    needs = dict.fromkeys(range(300), 2)
    eligible = {file: {juror for juror in range(30) if (file * 7 + juror * 11) % 10} for file in needs}
    pairs = balance(needs=needs, eligible=eligible, loads={})
    assert balance(needs=needs, eligible=eligible, loads={}) == pairs
    loads = loads_after(pairs, {})
    assert len(pairs) == 600
    assert all(juror in eligible[file] for file, juror in pairs)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_balance_takes_readers_of_different_expertise():
    expertise = {1: "services", 2: "services", 3: "ecology", 4: ""}
    pairs = balance(
        needs=dict.fromkeys(range(4), 2), eligible=dict.fromkeys(range(4), range(1, 5)), loads={}, expertise=expertise
    )
    assert all(not {(file, 1), (file, 2)} <= set(pairs) for file in range(4))
    assert set(loads_after(pairs, {}).values()) == {2}


def test_balance_mixes_the_regions_of_each_juror():
    regions = {0: "Bretagne", 1: "Bretagne", 2: "Corse", 3: "Corse"}
    pairs = balance(needs=dict.fromkeys(regions, 1), eligible=dict.fromkeys(regions, (1, 2)), loads={}, regions=regions)
    assert Counter((juror, regions[file]) for file, juror in pairs) == Counter(product([1, 2], ["Bretagne", "Corse"]))
