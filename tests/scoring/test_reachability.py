from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import reachability
from scoring.credits import attainable
from scoring.reachability import Gap, axes_without_points, unreachable
from tests.scoring.builders import axes, load, question

CONTEXT = {"coastal": "boolean", "beaches": "integer", "ports": "integer", "sea": "string", "lake": "string"}


def reachable(rule, *others, by_answers=False):
    rules = load(question("Q", applies_when=rule), *others, context=CONTEXT)
    return "Q" not in {asked.id for asked in unreachable(rules, by_answers=by_answers)}


@pytest.mark.parametrize(
    "rule",
    [
        "False",
        "population < 0",
        "population < 10 and population > 10",
        "10 < population < 11",
        "population in (3, 4) and population > 4",
        "kind == 'commune' and kind == 'epci'",
        "kind != 'commune' and kind not in ('epci',)",
        "overseas and not overseas",
        "overseas == coastal and overseas != coastal",
        "department == '59' and department != '59'",
        "beaches > ports and ports > beaches",
        "2 < beaches < ports < 4",
        "sea == lake and sea == 'a' and lake == 'b'",
        "sea == lake and lake != sea",
        "credit('A') > 100",
        "credit('A') < 0",
        "credit('A') > beaches and beaches >= 100",
    ],
)
def test_rule_that_no_context_satisfies(rule):
    assert not reachable(rule, question("A"))


@pytest.mark.parametrize(
    "rule",
    [
        "True",
        "population == 0",
        "10 < population < 12",
        "population not in (0, 1, 2)",
        "department not in ('autre', 'autre1')",
        "beaches < -3",
        "beaches > ports > 10",
        "2 < beaches < ports < 5",
        "sea != lake and sea != 'a' and lake != 'a'",
        "sea == lake and lake == 'b'",
        "credit('A') == 7",
        "credit('A') == population and population > 20",
        "population == credit('A') and credit('B') > credit('A')",
    ],
)
def test_rule_that_some_context_satisfies(rule):
    assert reachable(rule, question("A"), question("B"))


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("credit('A') > 0 and not coastal", question("A", applies_when="coastal")),
        ("credit('A') > 0 and population < 10", question("A", applies_when="population >= 10")),
        ("credit('A') > 0", question("A", applies_when="population < 0")),
    ],
)
def test_rule_at_odds_with_that_of_the_question_it_mentions(rule, other):
    assert not reachable(rule, other)
    assert reachable(rule.replace("> 0", "== 0"), other)


@pytest.mark.parametrize(("rule", "found"), [("credit('A') == 50", False), ("credit('A') >= 50", True)])
def test_credit_that_no_answer_gives(rule, found):
    assert reachable(rule, question("A"))
    assert reachable(rule, question("A"), by_answers=True) is found


def test_search_too_long_claims_nothing(monkeypatch):
    monkeypatch.setattr(reachability, "MAX_TRIES", 1)
    assert reachable("beaches > 3 and beaches < 3")
    rules = load(question(applies_when="population > 3 and overseas and kind == 'epci'"))
    assert axes_without_points(rules) == (Gap("a", None),)
    assert "prouver" in axes_without_points(rules)[0].what


def test_too_many_variables_claim_nothing():
    names = {f"n{index}": "boolean" for index in range(reachability.MAX_VARIABLES + 1)}
    rules = load(question(applies_when=" and ".join([*names, "not n0"])), context=names)
    assert unreachable(rules) == ()


def gaps(*questions, **fields):
    return [(gap.axis, gap.context) for gap in axes_without_points(load(*questions, context=CONTEXT, **fields))]


def test_axis_with_an_unconditional_question_is_covered():
    assert gaps(question("A"), question("B", applies_when="overseas")) == []


def test_axis_whose_rules_share_out_every_context_is_covered():
    assert gaps(question("A", applies_when="population < 500"), question("B", applies_when="population >= 500")) == []


@pytest.mark.parametrize("other", ["population > 500", "population >= 501"])
def test_axis_that_forgets_one_population(other):
    found = gaps(question("A", applies_when="population < 500"), question("B", applies_when=other))
    assert found == [("a", {"population": 500})]


def test_axis_without_a_question():
    assert gaps(question("A"), axes=axes(a=1, b=0)) == [("b", {})]


def test_axis_whose_only_sure_question_is_worth_nothing():
    found = gaps(question("A", points=0), question("B", applies_when="kind == 'epci'"))
    assert found == [("a", {"kind": "commune"})]


def test_axis_that_answers_can_leave_without_points():
    one = question("A", axis="b", applies_when="credit('C') > 50")
    other = question("B", axis="b", applies_when="credit('C') <= 50")
    assert gaps(one, other, question("C"), axes=axes(a=1, b=1)) == []
    assert gaps(one, question("C"), axes=axes(a=1, b=1)) == [("b", {})]


def test_gap_tells_its_context():
    assert Gap("a", {"kind": "epci", "population": 3}).what == (
        "un contexte laisse cet axe sans points (kind = epci, population = 3)."
    )


# --- the classes of values stand for every value

atoms = st.sampled_from(
    [
        "beaches > 3",
        "beaches == 5",
        "beaches < ports",
        "ports != 2",
        "sea == 'a'",
        "sea == lake",
        "lake in ('a', 'b')",
        "coastal",
        "credit('A') >= 50",
        "credit('B') > 0",
        "credit('A') == ports",
    ]
)
rules = st.recursive(
    atoms,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "and", "or"]), inner).map("({0[0]}) {0[1]} ({0[2]})".format)
        | inner.map("not ({})".format)
    ),
    max_leaves=5,
)


@given(rules)
def test_search_agrees_with_trying_everything(rule):
    made = load(
        question("Q", applies_when=rule),
        question("A", unproven_credit=2),
        question("B", applies_when="coastal"),
        context=CONTEXT,
    )
    asked = made.question_by_id
    spaces = [range(-2, 8), (-1, 0, 1, 2, 3, 49, 50, 99, 100, 101), "abx", "aby", (False, True)]
    found = False
    for beaches, ports, sea, lake, coastal in product(*spaces):
        context = {"beaches": beaches, "ports": ports, "sea": sea, "lake": lake, "coastal": coastal}
        credits_of_b = attainable(asked["B"]) if coastal else {0}
        for a, b in product(attainable(asked["A"]), credits_of_b):
            found = found or asked["Q"].rule.verdict(context, {"A": a, "B": b})
        if found:
            break
    # Two strings of ours may both be outside the constants and equal: the space tried above has no such pair.
    assert (
        reachable(rule, question("A", unproven_credit=2), question("B", applies_when="coastal"), by_answers=True)
        or not found
    )
