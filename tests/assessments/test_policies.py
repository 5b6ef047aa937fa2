from datetime import timedelta

import pytest

from accounts.refusals import NotAllowed, NotNow
from assessments import actions, policies
from assessments.enums import ScorecardKind, State
from assessments.models import Scorecard
from assessments.policies import Phase
from assessments.transitions import MOVES, NEED_REASON, OWNERS, Owner

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "published", "phase"),
    [
        (-31, False, Phase.UPCOMING),
        (-30, False, Phase.OPEN),
        (29, False, Phase.OPEN),
        (30, False, Phase.CLOSED),
        (90, False, Phase.CLOSED),
        (89, True, Phase.CLOSED),
        (90, True, Phase.PUBLISHED),
    ],
)
def test_phase_by_date(edition, now, day, published, phase):
    edition.published_at = now if published else None

    assert policies.phase(edition, now + timedelta(days=day)) == phase


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("day", [0, 30])
def test_why_not_edit_by_state_and_date(application, now, state, day):
    application.state = state

    free = state == State.RETURNED or (state == State.DRAFT and day == 0)
    assert (policies.why_not_edit(application, now + timedelta(days=day)) is None) is free


@pytest.mark.parametrize("state", State)
def test_why_not_withdraw_follows_the_table(application, state):
    application.state = state

    assert (policies.why_not_withdraw(application) is None) is ((state, State.WITHDRAWN) in MOVES)


def test_every_state_has_an_owner():
    assert set(OWNERS) == set(State)


def test_who_owns_a_state_may_leave_it():
    assert {before for before, _after in MOVES} == {state for state, owner in OWNERS.items() if owner != Owner.NOBODY}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_move_by_the_table(submitted, organiser, now, before, after):
    submitted.state = before
    submitted.state_reason = "raison" if before in (State.RETURNED, State.INELIGIBLE) else ""
    submitted.save()

    if (before, after) in MOVES:
        actions.move(application=submitted, to=after, by=organiser, reason="Parce que.", now=now)
    else:
        with pytest.raises(NotNow):
            actions.move(application=submitted, to=after, by=organiser, reason="Parce que.", now=now)

    submitted.refresh_from_db()
    assert submitted.state == (after if (before, after) in MOVES else before)


@pytest.mark.parametrize(("before", "after"), sorted(NEED_REASON))
def test_move_without_its_reason_is_refused(submitted, organiser, now, before, after):
    submitted.state = before
    submitted.state_reason = "raison" if before == State.RETURNED else ""
    submitted.save()

    with pytest.raises(NotNow, match="Dites pourquoi"):
        actions.move(application=submitted, to=after, by=organiser, reason="  ", now=now)


def test_submit_freezes_and_schedules_the_receipt(ready, signatory, now):
    card = actions.submit(application=ready, by=signatory, now=now)

    ready.refresh_from_db()
    assert (ready.state, ready.submitted_at, ready.submitted_by) == (State.SUBMITTED, now, signatory)
    assert (card.kind, card.round, card.level) == (ScorecardKind.DECLARED, 1, 1)


@pytest.mark.parametrize("person", ["agent", "reader", "stranger", "organiser"])
def test_submit_by_who_does_not_sign_is_refused(request, ready, now, person):
    with pytest.raises(NotAllowed):
        actions.submit(application=ready, by=request.getfixturevalue(person), now=now)


def test_submit_without_the_context_is_refused(application, agent, signatory, now):
    document = {"answers": {"INC-01": {"value": True}}}
    actions.fill(application=application, document=document, by=agent, now=now)

    with pytest.raises(NotNow, match="Il manque encore"):
        actions.submit(application=application, by=signatory, now=now)


def test_submit_without_an_express_answer_is_refused(ready, agent, signatory, now):
    actions.clear_answer(application=ready, question_id="INC-01", seen=1, by=agent, now=now)

    with pytest.raises(NotNow):
        actions.submit(application=ready, by=signatory, now=now)


def test_submit_needs_no_answer_to_an_express_question_that_does_not_apply(application, agent, signatory, now):
    document = {"context": {"has_website": False}, "answers": {"INC-01": {"state": "unknown"}}}
    actions.fill(application=application, document=document, by=agent, now=now)

    assert actions.submit(application=application, by=signatory, now=now).level == 1


def test_submit_after_closing_is_refused(ready, signatory, edition):
    with pytest.raises(NotNow, match="closes"):
        actions.submit(application=ready, by=signatory, now=edition.closes_at)


def test_submit_again_once_returned_makes_a_second_round(submitted, organiser, signatory, edition, now):
    actions.move(application=submitted, to=State.RETURNED, by=organiser, reason="Complétez.", now=now)

    card = actions.submit(application=submitted, by=signatory, now=edition.closes_at + timedelta(days=5))

    assert card.round == 2
    assert Scorecard.objects.count() == 2


def test_submit_twice_is_refused(submitted, signatory, now):
    with pytest.raises(NotNow, match="déposé"):
        actions.submit(application=submitted, by=signatory, now=now)
