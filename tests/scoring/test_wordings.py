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
