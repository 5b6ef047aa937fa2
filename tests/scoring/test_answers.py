import copy
import json

import pytest

from scoring import answers
from scoring.answers import (
    Answer,
    ApplicationError,
    check_answer,
    initiatives_of,
    parse_application,
    with_initiatives,
)
from scoring.framework import parse_document
from tests.scoring.builders import COMMUNE, load, places_of, question, two

KINDS = ["boolean", "maturity", "choice", "multiple", "number", "initiatives"]
RULES = load(
    *[question(kind, kind) for kind in KINDS], context={"coastal": "boolean", "beaches": "integer", "port": "string"}
)


def places(application):
    try:
        parse_application(RULES, application)
    except ApplicationError as error:
        return places_of(error.faults)
    return []


def answered(name, answer):
    return parse_application(RULES, {"answers": {name: answer}}).answers[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("boolean", True),
        ("boolean", False),
        ("maturity", 0),
        ("maturity", 4),
        ("choice", "none"),
        ("multiple", []),
        ("multiple", ["some", "some", "all"]),
        ("number", -3),
        ("number", 2**53 - 1),
    ],
)
def test_valid_value(name, value):
    assert answered(name, {"value": value}) == Answer(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("boolean", 1),
        ("boolean", "true"),
        ("boolean", None),
        ("maturity", True),
        ("maturity", 5),
        ("maturity", -1),
        ("maturity", "3"),
        ("maturity", 2.0),
        ("choice", "other"),
        ("choice", ["all"]),
        ("choice", None),
        ("choice", 1),
        ("multiple", "all"),
        ("multiple", {}),
        ("number", True),
        ("number", 2**53),
        ("number", 1.5),
        ("number", "3"),
        ("number", [3]),
    ],
)
def test_value_of_the_wrong_kind(name, value):
    assert places({"answers": {name: {"value": value}}}) == [f"answers.{name}.value"]


def test_unknown_option_of_multiple_placed():
    assert places({"answers": {"multiple": {"value": ["all", "other", 3]}}}) == [
        "answers.multiple.value[1]",
        "answers.multiple.value[2]",
    ]


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ({"value": True, "evidence": True}, Answer(True, evidence=True)),
        ({"value": True, "evidence": False}, Answer(True)),
        ({"state": "unknown"}, Answer(state="unknown")),
        ({"state": "not_applicable", "reason": "r"}, Answer(state="not_applicable", reason="r")),
        ({"state": "not_applicable", "reason": "r", "accepted": None}, Answer(state="not_applicable", reason="r")),
        (
            {"state": "not_applicable", "reason": "r", "accepted": False},
            Answer(state="not_applicable", reason="r", accepted=False),
        ),
        (
            {"state": "not_applicable", "reason": " ", "accepted": True},
            Answer(state="not_applicable", reason=" ", accepted=True),
        ),
    ],
)
def test_valid_answer(answer, read):
    assert answered("boolean", answer) == read


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (True, ""),
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"evidence": True}, ""),
        ({"value": True, "state": "unknown"}, ""),
        ({"value": True, "evidence": None}, ".evidence"),
        ({"value": True, "evidence": 1}, ".evidence"),
        ({"value": True, "reason": "r"}, ".reason"),
        ({"value": True, 3: 4}, ".3"),
        ({"state": "unknown", "evidence": True}, ".evidence"),
        ({"state": "unknown", "reason": "r"}, ".reason"),
        ({"state": "answered"}, ".state"),
        ({"state": "answered", "reason": "r", "accepted": True}, ".state"),
        ({"state": None}, ".state"),
        ({"state": "not_applicable"}, ""),
        ({"state": "not_applicable", "reason": ""}, ".reason"),
        ({"state": "not_applicable", "reason": None}, ".reason"),
        ({"state": "not_applicable", "reason": "\ud800"}, ".reason"),
        ({"state": "not_applicable", "reason": "r", "accepted": 1}, ".accepted"),
        ({"state": "not_applicable", "reason": "r", "evidence": True}, ".evidence"),
    ],
)
def test_invalid_answer_placed(answer, place):
    assert places({"answers": {"boolean": answer}}) == [f"answers.boolean{place}"]


@pytest.mark.parametrize("answer", [{"value": 1}, {"state": "unknown"}, None])
def test_initiatives_take_no_answer(answer):
    assert places({"answers": {"initiatives": answer}}) == ["answers.initiatives"]


@pytest.mark.parametrize(
    ("application", "place"),
    [
        ([], "document"),
        (None, "document"),
        ({"contexts": {}}, "contexts"),
        ({"context": None}, "context"),
        ({"answers": []}, "answers"),
        ({"answers": {"other": {"value": 1}}}, "answers.other"),
        ({"answers": {1: {"value": 1}}}, "answers"),
        ({"initiatives": [3]}, "initiatives"),
        ({"initiatives": {"i": -1}}, "initiatives.i"),
        ({"initiatives": {"i": True}}, "initiatives.i"),
        ({"initiatives": {"i": None}}, "initiatives.i"),
        ({"initiatives": {"j": 1}}, "initiatives.j"),
        ({"id": 3}, "id"),
        ({"id": None}, "id"),
        ({"id": "\udfff"}, "id"),
        ({"context": {"kind": "comune"}}, "context.kind"),
        ({"context": {"kind": 1}}, "context.kind"),
        ({"context": {"population": "4154"}}, "context.population"),
        ({"context": {"population": True}}, "context.population"),
        ({"context": {"population": 2**53}}, "context.population"),
        ({"context": {"department": 91}}, "context.department"),
        ({"context": {"region": "\ud800"}}, "context.region"),
        ({"context": {"overseas": 0}}, "context.overseas"),
        ({"context": {"coastal": "oui"}}, "context.coastal"),
        ({"context": {"beaches": False}}, "context.beaches"),
        ({"context": {"port": []}}, "context.port"),
        ({"context": {"harbour": True}}, "context.harbour"),
    ],
)
def test_fault_of_application_placed(application, place):
    assert places(application) == [place]


def test_empty_application_is_valid():
    read = parse_application(RULES, {})
    assert (read.id, read.context, read.answers, read.initiatives) == (None, {}, {}, {"initiatives": 0})
    assert read.inputs == {"context": {}, "answers": {}, "initiatives": {}}


def test_inputs_are_as_given():
    given = {"context": COMMUNE | {"coastal": None}, "answers": {"boolean": {"value": True, "evidence": False}}}
    assert parse_application(RULES, {"id": "x", **given}).inputs == {**given, "initiatives": {}}


def test_null_in_context_is_no_value():
    assert parse_application(RULES, {"context": {"coastal": None, "beaches": 0}}).context == {"beaches": 0}


def test_every_fault_at_once():
    told = places({"id": 1, "context": {"kind": 1}, "answers": {"x": 1}, "initiatives": {"i": -1}})
    assert told == ["id", "context.kind", "answers.x", "initiatives.i"]


def test_text_tells_the_line_of_each_fault():
    source = json.dumps({"answers": {"boolean": {"value": 1.5}, "maturity": {"value": 9}}}, indent=0)
    with pytest.raises(ApplicationError) as caught:
        answers.load(RULES, source)
    assert [(fault.place, fault.line) for fault in caught.value.faults] == [
        ("answers.boolean.value", 4),
        ("answers.maturity.value", 7),
    ]


@pytest.mark.parametrize("source", [b"{", b"\xff", "{'a': 1}", "a: 1", "[" * 9000, "", "\n"])
def test_text_that_cannot_be_read(source):
    with pytest.raises(ApplicationError):
        answers.load(RULES, source)


def test_unknown_name_gets_a_suggestion():
    with pytest.raises(ApplicationError, match="Vouliez-vous dire «\u202fpopulation\u202f»"):
        parse_application(RULES, {"context": {"popluation": 3}})


def test_hostile_number_of_faults_is_cut():
    with pytest.raises(ApplicationError) as caught:
        parse_application(RULES, {"answers": {f"x{index}": 1 for index in range(1000)}})
    assert len(caught.value.faults) == 200


def test_one_answer_checked_on_its_own():
    asked = RULES.question_by_id["maturity"]
    assert check_answer(asked, {"value": 3}) == ()
    assert [fault.place for fault in check_answer(asked, {"value": 7, "evidnce": 1})] == [
        "maturity.evidnce",
        "maturity.value",
    ]


ONE_INITIATIVE = load(question("i-a", "initiatives"), context={})
TWO_INITIATIVES = parse_document(two(question("i-a", "initiatives")))


@pytest.mark.parametrize(
    ("rules", "initiatives", "counted"),
    [
        (ONE_INITIATIVE, {}, 0),
        (ONE_INITIATIVE, {"i": 3}, 3),
        (TWO_INITIATIVES, {}, 0),
        (TWO_INITIATIVES, {"i": {}}, 0),
        (TWO_INITIATIVES, {"i": {"a": 2}}, 2),
    ],
)
def test_initiatives_that_a_question_counts(rules, initiatives, counted):
    asked = rules.question_by_id["i-a"]
    assert initiatives_of(rules, initiatives, asked) == counted
    assert parse_application(rules, {"initiatives": initiatives}).initiatives == {"i-a": counted}


@pytest.mark.parametrize(
    ("rules", "before", "after"),
    [
        (ONE_INITIATIVE, {}, {"i": 4}),
        (ONE_INITIATIVE, {"i": 1}, {"i": 4}),
        (TWO_INITIATIVES, {}, {"i": {"a": 4}}),
        (TWO_INITIATIVES, {"i": {"a": 1}}, {"i": {"a": 4}}),
    ],
)
def test_initiatives_of_a_question_are_set_in_a_copy(rules, before, after):
    given = copy.deepcopy(before)
    assert with_initiatives(rules, given, rules.question_by_id["i-a"], 4) == after
    assert given == before


def test_unknown_axis_is_told_with_its_place():
    with pytest.raises(ApplicationError) as caught:
        parse_application(TWO_INITIATIVES, {"initiatives": {"i": {"A": 1}}})
    assert places_of(caught.value.faults) == ["initiatives.i.A"]
    assert "« A »" in caught.value.faults[0].what.replace("\u202f", " ")
