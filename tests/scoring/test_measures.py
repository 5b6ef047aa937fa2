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


def told(made):
    return [(finding.issue or finding.axis, finding.what) for finding in measures.findings(parse_document(made))]


def test_contexts_are_every_size_of_both_kinds_with_every_fact_true_then_false():
    rules = parse_document(two(question("A")))

    assert [each.name for each in measures.contexts(rules, [300])] == [
        "commune, 300 habitants, tout oui",
        "commune, 300 habitants, tout non",
        "epci, 300 habitants, tout oui",
        "epci, 300 habitants, tout non",
    ]
    assert len(list(measures.contexts(rules))) == 2 * 2 * len(measures.SIZES)
    assert len(list(measures.steps(rules))) == 2 * 2 * len(measures.STEPS)


def test_context_has_all_that_a_rule_may_read():
    rules = parse_document(two(question("A")))

    assert measures.asked(rules, "epci", 700, true=False).context == {
        "kind": "epci",
        "population": 700,
        "department": "01",
        "region": "84",
        "overseas": False,
    }


def weighing(*points, initiatives=25, **more):
    """One question of so many points for each issue; of the first one, so many more for its initiatives."""
    issues = [{"id": f"i{n}", "title": {"fr": f"I{n}"}} for n in range(len(points))]
    questions = [
        question(f"A{n}", issue=f"i{n}", points=worth, unproven_credit=50) for n, worth in enumerate(points) if worth
    ]
    counted = [question("I", "initiatives", issue="i0", points=initiatives, credits=[100])]
    return two(*questions, *counted, **{"issues": issues, "levels": GATE, **more})


def test_issue_may_weigh_as_much_as_the_bounds_themselves():
    of_issues = [what for place, what in told(weighing(0, 9, 4, *[6] * 7, 5, 5, 5, 5, initiatives=25)) if place != "i0"]

    assert of_issues == []


@pytest.mark.parametrize(("points", "place"), [(10, "i1"), (3, "i2")])
def test_issue_out_of_the_bounds_is_told_with_its_share(points, place):
    rest = 100 - 25 - points - 6
    made = weighing(0, points, 6, rest) if place == "i1" else weighing(0, 6, points, rest)
    found = dict(told(made))

    assert found[place] == f"cet enjeu pèse {points},0\u202f% de l’ensemble (epci, 80000 habitants, tout non)."


@pytest.mark.parametrize(("initiatives", "out"), [(19, True), (20, False), (25, False), (26, True)])
def test_initiatives_hold_from_a_fifth_to_a_quarter(initiatives, out):
    blamed = [place for place, _what in told(weighing(100 - initiatives, initiatives=initiatives))]

    assert ("a" in blamed) is out


@pytest.mark.parametrize(("points", "out"), [(3, False), (4, False), (5, True)])
def test_points_that_appear_are_bounded_to_the_unit(points, out):
    questions = [question("A", points=100 - points), question("N", points=points, applies_when=GROWN)]
    [step, *_others] = [step for step in measures.steps(parse_document(two(*questions))) if step.new]
    found = [(finding.axis, finding.what) for finding in measures._cliff(step) if finding.axis]

    words = "5,0\u202f% des points apparaissent d’un coup (commune, 2000 habitants, tout oui)."
    assert found == ([("a", words)] if out else [])


@pytest.mark.parametrize(("number", "out"), [(8, False), (9, True)])
def test_questions_that_appear_are_bounded(number, out):
    new = [question(f"N{n}", points=0, applies_when=GROWN) for n in range(number)]
    steps = [step for step in measures.steps(parse_document(two(question("A"), *new))) if step.new]

    assert [finding.what for finding in measures._cliff(steps[0])] == (
        ["9 questions apparaissent d’un coup (commune, 2000 habitants, tout oui)."] if out else []
    )


@pytest.mark.parametrize(("points", "out"), [(4, False), (5, True)])
def test_file_of_three_quarters_loses_three_points_at_most(points, out):
    questions = [question("A", points=100 - points), question("N", points=points, applies_when=GROWN)]
    [step, *_others] = [step for step in measures.steps(parse_document(two(*questions))) if step.new]
    lost = [finding.what for finding in measures._cliff(step) if not finding.axis]

    assert lost == ([f"un dossier à 75\u202f% perd 3,7\u202f% d’un coup ({step.after.name})."] if out else [])


@pytest.mark.parametrize(("points", "credit", "out"), [(15, 71, False), (16, 71, True), (16, 70, False)])
def test_points_that_hold_without_proof_are_bounded(points, credit, out):
    asked = [
        question("A", points=100 - points, unproven_credit=50),
        question("B", points=points, unproven_credit=credit),
    ]
    found = [what for _place, what in told(two(*asked)) if "sans preuve" in what]

    assert found[:1] == (
        ["16,0\u202f% des points tiennent sans preuve (commune, 300 habitants, tout oui)."] if out else []
    )


def test_obligation_without_a_gate_is_told_word_for_word():
    made = two(question("O", nature="obligation", references=[{"title": "Loi"}]), levels=[GATE[0]])

    assert told(made)[0] == ("", "aucun niveau ne demande d’obligations («\u202fmin_obligations\u202f»).")
