from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings

from scoring import engine, framework, knapsack, plan, programme
from scoring.answers import parse_application
from scoring.engine import score
from scoring.framework import parse_document
from scoring.model import OBLIGATION
from scoring.moves import moves
from scoring.plan import Shortfall, carry_out
from tests.scoring.builders import axes, files, load, proven, question, result, two

HALF = [{"level": 1, "min_overall": 0}, {"level": 2, "min_overall": 50}]


def told(made):
    return [(improvement.question.id, improvement.answer) for improvement in made.improvements]


def met(scored, taken):
    """The obligations met once these improvements are made, over how many there are."""
    credits = {line.question.id: line.credit for line in scored.lines if line.possible}
    for _, improvement in taken:
        credits |= {name: after for name, (_, after) in improvement.credits.items()}
    theirs = [credit for name, credit in credits.items() if scored.framework.question_by_id[name].nature == OBLIGATION]
    return theirs.count(100), len(theirs)


def trying_everything(scored):
    """The cheapest sets, applicability held: cost, questions changed, and their ranks; None when no set reaches."""
    target, rules = scored.level + 1, scored.framework
    best = None
    for chosen in product(*[[None, *improvements] for improvements in moves(scored)]):
        taken = [(rank, improvement) for rank, improvement in enumerate(chosen) if improvement]
        sums = dict(scored.axes)
        for _, improvement in taken:
            for name, (before, after) in improvement.credits.items():
                asked = rules.question_by_id[name]
                earned, possible = sums[asked.axis]
                sums[asked.axis] = earned + asked.points * (after - before), possible
        if engine.level(rules.levels, engine.overall(rules, sums), sums.values(), met(scored, taken)) >= target:
            key = (sum(improvement.cost for _, improvement in taken), len(taken), [rank for rank, _ in taken])
            best = key if best is None else min(best, key)
    return best


@given(files(complete=True))
@settings(max_examples=25)
def test_plan_is_the_cheapest_then_the_shortest_then_the_first(made):
    document, application = made
    document["questions"] = document["questions"][:4]
    names = {asked["id"] for asked in document["questions"]}
    for asked in document["questions"]:
        if "credit" in asked.get("applies_when", ""):
            del asked["applies_when"]
    application["answers"] = {name: answer for name, answer in application["answers"].items() if name in names}
    rules = framework.parse_document(document)
    scored = score(rules, parse_application(rules, application))
    assume(scored.level is not None and scored.level < 5)
    planned, best = plan.plan(scored), trying_everything(scored)
    if best is None:
        assert (planned.level, planned.result, planned.improvements) == (scored.level + 1, None, ())
        assert planned.missed
        assert not planned.appearing
    else:
        ranks = {improvements[0].question.id: rank for rank, improvements in enumerate(moves(scored))}
        changed = [ranks[improvement.question.id] for improvement in planned.improvements]
        assert (planned.cost, len(changed), changed) == best
        assert planned.result.level >= planned.level


def test_plan_takes_the_cheapest_way():
    rules = load(question("A", effort=5), question("B", effort=2), question("C", effort=2), levels=HALF)
    made = plan.plan(result(rules))
    assert (made.level, made.cost, told(made)) == (2, 4, [("B", {"value": True}), ("C", {"value": True})])


def test_plan_changes_the_fewest_questions_among_equals():
    asked = [question("A", points=2), question("B", points=2), question("C", points=4, effort=2)]
    assert told(plan.plan(result(load(*asked, levels=HALF)))) == [("C", {"value": True})]


def test_plan_takes_the_first_questions_among_equals():
    asked = [question(f"A-{rank:02}") for rank in range(40)]
    made = plan.plan(result(load(*asked, levels=HALF), {"A-00": proven(True)}))
    assert [name for name, _ in told(made)] == [f"A-{rank:02}" for rank in range(1, 20)]


def test_plan_meets_the_minimum_of_each_axis():
    levels = [*HALF, {"level": 3, "min_overall": 60, "min_axis": 50}]
    rules = load(question("A"), question("B", axis="b", effort=5), axes=axes(a=9, b=1), levels=levels)
    made = plan.plan(result(rules, {"A": proven(True)}))
    assert (made.level, told(made)) == (3, [("B", {"value": True})])


def test_plan_reaches_a_threshold_to_the_unit():
    asked = [question("A", points=997), question("B", points=2), question("C", points=1)]
    rules = load(*asked, levels=[HALF[0], {"level": 2, "min_overall": 100}])
    made = plan.plan(result(rules, {"A": proven(True)}))
    assert told(made) == [("B", {"value": True}), ("C", {"value": True})]


@pytest.mark.parametrize("sets", [knapsack.sets, programme.sets])
def test_plan_refuses_what_floating_point_allows(sets, monkeypatch):
    # With B alone the score is three hundred-millionths of a percent short of 59.
    def number(name, **fields):
        return question(name, "number", scale=[[0, 0], [100, 100]], effort=5, **fields)

    asked = [number("A", points=997), question("B", points=12), number("C", axis="b", points=991)]
    asked += [number("D", axis="b", points=13), question("E", axis="b", effort=3)]
    rules = load(*asked, axes=axes(a=993, b=582), levels=[HALF[0], {"level": 2, "min_overall": 59}])
    scored = result(rules, {name: {"value": value} for name, value in (("A", 37), ("C", 96), ("D", 46))})
    short = carry_out(scored, [moves(scored)[1][0]]).overall
    assert 0 < Fraction(59, 100) - short < Fraction(1, 10**9)
    monkeypatch.setattr(plan, "_sets", sets)
    assert told(plan.plan(scored)) == [("B", {"value": True}), ("E", {"value": True})]


def test_plan_counts_initiatives_once_for_an_issue():
    asked = [question(name, "initiatives", points=2, effort=2) for name in "AB"] + [question("C", points=4)]
    made = plan.plan(result(load(*asked, levels=HALF)))
    assert told(made) == [("C", {"value": True})]
    made = plan.plan(result(load(*asked[:2], levels=HALF)))
    assert (told(made), made.cost, made.result.application.inputs["initiatives"]) == ([("A", 2)], 4, {"i": 2})


def test_plan_keeps_every_other_answer():
    rules = load(question("A"), question("B"), question("C", "maturity"), question("D"), levels=HALF)
    scored = result(rules, {"A": {"value": True}, "B": {"state": "unknown"}, "C": {"value": 1}})
    made = plan.plan(scored)
    assert made.result.application.inputs["answers"] == {**scored.application.inputs["answers"], "B": {"value": True}}


def test_plan_whose_improvements_uncover_a_question_is_solved_again():
    # The cheap answer makes a heavy question apply: scored for real it does not do, the dear one does.
    rules = load(
        question("A"),
        question("B", effort=5),
        question("C", points=9, applies_when="credit('A') > 0", effort=5),
        levels=HALF,
    )
    scored = result(rules)
    assert carry_out(scored, [moves(scored)[0][0]]).level == 1
    assert told(plan.plan(scored)) == [("B", {"value": True})]


@pytest.mark.parametrize(("traps", "found"), [(5, [("D", {"value": True})]), (6, [])])
def test_plan_given_up_after_twenty_tries(traps, found):
    # Any three of the cheap answers would do, were it not for the question that they uncover: with five of them the
    # dear answer comes sixteenth, with six it would come after the twentieth.
    cheap = [question(f"A-{rank}", points=2) for rank in range(traps)]
    rule = " or ".join(f"credit('A-{rank}') > 0" for rank in range(traps))
    dear = [question("C", points=60, applies_when=rule), question("D", points=12, effort=5)]
    made = plan.plan(result(load(*cheap, *dear, levels=[HALF[0], {"level": 2, "min_overall": 25}])))
    assert (made.level, told(made), made.result is None) == (2, found, not found)
    assert [asked.id for asked in made.appearing] == ([] if found else ["C"])
    assert made.missed == (() if found else (Shortfall(None, 25, Fraction(100 * 6, 84)),))


def test_no_plan_when_nothing_can_be_improved():
    claim = {"state": "not_applicable", "reason": "r"}
    rules = load(question("A"), question("B", "initiatives", credits=[10]), levels=HALF)
    made = plan.plan(result(rules, {"A": claim}, {"i": 1}))
    assert made == plan.Plan(2, missed=(Shortfall(None, 50, Fraction(10)),))


def test_no_plan_when_the_best_is_not_enough():
    rules = load(question("A", "initiatives", credits=[10, 20]), levels=HALF)
    assert plan.plan(result(rules)) == plan.Plan(2, missed=(Shortfall(None, 50, Fraction(20)),))


def test_no_plan_names_the_axis_out_of_reach():
    low, high = question("A", "initiatives", credits=[10, 20]), question("B", axis="b")
    levels = [HALF[0], {"level": 2, "min_overall": 60, "min_axis": 20}, {"level": 3, "min_overall": 60, "min_axis": 30}]
    rules = load(low, high, axes=axes(a=1, b=1, c=1), levels=levels)
    assert plan.plan(result(rules)).result.level == 2
    made = plan.plan(result(rules, {"B": proven(True)}, {"i": 2}))
    assert (made.level, made.missed) == (3, (Shortfall("a", 30, Fraction(20)),))


def test_no_plan_at_the_top_nor_for_an_incomplete_result():
    rules = load(question("A"), question("B", applies_when="overseas"))
    assert plan.plan(result(rules, {"A": proven(True)})) is None
    assert plan.plan(result(rules, overseas=None)) is None


def test_plan_ignores_axes_without_points_and_weights():
    hidden = question("C", axis="c", applies_when="overseas")
    rules = load(question("A"), question("B", axis="b"), hidden, axes=axes(a=1, b=0, c=5))
    made = plan.plan(result(rules))
    assert (made.level, told(made)) == (2, [("A", {"value": True})])


@pytest.mark.parametrize(
    ("met", "missed"), [((1, 2), (Shortfall(None, 60, Fraction(50), obligations=True),)), ((3, 5), ()), ((0, 0), ())]
)
def test_obligations_that_a_level_lacks_are_a_minimum_missed(met, missed):
    """Every obligation can be met: no file lacks them in the end, but a set that makes others apply may."""
    levels = [{"level": 1, "min_overall": 10}, {"level": 2, "min_overall": 20, "min_obligations": 60}]
    rules = parse_document(two(question("A"), levels=levels))
    assert plan._missed(rules.levels[1], rules, {"a": (50, 100)}, met) == missed
