"""Verdicts that a fair juror would sign: whole files, scored on the questionnaire that ships."""

import random
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from assessments.doors.frameworks import EDITIONS
from scoring import framework as engine
from scoring.answers import parse_application
from scoring.engine import Result, score
from scoring.model import INITIATIVES, OBLIGATION, Question
from scoring.plan import plan

FRAMEWORK = engine.load((EDITIONS / "2027" / "framework.yaml").read_bytes())
RARE = {"has_video", "has_maternity", "has_id_desk", "fifty_agents", "large_contracts"}
TERRITORIES: dict[str, dict[str, Any]] = {
    "village": {"kind": "commune", "population": 300},
    "town": {"kind": "commune", "population": 30_000},
    "epci": {"kind": "epci", "population": 30_000},
}
STEPS = (500, 1_000, 2_000, 3_500, 3_501, 10_000, 20_000, 50_001)

Document = dict[str, Any]
Answers = Callable[[Question], Document | None]
# Pairs of an issue and an axis, as many as initiatives: one initiative bears one axis and two issues at most.
Initiatives = Iterable[tuple[str, str]]


def context(territory: str) -> Document:
    """What is usual: a village has neither a maternity nor fifty agents; a town and an EPCI have nearly everything."""
    rare = territory != "village"
    declared = {name: rare or name not in RARE for name in FRAMEWORK.context}
    return {"department": "35", "region": "53", "overseas": False, **TERRITORIES[territory], **declared}


def document(of: Mapping[str, Any], answers: Answers, initiatives: Initiatives = ()) -> Document:
    counts: dict[str, dict[str, int]] = {}
    for issue, axis in initiatives:
        of_issue = counts.setdefault(issue, {})
        of_issue[axis] = of_issue.get(axis, 0) + 1
    given = {q.id: answer for q in FRAMEWORK.questions if q.takes_answer and (answer := answers(q)) is not None}
    return {"context": dict(of), "answers": given, "initiatives": counts}


def scored(kind: str, population: int, answers: Answers, initiatives: Initiatives) -> Result:
    """With the facts of a town, whatever the size."""
    of = {**context("town"), "kind": kind, "population": population}
    return score(FRAMEWORK, parse_application(FRAMEWORK, document(of, answers, initiatives)))


def judged(territory: str, answers: Answers, initiatives: Initiatives = ()) -> Result:
    return score(FRAMEWORK, parse_application(FRAMEWORK, document(context(territory), answers, initiatives)))


def places(*axes: str) -> list[tuple[str, str]]:
    """Every pair that counts somewhere, on these axes or on all."""
    return [(q.issue, q.axis) for q in FRAMEWORK.questions if q.kind == INITIATIVES and (not axes or q.axis in axes)]


def value(question: Question, grade: Fraction) -> Any:
    """The answer whose credit is the nearest above `grade`, out of 1."""
    wanted = 100 * grade
    match question.kind:
        case "boolean":
            return wanted > 50
        case "maturity":
            return -(-4 * grade.numerator // grade.denominator)
        case "choice":
            ranked = sorted(question.options, key=lambda option: option.credit)
            return next(option.id for option in ranked if option.credit >= wanted)
        case "multiple":
            chosen, credit = [], 0
            for option in sorted(question.options, key=lambda option: -option.credit):
                if credit < wanted:
                    chosen.append(option.id)
                    credit += option.credit
            return chosen
        case _number:
            points = sorted(question.scale, key=lambda point: point[1])
            return next(reached for reached, credit in points if credit >= wanted)


def graded(grade: str, *, evidence: bool = True) -> Answers:
    return lambda question: {"value": value(question, Fraction(grade)), "evidence": evidence}


def nothing(_question: Question) -> None:
    return None


def unknown(_question: Question) -> Document:
    return {"state": "unknown"}


def claimed(_question: Question) -> Document:
    return {"state": "not_applicable", "reason": "Nous ne sommes pas concernés."}


def drawn(rng: random.Random, low: float, high: float, *, evidence: float, kept: float = 1.0) -> Answers:
    """A file with a quality of its own: most answers near it, a few far from it."""
    quality = rng.uniform(low, high)
    answers: dict[str, Document | None] = {}
    for question in FRAMEWORK.questions:
        if not question.takes_answer:
            continue
        grade = Fraction(round(100 * min(1.0, max(0.0, rng.gauss(quality, 0.25)))), 100)
        answer = {"value": value(question, grade), "evidence": rng.random() < evidence}
        answers[question.id] = answer if rng.random() < kept else None
    return lambda question: answers[question.id]


everywhere = pytest.mark.parametrize("territory", TERRITORIES)


@everywhere
def test_without_one_obligation_a_file_has_two_arobases_at_most(territory: str) -> None:
    def lawless(question: Question) -> Document:
        return graded("0" if question.nature == OBLIGATION else "1")(question) or {}

    result = judged(territory, lawless, places() * 3)

    assert result.obligations[0] == 0
    assert (result.overall or 0) > Fraction(1, 2), "only the obligations hold it back"
    assert result.level in (1, 2)


@everywhere
def test_without_ecology_a_file_has_three_arobases_at_most(territory: str) -> None:
    def heedless(question: Question) -> Document:
        return graded("0" if question.axis == "ecology" else "1")(question) or {}

    result = judged(territory, heedless, places("inclusion", "sovereignty", "services") * 3)

    assert result.axes["ecology"][0] == 0
    assert result.level == 3


@everywhere
def test_initiative_of_another_axis_never_earns_ecology(territory: str) -> None:
    assert judged(territory, nothing, places("services") * 3).axes["ecology"][0] == 0


@everywhere
def test_without_any_proof_a_file_has_two_arobases_at_most(territory: str) -> None:
    """Initiatives without a proof do not count, so that there is none."""
    assert judged(territory, graded("1", evidence=False)).level in (0, 1, 2)


@everywhere
def test_i_do_not_know_everywhere_earns_no_arobase(territory: str) -> None:
    assert judged(territory, unknown).level == 0


@everywhere
def test_empty_file_earns_no_arobase(territory: str) -> None:
    assert judged(territory, nothing).level == 0


@everywhere
def test_not_concerned_everywhere_with_sixteen_initiatives_earns_one_arobase_at_most(territory: str) -> None:
    """Sixteen initiatives of two issues each, spread as well as can be: every question that counts them is served."""
    result = judged(territory, claimed, places())

    assert len(places()) == 2 * 16
    assert result.level in (0, 1)


def modest(question: Question) -> Document | None:
    """Ten obligations of seventeen, all proven; small things elsewhere."""
    left_aside = {"INC-26", "SOV-31", "SOV-32", "ECO-07", "ECO-32", "ECO-33", "SER-34", "SER-35"}
    if question.nature == OBLIGATION:
        return graded("0" if question.id in left_aside else "1")(question)
    return {"SER-33": graded("0.5"), "SER-29": graded("0.3"), "INC-09": graded("0.3"), "ECO-31": graded("0.5")}.get(
        question.id, nothing
    )(question)


def test_honest_modest_village_has_one_or_two_arobases_above_every_empty_file() -> None:
    result = judged("village", modest, [("vie-associative", "services"), ("education", "inclusion")])

    met, asked = result.obligations
    assert (met, asked) == (10, 18)
    assert result.level in (1, 2)
    for empty in (nothing, unknown, claimed):
        assert (judged("village", empty, places()).overall or 0) < (result.overall or 0)


@pytest.mark.parametrize("territory", ["town", "epci"])
def test_rich_town_has_four_or_five_arobases(territory: str) -> None:
    result = judged(territory, graded("0.75"), [pair for pair in places() for _ in range(2)])

    assert result.level in (4, 5)


def test_excellent_village_reaches_five_arobases_with_six_initiatives() -> None:
    twelve = [pair for pair in places() if pair[1] in ("inclusion", "ecology")][:12]

    assert judged("village", graded("1"), twelve).level == 5


def test_very_good_village_is_a_short_way_from_five_arobases() -> None:
    way = plan(judged("village", graded("0.75"), places()[::3]))

    assert way is not None
    assert (way.level, way.missed) == (5, ())
    assert len(way.improvements) <= 7


@pytest.mark.parametrize("population", STEPS)
@pytest.mark.parametrize("kind", ["commune", "epci"])
def test_same_answers_keep_their_score_from_one_side_of_a_step_to_the_other(kind: str, population: int) -> None:
    moved = {}
    for seed in range(200):
        rng = random.Random(seed)
        answers, initiatives = drawn(rng, 0.1, 0.95, evidence=0.7), rng.sample(places(), seed % 12)
        before, after = (scored(kind, size, answers, initiatives).overall for size in (population - 1, population))
        if abs((after or 0) - (before or 0)) > Fraction(3, 100):
            moved[seed] = (before, after)
    assert moved == {}


@pytest.mark.parametrize("population", STEPS)
@pytest.mark.parametrize("kind", ["commune", "epci"])
def test_new_questions_left_empty_cost_a_file_at_three_quarters_three_points_at_most(
    kind: str, population: int
) -> None:
    answers = graded("0.75")
    before = scored(kind, population - 1, answers, places())
    asked = {line.question.id for line in before.lines if line.applies}

    after = scored(kind, population, lambda question: answers(question) if question.id in asked else None, places())

    assert (before.overall or 0) - (after.overall or 0) <= Fraction(3, 100)


@pytest.mark.parametrize("seed", range(12))
def test_village_at_one_or_two_arobases_is_asked_three_new_initiatives_at_most(seed: int) -> None:
    rng = random.Random(seed)
    application = parse_application(
        FRAMEWORK,
        document(
            {**context("village"), "population": rng.randint(60, 1_900)},
            drawn(rng, 0.1, 0.5, evidence=0.5, kept=0.8),
            rng.sample(places(), rng.randint(0, 3)),
        ),
    )
    result = score(FRAMEWORK, application)
    way = plan(result)

    assert result.level in (0, 1, 2), "the draw is meant for the lower levels"
    assert way is not None
    assert way.result is not None
    assert initiatives(way.result) - initiatives(result) <= 3


def initiatives(result: Result) -> int:
    return sum(number for of_issue in result.application.inputs["initiatives"].values() for number in of_issue.values())
