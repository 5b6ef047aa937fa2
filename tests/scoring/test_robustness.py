from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring import batch, framework, robustness
from scoring.answers import parse_application
from scoring.engine import score
from scoring.framework import parse_document
from scoring.robustness import DRAWS, Margin, Robustness, draws_by_level, factors, influences, margins
from tests.scoring.builders import axes, everywhere, files, load, proven, question, result, two

HALVES = [
    {"level": 1, "min_overall": 0},
    {"level": 2, "min_overall": 50},
    {"level": 3, "min_overall": 60, "min_axis": 50},
]


def slow_draws(scored):
    """How many draws give each level, one after the other, by the words of the specification."""
    rules = scored.framework
    counts = dict.fromkeys(rules.grades, 0)
    met, obligations = scored.obligations
    for drawn in factors(rules):
        by_question = dict(zip((asked.id for asked in rules.questions), drawn, strict=False))
        by_axis = dict(zip((axis.id for axis in rules.axes), drawn[len(rules.questions) :], strict=True))
        ratios, mean, total = {}, 0.0, 0.0
        for axis in rules.axes:
            lines = [line for line in scored.lines if line.question.axis == axis.id]
            possible = sum(line.possible * by_question[line.question.id] for line in lines)
            if possible:
                ratios[axis.id] = sum(line.earned * by_question[line.question.id] for line in lines) / possible
                mean += axis.weight * by_axis[axis.id] * ratios[axis.id]
                total += axis.weight * by_axis[axis.id]
        reached = [
            level.level
            for level in rules.levels
            if mean / total * 100 >= level.min_overall - 1e-9
            and all(ratio * 100 >= level.min_axis - 1e-9 for ratio in ratios.values())
            and met * 100 >= level.min_obligations * obligations
        ]
        counts[reached[-1] if reached else 0] += 1
    return counts


@given(files(complete=True))
@settings(max_examples=15)
def test_draws_counted_as_specified(made):
    rules = framework.parse_document(made[0])
    scored = score(rules, parse_application(rules, made[1]))
    assume(scored.level is not None)
    assert robustness.robustness(scored).draws == slow_draws(scored)


def test_factors_come_from_the_hash_of_the_framework():
    rules = load(question("A"), question("B"), axes=axes(a=1, b=1))
    bits = np.random.PCG64(int(rules.hash[:16], 16))
    expected = [0.75 + (int(bits.random_raw()) >> 11) * 2.0**-53 / 2 for _ in range(12)]
    assert factors(rules).shape == (DRAWS, 4)
    assert factors(rules)[:3].ravel().tolist() == expected


def test_factors_within_a_quarter_of_one():
    drawn = factors(load())
    assert 0.75 <= drawn.min() < 0.76
    assert 1.24 < drawn.max() < 1.25


def test_full_marks_are_stable():
    made = robustness.robustness(result(load(question("A"), question("B")), {"A": proven(True), "B": proven(True)}))
    assert (made.level, made.draws[5], made.stable) == (5, DRAWS, True)


def test_same_credit_everywhere_on_a_threshold_is_stable():
    options = [{"id": f"o{credit}", "text": {"fr": "x"}, "credit": credit} for credit in (35, 100)]
    asked = [question(name, "choice", options=options) for name in "ABC"]
    made = robustness.robustness(result(load(*asked), {name: proven("o35") for name in "ABC"}))
    assert (made.level, made.draws[2]) == (2, DRAWS)


def test_file_on_the_edge_is_not_stable():
    rules = load(*[question(name) for name in "ABCD"], levels=HALVES)
    made = robustness.robustness(result(rules, {"A": proven(True), "B": proven(True)}))
    assert made.level == 2
    assert 300 < made.draws[1] < 700
    assert not made.stable


@pytest.mark.parametrize(("count", "stable"), [(949, False), (950, True)])
def test_stable_from_95_percent(count, stable):
    assert Robustness(2, {1: DRAWS - count, 2: count}).stable is stable


def test_incomplete_result_has_no_robustness():
    scored = result(load(question(applies_when="overseas")), overseas=None)
    for ask in (robustness.robustness, margins):
        with pytest.raises(ValueError, match=r"^an incomplete result has no level$"):
            ask(scored)


@given(st.lists(files(complete=True), min_size=1, max_size=1), st.data())
@settings(max_examples=15)
def test_many_applications_at_once_as_one_by_one(made, data):
    rules = framework.parse_document(made[0][0])
    parsed = [parse_application(rules, made[0][1] | {"initiatives": everywhere(rules, count)}) for count in range(3)]
    for application in parsed[1:]:
        application.context["population"] = data.draw(st.sampled_from([0, 500, 3500]))
    scores = batch.score(rules, batch.encode(rules, parsed))
    counts = draws_by_level(rules, scores.credits, scores.counted)
    for row, application in enumerate(parsed):
        scored = score(rules, application)
        if scored.level:
            assert list(robustness.robustness(scored).draws.values()) == counts[row].tolist()


@pytest.mark.parametrize(
    ("rows", "rare", "at_once"), [(96, 1024, 65536), (1, 1, 100), (4, 1, 100), (4, 9, 100), (3, 2, 7)]
)
def test_rows_weighed_together_as_apart(monkeypatch, rows, rare, at_once):
    asked = [question(f"{axis}{rank}", "maturity", axis=axis, points=rank) for axis in "abc" for rank in range(4)]
    rules = load(*asked, axes=axes(a=1, b=2, c=0))
    random = np.random.default_rng(1)
    counted = random.random((12, 40)) < 0.8
    counted[:8, :20] = True  # the same questions on two axes
    counted[4:, 20:24] = False  # no points on two axes
    credits = random.choice([50, 75, 100], counted.shape) * counted
    alone = [draws_by_level(rules, credits[:, [row]], counted[:, [row]])[0].tolist() for row in range(40)]
    for name, value in (("ROWS", rows), ("RARE", rare), ("AT_ONCE", at_once)):
        monkeypatch.setattr(robustness, name, value)
    sizes = []
    arrange = robustness._Draws.files

    def arranged(draws, credits, counted):
        sizes.append(credits.shape[1])
        return arrange(draws, credits, counted)

    monkeypatch.setattr(robustness._Draws, "files", arranged)
    assert draws_by_level(rules, credits, counted).tolist() == alone
    assert (sum(sizes), max(sizes)) == (40, min(40, at_once)), "no more memory than for so many at once"
    assert all(np.array(alone).any(axis=0)[2:]), "the levels with minima by axis are met"


def many_files(rules, size):
    """Credits, and what counts: a row a question, a column a file."""
    random = np.random.default_rng(2)
    counted = random.random((len(rules.questions), size)) < 0.9
    return random.integers(0, 101, counted.shape) * counted, counted


def plain_draws(rules, credits, counted):
    """As `draws_by_level`: every draw of every file in double precision, in the plainest way."""
    drawn, points = factors(rules).T, np.array([[asked.points] for asked in rules.questions])
    weights = drawn[len(points) :] * [[axis.weight] for axis in rules.axes]
    percents = []
    for axis in rules.axes:
        asked = [rank for rank, each in enumerate(rules.questions) if each.axis == axis.id]
        worth = (points * drawn[: len(points)])[asked]
        percents.append((credits[asked].T @ worth) / (counted[asked].T @ worth))
    overall = sum(weight * percent for weight, percent in zip(weights, percents, strict=True)) / weights.sum(axis=0)
    reached = [
        ((overall >= level.min_overall - 1e-9) & (np.min(percents, axis=0) >= level.min_axis - 1e-9)).sum(axis=1)
        for level in rules.levels
    ]
    return np.column_stack([*(here - above for here, above in pairwise(reached)), reached[-1]])


def test_single_precision_within_its_slack():
    asked = [question(f"Q{rank}", axis="ab"[rank % 2], points=1 + rank % 7) for rank in range(200)]
    rules = load(*asked, axes=axes(a=1, b=2))
    quick, exact = (robustness._Draws(rules, np.dtype(precision)) for precision in ("f4", "f8"))
    files = exact.files(*(each[exact.order] for each in many_files(rules, robustness.ROWS)))
    quickly, exactly = (
        draws._overall(files.credits.astype(draws.precision), files.masks, files.present) for draws in (quick, exact)
    )
    worst = np.abs(quickly - exactly).max()
    # Half a unit of the last place for each term of two sums (all questions, those of an axis), axis, and eight more.
    assert 0 < worst < quick.slack == 100 * (200 + 100 + 2 + 8) * 2.0**-24
    assert exact.slack == robustness.TOLERANCE


def test_draws_too_near_a_minimum_for_single_precision():
    minima = [{"level": 1, "min_overall": 0}, *({"level": rank, "min_overall": 44 + rank} for rank in (2, 3, 4))]
    minima.append({"level": 5, "min_overall": 50, "min_axis": 50})
    asked = [question(f"Q{rank}", axis="ab"[rank % 2]) for rank in range(40)]
    rules = load(*asked, axes=axes(a=1, b=2), levels=minima)
    credits, counted = many_files(rules, 600)
    assert draws_by_level(rules, credits, counted).tolist() == plain_draws(rules, credits, counted).tolist()
    quick = robustness._Draws(rules, np.dtype(np.float32))
    files = quick.files(credits[quick.order], counted[quick.order])
    in_doubt = quick.count(files, files.ranked, np.empty((600, 5), np.int64))
    assert 0 < len(in_doubt) < 600 / 2


@pytest.mark.parametrize("share", [0.24, 0.25, 0.26, 0.3, 0.4, 0.6])
def test_minimum_of_an_axis_asked_of_every_draw(share):
    minima = [{"level": 1, "min_overall": 0}, {"level": 2, "min_overall": 0, "min_axis": 25}]
    asked = [question(f"A{rank}", "number", scale=[[0, 0], [100, 100]]) for rank in range(4)]
    rules = load(*asked, question("B", axis="b"), axes=axes(a=1, b=1), levels=minima)
    values = [0, 0, *([100 * share * 2] * 2)]
    scored = result(rules, {f"A{rank}": proven(int(value)) for rank, value in enumerate(values)} | {"B": proven(True)})
    assert robustness.robustness(scored).draws == slow_draws(scored)


def test_margins_of_the_level_and_of_the_next():
    rules = load(question("A"), question("B", axis="b"), axes=axes(a=1, b=1), levels=HALVES)
    scored = result(rules, {"A": proven(True)})
    assert (scored.level, scored.overall) == (2, Fraction(1, 2))
    assert margins(scored) == (
        Margin(2, None, Fraction(0)),
        Margin(3, None, Fraction(-10)),
        Margin(3, "b", Fraction(-50)),
    )


def test_margins_of_obligations_of_the_level_and_of_the_next():
    levels = [
        {"level": 1, "min_overall": 10},
        {"level": 2, "min_overall": 20, "min_obligations": 50},
        {"level": 3, "min_overall": 30, "min_obligations": 70},
    ]
    rules = parse_document(two(*(question(f"O{n}", nature="obligation") for n in range(5)), levels=levels))
    held = margins(result(rules, {f"O{n}": {"value": True} for n in range(3)}))
    assert Margin(2, None, Fraction(10), obligations=True) in held
    assert Margin(3, None, Fraction(-10), obligations=True) in held
    missed = margins(result(rules, {"O0": {"value": True}}))
    assert Margin(2, None, Fraction(-30), obligations=True) in missed
    assert [margin.level for margin in missed if margin.obligations] == [2]


def test_next_minimum_of_obligations_that_is_reached_is_no_margin():
    levels = [{"level": 1, "min_overall": 10}, {"level": 2, "min_overall": 90, "min_obligations": 50}]
    rules = parse_document(two(question("O", nature="obligation"), question("A", points=9), levels=levels))
    assert [margin for margin in margins(result(rules, {"O": {"value": True}})) if margin.obligations] == []


def test_margins_at_the_top():
    scored = result(load(question()), {"A-1": proven(True)})
    assert margins(scored) == (Margin(5, None, Fraction(25)), Margin(5, "a", Fraction(60)))


def test_influences_largest_first():
    hidden = question("D", applies_when="overseas")
    asked = [question("A", points=1), question("B", points=3), question("C", points=4), question("E", axis="b")]
    rules = load(*asked, hidden, axes=axes(a=3, b=1))
    found = influences(result(rules, {"B": proven(True)}))
    assert [(asked.id, change) for asked, change in found] == [
        ("B", Fraction(25 * 3 * 5, 64) * 3 / 4),
        ("C", Fraction(-25 * 4 * 3, 64) * 3 / 4),
        ("A", Fraction(-25 * 3, 64) * 3 / 4),
        ("E", 0),
    ]


def test_influences_without_a_weighted_axis():
    assert influences(result(load(question(points=0)))) == ()
