from datetime import UTC, date, datetime, timedelta

import pytest

from assessments.enums import State
from assessments.models import Application, Edition, Initiative
from assessments.rules import eligibility
from scoring.framework import parse_document
from tests.assessments.conftest import DESCRIPTION
from tests.scoring.builders import ELIGIBILITY, load, question, two

ISSUES = [{"id": name, "title": {"fr": name}} for name in "ij"]
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


LATER = CLOSES + timedelta(days=30)
PAST = load(question())
TWO = parse_document(two(question("A", "initiatives"), question("B", issue="j"), issues=ISSUES))


def _terms(framework=PAST, *, reference=None, now=LATER, **fields):
    edition = Edition(year=2027, closes_at=CLOSES, reference_on=reference)
    return eligibility.terms(Application(edition=edition, **fields), framework, now)


def lacks(proven=False, terms=None, **fields):
    return eligibility.what_lacks(initiative(**fields), terms or _terms(), proven=proven)


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
    assert _terms(reference=date(2028, 2, 29)).earliest == date(2026, 2, 28)


def test_earliest_start_is_two_years_before_closing():
    assert _terms().earliest == date(2027, 7, 1) - timedelta(days=730)


# Schema 2: what the questionnaire says, on the day of the submission


@pytest.mark.parametrize(
    ("started", "ended", "counts"),
    [
        (date(2025, 7, 1), date(2026, 1, 1), True),
        (date(2025, 6, 30), date(2026, 1, 1), False),
        (date(2020, 1, 1), date(2027, 7, 1), True),
        (date(2027, 3, 1), None, True),
        (date(2027, 3, 2), None, False),
        (None, None, False),
    ],
)
def test_initiative_judged_by_the_day_of_the_submission(started, ended, counts):
    submitted = _terms(TWO, state=State.SUBMITTED, submitted_at=datetime(2027, 2, 28, 23, 30, tzinfo=UTC))

    assert (lacks(terms=submitted, axis="a", issues=["i"], started_on=started, ended_on=ended) == []) is counts


def test_day_of_reference_does_not_move_with_the_closing():
    fixed = _terms(TWO, reference=date(2027, 5, 1))

    assert (fixed.reference, fixed.latest, fixed.earliest) == (date(2027, 5, 1), date(2027, 5, 1), date(2025, 5, 1))


def test_file_being_written_is_judged_today():
    today = datetime(2027, 1, 10, 12, tzinfo=UTC)
    returned = _terms(TWO, now=today, state=State.RETURNED, submitted_at=datetime(2026, 12, 1, tzinfo=UTC))

    assert _terms(TWO, now=today).latest == returned.latest == date(2027, 1, 10)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"min_description": 500}, {"description": "x" * 499}),
        ({"max_issues": 1}, {"issues": ["i", "j"]}),
        ({"requires": ["operator"]}, {"operator": ""}),
        ({"requires": ["proof"]}, {"link": ""}),
        ({"max_age_years": 0}, {"started_on": date(2027, 6, 30), "ended_on": date(2027, 6, 30)}),
        ({}, {"axis": ""}),
    ],
)
def test_questionnaire_says_what_an_initiative_lacks(asked, fields):
    document = two(question("A", "initiatives"), issues=ISSUES, initiatives=ELIGIBILITY | asked)
    named = {"axis": "a", "issues": ["i"], **fields}

    assert len(lacks(terms=_terms(parse_document(document)), **named)) == 1


@pytest.mark.parametrize("fields", [{"operator": ""}, {"link": ""}])
def test_questionnaire_may_require_less(fields):
    document = two(question("A", "initiatives"), issues=ISSUES, initiatives=ELIGIBILITY | {"requires": []})

    assert lacks(terms=_terms(parse_document(document)), axis="a", issues=["i"], **fields) == []


def test_places_tell_where_an_initiative_counts_and_where_not():
    found = eligibility.places(initiative(axis="a", issues=["i", "j", "gone"]), TWO)

    assert [(place.issue, place.question and place.question.id) for place in found] == [("i", "A"), ("j", None)]


def test_initiative_of_schema_1_counts_wherever_its_issue_has_a_question():
    past = load(question("A", "initiatives"), issues=ISSUES)

    assert [place.question.id for place in eligibility.places(initiative(issues=["i"]), past)] == ["A"]
