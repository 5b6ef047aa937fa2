from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.models import Edition, Initiative
from assessments.rules import eligibility
from tests.assessments.conftest import DESCRIPTION

CLOSES = datetime(2027, 6, 30, 22, 0, tzinfo=UTC)  # 1 July in Paris


def initiative(**fields):
    known = {
        "title": "Permanences",
        "description": DESCRIPTION,
        "started_on": date(2020, 1, 1),
        "operator": "in_house",
        "issues": ["mediation"],
        "link": "https://a.example/",
    }
    return Initiative(**{**known, **fields})


def lacks(proven=False, **fields):
    edition = Edition(year=2027, closes_at=CLOSES)
    return eligibility.what_lacks(initiative(**fields), proven=proven, edition=edition)


def test_initiative_still_running_counts():
    assert lacks() == []


@pytest.mark.parametrize(
    ("started", "ended", "counts"),
    [
        (date(2025, 7, 2), date(2026, 1, 1), True),
        (date(2025, 7, 1), date(2026, 1, 1), False),
        (date(2020, 1, 1), date(2027, 7, 1), True),
        (date(2020, 1, 1), date(2027, 6, 30), False),
        (date(2027, 7, 1), None, True),
        (date(2027, 7, 2), None, False),
        (None, None, False),
    ],
)
def test_initiative_counts_by_its_dates(started, ended, counts):
    assert (lacks(started_on=started, ended_on=ended) == []) is counts


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "x" * 199},
        {"description": " " * 300},
        {"operator": ""},
        {"issues": []},
        {"issues": ["a", "b", "c"]},
        {"link": ""},
    ],
)
def test_initiative_that_lacks_one_thing_says_one_thing(fields):
    assert len(lacks(**fields)) == 1


def test_initiative_with_a_proof_needs_no_link():
    assert lacks(proven=True, link="") == []


def test_initiative_description_of_two_hundred_characters_counts():
    assert lacks(description="x" * 200) == []


def test_earliest_start_on_the_29th_of_february():
    assert eligibility.earliest_start(datetime(2028, 2, 29, 12, tzinfo=UTC)) == date(2026, 2, 28)


def test_earliest_start_is_two_years_before_closing():
    assert eligibility.earliest_start(CLOSES) == date(2027, 7, 1) - timedelta(days=730)
