"""Texts put in the place of others, in the source that their author wrote."""

import json
from pathlib import Path

import pytest
import yaml

from scoring import framework

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "schema 2": (ROOT / "assessments/editions/2027/framework.yaml").read_text(encoding="utf-8"),
    "schema 1": (ROOT / "assessments/editions/2026/framework.yaml").read_text(encoding="utf-8"),
}
SOURCES["json"] = json.dumps(yaml.safe_load(SOURCES["schema 2"]), indent=1)
HARD = " « é » \"q\" 'p' \\ # - : {x} 😀 \u2028 \x85 \u202f?"

# The same questions in other hands: each text on lines of its own, the optional ones first or last, as blocks or not.
SMALL = (ROOT / "tests/results/framework.yaml").read_text(encoding="utf-8")


def helped(question):
    """The optional texts at one end, then at the other."""
    added = {"help": {"fr": "Une aide.\n\nEn deux fois.\n"}, "evidence_hint": {"fr": "Une preuve."}}
    return question | added if question["id"] < "INC-02" else added | question


def _document():
    document = yaml.safe_load(SMALL)
    return document | {"questions": [helped(question) for question in document["questions"]]}


class Blocks(yaml.SafeDumper):
    """Long texts as `|`."""


Blocks.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
BLOCKS = yaml.dump(_document(), Dumper=Blocks, sort_keys=False, allow_unicode=True)
ON_ONE_LINE = yaml.safe_dump(_document(), sort_keys=False, allow_unicode=True, default_flow_style=True)


@pytest.fixture(params=SOURCES.values(), ids=SOURCES)
def source(request):
    return request.param


def test_every_text_is_found_once_as_the_engine_reads_it(source):
    known = framework.load(source)
    said = {(one.of, one.what): one.text for one in framework.wordings(source)}

    for question in known.questions:
        assert said[question.id, ("text",)] == question.text["fr"]
        assert [said[question.id, ("option", row.id)] for row in question.options] == [
            row.text["fr"] for row in question.options
        ]
        assert said[question.id, ("help",)] == (question.help["fr"] if question.help else "")


def test_same_words_make_the_same_framework(source):
    same = framework.reworded(source, [(one, one.text) for one in framework.wordings(source)])

    assert framework.load(same).hash == framework.load(source).hash


def test_words_that_look_like_a_document_stay_words(source):
    before = framework.wordings(source)

    after = framework.wordings(framework.reworded(source, [(one, one.text + HARD) for one in before]))

    assert [one.text for one in after] == [one.text + HARD for one in before]


def test_nothing_but_the_words_moves(source):
    written = [one for one in framework.wordings(source) if one.text]
    after = framework.reworded(source, [(one, "Mot.") for one in written])

    said = [one for one in framework.wordings(after) if one.text]
    back = framework.reworded(after, [(now, one.text) for now, one in zip(said, written, strict=True)])

    assert framework.load(after).hash != framework.load(source).hash
    assert framework.load(back).hash == framework.load(source).hash


def test_comments_of_the_author_stay():
    source = SOURCES["schema 2"]

    after = framework.reworded(source, [(one, "Mot.") for one in framework.wordings(source)])

    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == [
        line for line in source.splitlines() if line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize("layout", ["schema 2", "schema 1", "json", "blocks", "one line"])
def test_optional_texts_are_emptied_and_written_again(layout):
    source = {**SOURCES, "blocks": BLOCKS, "one line": ON_ONE_LINE}[layout]
    first = framework.load(source)

    known = framework.load(emptied := said_everywhere(source, ""))
    again = framework.load(said_everywhere(emptied, "Un mot."))

    assert optional(first) != {None}
    assert optional(known) == {None}
    assert optional(again) == {"Un mot."}
    assert (
        [row.text for row in known.questions]
        == [row.text for row in again.questions]
        == [row.text for row in first.questions]
    )


def said_everywhere(source, text):
    """In each optional text, written yet or not."""
    return framework.reworded(source, [(one, text) for one in framework.wordings(source) if one.optional])


def optional(known):
    """Those of its questions; in schema 2 a title too, and the help of a fact."""
    second = known.document["schema"] == 2
    names = ("short", "help", "evidence_hint") if second else ("help", "evidence_hint")
    texts = [getattr(question, name) for question in known.questions for name in names]
    texts += [fact.help for fact in known.facts.values()] if second else []
    return {text and text["fr"] for text in texts}


@pytest.mark.parametrize("name", ["schema 2", "json"])
def test_help_that_was_not_written_is_added_where_it_lacks(name):
    source = SOURCES[name]
    lacking = [one for one in framework.wordings(source) if one.what == ("help",) and not one.text]

    known = framework.load(framework.reworded(source, [(one, "Une aide.") for one in lacking]))

    asked = {**known.question_by_id, **known.facts}
    assert lacking
    assert {asked[one.of].help["fr"] for one in lacking} == {"Une aide."}


def test_help_is_added_to_a_question_on_one_line():
    source = (ROOT / "tests/results/framework.yaml").read_text(encoding="utf-8")
    [lacking] = [one for one in framework.wordings(source) if (one.of, one.what) == ("INC-01", ("help",))]

    known = framework.load(framework.reworded(source, [(lacking, "Une aide.")]))

    assert known.question_by_id["INC-01"].help["fr"] == "Une aide."
