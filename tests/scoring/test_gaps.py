"""What a file lacks before it may be submitted."""

from scoring.gaps import gaps
from tests.scoring.builders import load, question, result

RULES = load(
    question("A", express=True), question("B", applies_when="coastal"), question("C"), context={"coastal": "boolean"}
)


def test_file_where_nothing_was_said_lacks_its_context_and_its_first_questions():
    lacking = gaps(RULES, {}, result(RULES))
    assert (lacking.context, lacking.undecided) == (("coastal",), ("B",))
    assert [question.id for question in lacking.express] == ["A"]
    assert lacking


def test_answer_of_who_does_not_know_is_one():
    lacking = gaps(RULES, {"coastal": False}, result(RULES, {"A": {"state": "unknown"}}, coastal=False))
    assert not lacking


def test_context_that_decides_nothing_is_not_lacking():
    rules = load(question("A"), context={"coastal": "boolean"})
    assert not gaps(rules, {}, result(rules))
