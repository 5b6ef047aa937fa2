import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings

from scoring import framework
from scoring.framework import FrameworkError
from scoring.hashing import digest
from tests.scoring.builders import OPTIONS, document, documents, load, places_of, question

GOOD = """\
schema: 1
id: label
edition: 2027
title: {fr: "Le label"}
axes:
  - {id: a, title: {fr: A}, weight: 1}
issues:
  - {id: i, title: {fr: I}}
questions:
  - id: A-1
    axis: a
    issue: i
    text: {fr: Une question}
    kind: boolean
    points: 8
    nature: obligation
levels:
  - {level: 1, min_overall: 0}
"""


def told(source, **how):
    faults = framework.check(source, **how)
    return [f"{place}:{fault.line} {fault.what}" for place, fault in zip(places_of(faults), faults, strict=True)]


def scalar(text):
    """What a plain scalar of YAML becomes, as the title of an axis."""
    source = GOOD.replace("title: {fr: A}, weight: 1}", f"title: {{fr: A, x: {text}}}, weight: 1}}")
    try:
        return framework.load(source).axes[0].title["x"]
    except FrameworkError as error:
        places_of(error.faults)
        return error.faults[0].what


# --- documents


def test_yaml_and_json_give_the_same_hash():
    assert framework.load(GOOD).hash == framework.load(json.dumps(yaml.safe_load(GOOD))).hash


def test_text_and_document_give_the_same_hash():
    assert framework.parse_document(yaml.safe_load(GOOD)).hash == framework.load(GOOD.encode()).hash


def test_hash_is_of_the_document_as_written():
    assert framework.load(GOOD).hash == digest(yaml.safe_load(GOOD))
    assert framework.load(GOOD.replace("points: 8", "points: 8\n    effort: 1")).hash != framework.load(GOOD).hash


def test_document_kept_as_written():
    assert framework.load(GOOD).document == yaml.safe_load(GOOD)


def test_byte_order_mark_changes_nothing():
    assert framework.load(b"\xef\xbb\xbf" + GOOD.encode()).hash == framework.load(GOOD).hash


def test_lookups_by_id():
    made = framework.load(GOOD)
    assert made.question_by_id == {"A-1": made.questions[0]}
    assert made.axis_by_id == {"a": made.axes[0]}
    assert made.issue_by_id == {"i": made.issues[0]}


def test_express_questions_are_the_entry_path():
    made = load(question("A"), question("B", express=True))
    assert [asked.id for asked in made.express] == ["B"]


@given(documents())
@settings(max_examples=30)
def test_generated_document_reads_the_same_as_json_and_yaml(made):
    apart = json.loads(json.dumps(made))  # what is shared would become an anchor
    as_yaml = yaml.safe_dump(apart, allow_unicode=True, sort_keys=False)
    assert framework.load(as_yaml).hash == framework.load(json.dumps(made)).hash == digest(made)


# --- what YAML may not do


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("une phrase", "une phrase"),
        ("'no'", "no"),
        ('"010"', "010"),
        ("nope", "nope"),
        ("1.2.3", "1.2.3"),
        ("08:30", "08:30"),
        ("a:b", "a:b"),
        ("'é 😀'", "é 😀"),
        (".", "."),
        ("-", "-"),
        ("2027-1", "2027-1"),
        ("http://x.fr", "http://x.fr"),
    ],
)
def test_string_of_yaml(text, value):
    assert scalar(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "y",
        "N",
        "yes",
        "NO",
        "On",
        "off",
        "010",
        "-017",
        "0777",
        "08",
        "1_000",
        "0b11",
        "0o17",
        "-0x1F",
        "0x_1",
        "12:30",
        "1:30:15",
        "190:20:30.15",
        "1e3",
        "1E3",
        "-1e+3",
        "1.",
        "+.5e3",
        "2027-01-02",
        "2027-1-2T03:04:05Z",
        "=",
        "<<",
        "0x12345678901234567",
        "1_0.5",
        "._5",
    ],
)
def test_plain_scalar_that_versions_of_yaml_read_differently(text):
    if text == "1.":
        assert scalar(text) == "1. n’est pas un entier."
    else:
        assert scalar(text) == f"«\u202f{text}\u202f» n’a pas le même sens selon la version de YAML."


@pytest.mark.parametrize("text", ["1.5", "-.5", "1.5e+3", ".inf", "-.Inf", ".nan", "0.0"])
def test_number_of_yaml_that_is_no_integer(text):
    assert scalar(text) == f"{text} n’est pas un entier."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12", "12"),
        ("+12", "12"),
        ("-3", "-3"),
        ("0", "0"),
        ("00", "0"),
        ("007", "7"),
        ("0x1F", "31"),
        ("-0", "0"),
        ("true", "true"),
        ("False", "false"),
        ("TRUE", "true"),
        ("null", "null"),
        ("~", "null"),
        ("", "null"),
    ],
)
def test_plain_scalar_that_is_no_string(text, shown):
    assert scalar(text) == f"{shown} n’est pas une chaîne."


def test_integer_of_yaml_too_large():
    assert scalar("9007199254740992").endswith("dépasse ±(2⁵³ − 1).")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("title: &t {fr: T}", "title:4 une ancre YAML («\u202f&t\u202f»)."),
        ("title: {fr: &t T}", "title.fr:4 une ancre YAML («\u202f&t\u202f»)."),
        ("title: {fr: *t}", "title.fr:4 un renvoi YAML («\u202f*t\u202f»)."),
        ("title: {fr: !!str T}", "title.fr:4 une étiquette YAML («\u202ftag:yaml.org,2002:str\u202f»)."),
        ("title: !x {fr: T}", "title:4 une étiquette YAML («\u202f!x\u202f»)."),
        ("title: {fr: T, no: x}", "title:4 «\u202fno\u202f» n’a pas le même sens selon la version de YAML."),
        ("title: {fr: T, 12: x}", "title:4 la clé 12 n’est pas une chaîne."),
        ("title: {fr: T, ~: x}", "title:4 la clé null n’est pas une chaîne."),
        ("title: {fr: T, [a]: x}", "title:4 la clé une liste n’est pas une chaîne."),
        ("title: {fr: T, {a: b}: x}", "title:4 la clé un dictionnaire n’est pas une chaîne."),
        ("title: {fr: T, fr: U}", "title:4 la clé «\u202ffr\u202f» est écrite deux fois."),
        ("title: {fr: T, <<: {en: x}}", "title:4 «\u202f<<\u202f» n’a pas le même sens selon la version de YAML."),
    ],
)
def test_hazard_of_yaml_refused(line, fault):
    assert told(GOOD.replace('title: {fr: "Le label"}', line)) == [fault]


def test_second_document_refused():
    assert told(GOOD + "---\nschema: 1\n") == ["document:19 un second document commence."]


def test_end_of_document_marker_allowed():
    assert told("---\n" + GOOD + "...\n") == []


def test_yaml_that_does_not_parse_tells_its_line():
    (fault,) = framework.check("a: 1\nb: [\n")
    assert (fault.place, fault.line) == ("document", 3)


def test_yaml_that_does_not_parse_tells_why():
    (fault,) = framework.check("a: b: c\n")
    assert "mapping values are not allowed" in fault.what


@pytest.mark.parametrize("written", ['"8"', "true", "x", "~"])
def test_fault_of_a_scalar_tells_its_line(written):
    (fault,) = framework.check(GOOD.replace("points: 8", f"points: {written}"))
    assert (fault.place, fault.line) == ("questions[A-1].points", 15)


@pytest.mark.parametrize("written", ['"8"', "true", "x", "~", "0xfff"])
def test_fault_of_a_scalar_in_a_list_tells_its_line(written):
    (fault,) = framework.check(GOOD.replace("{level: 1, min_overall: 0}", written))
    assert (fault.place, fault.line) == ("levels[0]", 18)


def test_hexadecimal_fault_tells_its_line():
    (fault,) = framework.check(GOOD.replace("points: 8", "points: 0xfff"))
    assert (fault.place, fault.line) == ("questions[A-1].points", 15)


def test_control_character_tells_its_line_and_why():
    (fault,) = framework.check("a: 1\nb: \x01\n")
    assert (fault.line, "control characters" in fault.what) == (2, True)


@pytest.mark.parametrize(("blank", "line"), [("", 2), ("\n ", 3)])
def test_broken_json_told_as_json(blank, line):
    (fault,) = framework.check(blank + '{"schema": 1,\n "id": "x" "y"}')
    assert fault.line == line
    assert "JSON" in fault.what


def test_empty_file():
    assert told("") == ["document:1 null n’est pas un dictionnaire."]


def test_bytes_that_are_no_text():
    assert [fault.place for fault in framework.check(b"\xff\xfe")] == ["document"]


@pytest.mark.parametrize("source", ["[" * 100_000, "- " * 100_000, '{"a":' * 100_000, "a: {" * 50_000])
def test_deep_nesting_refused_at_once(source):
    started = time.perf_counter()
    (fault,) = framework.check(source)
    assert "niveaux d’imbrication" in fault.what
    assert time.perf_counter() - started < 2


def test_billion_laughs_refused_at_once():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 200)]
    started = time.perf_counter()
    with pytest.raises(FrameworkError):
        framework.load("l0: &l0 [x]\n" + "\n".join(levels))
    assert time.perf_counter() - started < 2


def test_faults_in_the_order_of_lines():
    source = (
        GOOD.replace("schema: 1", "schema: 3").replace("points: 8", "points: 1.5").replace("kind: boolean", "kind: x")
    )
    assert [fault.line for fault in framework.check(source)] == [1, 14, 15]


def test_load_raises_every_fault():
    with pytest.raises(FrameworkError) as caught:
        framework.load(GOOD.replace("points: 8", "points: x").replace("weight: 1", "weight: -1"))
    assert [fault.place for fault in caught.value.faults] == ["axes[a].weight", "questions[A-1].points"]


def test_faults_of_a_stored_document_have_no_line():
    with pytest.raises(FrameworkError) as caught:
        framework.parse_document({**document(), "edition": "2027"})
    assert [(fault.place, fault.line) for fault in caught.value.faults] == [("edition", None)]


def test_hostile_number_of_faults_is_cut():
    many = document(*[question(f"A-{index}", points=-1) for index in range(1000)])
    assert len(framework.check(json.dumps(many))) == 200


# --- what only authors can judge


def test_unreachable_question_told_with_its_line():
    source = GOOD.replace("points: 8", "points: 8\n    applies_when: population < 10 and population > 20")
    assert told(source) == ["questions[A-1].applies_when:16 aucun contexte ne rend cette question applicable."]


def test_unreachable_question_can_still_be_scored():
    assert load(question(applies_when="population < 0")).questions[0].id == "A-1"


def test_credit_out_of_reach_told_when_strict():
    made = json.dumps(
        document(
            question("A-1"), question("B-1", unproven_credit=50, applies_when="credit('A-1') == 50"), question("C-1")
        )
    )
    assert told(made) == []
    assert [line.split(":")[0] for line in told(made, strict=True)] == ["questions[B-1].applies_when"]


def test_axis_without_points_told_when_strict():
    made = json.dumps(document(question(applies_when="population >= 500")))
    assert told(made) == []
    assert told(made, strict=True) == ["axes[a]:1 un contexte laisse cet axe sans points (population = 0)."]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (question(), question(text={"fr": "Autre"}), "le texte français a changé."),
        (
            question(),
            question(kind="maturity"),
            "la sorte de question a changé\u202f: «\u202fboolean\u202f» avant, «\u202fmaturity\u202f» maintenant.",
        ),
        (question(kind="number"), question(kind="number", unit={"fr": "mois"}), "l’unité a changé."),
        (
            question(kind="choice"),
            question(kind="choice", options=[*OPTIONS[:2], {**OPTIONS[2], "text": {"fr": "x"}}]),
            "le texte de la réponse «\u202fall\u202f» a changé.",
        ),
    ],
)
def test_changed_meaning_told(before, after, what):
    (fault,) = framework.compare(load(before), load(after))
    assert (fault.place, fault.line, fault.what) == ("questions[A-1]", None, what)


@pytest.mark.parametrize(
    "after",
    [
        question(points=3, nature="obligation", effort=3),
        question(text={"fr": " A-1\n", "en": "x"}),
        question("B-1", text={"fr": "x"}),
    ],
)
def test_same_meaning_passes(after):
    assert framework.compare(load(question()), load(after)) == ()


def test_new_option_is_no_change_of_meaning():
    more = [*OPTIONS, {"id": "new", "text": {"fr": "Nouveau"}, "credit": 50}]
    assert framework.compare(load(question(kind="choice")), load(question(kind="choice", options=more))) == ()


def test_check_since_an_earlier_version():
    since = framework.load(GOOD)
    changed = GOOD.replace("Une question", "Une autre")
    assert told(changed, since=since) == ["questions[A-1]:10 le texte français a changé."]


EDITIONS = Path(__file__).parents[2] / "assessments" / "editions"


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*/framework.yaml")), ids=lambda path: path.parent.name)
def test_shipped_framework_has_no_fault(path):
    assert framework.check(path.read_bytes(), strict=True) == ()


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*/framework.yaml")), ids=lambda path: path.parent.name)
def test_no_public_question_tells_a_confidential_answer(path):
    rules = framework.load(path.read_bytes())
    read = {name for asked in rules.questions if asked.rule and not asked.confidential for name in asked.rule.questions}
    assert not any(rules.question_by_id[name].confidential for name in read)


def test_only_the_declared_name_whose_type_changed_is_told():
    before, after = ({"coastal": "boolean", "port": kind} for kind in ("string", "integer"))
    (fault,) = framework.compare(load(context=before), load(context=after))
    assert fault.place == "context.port"
