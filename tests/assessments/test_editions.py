"""The questionnaires that ship with the product: what no edition may lose."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from scoring import framework
from scoring.model import BOOLEAN, INITIATIVES, OBLIGATION, Framework, Question
from scoring.rules import Rule

EDITIONS = Path(__file__).parents[2] / "assessments" / "editions"
YEARS = (2026, 2027)
ISSUES = {
    "emploi",
    "culture-patrimoine",
    "services-publics",
    "identite",
    "education",
    "democratie-locale",
    "cooperation",
    "vie-quotidienne",
    "developpement-economique",
    "solidarites",
    "vie-associative",
    "cohesion-sociale",
    "attractivite",
    "mediation",
    "innovation",
    "resilience-sobriete",
}
NEVER_PUBLIC = {"SOV-12", "SOV-13", "SOV-14", "SOV-15", "SOV-16", "SOV-20", "SOV-23", "SOV-27", "SOV-28"}

# Practices whose legal source nobody has confirmed: worded as good practices, never as a duty, without a reference.
UNCONFIRMED = {
    "INC-09",
    "INC-13",
    "INC-14",
    "INC-18",
    "INC-20",
    "INC-21",
    "SOV-03",
    "SOV-09",
    "SOV-16",
    "SOV-23",
    "ECO-11",
    "ECO-12",
    "ECO-17",
    "ECO-18",
    "ECO-23",
    "ECO-25",
    "SER-14",
    "SER-23",
    "SER-24",
}
REWORDED = {"SOV-25"}  # same practice, said better in 2027

NARROW = "\u202f"
FAULTS_OF_TYPOGRAPHY = {
    "straight apostrophe or quote": re.compile(r"['\"]"),
    "no narrow space before double punctuation": re.compile(r"[^\u202f:;!?…(][;:!?](?=\s|$)"),
    "plain space before punctuation": re.compile(r"[ \u00a0][;:!?%€»]"),
    "no narrow space inside quotes": re.compile(r"«[^\u202f]|[^\u202f]»"),
    "percent or euro sign stuck to its number": re.compile(r"\d[%€]"),
    "thousands without narrow space": re.compile(r"\d[ \u00a0]\d{3}\b"),
    "two spaces, or a space at an end": re.compile(r"\s{2}|^\s|\s$"),
    "three dots for an ellipsis": re.compile(r"\.\.\."),
}
THRESHOLDS = (2_000, 3_500, 10_000, 30_000, 50_000)
POPULATIONS = sorted({1, 150, 400, *(t + d for t in THRESHOLDS for d in (-1, 0, 1)), 500_000})


def source_of(year: int) -> bytes:
    return (EDITIONS / str(year) / "framework.yaml").read_bytes()


@cache
def edition(year: int) -> Framework:
    return framework.load(source_of(year))


@pytest.fixture(params=YEARS)
def shipped(request: pytest.FixtureRequest) -> Framework:
    return edition(request.param)


def points(questions: list[Question], kind: str | None = None) -> int:
    return sum(question.points for question in questions if kind in (None, question.kind))


def texts(node: Any) -> Iterator[str]:
    """Every text a person reads: the French ones and the titles of references."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, str) and key in ("fr", "title"):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from texts(item)


@cache
def situations(year: int) -> list[tuple[dict[str, Any], list[Question]]]:
    """The questions asked in every context that the rules can tell apart.

    Both kinds × each side of every threshold × overseas or not × every declared yes or no, leaving out the names that
    no rule reads. A rule is evaluated once for each set of values of its own names.
    """
    shipped = edition(year)
    read = {name for question in shipped.questions if question.rule for name in question.rule.names}
    values: dict[str, Sequence[Any]] = {"kind": ("commune", "epci"), "population": POPULATIONS}
    values |= dict.fromkeys(("overseas", *shipped.context), (False, True))
    names = sorted(values.keys() & read)
    assert read <= values.keys()

    @cache
    def holds(rule: Rule, *of_names: Any) -> bool | None:
        return rule.verdict(dict(zip(rule.names, of_names, strict=True)), {})

    def asked(context: dict[str, Any]) -> list[Question]:
        return [
            question
            for question in shipped.questions
            if (rule := question.rule) is None or holds(rule, *map(context.__getitem__, rule.names))
        ]

    every = (dict(zip(names, chosen, strict=True)) for chosen in product(*map(values.__getitem__, names)))
    return [(context, asked(context)) for context in every]


def asked_of(shipped: Framework, kind: str, population: int, *, declared: bool) -> list[Question]:
    wanted: dict[str, Any] = {
        "kind": kind,
        "population": population,
        "overseas": False,
        **dict.fromkeys(shipped.context, declared),
    }
    return [
        question for question in shipped.questions if question.rule is None or question.rule.verdict(wanted, {}) is True
    ]


@pytest.mark.parametrize("year", YEARS)
def test_check_finds_no_fault(year: int) -> None:
    assert framework.check(source_of(year)) == ()


@pytest.mark.parametrize("year", YEARS)
def test_edition_bears_the_year_of_its_folder(year: int) -> None:
    assert edition(year).edition == year


def test_questionnaire_has_ninety_questions_at_least(shipped: Framework) -> None:
    assert len(shipped.questions) >= 90


def test_four_axes_weigh_the_same(shipped: Framework) -> None:
    assert [(axis.id, axis.weight) for axis in shipped.axes] == [
        ("inclusion", 1),
        ("sovereignty", 1),
        ("ecology", 1),
        ("services", 1),
    ]


def test_sixteen_issues_are_those_of_the_label(shipped: Framework) -> None:
    assert {issue.id for issue in shipped.issues} == ISSUES


def test_every_issue_counts_its_initiatives_once(shipped: Framework) -> None:
    counted = [question.issue for question in shipped.questions if question.kind == INITIATIVES]
    assert sorted(counted) == sorted(ISSUES)


def test_every_issue_asks_something_besides_initiatives(shipped: Framework) -> None:
    assert {question.issue for question in shipped.questions if question.kind != INITIATIVES} == ISSUES


def test_initiatives_are_worth_a_third_of_the_points(shipped: Framework) -> None:
    everything = list(shipped.questions)
    assert 30 * points(everything) <= 100 * points(everything, INITIATIVES) <= 40 * points(everything)


@pytest.mark.parametrize(
    ("kind", "population"),
    [("commune", 150), ("commune", 3_000), ("commune", 12_000), ("commune", 60_000), ("epci", 3_915), ("epci", 60_000)],
)
@pytest.mark.parametrize("declared", [False, True])
def test_initiatives_share_holds_for_every_size(shipped: Framework, kind: str, population: int, declared: bool) -> None:
    asked = asked_of(shipped, kind, population, declared=declared)
    assert 25 * points(asked) <= 100 * points(asked, INITIATIVES) <= 45 * points(asked)


def test_ten_express_questions_are_asked_of_everyone(shipped: Framework) -> None:
    express = shipped.express
    assert len(express) == 10
    assert all(question.rule is None and question.takes_answer for question in express)


def test_express_path_touches_every_axis(shipped: Framework) -> None:
    assert {question.axis for question in shipped.express} == {axis.id for axis in shipped.axes}


def test_weak_spots_of_security_are_confidential(shipped: Framework) -> None:
    assert {question.id for question in shipped.questions if question.confidential} >= NEVER_PUBLIC


def test_confidential_question_says_so_beside_its_evidence(shipped: Framework) -> None:
    hints = [question.evidence_hint for question in shipped.questions if question.confidential]
    assert all(hint is not None and re.search("confidentiel", hint["fr"]) for hint in hints)


def test_every_question_has_a_help(shipped: Framework) -> None:
    assert [question.id for question in shipped.questions if question.help is None] == []


def test_help_is_three_sentences_at_most(shipped: Framework) -> None:
    long = {}
    for question in shipped.questions:
        sentences = re.split(r"[.!?…]\s+(?=[A-ZÀÉÊÎÔ«])", (question.help or {"fr": ""})["fr"])
        if len(sentences) > 3:
            long[question.id] = len(sentences)
    assert long == {}


def test_every_question_ends_with_a_question_mark(shipped: Framework) -> None:
    assert [question.id for question in shipped.questions if not question.text["fr"].endswith(f"{NARROW}?")] == []


def test_no_two_questions_ask_the_same(shipped: Framework) -> None:
    asked = [question.text["fr"] for question in shipped.questions]
    assert len(set(asked)) == len(asked)


def test_declared_names_are_yes_or_no_and_all_used(shipped: Framework) -> None:
    assert set(shipped.context.values()) == {BOOLEAN}
    used = {name for question in shipped.questions if question.rule for name in question.rule.names}
    assert set(shipped.context) <= used


def test_every_threshold_of_a_rule_is_among_those_tried(shipped: Framework) -> None:
    sources = [question.rule.source for question in shipped.questions if question.rule]
    assert {int(number) for source in sources for number in re.findall(r"\d+", source)} <= set(THRESHOLDS)


def test_every_context_has_points_on_every_axis(shipped: Framework) -> None:
    axes = {axis.id for axis in shipped.axes}
    for context, asked in situations(shipped.edition):
        assert {question.axis for question in asked if question.points} == axes, context


def test_every_context_has_six_questions_on_every_axis(shipped: Framework) -> None:
    for context, asked in situations(shipped.edition):
        for axis in shipped.axes:
            assert sum(question.axis == axis.id for question in asked) >= 6, (axis.id, context)


def test_town_has_twelve_questions_on_every_axis(shipped: Framework) -> None:
    for context, asked in situations(shipped.edition):
        if context["population"] <= 3_500:
            continue
        for axis in shipped.axes:
            assert sum(question.axis == axis.id for question in asked) >= 12, (axis.id, context)


def test_village_is_asked_75_questions_at_most(shipped: Framework) -> None:
    assert len(asked_of(shipped, "commune", 400, declared=True)) <= 75


def test_open_data_are_asked_once_whatever_the_size(shipped: Framework) -> None:
    for context, asked in situations(shipped.edition):
        assert sum(question.id in ("SOV-05", "SOV-26") for question in asked) == 1, context


def test_publication_of_acts_is_asked_once_whatever_the_size(shipped: Framework) -> None:
    for context, asked in situations(shipped.edition):
        assert sum(question.id in ("SER-09", "SER-28") for question in asked) == 1, context


def test_every_obligation_cites_its_source(shipped: Framework) -> None:
    bare = [question.id for question in shipped.questions if question.nature == OBLIGATION and not question.references]
    assert bare == []


def test_unconfirmed_practice_claims_no_law(shipped: Framework) -> None:
    found = {question.id: question for question in shipped.questions if question.id in UNCONFIRMED}
    assert {id for id, question in found.items() if question.nature == OBLIGATION or question.references} == set()


def test_links_are_https(shipped: Framework) -> None:
    links = [reference.url for question in shipped.questions for reference in question.references if reference.url]
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.parametrize("fault", FAULTS_OF_TYPOGRAPHY)
def test_texts_follow_french_typography(shipped: Framework, fault: str) -> None:
    pattern = FAULTS_OF_TYPOGRAPHY[fault]
    assert [text for text in texts(shipped.document) if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("straight apostrophe or quote", "l'eau"),
        ("no narrow space before double punctuation", "Qui?"),
        ("plain space before punctuation", "Qui ?"),
        ("no narrow space inside quotes", "« oui »"),
        ("percent or euro sign stuck to its number", "50%"),
        ("thousands without narrow space", "3 500 habitants"),
        ("two spaces, or a space at an end", "oui  non"),
        ("three dots for an ellipsis", "etc..."),
    ],
)
def test_typography_rule_sees_its_fault(fault: str, text: str) -> None:
    assert FAULTS_OF_TYPOGRAPHY[fault].search(text)


def test_kept_ids_keep_their_meaning() -> None:
    before, after = edition(2026).question_by_id, edition(2027).question_by_id
    changed = {id for id in before.keys() & after.keys() if before[id].text != after[id].text}
    assert changed == REWORDED


def test_kept_ids_keep_their_axis_issue_and_kind() -> None:
    before, after = edition(2026).question_by_id, edition(2027).question_by_id
    kept = before.keys() & after.keys()
    place = {id: (before[id].axis, before[id].issue, before[id].kind) for id in kept}
    assert place == {id: (after[id].axis, after[id].issue, after[id].kind) for id in kept}


def test_questions_come_and_go_between_editions() -> None:
    before, after = edition(2026).question_by_id.keys(), edition(2027).question_by_id.keys()
    assert before - after == {"ECO-21", "SER-23"}
    assert after - before == {"ECO-08", "INC-23", "SOV-29", "SOV-30"}
