"""Every fault says what is wrong and how to mend it, a sentence each; the words are free."""

import json
from pathlib import Path

import pytest

from scoring import answers, framework
from scoring.faults import DocumentError
from scoring.texts import MAX_BYTES, MAX_DEPTH
from tests.scoring.builders import document, load, places_of, question
from tests.scoring.test_framework import GOOD

CASES = Path(__file__).parent / "cases" / "faults"
TITLE = 'title: {fr: "Le label"}'
HAZARDS = [
    *("title: &t {fr: T}", "title: {fr: *t}", "title: {fr: !!str T}", "title: {fr: T, no: x}", "title: {fr: T, 12: x}"),
    *("title: {fr: T, fr: U}", "title: {fr: 1.5}", "title: {fr: 99999999999999999999}", "title: {fr: [}"),
]
BROKEN = [
    *(GOOD.replace(TITLE, hazard) for hazard in HAZARDS),
    *(GOOD + "---\nschema: 1\n", "a: \x01\n", '{"a" 1}', '{"a": 1e3}', '{"a": "\\ud800"}', "", b"\xff"),
    *(b"x" * (MAX_BYTES + 1), "[" * (MAX_DEPTH + 1), "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)),
    *(path.read_bytes() for path in sorted(CASES.glob("*.*")) if not path.name.startswith(("application", "expected"))),
    json.dumps(document(question(applies_when='kind == "commune" and kind == "epci"'))),
    json.dumps(document(question(applies_when="population >= 500"))),
]


@pytest.mark.parametrize("source", BROKEN, ids=range(len(BROKEN)))
def test_fault_of_a_framework_is_helpful(source):
    places_of(framework.check(source, strict=True))


def test_change_of_meaning_is_helpful():
    old = load(question(), context={"port": "boolean"})
    new = load(question(kind="maturity", text={"fr": "Autre"}), context={"port": "string"})
    faults = framework.compare(old, new)

    assert places_of(faults) == ["context.port", "questions[A-1]", "questions[A-1]"]


@pytest.mark.parametrize("path", sorted(CASES.glob("application-*.json")), ids=lambda path: path.stem)
def test_fault_of_an_application_is_helpful(path):
    rules = framework.load((CASES / "framework-good.json").read_bytes())
    with pytest.raises(DocumentError) as caught:
        answers.load(rules, path.read_bytes())
    assert places_of(caught.value.faults)
