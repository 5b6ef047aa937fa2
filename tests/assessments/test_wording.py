from fractions import Fraction

import pytest

from assessments import wording
from assessments.doors import frameworks
from scoring import framework as engine
from scoring.model import Fact, Question
from scoring.rules import CONTEXT, compile_rule

NARROW = "\u202f"
TYPES = {**CONTEXT, **dict.fromkeys(wording.CONTEXT, "boolean"), "desks": "integer"}


FACTS = {"coastal": Fact("boolean", {"fr": "Avez-vous une plage ?"})}


def rule(source):
    """A question that has this rule."""
    types = {**TYPES, "coastal": "boolean"}
    nothing = {"fr": ""}
    return Question(
        *("A-1", "a", "i", nothing, "boolean", 1, "voluntary"),
        rule=compile_rule(source, types, {"INC-01"}),
        facts=FACTS,
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("has_website", "vous avez un site internet"),
        ("not has_website", "vous n’avez pas de site internet"),
        ("population >= 3500", f"la population est d’au moins 3{NARROW}500 habitants"),
        ("50000 >= population", f"la population ne dépasse pas 50{NARROW}000 habitants"),
        ('kind == "commune"', "vous êtes une commune"),
        ('kind != "commune"', "vous êtes une intercommunalité"),
        (
            "has_website and population > 3500",
            f"vous avez un site internet et la population dépasse 3{NARROW}500 habitants",
        ),
        (
            "not (has_website and population > 3500)",
            f"vous n’avez pas de site internet ou la population ne dépasse pas 3{NARROW}500 habitants",
        ),
        ('department in ("59", "62")', "le département est parmi 59, 62"),
        ('department not in ("59",)', "le département n’est pas parmi 59"),
        ('not region in ("84",)', "la région n’est pas parmi 84"),
        ("desks == 2", "desks est 2"),
        ('credit("INC-01") >= 50', "le crédit de INC-01 est d’au moins 50"),
        ("overseas", f"l’outre-mer{NARROW}: oui"),
        ("coastal", "vous avez répondu « oui » à « Avez-vous une plage ? »"),
        ("not coastal", "vous avez répondu « non » à « Avez-vous une plage ? »"),
        (
            "500 <= population < 2000",
            f"la population est d’au moins 500 habitants et la population est de moins de 2{NARROW}000 habitants",
        ),
    ],
)
def test_rule_in_words(source, words):
    assert wording.rule(rule(source)) == words


def test_why_not_says_the_contrary_with_what_is_known():
    words = wording.why_not(rule("population >= 3500"), {"population": 1240})

    assert words == (
        f"parce que la population est de moins de 3{NARROW}500 habitants (population{NARROW}: 1{NARROW}240)"
    )


@pytest.mark.parametrize(
    ("source", "seen", "words"),
    [
        (
            "coastal and population >= 3500",
            {"coastal": False, "population": 9000},
            "parce que vous avez répondu « non » à « Avez-vous une plage ? »",
        ),
        (
            "coastal and population >= 3500",
            {"coastal": True, "population": 300},
            f"parce que la population est de moins de 3{NARROW}500 habitants (population{NARROW}: 300)",
        ),
        (
            "coastal and overseas",
            {"coastal": False, "overseas": False},
            f"parce que vous avez répondu « non » à « Avez-vous une plage ? » et l’outre-mer{NARROW}: non",
        ),
        (
            "500 <= population < 2000",
            {"population": 90},
            f"parce que la population est de moins de 500 habitants (population{NARROW}: 90)",
        ),
    ],
)
def test_why_not_says_only_the_branch_that_is_true(source, seen, words):
    assert wording.why_not(rule(source), seen) == words


def test_rule_that_holds_says_only_the_branch_that_is_true():
    asked = rule('population >= 3500 or kind == "epci"')
    assert wording.rule(asked, {"population": 900, "kind": "epci"}) == "vous êtes une intercommunalité"
    assert wording.rule(asked, {}) == wording.rule(asked)


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_shipped_rule_reads_in_french(year):
    framework = engine.load(frameworks.path_of(year).read_text(encoding="utf-8"))

    for question in framework.questions:
        if question.rule:
            words = wording.rule(question) + wording.why_not(question, {})
            assert not any(mark in words for mark in ("has_", "==", ">=", "_")), words


@pytest.mark.parametrize(
    ("hundredths", "words"),
    [(0, "0"), (700, "7"), (750, "7,5"), (725, "7,25"), (705, "7,05"), (123450, f"1{NARROW}234,5")],
)
def test_points_are_shown_whole(hundredths, words):
    assert wording.points(hundredths) == words


@pytest.mark.parametrize(
    ("ratio", "words"), [(None, "–"), (Fraction(1, 8), f"12,5{NARROW}%"), (Fraction(1), f"100,0{NARROW}%")]
)
def test_percent_has_one_decimal(ratio, words):
    assert wording.percent(ratio) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Fraction(14, 1000), "+\u202f1,4 point"),
        (Fraction(1, 50), "+\u202f2,0 points"),
        (Fraction(199, 10000), "+\u202f1,9 point"),
        (Fraction(0), "+\u202f0,0 point"),
    ],
)
def test_gain_is_in_points(ratio, words):
    assert wording.gain(ratio) == words


@pytest.mark.parametrize(
    ("ratio", "words"), [(Fraction(1, 2), "50\u202f%"), (Fraction(1, 8), "12\u202f%"), (None, "–")]
)
def test_whole_percent_rounds_down(ratio, words):
    assert wording.whole_percent(ratio) == words
