"""The score if the jury accepted every « pas concerné »."""

from scoring import framework
from scoring.claims import if_accepted
from tests.scoring.builders import load, proven, question, result, two

CLAIM = {"state": "not_applicable", "reason": "pas ici"}
RULES = framework.parse_document(two(question("A"), question("B"), question("C")))


def test_claims_that_wait_count_once_accepted():
    declared = result(RULES, {"A": proven(True), "B": CLAIM, "C": {**CLAIM, "accepted": False}})
    accepted = if_accepted(declared)
    again = result(RULES, {"A": proven(True), "B": {**CLAIM, "accepted": True}, "C": {**CLAIM, "accepted": False}})

    assert (accepted.pending, accepted.level, accepted.overall) == (1, again.level, again.overall)
    assert accepted.overall > declared.overall


def test_nothing_waits_where_the_jury_ruled_on_all():
    assert if_accepted(result(RULES, {"A": {**CLAIM, "accepted": False}, "B": {**CLAIM, "accepted": True}})) is None


def test_claim_of_schema_1_weighs_nothing_until_it_is_refused():
    rules = load(question("A"), question("B"))
    assert if_accepted(result(rules, {"A": proven(True), "B": CLAIM})) is None
