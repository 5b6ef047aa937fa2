import random
import subprocess
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label.demo import answers, files
from scoring import framework
from scoring.answers import parse_application
from scoring.engine import score

ROOT = Path(__file__).parents[3]
VILLAGE = {"kind": "commune", "population": 320, "department": "01", "region": "84", "overseas": False}
CITY = VILLAGE | {"population": 84_000}
ISLAND = VILLAGE | {"population": 9_800, "department": "974", "region": "04", "overseas": True}
EPCI = VILLAGE | {"kind": "epci", "population": 24_000}


@cache
def current(year):
    return framework.load((ROOT / f"assessments/editions/{year}/framework.yaml").read_bytes())


def context(official, has):
    return official | dict.fromkeys(current(2027).context, has)


@pytest.mark.parametrize(
    ("year", "level"), [*((2026, level) for level in range(1, 6)), *((2027, level) for level in range(6))]
)
@pytest.mark.parametrize(
    "of", [context(VILLAGE, False), context(CITY, True), context(ISLAND, True), context(EPCI, False)]
)
def test_at_level_gives_the_wanted_level(year, level, of):
    asked = current(year)
    of = {name: value for name, value in of.items() if name in VILLAGE or name in asked.context}
    for seed in range(4):
        chance = random.Random(seed)
        *_drawn, result = answers.at_level(asked, of, level, chance, claims=files.claims(asked))
        assert result.level == level


def test_at_level_returns_what_its_result_was_computed_from():
    asked, of = current(2027), context(CITY, True)
    found, initiatives, result = answers.at_level(asked, of, 3, random.Random(1), claims={})

    again = score(asked, parse_application(asked, {"context": of, "answers": found, "initiatives": initiatives}))
    assert (again.level, again.overall, again.axes) == (result.level, result.overall, result.axes)


def test_at_level_is_repeatable():
    asked, of = current(2027), context(VILLAGE, True)
    first, second = (answers.at_level(asked, of, 2, random.Random("a"), claims={}) for _time in range(2))

    assert first[:2] == second[:2]


def test_at_level_leaves_questions_of_a_draft_but_never_express_ones():
    asked, of = current(2027), context(VILLAGE, True)
    found, *_rest = answers.at_level(asked, of, 2, random.Random(3), claims={}, skipped=0.55)

    asked_of_it = [question for question in asked.questions if question.kind != "initiatives"]
    assert len(found) < 0.7 * len(asked_of_it)
    assert {question.id for question in asked_of_it if question.express} <= set(found)


def credit(question, answer):
    """A number that grows with what is earned; nothing when it is not known, everything when it is not asked."""
    value = answer.get("value")
    match question.kind:
        case _ if answer.get("state") == "unknown":
            return Fraction(0)
        case _ if answer.get("state") == "not_applicable":
            return Fraction(1)
        case "choice":
            return Fraction({option.id: option.credit for option in question.options}[value])
        case "number":
            return Fraction(dict(question.scale)[value])
        case "multiple":
            return Fraction(len(value))
        case _:
            return Fraction(value)


DRAWS = st.builds(answers.Draw, st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))


@given(index=st.integers(0, 10_000), draw=DRAWS, qualities=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_better_quality_never_makes_an_answer_worse(index, draw, qualities):
    questions = [question for question in current(2027).questions if question.kind != "initiatives"]
    question = questions[index % len(questions)]

    worse, better = (answers.answer_to(question, draw, quality, {}, 0.0) for quality in sorted(qualities))

    assert credit(question, worse) <= credit(question, better)
    assert worse.get("evidence", False) <= better.get("evidence", False)


@given(draw=DRAWS, qualities=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_better_quality_never_loses_an_initiative(draw, qualities):
    worse, better = (answers._count(draw, quality) for quality in sorted(qualities))

    assert 0 <= worse <= better <= 4


@pytest.mark.parametrize("schema", [1, 2])
def test_levels_follow_the_shares_of_the_real_label(schema):
    for number in (139, 140, 141):
        drawn = answers.wanted_levels(number, random.Random(2027), schema=schema)

        assert len(drawn) == number
        assert (drawn.count(0) > 0) is (schema > 1)
        shares = [100 * drawn.count(level) / number for level in range(6)]
        believable = ((0, 5), (11, 27), (28, 36), (26, 38), (9, 15), (5, 9))
        assert [low <= share <= high for share, (low, high) in zip(shares, believable, strict=True)] == [True] * 6


def test_answers_need_no_numpy():
    script = "import label.demo.answers, sys; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0
