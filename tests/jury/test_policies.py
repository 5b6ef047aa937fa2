from datetime import UTC, datetime, timedelta

import pytest

from assessments.enums import State
from assessments.models import Application, Edition
from jury import policies
from jury.models import Appeal, AppealState

RESULTS_AT = datetime(2027, 3, 1, 18, tzinfo=UTC)


def file_in(state, *, published_at=RESULTS_AT):
    edition = Edition(year=2027, results_at=RESULTS_AT, published_at=published_at)
    return Application(state=state, edition=edition)


@pytest.mark.parametrize("state", State)
def test_reading_is_open_in(state):
    open_states = {State.SUBMITTED, State.UNDER_REVIEW}
    assert (policies.why_not_read(file_in(state)) is None) == (state in open_states)


@pytest.mark.parametrize("state", State)
def test_reopening_is_possible_in(state):
    assert (policies.why_not_reopen(file_in(state)) is None) == (state == State.DECIDED)


@pytest.mark.parametrize(
    ("level", "examined", "reasons", "allowed"),
    [
        (3, 3, "", True),
        (4, 3, "Parce que.", True),
        (2, 3, "Parce que.", True),
        (4, 3, " ", False),
        (5, 3, "Parce que.", False),
        (1, 3, "Parce que.", False),
        (6, 5, "Parce que.", False),
        (0, 1, "Parce que.", False),
        (1, None, "Parce que.", False),
    ],
)
def test_level_may_be_granted(level, examined, reasons, allowed):
    assert (
        policies.why_not_level(level=level, examined=examined, reasons=reasons, grades=range(1, 6)) is None
    ) == allowed


@pytest.mark.parametrize(
    ("state", "claims", "readings", "allowed"),
    [
        (State.UNDER_REVIEW, 0, 2, True),
        (State.UNDER_REVIEW, 1, 2, False),
        (State.UNDER_REVIEW, 0, 1, False),
        (State.RETURNED, 0, 2, False),
    ],
)
def test_decision_is_possible(state, claims, readings, allowed):
    why = policies.why_not_decide(file_in(state), pending_claims=claims, readings=readings, required=2)
    assert (why is None) == allowed


@pytest.mark.parametrize(
    ("days", "state", "already", "allowed"),
    [
        (-1, State.PUBLISHED, False, False),
        (0, State.PUBLISHED, False, True),
        (60, State.PUBLISHED, False, True),
        (61, State.PUBLISHED, False, False),
        (1, State.PUBLISHED, True, False),
        (1, State.INELIGIBLE, False, False),
    ],
)
def test_appeal_is_possible(days, state, already, allowed):
    why = policies.why_not_appeal(file_in(state), already=already, now=RESULTS_AT + timedelta(days=days))
    assert (why is None) == allowed


def test_appeal_before_publication_is_refused_after_the_date_too():
    file = file_in(State.DECIDED, published_at=None)
    assert policies.why_not_appeal(file, already=False, now=RESULTS_AT + timedelta(days=1)) is not None


@pytest.mark.parametrize("state", AppealState)
def test_appeal_may_be_answered_in(state):
    assert (policies.why_not_answer(Appeal(state=state)) is None) == (state == AppealState.FILED)


def test_level_zero_may_be_granted_where_the_questionnaire_has_it():
    assert policies.why_not_level(level=0, examined=1, reasons="Parce que.", grades=range(6)) is None
