from fractions import Fraction

import pytest

from scoring.answers import Answer, parse_application
from scoring.engine import level, overall, score
from scoring.model import Level
from tests.scoring.builders import BY_KIND, COMMUNE, axes, load, proven, question, result

CLAIM = {"state": "not_applicable", "reason": "pas ici"}


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (None, ("missing", 0, 0, 800)),
        ({"value": 3}, ("answered", 37, 296, 800)),
        ({"value": 3, "evidence": True}, ("answered", 75, 600, 800)),
        ({"value": 0, "evidence": True}, ("answered", 0, 0, 800)),
        ({"state": "unknown"}, ("unknown", 0, 0, 800)),
        (CLAIM, ("not_applicable_claimed", 0, 0, 0)),
        ({**CLAIM, "accepted": None}, ("not_applicable_claimed", 0, 0, 0)),
        ({**CLAIM, "accepted": True}, ("not_applicable_claimed", 0, 0, 0)),
        ({**CLAIM, "accepted": False}, ("missing", 0, 0, 800)),
    ],
)
def test_state_of_a_question(answer, line):
    rules = load(question(kind="maturity", points=8, unproven_credit=50))
    assert result(rules, {"A-1": answer} if answer else {}).questions == {"A-1": line}


@pytest.mark.parametrize("answer", [{"value": True}, {"state": "unknown"}, CLAIM])
def test_state_of_a_question_that_does_not_apply(answer):
    rules = load(question(applies_when="overseas"))
    assert result(rules, {"A-1": answer}).questions == {"A-1": ("not_applicable", 0, 0, 0)}
    assert result(rules, {"A-1": answer}, overseas=None).questions == {"A-1": ("undecided", 0, 0, 0)}


def test_stored_answer_of_a_hidden_question_kept_in_the_trace():
    (line,) = result(load(question(applies_when="overseas")), {"A-1": proven(True)}).lines
    assert line.answer == Answer(True, evidence=True)


def test_initiatives_answered_even_when_there_are_none():
    rules = load(question(kind="initiatives", points=2))
    assert result(rules).questions == {"A-1": ("answered", 0, 0, 200)}
    assert result(rules, initiatives={"i": 2}).questions == {"A-1": ("answered", 70, 140, 200)}


def test_initiatives_counted_in_the_trace():
    (line,) = result(load(question(kind="initiatives")), initiatives={"i": 2}).lines
    assert line.answer == Answer(2, evidence=True)


def test_initiatives_hidden_by_their_rule():
    rules = load(question(kind="initiatives", applies_when="overseas"))
    assert result(rules, initiatives={"i": 2}).questions == {"A-1": ("not_applicable", 0, 0, 0)}


@pytest.mark.parametrize(
    ("answer", "applies"), [({"value": 2}, True), ({"value": 1}, False), ({"state": "unknown"}, False), (CLAIM, False)]
)
def test_rule_reads_the_credit_of_another_question(answer, applies):
    rules = load(question("B", applies_when="credit('A') >= 50"), question("A", "maturity"))
    assert result(rules, {"A": answer}).lines[0].applies is applies


def test_rule_reads_the_credit_left_without_evidence():
    rules = load(question("B", applies_when="credit('A') == 50"), question("A", unproven_credit=50))
    assert result(rules, {"A": {"value": True}}).lines[0].applies
    assert not result(rules, {"A": proven(True)}).lines[0].applies


def test_rule_reads_zero_of_a_hidden_question():
    rules = load(question("A", applies_when="overseas"), question("B", applies_when="credit('A') == 0"))
    assert result(rules, {"A": proven(True)}).lines[1].applies


def test_undecided_spreads_through_credits_whatever_the_rest():
    rules = load(
        question("C", applies_when="True or credit('B') > 0"),
        question("B", applies_when="credit('A') == 0 or True"),
        question("A", applies_when="True or coastal"),
        question("D"),
        context={"coastal": "boolean"},
    )
    scored = result(rules, {"D": proven(True)})
    assert (scored.status, scored.undecided, scored.level) == ("incomplete", ("C", "B", "A"), None)
    assert scored.overall == 1


def test_axes_and_issues_sum_their_questions():
    rules = load(
        question("A", points=3),
        question("B", axis="b", issue="j", points=5),
        question("C", axis="b", points=2),
        axes=axes(a=1, b=1, c=1),
        issues=[{"id": name, "title": {"fr": name}} for name in "ijk"],
    )
    scored = result(rules, {"A": {"value": True}, "C": {"value": True}})
    assert scored.axes == {"a": (300, 300), "b": (200, 700), "c": (0, 0)}
    assert scored.issues == {"i": (500, 500), "j": (0, 500), "k": (0, 0)}


def test_overall_is_the_weighted_mean_of_the_ratios():
    rules = load(axes=axes(a=1, b=3, c=0, d=9))
    assert overall(rules, {"a": (1, 3), "b": (1, 2), "c": (1, 1), "d": (0, 0)}) == Fraction(11, 24)


@pytest.mark.parametrize("sums", [{"a": (0, 0), "b": (5, 5)}, {"a": (0, 0), "b": (0, 0)}])
def test_overall_without_a_weighted_axis_that_has_points(sums):
    assert overall(load(axes=axes(a=1, b=0)), sums) is None


def test_nothing_to_weigh_is_incomplete():
    scored = result(load(question(points=0)), {"A-1": proven(True)})
    assert (scored.status, scored.undecided, scored.overall, scored.level) == ("incomplete", (), None, None)
    assert scored.as_document()["overall"] is None


STEPS = [Level(1, 0), Level(2, 35), Level(3, 50), Level(4, 65, 25), Level(5, 75, 40)]


@pytest.mark.parametrize(("minimum", "reached"), [(35, 2), (50, 3), (65, 4), (75, 5)])
def test_threshold_one_unit_below_equal_above(minimum, reached):
    unit = Fraction(1, 10**30)
    exact = Fraction(minimum, 100)
    found = [level(STEPS, mean, [(1, 1)], (0, 0)) for mean in (exact - unit, exact, exact + unit)]
    assert found == [reached - 1, reached, reached]


@pytest.mark.parametrize(("minimum", "reached"), [(25, 4), (40, 5)])
def test_axis_minimum_one_unit_below_equal_above(minimum, reached):
    many = 10**30
    found = [
        level(STEPS, Fraction(1), [(many, many), (many * minimum // 100 + step, many)], (0, 0)) for step in (-1, 0, 1)
    ]
    assert found == [3 if reached == 4 else 4, reached, reached]


def test_axis_minimum_ignores_axes_without_points():
    assert level(STEPS, Fraction(1), [(0, 0), (1, 1)], (0, 0)) == 5


def test_axis_minimum_holds_whatever_the_weight():
    rules = load(question("A"), question("B", axis="b"), axes=axes(a=1, b=0))
    assert result(rules, {"A": {"value": True}}).level == 3


def test_lowest_level_asks_for_nothing():
    assert level(STEPS, Fraction(0), [(0, 1)], (0, 0)) == 1


def test_completeness_leaves_out_what_does_not_apply():
    rules = load(
        *[question(name) for name in "ABCDE"],
        question("F", applies_when="overseas"),
        question("G", "initiatives"),
        question("H", applies_when="coastal"),
        context={"coastal": "boolean"},
    )
    answers = {"A": {"value": False}, "B": {"state": "unknown"}, "C": CLAIM, "D": {**CLAIM, "accepted": False}}
    assert result(rules, answers).completeness == (4, 6)


def test_obligations_count_full_credits_only():
    rules = load(
        *[question(name, nature="obligation", unproven_credit=99) for name in "ABCD"],
        question("E", nature="obligation", points=0),
        question("F", nature="obligation", applies_when="overseas"),
        question("G", nature="recommended"),
    )
    answers = {"A": proven(True), "B": {"value": True}, "C": CLAIM, "E": proven(True), "G": proven(True)}
    assert result(rules, answers).obligations == (1, 3)


def test_lines_in_the_order_of_the_framework():
    rules = load(question("B", applies_when="credit('A') > 0"), question("A"))
    assert [line.question.id for line in result(rules).lines] == ["B", "A"]


def test_trace_tells_what_each_rule_read():
    rules = load(
        question("A"),
        question("B", applies_when="credit('A') > 0 and population > 3"),
        question("C", applies_when="credit('D') > 0 or coastal"),
        question("D", applies_when="coastal"),
        context={"coastal": "boolean"},
    )
    scored = result(rules, {"A": proven(True)})
    assert [scored.reads(asked) for asked in rules.questions] == [
        {},
        {"population": 4154, 'credit("A")': 100},
        {"coastal": None, 'credit("D")': None},
        {"coastal": None},
    ]


def test_document_carries_the_id_out_of_the_hashes():
    rules = load(*[question(kind, kind) for kind in BY_KIND])
    plain = score(rules, parse_application(rules, {"context": COMMUNE})).as_document()
    named = score(rules, parse_application(rules, {"context": COMMUNE, "id": "91494"})).as_document()
    assert named == plain | {"id": "91494"}


def test_absent_parts_hash_as_empty_ones():
    rules = load()
    hashes = {
        score(rules, parse_application(rules, made)).input_hash
        for made in ({}, {"answers": {}}, {"context": {}, "answers": {}, "initiatives": {}})
    }
    assert len(hashes) == 1


def test_null_in_context_changes_the_input_hash_alone():
    rules = load()
    one, other = (score(rules, parse_application(rules, {"context": made})) for made in ({}, {"kind": None}))
    assert one.input_hash != other.input_hash
    assert one.questions == other.questions


def test_answers_given_by_people_leave_initiatives_and_what_is_not_asked_out():
    rules = load(question("A"), question("B"), question("C", applies_when="overseas"), question("I", "initiatives"))
    found = result(rules, {"A": {"state": "unknown"}, "C": {"value": True}}, {"i": 2})
    assert (found.answered, found.completeness) == ((1, 2), (2, 3))


def test_claims_pending_are_those_that_apply_without_a_ruling():
    claim = {"state": "not_applicable", "reason": "rien"}
    rules = load(*(question(name) for name in "ABD"), question("C", applies_when="overseas"))
    answers = {"A": claim, "B": {**claim, "accepted": True}, "C": claim, "D": {**claim, "accepted": False}}
    assert result(rules, answers).claims_pending == ["A"]
