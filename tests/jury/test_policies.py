from dataclasses import replace
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


READY = policies.Standing(state=State.UNDER_REVIEW, to_confirm=False, claims=0, readings=2, awaited=2, voting=False)
AGREED = policies.Agreement(level=4, proposals=[(4, ""), (4, "")], corrected=False, called=False, blind=False)


@pytest.mark.parametrize(
    ("changes", "vote", "decide", "waived"),
    [
        ({}, True, True, True),
        ({"claims": 1}, False, False, False),
        ({"to_confirm": True}, False, False, False),
        ({"state": State.RETURNED}, False, False, False),
        ({"readings": 1}, False, False, True),
        ({"voting": True}, True, False, False),
    ],
)
def test_file_may_be_put_to_the_vote_and_decided(changes, vote, decide, waived):
    file = replace(READY, **changes)
    whys = [
        policies.why_not_put_to_vote(file),
        policies.why_not_decide(file),
        policies.why_not_decide(file, waived=True),
    ]
    assert [why is None for why in whys] == [vote, decide, waived]


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"level": None}, False),
        ({"level": 3}, False),
        ({"proposals": []}, False),
        ({"proposals": [(4, ""), (3, "")]}, False),
        ({"proposals": [(4, ""), (4, "Accueil")]}, False),
        ({"corrected": True}, False),
        ({"called": True}, False),
        ({"blind": True}, False),
    ],
)
def test_file_may_be_accepted_with_the_undisputed(changes, allowed):
    assert (policies.why_not_accept(READY, replace(AGREED, **changes)) is None) == allowed


def test_file_that_may_not_be_decided_is_not_accepted():
    assert policies.why_not_accept(replace(READY, readings=1), AGREED) == policies.why_not_decide(
        replace(READY, readings=1)
    )


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
