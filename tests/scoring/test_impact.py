import pytest
from hypothesis import given

from scoring import framework, impact
from scoring.answers import parse_application
from scoring.engine import score
from scoring.impact import CHANGED, GONE, NEW
from tests.scoring.builders import axes, files, load, proven, question, result

OPTIONS = [{"id": name, "text": {"fr": name}, "credit": credit} for name, credit in (("a", 100), ("b", 50))]


def measured(old, new, answers, **context):
    return impact.impact(result(old, answers, **context), new)


@given(files())
def test_same_version_changes_nothing(made):
    rules = framework.parse_document(made[0])
    before = score(rules, parse_application(rules, made[1]))

    found = impact.impact(before, rules)

    assert (found.after.result_hash, found.changes, found.parked) == (before.result_hash, (), ())


def test_question_gone_parks_its_answer():
    found = measured(load(question("A"), question("B")), load(question("A")), {"A": proven(True), "B": proven(True)})

    assert found.parked == ("B",)
    assert [(change.question.id, *change[1:]) for change in found.changes] == [("B", GONE, (100, 100), (0, 0))]


def test_new_question_weighs_what_it_could_give():
    found = measured(load(question("A")), load(question("A"), question("B", points=5)), {"A": proven(True)})

    assert [(change.question.id, *change[1:]) for change in found.changes] == [("B", NEW, (0, 0), (0, 500))]
    assert (found.before.level, found.after.level) == (5, 1)


def test_changed_points_are_told_the_heaviest_first():
    old = load(question("A", points=2), question("B", points=2))
    new = load(question("A", points=3), question("B", points=9))
    found = measured(old, new, {"A": proven(True)})

    assert [(change.question.id, *change[1:]) for change in found.changes] == [
        ("B", CHANGED, (0, 200), (0, 900)),
        ("A", CHANGED, (200, 200), (300, 300)),
    ]
    assert found.parked == ()


def test_change_weighs_what_it_moves_not_what_is_at_stake():
    better = [OPTIONS[0], {**OPTIONS[1], "credit": 60}]
    old = load(question("A", "choice", points=8, options=OPTIONS), question("B", points=4))
    new = load(question("A", "choice", points=8, options=better), question("B", points=6))
    found = measured(old, new, {"A": proven("b"), "B": proven(True)})

    assert [(change.question.id, *change[2:]) for change in found.changes] == [
        ("B", (400, 400), (600, 600)),
        ("A", (400, 800), (480, 800)),
    ]


@pytest.mark.parametrize(
    ("new", "answer", "kept"),
    [
        (question("A", "choice", options=OPTIONS), {"value": "b"}, True),
        (question("A", "choice", options=OPTIONS[:1]), {"value": "b"}, False),
        (question("A", "choice", options=OPTIONS[:1]), {"state": "unknown"}, True),
        (question("A", "initiatives", credits=[100]), {"state": "unknown"}, False),
    ],
)
def test_answer_carried_when_its_question_takes_it(new, answer, kept):
    found = measured(
        load(question("A", "choice", options=OPTIONS), question("Z")), load(new, question("Z")), {"A": answer}
    )

    assert ("A" in found.after.application.answers) is kept
    assert found.parked == (() if kept else ("A",))


def test_context_carried_by_name_and_type():
    old = load(question(), context={"port": "boolean", "size": "integer", "name": "string"})
    new = load(question(), context={"port": "boolean", "size": "string"})
    found = measured(old, new, {}, port=True, size=3, name="x")

    told = found.after.application.inputs["context"]
    assert (told["port"], "size" in told, "name" in told) == (True, False, False)
    assert told["population"] == found.before.application.inputs["context"]["population"]


def test_initiatives_of_an_issue_that_is_gone_are_left():
    rules = load(question("A"), question("B", axis="b"), axes=axes(a=1, b=1))
    document = {"context": {}, "answers": {}, "initiatives": {"i": 2, "gone": 1}}

    assert impact.carried(rules, document)["initiatives"] == {"i": 2}
