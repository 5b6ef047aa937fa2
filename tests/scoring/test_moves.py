import pytest

from scoring.moves import moves
from tests.scoring.builders import load, proven, question, result


def options(*worths):
    return [{"id": f"o{rank}", "text": {"fr": "o"}, "credit": worth} for rank, worth in enumerate(worths)]


def told(asked, answer=None, initiatives=None, *others):
    """The improvements of the first question: new answer, steps, cost, new credit."""
    rules = load(asked, *others)
    scored = result(rules, {"A-1": answer} if answer else {}, initiatives)
    return [
        (improvement.answer, improvement.steps, improvement.cost, improvement.credits["A-1"][1])
        for improvements in moves(scored)
        for improvement in improvements
        if improvement.question.id == "A-1"
    ]


@pytest.mark.parametrize("answer", [None, {"value": False}, {"state": "unknown"}])
def test_boolean_is_one_step(answer):
    assert told(question(effort=3), answer) == [({"value": True}, 1, 3, 100)]


def test_maturity_goes_up_one_step_at_a_time():
    asked = question(kind="maturity", effort=2)
    assert told(asked, {"value": 2}) == [({"value": 3}, 1, 2, 75), ({"value": 4}, 2, 4, 100)]
    assert [cost for _, _, cost, _ in told(asked)] == [2, 4, 6, 8]


def test_choice_goes_from_one_better_credit_to_the_next():
    asked = question(kind="choice", options=options(50, 0, 20, 50, 100))
    assert told(asked, {"value": "o2"}) == [({"value": "o0"}, 1, 1, 50), ({"value": "o4"}, 2, 2, 100)]
    assert [answer["value"] for answer, *_ in told(asked)] == ["o2", "o0", "o4"]


def test_multiple_adds_the_best_option_first_until_full():
    asked = question(kind="multiple", options=options(20, 60, 0, 50, 10))
    assert told(asked, {"value": ["o0", "o0"]}) == [
        ({"value": ["o0", "o1"]}, 1, 1, 80),
        ({"value": ["o0", "o1", "o3"]}, 2, 2, 100),
    ]


def test_multiple_adds_every_option_worth_something():
    assert len(told(question(kind="multiple", options=options(20, 0, 30)))) == 2


def test_number_goes_to_the_next_better_point_of_the_scale():
    asked = question(kind="number", scale=[[0, 100], [7, 50], [30, 0], [40, 50]])
    assert told(asked, {"value": 31}) == [({"value": 7}, 1, 1, 50), ({"value": 0}, 2, 2, 100)]
    assert told(asked, {"value": 6}) == [({"value": 0}, 1, 1, 100)]


def test_initiatives_one_more_at_a_time():
    asked = question(kind="initiatives", effort=2, credits=[40, 70, 100])
    assert told(asked, None, {"i": 1}) == [(2, 1, 2, 70), (3, 2, 4, 100)]
    assert told(asked, None, {"i": 9}) == []


def test_initiatives_that_add_nothing_yet_are_passed_over():
    assert told(question(kind="initiatives", credits=[0, 40, 40, 100])) == [(2, 2, 2, 40), (4, 4, 4, 100)]


def test_initiatives_serve_every_question_of_the_issue():
    rules = load(question("A", "initiatives", effort=2), question("B", "initiatives", credits=[10, 100], effort=3))
    ((first, *rest),) = moves(result(rules))
    assert (first.question.id, first.cost, first.credits) == ("A", 3, {"A": (0, 40), "B": (0, 10)})
    assert [improvement.answer for improvement in rest] == [2, 3]


def test_evidence_is_a_step_of_cost_one():
    asked = question(kind="maturity", effort=3, unproven_credit=50)
    assert told(asked, {"value": 3}) == [
        ({"value": 3, "evidence": True}, 1, 1, 75),
        ({"value": 4, "evidence": True}, 2, 4, 100),
    ]


def test_evidence_that_is_there_stays():
    asked = question(kind="maturity", unproven_credit=50)
    assert told(asked, proven(3)) == [({"value": 4, "evidence": True}, 1, 1, 100)]


def test_evidence_of_nothing_gives_nothing():
    asked = question(unproven_credit=50, effort=5)
    assert told(asked, {"value": False}) == [
        ({"value": True}, 1, 5, 50),
        ({"value": True, "evidence": True}, 2, 6, 100),
    ]


def test_evidence_without_effect_is_not_asked():
    assert told(question(kind="maturity"), {"value": 4}) == []


@pytest.mark.parametrize(
    "answer", [{"state": "not_applicable", "reason": "r"}, {"state": "not_applicable", "reason": "r", "accepted": True}]
)
def test_claim_is_left_alone(answer):
    assert told(question(), answer) == []


def test_refused_claim_can_be_answered():
    answer = {"state": "not_applicable", "reason": "r", "accepted": False}
    assert told(question(), answer) == [({"value": True}, 1, 1, 100)]


@pytest.mark.parametrize("asked", [question(applies_when="overseas"), question(points=0)])
def test_question_that_cannot_earn_is_left_alone(asked):
    assert told(asked, None, None, question("B")) == []
