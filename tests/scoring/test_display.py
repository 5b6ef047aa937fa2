from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.display import decimal, fixed, parts, percent, percentage, points, tenths, tenths_up

exact = st.fractions(min_value=0, max_value=1000)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (Fraction(0), "0,0"),
        (Fraction(1), "100,0"),
        (Fraction(1, 3), "33,3"),
        (Fraction(2, 3), "66,6"),
        (Fraction(1, 1000), "0,1"),
        (Fraction(1, 1001), "0,0"),
        (Fraction(6995, 10000), "69,9"),
        (Fraction(64951, 100000), "64,9"),
        (Fraction(69949, 100000), "69,9"),
    ],
)
def test_percent_rounds_down(ratio, shown):
    assert percent(ratio) == f"{shown}\u202f%"


@pytest.mark.parametrize(
    ("hundredths", "shown"), [(0, "0,0"), (600, "6,0"), (1234, "12,3"), (1239, "12,3"), (5, "0,0")]
)
def test_points_from_hundredths(hundredths, shown):
    assert points(hundredths) == shown


def test_decimal_has_a_comma():
    assert decimal(613) == "61,3"


def test_parts_equal_take_the_rest_from_the_first():
    assert parts([Fraction(1, 3)] * 3) == [4, 3, 3]


def test_parts_with_the_largest_remainder_first():
    assert parts([Fraction(12, 100), Fraction(17, 100), Fraction(11, 100)]) == [1, 2, 1]


def test_parts_of_nothing():
    assert parts([]) == []


@given(st.lists(exact, max_size=12))
def test_parts_sum_to_the_total_shown(values):
    assert sum(parts(values)) == tenths(sum(values, Fraction()))


@given(st.lists(exact, max_size=12))
def test_each_part_within_a_tenth_of_its_value(values):
    assert all(abs(part - value * 10) <= 1 for part, value in zip(parts(values), values, strict=True))


@given(exact)
def test_what_lacks_is_rounded_up_and_what_is_reached_down(value):
    assert tenths(value) <= value * 10 <= tenths_up(value) < value * 10 + 1


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (673, 1, "67,3"),
        (670, 1, "67"),
        (-5, 1, "-0,5"),
        (5, 3, "0,005"),
        (1234567, 0, "1\u202f234\u202f567"),
        (1234567, 2, "12\u202f345,67"),
    ],
)
def test_number_counted_in_a_smaller_unit(value, decimals, shown):
    assert fixed(value, decimals) == shown


def test_percentage_on_its_own_is_rounded_down_too():
    assert percentage(Fraction(64951, 100000)) == Decimal("64.9")
    assert percentage(None) is None
