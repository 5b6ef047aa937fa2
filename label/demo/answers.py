"""Simulated files: answers that reach a wanted level, drawn from a seed. Pure; the engine itself says the level.

One random draw a question is fixed by the seed; a single number, the quality of 0..1, then moves every answer from the
worst to the best. Bisection on it finds the answers whose computed score is the one wanted."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from label.demo.words import texts
from scoring.answers import parse_application
from scoring.engine import Result, score
from scoring.framework import Framework
from scoring.model import OBLIGATION, Question

# Shares of the levels 1..5 among the laureates of complete years of the real label.
SHARES = (16, 32, 33, 12, 7)
# Of the files of level 1, one in so many does not reach it, where a level 0 exists.
UNDER = 8
# Where the computed score of a file of each level, 0 to 5, is wanted: inside its own band, away from its borders.
BANDS = ((0.05, 0.08), (0.18, 0.34), (0.36, 0.49), (0.51, 0.64), (0.66, 0.74), (0.77, 0.90))
# The share of its obligations that a file of each level has proven: above what its level asks, below the next one's.
DUTIES = (0.0, 0.25, 0.38, 0.54, 0.72, 0.92)
# A file without an arobase was hardly begun.
HARDLY = 0.9
SPREAD = 0.55
STEPS = 14

# The pairs of an issue and an axis that an initiative of our texts may bear.
SERVED = {(issue, item["axis"]) for item in texts("initiatives")["initiatives"] for issue in item["issues"]}

Document = dict[str, Any]


@dataclass(frozen=True)
class Draw:
    """What chance decided for one question: a place of 0..1, a tilt of its own, and how it is answered."""

    place: float
    tilt: float
    proof: float
    fate: float


def wanted_levels(number: int, rng: random.Random, *, schema: int) -> list[int]:
    """The levels of a season, in their shares whatever its size, shuffled. Schema 2 has a level 0."""
    ends = [round(number * sum(SHARES[:count]) / sum(SHARES)) for count in range(len(SHARES) + 1)]
    levels = [level for level, (start, end) in enumerate(pairwise(ends), start=1) for _one in range(end - start)]
    if schema > 1:
        for place in range(0, levels.count(1), UNDER):
            levels[place] = 0
    rng.shuffle(levels)
    return levels


def draws(framework: Framework, rng: random.Random) -> dict[str, Draw]:
    return {q.id: Draw(rng.random(), rng.uniform(-1, 1), rng.random(), rng.random()) for q in framework.questions}


def at_level(
    framework: Framework,
    context: Mapping[str, Any],
    level: int,
    rng: random.Random,
    *,
    claims: Mapping[str, str],
    skipped: float = 0.0,
) -> tuple[Document, Document, Result]:
    """Answers whose computed score lies in the level's band, with the initiatives that count, as the engine takes them.

    `claims` gives the reason that suits a question for « pas concerné »; `skipped` is the share left unanswered."""
    drawn = draws(framework, rng)
    skipped = skipped if level else max(skipped, HARDLY)
    low, high = BANDS[level]
    target = Fraction(rng.uniform(low, high)).limit_denominator(1000)
    duty = met(framework, context, drawn, DUTIES[level])
    floor, ceiling = 0.0, 1.0
    for _step in range(STEPS):
        quality = (floor + ceiling) / 2
        answers = {
            question.id: answer
            for question in framework.questions
            if (answer := answer_to(question, drawn[question.id], quality, claims, skipped)) is not None
        }
        answers |= duty
        initiatives = _initiatives(framework, drawn, quality)
        document = {"context": context, "answers": answers, "initiatives": initiatives}
        result = score(framework, parse_application(framework, document))
        if (result.overall or 0) < target:
            floor = quality
        else:
            ceiling = quality
    return answers, initiatives, result


def met(framework: Framework, context: Mapping[str, Any], drawn: Mapping[str, Draw], share: float) -> Document:
    """Answers to the obligations of this territory: this share of them proven, the others not met. Nothing before
    schema 2, where no level asked for them."""
    if framework.schema == 1:
        return {}
    asked = [
        question
        for question in framework.questions
        if question.nature == OBLIGATION and (question.rule is None or question.rule.verdict(context, {}))
    ]
    asked.sort(key=lambda question: drawn[question.id].place)
    proven = math.ceil(share * len(asked))
    return {
        question.id: {
            "value": _value(question, float(number < proven), drawn[question.id]),
            "evidence": number < proven,
        }
        for number, question in enumerate(asked)
    }


def _initiatives(framework: Framework, drawn: Mapping[str, Draw], quality: float) -> Document:
    """How many serve each issue and, since schema 2, each of its axes: there, on the axes that our texts serve."""
    counted: Document = {}
    for question, (issue, axis) in framework.pools:
        count = _count(drawn[question.id], quality)
        if axis is None:
            counted[issue] = count
        elif (issue, axis) in SERVED:
            counted.setdefault(issue, {})[axis] = count
    return counted


def answer_to(
    question: Question, draw: Draw, quality: float, claims: Mapping[str, str], skipped: float
) -> Document | None:
    """None when the question is left out. A better quality never makes an answer worse."""
    if question.kind == "initiatives":
        return None
    if not question.express and draw.fate < skipped:
        return None
    if question.id in claims and draw.fate > 0.93:
        return {"state": "not_applicable", "reason": claims[question.id]}
    if draw.fate > 0.95:
        return {"state": "unknown"}
    grade = min(1.0, max(0.0, quality + SPREAD * (draw.place - 0.5) + 0.1 * draw.tilt))
    return {"value": _value(question, grade, draw), "evidence": draw.proof < 0.25 + 0.6 * quality}


def _value(question: Question, grade: float, draw: Draw) -> Any:
    match question.kind:
        case "boolean":
            return grade >= 0.25 + 0.5 * draw.proof
        case "maturity":
            return round(4 * grade)
        case "choice":
            ranked = sorted(question.options, key=lambda option: option.credit)
            return ranked[round(grade * (len(ranked) - 1))].id
        case "multiple":
            count = round(grade * len(question.options))
            return [option.id for option in question.options[:count]]
        case _number:
            points: Sequence[tuple[int, int]] = sorted(question.scale, key=lambda point: point[1])
            return points[round(grade * (len(points) - 1))][0]


def _count(draw: Draw, quality: float) -> int:
    return max(0, min(4, round(4.6 * (quality + 0.5 * (draw.place - 0.5)))))
