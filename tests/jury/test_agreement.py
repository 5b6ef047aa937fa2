import pytest
from hypothesis import given
from hypothesis import strategies as st

from jury.rules.agreement import FEW, Decided, Reading, alpha, figures


def reading(file, juror, level, **fields):
    known = {"marks": {"services": level - 1}, "computed": 3, "minutes": 20, "band": 500, "region": "Bretagne"}
    return Reading(file=file, juror=juror, level=level, **{**known, **fields})


def season(*levels):
    """Files read by juror 1 and juror 2: a pair of levels each."""
    return [reading(file, juror, pair[juror - 1]) for file, pair in enumerate(levels) for juror in (1, 2)]


def level(one):
    return one.level


def test_alpha_is_one_when_readers_agree():
    assert alpha(season((1, 1), (2, 2), (3, 3), (4, 4), (5, 5)), level) == 1


def test_alpha_of_opposed_readers_is_below_zero():
    assert alpha(season((1, 5), (5, 1), (1, 5), (5, 1), (1, 5)), level) < 0


def test_alpha_of_an_example_worked_by_hand():
    # Ten values: 1 and 2 thrice, 3 and 4 twice. Disagreement observed 9, expected 775 / 9: alpha is 1 - 81 / 775.
    assert alpha(season((1, 1), (2, 2), (3, 3), (4, 4), (1, 2)), level) == pytest.approx(1 - 81 / 775, abs=0.005)


def test_alpha_needs_files_read_twice_and_a_second_value():
    assert alpha(season((1, 1), (2, 2)), level) is None
    assert alpha(season(*[(3, 3)] * FEW), level) is None
    assert alpha([reading(file, 1, 3) for file in range(9)], level) is None


def test_alpha_leaves_out_what_one_reader_alone_marked():
    """The second value was given once, by a reader whose colleague left that mark out: nobody to agree with."""
    lone = [reading(FEW, 1, 3), reading(FEW, 2, 5)]
    marks = {(FEW, 1): None, (FEW, 2): 4}
    assert alpha(season(*[(3, 3)] * FEW) + lone, lambda one: marks.get((one.file, one.juror), 2)) is None


def test_severity_and_drift_of_each_juror():
    jurors = figures(season(*[(2, 4)] * FEW), [], axes=["services"])["jurors"]
    assert jurors == [
        {"juror": 1, "readings": 5, "severity": -2, "drift": -1, "minutes": 20},
        {"juror": 2, "readings": 5, "severity": 2, "drift": 1, "minutes": 20},
    ]


def test_severities_of_two_readers_balance():
    first, second = figures(season((1, 2), (3, 3), (5, 2), (4, 4), (1, 3)), [], axes=[])["jurors"]
    assert first["severity"] == -second["severity"]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 4), st.integers(1, 5), st.sampled_from("ABC")),
        # Nobody reads a file twice.
        unique_by=lambda one: one[:2],
    )
)
def test_no_group_below_five_files_is_shown(drawn):
    readings = [reading(file, juror, given, region=region) for file, juror, given, region in drawn]
    public = figures(readings, [Decided(3, 3)] * (FEW - 1), axes=[])["public"]
    for row in public["regions"] + public["bands"]:
        assert row["files"] >= FEW
    assert public["decisions"] is None


def spread(**files):
    """So many files in each region, each read once, at its own gap from the computed level."""
    read, number = [], 0
    for level, (region, count) in enumerate(files.items(), start=1):
        for _file in range(count):
            read.append(reading(number, 1, level, region=region))
            number += 1
    return figures(read, [], axes=[])["public"]["regions"]


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        ({"A": 9, "B": 5}, {"A": 9, "B": 5}),
        ({"A": 9, "B": 3, "C": 2}, {"A": 9, None: 5}),
        # One small group alone would be the total less the others: it takes the next smallest with it.
        ({"A": 9, "B": 6, "C": 1}, {"A": 9, None: 7}),
        ({"A": 3, "B": 1}, {}),
    ],
)
def test_small_groups_are_merged_so_that_no_difference_tells_of_one(files, shown):
    assert {row["group"]: row["files"] for row in spread(**files)} == shown


@given(st.lists(st.integers(1, 12), max_size=8))
def test_groups_shown_are_all_the_files_or_none(counts):
    shown = spread(**{f"R{number}": count for number, count in enumerate(counts)})
    assert sum(row["files"] for row in shown) == (sum(counts) if sum(counts) >= FEW else 0)


def test_decisions_are_counted_by_their_distance():
    decided = [Decided(3, 3)] * 4 + [Decided(4, 3)]
    assert figures([], decided, axes=[])["public"]["decisions"] == {"same": 4, "up": 1, "down": 0}


def test_what_may_be_published_names_no_juror():
    assert "juror" not in str(figures(season(*[(2, 4)] * FEW), [], axes=["services"])["public"])
