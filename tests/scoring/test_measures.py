"""What `check --strict` measures of a questionnaire of schema 2."""

import json
from fractions import Fraction

import pytest

from scoring import framework, measures
from scoring.framework import parse_document
from tests.scoring.builders import axes, document, places_of, question, two

ISSUES = [{"id": f"i{n}", "title": {"fr": f"I{n}"}} for n in range(16)]
GROWN = "population >= 2000"
GATE = [{"level": 1, "min_overall": 10}, {"level": 2, "min_overall": 20, "min_obligations": 50}]


def balanced(**fields):
    """Sixteen issues that weigh 6,25 % each, initiatives that hold a quarter."""
    questions = []
    for issue in ISSUES:
        name = issue["id"]
        questions.append(question(f"A-{name}", issue=name, points=3, unproven_credit=50))
        questions.append(question(f"B-{name}", "initiatives", issue=name, points=1, credits=[100]))
    return {**two(*questions, issues=ISSUES, levels=GATE), **fields}


def with_more(*more, **fields):
    made = balanced(**fields)
    return {**made, "questions": [*made["questions"], *more]}


def strict(made):
    return framework.check(json.dumps(made), strict=True)


def test_balanced_questionnaire_has_nothing_to_mend():
    assert strict(balanced()) == ()


def test_schema_one_is_not_measured():
    assert strict(document()) == ()


@pytest.mark.parametrize(
    ("more", "place", "what"),
    [
        ([question("O", issue="i0", nature="obligation")], "questions[O]", "référence"),
        (
            [question("O", issue="i0", nature="obligation", confidential=True, references=[{"title": "Loi"}])],
            "questions[O]",
            "confidentielle",
        ),
        ([question("O", issue="i0", points=5)], "issues[i0]", "pèse 13,"),
        ([question("O", issue="i0", points=17)], "axes[a]", "les initiatives y pèsent 19"),
        ([question(f"O{n}", issue=f"i{n}", points=1) for n in range(16)], "document", "tiennent sans preuve"),
        ([question(f"O{n}", issue=f"i{n % 16}", points=0) for n in range(34)], "document", "66 questions"),
        ([question(f"O{n}", issue=f"i{n % 16}", points=0) for n in range(84)], "document", "116 questions"),
        (
            [question(f"O{n}", issue=f"i{n}", points=0, applies_when=GROWN) for n in range(9)],
            "document",
            "9 questions apparaissent",
        ),
        (
            [question("O", issue="i0", points=3, applies_when="population >= 2000")],
            "axes[a]",
            "des points apparaissent",
        ),
        ([question("O", issue="i0", points=9, applies_when="population >= 2000")], "document", "à 75"),
    ],
)
def test_what_is_out_of_bounds_is_told_at_its_place(more, place, what):
    faults = strict(with_more(*more))

    assert place in places_of(faults)
    assert any(fault.place == place and what in fault.what for fault in faults)


def test_obligations_that_gate_no_level_are_told():
    levels = [{"level": 1, "min_overall": 10}]
    faults = strict(
        with_more(question("O", issue="i0", nature="obligation", references=[{"title": "Loi"}]), levels=levels)
    )

    assert any("aucun niveau ne demande" in fault.what for fault in faults)


def test_context_is_measured_with_every_fact_true_then_false():
    facts = {
        "coastal": {"type": "boolean", "text": {"fr": "Une plage ?"}},
        "beaches": {"type": "integer", "text": {"fr": "Combien ?"}},
        "sea": {"type": "string", "text": {"fr": "Laquelle ?"}},
    }
    rules = parse_document(two(question("A"), question("B", applies_when="coastal and beaches > 0"), context=facts))
    here, there = (measures.asked(rules, "commune", 300, true=true) for true in (True, False))

    assert [[q.id for q in each.questions] for each in (here, there)] == [["A", "B"], ["A"]]
    assert here.context["sea"] == ""


def test_axis_without_points_or_weight_holds_nothing():
    rules = parse_document(two(question("A", points=0), question("B", axis="b", points=1), axes=axes(a=1, b=0)))
    here = measures.asked(rules, "epci", 300, true=True)

    assert here.issues == {"i": 0}
    assert here.initiatives == {"b": 0}
    assert measures.Step(here, here).lost == 0


def test_file_of_three_quarters_loses_what_the_new_questions_take():
    rules = parse_document(two(question("A", points=9), question("B", points=1, applies_when="population >= 500")))
    step = next(step for step in measures.steps(rules) if step.after.context["population"] == 500)

    assert [q.id for q in step.new] == ["B"]
    assert (step.new_points, step.lost) == ({"a": Fraction(1, 10)}, Fraction(3, 40))
