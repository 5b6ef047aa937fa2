"""Every fault says how to mend it, in a sentence. The words are free; that there are some is not."""

import json
from pathlib import Path

import pytest

from scoring import answers, framework
from scoring.faults import DocumentError
from scoring.texts import MAX_BYTES, MAX_DEPTH
from tests.scoring.builders import document, load, question
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


def is_advice(text):
    return text[:1].isupper() and text.endswith((".", "?")) and not text.isupper()


@pytest.mark.parametrize("source", BROKEN, ids=range(len(BROKEN)))
def test_fault_of_a_framework_says_how_to_mend_it(source):
    for fault in framework.check(source, strict=True):
        assert is_advice(fault.mend), fault


def test_change_of_meaning_says_how_to_mend_it():
    old = load(question(), context={"port": "boolean"})
    new = load(question(kind="maturity", text={"fr": "Autre"}), context={"port": "string"})
    faults = framework.compare(old, new)

    assert [fault.place for fault in faults] == ["context.port", "questions[A-1]", "questions[A-1]"]
    assert all(is_advice(fault.mend) for fault in faults)


@pytest.mark.parametrize("path", sorted(CASES.glob("application-*.json")), ids=lambda path: path.stem)
def test_fault_of_an_application_says_how_to_mend_it(path):
    rules = framework.load((CASES / "framework-good.json").read_bytes())
    with pytest.raises(DocumentError) as caught:
        answers.load(rules, path.read_bytes())
    for fault in caught.value.faults:
        assert is_advice(fault.mend), fault
