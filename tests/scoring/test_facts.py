"""Which facts a territory is asked about."""

from pathlib import Path

import pytest

from scoring import facts
from scoring import framework as engine
from scoring.answers import parse_application
from scoring.engine import score
from tests.scoring.builders import load, question

EDITIONS = Path(__file__).parents[2] / "assessments" / "editions"
FRAMEWORK = engine.load((EDITIONS / "2027" / "framework.yaml").read_bytes())
OF_COMMUNES = {"has_maternity", "has_id_desk", "exposed_to_major_risk"}


def official(kind, population):
    return {"kind": kind, "population": population, "department": "35", "region": "53", "overseas": False}


@pytest.mark.parametrize("population", [900, 12_000, 60_000])
def test_epci_is_not_asked_about_what_communes_have(population):
    asked = set(facts.asked(FRAMEWORK, official("epci", population)))
    assert "member_at_risk" in asked
    assert not asked & OF_COMMUNES


def test_village_is_not_asked_about_what_cities_have():
    asked = set(facts.asked(FRAMEWORK, official("commune", 300)))
    assert {"has_website", "exposed_to_major_risk"} <= asked
    assert not asked & {
        "member_at_risk",
        "has_maternity",
        "has_id_desk",
        "has_video",
        "fifty_agents",
        "large_contracts",
    }


def test_city_is_asked_about_all_that_communes_have():
    asked = set(facts.asked(FRAMEWORK, official("commune", 60_000)))
    assert asked == set(FRAMEWORK.context) - {"member_at_risk"}


def test_what_no_rule_reads_is_asked_all_the_same():
    rules = load(question("A"), context={"beaches": "integer"})
    assert facts.asked(rules, official("commune", 300)) == ("beaches",)


@pytest.mark.parametrize("of", [("commune", 300), ("commune", 3_600), ("epci", 60_000), ("commune", 60_000)])
def test_what_is_presumed_decides_nothing(of):
    known = official(*of)
    told = dict.fromkeys(facts.asked(FRAMEWORK, known), True)
    left = facts.presumed(FRAMEWORK, known)
    assert set(left) == set(FRAMEWORK.context) - set(told)

    def states(presumed):
        application = parse_application(FRAMEWORK, {"context": {**known, **told, **presumed}})
        return [line.state for line in score(FRAMEWORK, application).lines]

    assert states(left) == states(dict.fromkeys(left, True))
    assert "undecided" not in states(left)


def test_what_is_presumed_has_the_type_of_its_name():
    rules = load(
        question("A", applies_when="population > 9000 and (beaches > 0 or port == 'x' or coastal)"),
        context={"beaches": "integer", "port": "string", "coastal": "boolean"},
    )
    assert facts.presumed(rules, official("commune", 300)) == {"beaches": 0, "port": "", "coastal": False}


@pytest.mark.parametrize("kind", [("commune", 300), ("commune", 60_000), ("epci", 60_000)])
def test_what_is_not_known_is_guessed_as_what_asks_the_most(kind):
    """No question fewer than with either answer, each fact in turn."""
    known = official(*kind)
    told = dict.fromkeys(facts.asked(FRAMEWORK, known), True)

    def asked(name, value):
        application = parse_application(
            FRAMEWORK, {"context": {**known, **facts.presumed(FRAMEWORK, known), **told, name: value}}
        )
        return sum(line.applies is True for line in score(FRAMEWORK, application).lines)

    for name in told:
        guessed = facts.guessed(FRAMEWORK, known, [name])[name]
        assert asked(name, guessed) == max(asked(name, True), asked(name, False))


def test_a_fact_that_hides_is_guessed_as_no():
    rules = load(question("A", applies_when="not coastal"), context={"coastal": "boolean"})
    assert facts.guessed(rules, official("commune", 300), ["coastal"]) == {"coastal": False}


@pytest.mark.parametrize(
    ("rule", "kind", "guess"),
    [
        ("beaches >= 3", "integer", 4),
        ("beaches < 3", "integer", 2),
        ("beaches == 3", "integer", 3),
        ("port == 'sec'", "string", "sec"),
        ("port != 'sec'", "string", ""),
        ("port in ('sec', 'profond')", "string", "sec"),
    ],
)
def test_a_number_or_a_word_that_is_not_known_is_guessed_as_what_asks_the_most(rule, kind, guess):
    name = rule.split()[0]
    rules = load(question("A", applies_when=rule), context={name: kind})
    guessed = facts.guessed(rules, official("commune", 300), [name])
    assert guessed == {name: guess}
    assert rules.questions[0].rule.settled(guessed) is True
