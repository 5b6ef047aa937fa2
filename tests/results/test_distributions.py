"""Quartiles of published scores, by size, region or edition."""

from fractions import Fraction

import pytest

from results.rules.distributions import Scored, groups

OVERALL = ("overall", "")


def scored(share, *, band="00500", scores=None):
    return Scored(
        kind="commune",
        band=(band, band),
        region=("84", "Auvergne"),
        edition=("2027", "2027"),
        scores={OVERALL: Fraction(share, 10)} if scores is None else scores,
    )


def by_band(rows):
    return {group.key[0]: group for group in groups(rows, lambda result: result.band)}


def test_group_of_five_tells_its_quartiles():
    group = by_band([scored(share) for share in (5, 1, 4, 2, 3)])["00500"]

    assert (group.told, group.size) == (True, 5)
    assert group.spreads[OVERALL].quartiles == (Fraction(2, 10), Fraction(3, 10), Fraction(4, 10))


@pytest.mark.parametrize("size", [1, 4])
def test_group_of_fewer_than_five_tells_nothing(size):
    group = by_band([scored(1)] * size)["00500"]

    assert (group.told, dict(group.spreads)) == (False, {})


def test_measure_that_fewer_than_five_have_is_left_out():
    rows = [scored(1) for _number in range(4)] + [scored(1, scores={})]

    assert by_band(rows)["00500"].spreads == {}


def test_groups_are_in_order_and_apart():
    rows = [scored(1, band="02000")] * 5 + [scored(9, band="00500")] * 5

    assert [(name, group.size) for name, group in by_band(rows).items()] == [("00500", 5), ("02000", 5)]
