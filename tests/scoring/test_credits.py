from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.credits import attainable, credit
from tests.scoring.builders import frameworks, load, question, values


def asked(kind, **fields):
    return load(question(kind=kind, **fields)).questions[0]


@pytest.mark.parametrize(
    ("kind", "value", "worth"),
    [
        ("boolean", True, 100),
        ("boolean", False, 0),
        ("maturity", 0, 0),
        ("maturity", 1, 25),
        ("maturity", 2, 50),
        ("maturity", 3, 75),
        ("maturity", 4, 100),
        ("choice", "none", 0),
        ("choice", "some", 33),
        ("multiple", [], 0),
        ("multiple", ["some", "some"], 33),
        ("multiple", ["all", "some"], 100),
        ("initiatives", 0, 0),
        ("initiatives", 1, 40),
        ("initiatives", 3, 100),
        ("initiatives", 99, 100),
        ("number", -1, 100),
        ("number", 0, 100),
        ("number", 1, 92),
        ("number", 6, 57),
        ("number", 7, 50),
        ("number", 8, 47),
        ("number", 29, 2),
        ("number", 30, 0),
        ("number", 31, 0),
    ],
)
def test_credit_of_value(kind, value, worth):
    assert credit(asked(kind), value, evidence=True) == worth


@pytest.mark.parametrize(("unproven", "worth"), [(100, 33), (99, 32), (50, 16), (1, 0), (0, 0)])
def test_credit_without_evidence_is_floored(unproven, worth):
    assert credit(asked("choice", unproven_credit=unproven), "some", evidence=False) == worth
    assert credit(asked("choice", unproven_credit=unproven), "some", evidence=True) == 33


def test_credit_floored_before_evidence_then_after():
    # 7 of 30 days: 57 13/14 … at 6 days, floored to 57, then half of it floored to 28
    assert credit(asked("number", unproven_credit=50), 6, evidence=False) == 28


scales = st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 100)), min_size=2, max_size=5).map(
    lambda points: sorted(dict(points).items())
)


@given(scales.filter(lambda points: len(points) > 1), st.integers(-(10**6), 10**6))
def test_number_is_the_floor_of_the_exact_interpolation(points, value):
    worth = credit(asked("number", scale=[list(point) for point in points]), value, evidence=True)
    inside = [(low, high) for low, high in pairwise(points) if low[0] <= value <= high[0]]
    if inside:
        (x0, y0), (x1, y1) = inside[0]
        assert worth == floor(y0 + Fraction((y1 - y0) * (value - x0), x1 - x0))
    else:
        assert worth == (points[0] if value < points[0][0] else points[-1])[1]


@given(st.data())
def test_every_credit_given_is_attainable(data):
    for each in data.draw(frameworks()).questions:
        value = data.draw(values(each) if each.takes_answer else st.integers(0, 5))
        proven = data.draw(st.booleans()) or not each.takes_answer
        assert credit(each, value, evidence=proven) in attainable(each)


@pytest.mark.parametrize(
    ("made", "worths"),
    [
        (asked("boolean", unproven_credit=50), {0, 50, 100}),
        (asked("maturity"), {0, 25, 50, 75, 100}),
        (asked("choice"), {0, 33, 100}),
        (asked("multiple"), {0, 33, 100}),
        (asked("initiatives"), {0, 40, 70, 100}),
        (asked("number", scale=[[0, 0], [2, 100], [3, 100]]), {0, 50, 100}),
        (asked("number", scale=[[0, 3], [100, 0]]), {0, 1, 2, 3}),
        (asked("number", scale=[[60, 0], [62, 100]]), {0, 50, 100}),
    ],
)
def test_attainable_credits(made, worths):
    assert attainable(made) == worths
