from itertools import product

import pytest

from assessments.enums import State
from jury import visibility
from jury.visibility import Facts

BOOLEANS = (False, True)
EVERY_CASE = [Facts(state, *flags) for state, flags in product(State, product(BOOLEANS, repeat=7))]


def facts(who, state=State.UNDER_REVIEW, *, own=False, readings_in=False):
    return Facts(
        state=state,
        recused=who == "recused",
        reader=who in ("reader", "recused", "presiding reader", "reader anew"),
        presides=who in ("presides", "presiding reader"),
        anew=who == "reader anew",
        own_submitted=own,
        called=who in ("called", "recused"),
        readings_in=readings_in,
    )


# Who, in which state: is the file seen?
FILES = {
    "nobody": "",
    "recused": "",
    "reader": "submitted under_review returned decided published",
    "reader anew": "submitted under_review returned decided published",
    "called": "submitted under_review returned decided published",
    "presides": "submitted under_review returned decided published ineligible",
    "presiding reader": "submitted under_review returned decided published ineligible",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", FILES)
def test_file_is_seen_by(who, state):
    assert visibility.sees_file(facts(who, state)) == (state in FILES[who].split())


@pytest.mark.parametrize(
    ("who", "state", "own", "readings_in", "seen"),
    [
        ("reader", "under_review", False, False, False),
        ("reader", "under_review", False, True, False),
        ("reader", "under_review", True, False, False),
        ("reader", "under_review", True, True, True),
        ("reader", "decided", False, True, False),
        ("reader", "decided", True, True, True),
        ("reader", "published", False, False, True),
        ("reader anew", "published", False, True, False),
        ("reader anew", "published", True, False, True),
        ("called", "under_review", False, True, True),
        ("called", "under_review", False, False, False),
        ("presides", "under_review", False, False, True),
        ("presides", "under_review", False, True, True),
        ("presiding reader", "under_review", False, True, False),
        ("presiding reader", "under_review", True, False, True),
        ("recused", "published", True, True, False),
        ("nobody", "published", True, True, False),
        ("reader", "withdrawn", True, True, False),
        ("reader", "ineligible", True, True, False),
        ("presides", "ineligible", False, True, True),
    ],
)
def test_other_reviews_are_seen(who, state, own, readings_in, seen):
    case = facts(who, State(state), own=own, readings_in=readings_in)
    assert visibility.sees_other_reviews(case) == seen


@pytest.mark.parametrize(
    ("who", "state", "seen"),
    [
        ("presides", "under_review", True),
        ("reader", "under_review", False),
        ("reader", "decided", True),
        ("called", "under_review", False),
        ("called", "decided", True),
        ("reader", "published", True),
        ("recused", "published", False),
        ("nobody", "published", False),
    ],
)
def test_decision_is_seen(who, state, seen):
    assert visibility.sees_decision(facts(who, State(state))) == seen


@pytest.mark.parametrize("rule", [visibility.sees_file, visibility.sees_other_reviews, visibility.sees_decision])
def test_nothing_is_seen_by_the_recused(rule):
    assert not any(rule(case) for case in EVERY_CASE if case.recused)


@pytest.mark.parametrize("rule", [visibility.sees_other_reviews, visibility.sees_decision])
def test_nothing_is_seen_without_the_file(rule):
    assert not any(rule(case) for case in EVERY_CASE if not visibility.sees_file(case))


def test_a_reader_is_blind_until_the_own_reading_is_in():
    own_to_come = [case for case in EVERY_CASE if case.reader and not case.own_submitted]
    blind = [case for case in own_to_come if case.anew or case.state != State.PUBLISHED]
    assert not any(visibility.sees_other_reviews(case) for case in blind)
