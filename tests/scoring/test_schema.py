import copy

import pytest

from scoring import framework
from scoring.framework import FrameworkError
from tests.scoring.builders import LEVELS, OPTIONS, axes, document, load, places_of, question


def places(made):
    try:
        framework.parse_document(made)
    except FrameworkError as error:
        return places_of(error.faults)
    return []


def without(made, key):
    return {name: value for name, value in made.items() if name != key}


TOP = ["schema", "id", "edition", "title", "axes", "issues", "questions", "levels"]


@pytest.mark.parametrize("key", TOP)
def test_key_of_framework_missing(key):
    made = framework.check(str(without(document(), key)).replace("'", '"'))
    assert any(fault.place == "document" and f"«\u202f{key}\u202f»" in fault.what for fault in made)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"schema": 3}, "schema"),
        ({"schema": True}, "schema"),
        ({"schema": "1"}, "schema"),
        ({"id": "é"}, "id"),
        ({"id": ""}, "id"),
        ({"id": "-a"}, "id"),
        ({"id": "a" * 65}, "id"),
        ({"id": 3}, "id"),
        ({"edition": "2027"}, "edition"),
        ({"edition": None}, "edition"),
        ({"edition": 2**53}, "edition"),
        ({"title": "T"}, "title"),
        ({"title": {}}, "title"),
        ({"title": {"en": "T"}}, "title"),
        ({"title": {"fr": 3}}, "title.fr"),
        ({"title": {"fr": "T", "en": None}}, "title.en"),
        ({"title": {"fr": "\ud800"}}, "title.fr"),
        ({"title": {"fr": "T", "\ud800": "x"}}, "title"),
        ({"title": {"fr": "T", 3: "x"}}, "title"),
        ({"unknown": 1}, "unknown"),
        ({3: 1}, "3"),
        ({"context": []}, "context"),
        ({"context": {"a": "float"}}, "context.a"),
        ({"context": {"a": None}}, "context.a"),
        ({"context": {"A": "integer"}}, "context.A"),
        ({"context": {"not": "boolean"}}, "context.not"),
        ({"context": {"credit": "integer"}}, "context.credit"),
        ({"context": {"region": "string"}}, "context.region"),
        ({"axes": {}}, "axes"),
        ({"axes": ["a"]}, "axes[0]"),
        ({"axes": axes(a=0)}, "axes"),
        ({"axes": axes(a=1, b=1001)}, "axes[b].weight"),
        ({"axes": axes(a=1, b=-1)}, "axes[b].weight"),
        ({"axes": axes(a=True)}, "axes[a].weight"),
        ({"axes": [*axes(a=1), *axes(a=2)]}, "axes[a].id"),
        ({"axes": [{**axes(a=1)[0], "color": "red"}]}, "axes[a].color"),
        ({"axes": [without(axes(a=1)[0], "weight")]}, "axes[a]"),
        ({"issues": [{"id": "i", "title": {"fr": "I"}}] * 2}, "issues[i].id"),
        ({"issues": [{"id": "i"}]}, "issues[i]"),
        ({"issues": None}, "issues"),
        ({"questions": {}}, "questions"),
        ({"questions": []}, "questions"),
        ({"questions": [None]}, "questions[0]"),
        ({"levels": []}, "levels"),
        ({"levels": [1]}, "levels[0]"),
        ({"levels": LEVELS[1:]}, "levels[0].level"),
        ({"levels": [{"level": 1, "min_overall": 5}]}, "levels[0].min_overall"),
        ({"levels": [{"level": 1, "min_overall": 0, "min_axis": 0}]}, "levels[0].min_axis"),
        ({"levels": [LEVELS[0], {"level": 3, "min_overall": 5}]}, "levels[1].level"),
        ({"levels": [LEVELS[0], {"level": 2, "min_overall": 101}]}, "levels[1].min_overall"),
        ({"levels": [LEVELS[0], {"level": 2}]}, "levels[1]"),
        ({"levels": [*LEVELS[:2], {"level": 3, "min_overall": 34}]}, "levels[2].min_overall"),
        ({"levels": [*LEVELS[:4], {"level": 5, "min_overall": 75, "min_axis": 24}]}, "levels[4].min_axis"),
        ({"levels": [*LEVELS[:4], {"level": 5, "min_overall": 75}]}, "levels[4].min_axis"),
    ],
)
def test_fault_of_framework_placed(fields, place):
    made = document() | fields
    assert place in places(made)


def test_framework_not_a_map():
    assert places([]) == ["document"]


def test_axis_unknown_to_its_question_only():
    assert places(document(axes=axes(b=1))) == ["questions[A-1].axis"]


def initiatives(**fields):
    return question(kind="initiatives", **fields)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (question("é"), "id"),
        (question(axis="b"), "axis"),
        (question(axis=None), "axis"),
        (question(issue="j"), "issue"),
        (question(text="x"), "text"),
        (question(help={}), "help"),
        (question(evidence_hint=None), "evidence_hint"),
        (question(nature="duty"), "nature"),
        (question(points=-1), "points"),
        (question(points=1001), "points"),
        (question(points=True), "points"),
        (question(points="8"), "points"),
        (question(unproven_credit=101), "unproven_credit"),
        (question(unproven_credit=-1), "unproven_credit"),
        (question(effort=0), "effort"),
        (question(effort=6), "effort"),
        (question(express="yes"), "express"),
        (question(express=1), "express"),
        (question(confidential=None), "confidential"),
        (question(references={}), "references"),
        (question(references=["x"]), "references[0]"),
        (question(references=[{"url": "x"}]), "references[0]"),
        (question(references=[{"title": {"fr": "x"}}]), "references[0].title"),
        (question(references=[{"title": "x", "url": None}]), "references[0].url"),
        (question(references=[{"title": "x", "page": 3}]), "references[0].page"),
        (question(applies_when=None), "applies_when"),
        (question(applies_when=True), "applies_when"),
        (question(applies_when="population"), "applies_when"),
        (question(applies_when="credit('A-1') > 0"), "applies_when"),
        (question(options=OPTIONS), "options"),
        (question(scale=[]), "scale"),
        (question(credits=[]), "credits"),
        (question(unit={"fr": "x"}), "unit"),
        (initiatives(unproven_credit=50), "unproven_credit"),
        (initiatives(credits=[]), "credits"),
        (initiatives(credits=40), "credits"),
        (initiatives(credits=[40, "x"]), "credits[1]"),
        (initiatives(credits=[40, 101]), "credits[1]"),
        (initiatives(credits=[-1]), "credits[0]"),
        (initiatives(credits=[40, 70, 69]), "credits[2]"),
        (question(kind="choice", options=[]), "options"),
        (question(kind="choice", options=None), "options"),
        (question(kind="choice", options=OPTIONS[:2]), "options"),
        (question(kind="choice", options=[*OPTIONS, OPTIONS[0]]), "options[none].id"),
        (question(kind="choice", options=[*OPTIONS, {"id": "x", "text": {"fr": "x"}}]), "options[x]"),
        (question(kind="choice", options=[*OPTIONS, {"id": "é", "text": {"fr": "x"}, "credit": 5}]), "options[é].id"),
        (
            question(kind="choice", options=[*OPTIONS, {"id": "x", "text": {"fr": "x"}, "credit": 101}]),
            "options[x].credit",
        ),
        (question(kind="choice", options=[*OPTIONS, {"id": "x", "text": {}, "credit": 1}]), "options[x].text"),
        (question(kind="multiple", options=[]), "options"),
        (question(kind="number", scale=[[0, 100]]), "scale"),
        (question(kind="number", scale=[[0, 100], 3]), "scale[1]"),
        (question(kind="number", scale=[[0, 100], [1]]), "scale[1]"),
        (question(kind="number", scale=[[0, 100], [1, 101]]), "scale[1][1]"),
        (question(kind="number", scale=[[0, 100], ["1", 10]]), "scale[1][0]"),
        (question(kind="number", scale=[[0, 100], [0, 10]]), "scale[1]"),
        (question(kind="number", scale=[[0, 100], [-1, 10]]), "scale[1]"),
        (question(kind="number", unit="jours"), "unit"),
    ],
)
def test_fault_of_question_placed(asked, place):
    name = asked["id"] if asked["id"] != "é" else "é"
    assert places(document(asked)) == [f"questions[{name}].{place}"]


@pytest.mark.parametrize("key", ["id", "axis", "issue", "text", "kind", "points", "nature"])
def test_key_of_question_missing(key):
    assert places(document(without(question(), key))) == [f"questions[{'A-1' if key != 'id' else 0}]"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("choice", "options"),
        ("multiple", "options"),
        ("number", "unit"),
        ("number", "scale"),
        ("initiatives", "credits"),
    ],
)
def test_key_of_its_kind_missing(kind, key):
    assert places(document(without(question(kind=kind), key))) == ["questions[A-1]"]


@pytest.mark.parametrize("kind", ["bolean", None, 3, [], "choices"])
def test_kind_unknown_is_the_only_fault(kind):
    asked = question(kind="choice") | {"kind": kind}
    assert places(document(asked)) == ["questions[A-1].kind"]


def test_multiple_needs_no_full_option():
    assert places(document(question(kind="multiple", options=OPTIONS[:2]))) == []


def test_question_id_used_twice():
    assert places(document(question(), question(points=2))) == ["questions[A-1].id"]


def test_two_bad_ids_are_not_the_same_id():
    assert places(document(question("é"), question("è"))) == ["questions[é].id", "questions[è].id"]


def test_question_id_is_not_echoed_raw():
    assert places(document(question("a\nb"))) == ["questions[a\\nb].id"]


def test_express_questions_at_the_limit_and_beyond():
    asked = [question(f"A-{index}", express=True) for index in range(12)]
    assert places(document(*asked[:10])) == []
    assert places(document(*asked)) == ["questions[A-10].express", "questions[A-11].express"]


def test_every_cycle_told_once():
    def after(name, other):
        return question(name, applies_when=f"credit('{other}') > 0")

    made = document(after("A", "B"), after("B", "A"), after("C", "D"), after("D", "C"), after("E", "A"))
    told = places(made)
    assert len(told) == 2
    assert set(told) <= {f"questions[{name}].applies_when" for name in "ABCD"}


def test_every_fault_of_a_rule_told():
    made = document(question(applies_when="popluation > 3 and kind == 'x'"))
    assert places(made) == ["questions[A-1].applies_when"] * 2


def test_rule_reads_declared_names():
    made = load(question(applies_when="beaches > 2"), context={"beaches": "integer"})
    assert made.questions[0].rule.names == ("beaches",)


def test_questions_follow_those_their_rules_mention():
    made = load(
        question("C", applies_when="credit('B') > 0"), question("B", applies_when="credit('A') > 0"), question("A")
    )
    assert [asked.id for asked in made.questions] == ["C", "B", "A"]
    assert [asked.id for asked in made.by_dependency] == ["A", "B", "C"]


def test_question_read_whole():
    asked = question(
        kind="number",
        help={"fr": "h"},
        evidence_hint={"fr": "e"},
        references=[{"title": "t", "url": "u"}, {"title": "v"}],
        applies_when="overseas",
        unproven_credit=50,
        effort=3,
        express=True,
        confidential=True,
    )
    (read,) = load(asked).questions
    assert (read.help, read.evidence_hint, read.applies_when, read.unproven_credit) == (
        {"fr": "h"},
        {"fr": "e"},
        "overseas",
        50,
    )
    assert [(reference.title, reference.url) for reference in read.references] == [("t", "u"), ("v", None)]
    assert (read.effort, read.express, read.confidential, read.unit) == (3, True, True, {"fr": "jours"})
    assert read.scale == ((0, 100), (7, 50), (30, 0))


def test_question_defaults():
    (read,) = load(question()).questions
    assert (read.unproven_credit, read.effort, read.express, read.confidential) == (100, 1, False, False)
    assert (read.help, read.references, read.rule, read.options) == (None, (), None, ())


def test_level_defaults_to_no_minimum_per_axis():
    assert [level.min_axis for level in load().levels] == [0, 0, 0, 25, 40]


def test_reading_leaves_the_document_alone():
    made = document(question(kind="choice"))
    before = copy.deepcopy(made)
    framework.parse_document(made)
    assert made == before
