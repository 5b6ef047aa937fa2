"""The texts of the demonstration: complete, well written, and true to the shipped questionnaires."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assessments.enums import Operator
from label.demo.words import FOLDER, texts
from scoring import framework
from scoring.model import Framework
from territories.models import Kind
from tests.assessments.test_editions import FAULTS_OF_TYPOGRAPHY

EDITIONS = Path(__file__).parents[2] / "assessments" / "editions"
NAMES = ("initiatives", "jury", "functions")
# As many as the longest scale of credits can count.
COUNTED = 4
ELIDED_BEFORE_A_NAME = re.compile(r"\b(?:à|de|du|d’|le|la|au|que|qu’) ?\{territory\}", re.IGNORECASE)


@cache
def edition(year: int) -> Framework:
    return framework.load((EDITIONS / str(year) / "framework.yaml").read_bytes())


def current() -> Framework:
    return edition(2027)


def issues() -> list[str]:
    return [issue.id for issue in current().issues]


def initiatives() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = texts("initiatives")["initiatives"]
    return rows


def sentences(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its place, the codes left out."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("issues", "axis", "operator", "kinds", "questions"):
                yield from sentences(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from sentences(item, f"{path}[{number}]")


@pytest.mark.parametrize("fault", FAULTS_OF_TYPOGRAPHY)
@pytest.mark.parametrize("name", NAMES)
def test_typography_is_french(name: str, fault: str) -> None:
    pattern = FAULTS_OF_TYPOGRAPHY[fault]
    assert [(place, text) for place, text in sentences(texts(name)) if pattern.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_written_twice(name: str) -> None:
    counts = Counter(text for _place, text in sentences(texts(name)))
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_file_of_texts_is_held_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(NAMES)


def test_initiatives_serve_one_or_two_known_issues() -> None:
    assert all(1 <= len(set(item["issues"])) == len(item["issues"]) <= 2 for item in initiatives())
    assert {issue for item in initiatives() for issue in item["issues"]} == set(issues())


def test_initiatives_serve_first_an_axis_that_counts_their_issue() -> None:
    counted = {(question.issue, question.axis) for question in current().questions if not question.takes_answer}
    assert [item["title"] for item in initiatives() if (item["issues"][0], item["axis"]) not in counted] == []
    assert {item["axis"] for item in initiatives()} == {axis.id for axis in current().axes}


def test_initiatives_are_seven_an_issue_counted_once() -> None:
    first = Counter(item["issues"][0] for item in initiatives())
    assert {issue: first[issue] for issue in issues() if first[issue] < 7} == {}


@pytest.mark.parametrize("kind", Kind.values)
def test_the_smallest_of_each_kind_has_enough_initiatives(kind: str) -> None:
    """An EPCI has at least some thousands of inhabitants; a commune may have ten."""
    population = 0 if kind == Kind.COMMUNE else 3_500
    fit = [item for item in initiatives() if kind in item["kinds"] and item["min_population"] <= population]
    counts = Counter(issue for item in fit for issue in item["issues"])
    assert {issue: counts[issue] for issue in issues() if counts[issue] < COUNTED} == {}


def test_initiatives_have_a_short_title_and_a_full_description() -> None:
    assert [item["title"] for item in initiatives() if len(item["title"]) > 100] == []
    assert [item["title"] for item in initiatives() if not 220 <= len(item["description"]) <= 420] == []


def test_initiatives_use_known_codes() -> None:
    for item in initiatives():
        assert item["operator"] in Operator.values
        assert item["kinds"]
        assert set(item["kinds"]) <= set(Kind.values)
        assert isinstance(item["min_population"], int)
        assert item["min_population"] >= 0
        assert isinstance(item["running"], bool)


def test_only_descriptions_of_communes_name_the_territory() -> None:
    for item in initiatives():
        assert set(re.findall(r"\{[^}]*\}?", item["description"])) <= {"{territory}"}
        assert "{" not in item["title"]
        assert "{territory}" not in item["description"] or item["kinds"] == ["commune"]


def test_the_name_of_the_territory_never_needs_an_elision() -> None:
    assert [item["title"] for item in initiatives() if ELIDED_BEFORE_A_NAME.search(item["description"])] == []


@pytest.mark.parametrize("name", ["jury", "functions"])
def test_other_texts_have_no_placeholder(name: str) -> None:
    own = [place for place, text in sentences(texts(name)) if "{" in text and not place.startswith(".by_issue")]
    assert own == []


def test_sentences_on_issues_name_the_strongest_and_the_weakest() -> None:
    for text in texts("jury")["by_issue"]:
        assert sorted(re.findall(r"\{(\w+)\}", text)) == ["strong", "weak"]


def test_the_jury_has_something_to_say_on_each_axis() -> None:
    by_axis = texts("jury")["by_axis"]
    assert set(by_axis) == {axis.id for axis in current().axes}
    assert all(len(said[side]) >= 3 for said in by_axis.values() for side in ("strengths", "weaknesses"))


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("to_territory", 8),
        ("to_jury", 12),
        ("returns", 4),
        ("ineligible", 2),
        ("honours", 4),
        ("differs.up", 4),
        ("differs.down", 4),
        ("rulings.accepted", 5),
        ("rulings.refused", 5),
        ("appeals.grounds", 2),
        ("claims", 10),
    ],
)
def test_the_jury_does_not_repeat_itself(path: str, least: int) -> None:
    node = texts("jury")
    for key in path.split("."):
        node = node[key]
    assert len(node) >= least


def test_claims_suit_questions_that_exist_and_may_not_concern_everyone() -> None:
    asked = edition(2026).question_by_id | current().question_by_id
    claimed = [question for claim in texts("jury")["claims"] for question in claim["questions"]]
    assert len(claimed) == len(set(claimed))
    assert [name for name in claimed if name not in asked or asked[name].express] == []


def test_functions_are_said_with_their_article_and_without_a_name() -> None:
    said = [text for _place, text in sentences(texts("functions"))]
    assert [text for text in said if not re.match(r"(le |la |l’)\w", text) or re.search(r"[A-ZÉÈÀ]", text)] == []
