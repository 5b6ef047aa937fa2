import json
from datetime import timedelta

import pytest

from assessments import actions
from assessments.doors import frameworks, scorecards
from assessments.doors.scorecards import Rulings
from assessments.enums import AnswerState, ScorecardKind
from assessments.models import Edition, Evidence
from scoring.hashing import digest
from tests.scoring.builders import document, question

pytestmark = pytest.mark.django_db


def test_inputs_hold_context_answers_and_initiatives(ready):
    assert scorecards.inputs(ready) == {
        "context": {
            "kind": "commune",
            "population": 1240,
            "department": "01",
            "region": "84",
            "overseas": False,
            "has_website": True,
            "desks": 1,
            "network": "fibre",
        },
        "answers": {
            "INC-01": {"value": True, "evidence": False},
            "INC-02": {"state": "unknown"},
            "SER-01": {"value": "agent", "evidence": False},
        },
        "initiatives": {"mediation": 1},
    }


def test_inputs_leave_cleared_answers_out(ready, agent, now):
    actions.clear_answer(application=ready, question_id="INC-01", seen=1, by=agent, now=now)

    assert "INC-01" not in scorecards.inputs(ready)["answers"]


def test_live_evidence_raises_the_credit(ready, agent, now):
    before = scorecards.live(ready).questions["INC-01"]

    add_link(ready, agent, now, questions=["INC-01"])

    assert (before, scorecards.live(ready).questions["INC-01"]) == (
        ("answered", 50, 500, 1000),
        ("answered", 100, 1000, 1000),
    )


def test_live_removed_evidence_proves_nothing(ready, agent, now):
    evidence = add_link(ready, agent, now, questions=["INC-01"])

    actions.remove_evidence(evidence=evidence, by=agent, now=now)

    assert scorecards.live(ready).questions["INC-01"] == ("answered", 50, 500, 1000)


def test_live_uses_two_queries(ready, django_assert_num_queries):
    scorecards.live(ready)

    with django_assert_num_queries(2):
        scorecards.live(ready)


def test_freeze_keeps_the_bytes_that_were_hashed(ready, now):
    card = scorecards.freeze(application=ready, kind=ScorecardKind.DECLARED, now=now)

    hashed = {"framework": card.framework_hash, **json.loads(card.inputs)}
    result = json.loads(card.result)
    assert digest(hashed) == card.input_hash == result["input_hash"]
    assert digest({k: v for k, v in result.items() if k != "result_hash"}) == card.result_hash == result["result_hash"]


def test_freeze_twice_makes_two_rounds(ready, now):
    cards = [scorecards.freeze(application=ready, kind=ScorecardKind.DECLARED, now=now) for _ in range(2)]

    assert [card.round for card in cards] == [1, 2]
    assert cards[0].result_hash == cards[1].result_hash


def test_freeze_without_rulings_examines_what_was_declared(ready, now):
    declared = scorecards.freeze(application=ready, kind=ScorecardKind.DECLARED, now=now)
    examined = scorecards.freeze(application=ready, kind=ScorecardKind.EXAMINED, now=now)

    assert examined.input_hash == declared.input_hash


def test_freeze_with_refused_evidence_halves_the_credit(ready, agent, now):
    evidence = add_link(ready, agent, now, questions=["INC-01"])

    card = scorecards.freeze(
        application=ready, kind=ScorecardKind.EXAMINED, now=now, rulings=Rulings(evidence={evidence.pk: False})
    )

    assert json.loads(card.result)["questions"]["INC-01"] == ["answered", 50, 500, 1000]
    assert Evidence.objects.get().removed_at is None


def test_freeze_with_refused_initiative_does_not_count_it(ready, now):
    initiative = ready.initiatives.get()

    card = scorecards.freeze(
        application=ready, kind=ScorecardKind.EXAMINED, now=now, rulings=Rulings(initiatives={initiative.pk: False})
    )

    assert json.loads(card.inputs)["initiatives"] == {}


@pytest.mark.parametrize(("accepted", "state"), [(None, "not_applicable_claimed"), (True, "not_applicable_claimed")])
def test_live_claim_counts_unless_refused(ready, agent, now, accepted, state):
    claim(ready, agent, now)

    rulings = Rulings(claims={} if accepted is None else {"SER-01": accepted})
    assert scorecards.live(ready, rulings=rulings).questions["SER-01"][0] == state


def test_live_refused_claim_is_missing(ready, agent, now):
    claim(ready, agent, now)

    assert scorecards.live(ready, rulings=Rulings(claims={"SER-01": False})).questions["SER-01"] == (
        "missing",
        0,
        0,
        500,
    )


def claim(application, by, now):
    actions.save_answer(
        application=application,
        question_id="SER-01",
        state=AnswerState.NOT_APPLICABLE,
        reason="Un accueil commun répond pour nous.",
        seen=1,
        by=by,
        now=now,
    )


def add_link(application, by, now, **fields):
    return actions.add_evidence(
        application=application, title="Page", url="https://aubaine.example/aide", by=by, now=now, **fields
    )


@pytest.mark.parametrize("website", [True, False, None])
def test_answers_of_a_list_are_those_of_the_overview(ready, agent, now, website):
    ready.declared_context = {**ready.declared_context, "has_website": website}
    ready.save()
    assert scorecards.answered([ready]) == {ready.pk: scorecards.live(ready).answered[0]}


def test_answers_of_a_list_follow_rules_that_read_other_answers(agent, aubaine, now):
    one, other = question("ONE", points=1), question("TWO", points=1, applies_when='credit("ONE") > 0')
    row = frameworks.load(json.dumps(document(one, other)))
    edition = Edition.objects.create(
        year=2027, framework=row, opens_at=now, closes_at=now + timedelta(1), results_at=now + timedelta(2)
    )
    file = actions.start(edition=edition, territory=aubaine, by=agent, now=now)
    for name, value in (("ONE", False), ("TWO", True)):
        given = {"question_id": name, "state": "answered", "value": value, "seen": 0}
        actions.save_answer(application=file, **given, by=agent, now=now)

    assert scorecards.answered([file]) == {file.pk: 1}
