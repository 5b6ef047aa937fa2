"""The questionnaire on paper, cut to whom it is for: what is asked once, then the questions that concern it."""

from typing import Any, NamedTuple

from assessments import wording
from assessments.wording import OnPaper
from scoring import engine, facts, parts
from scoring.answers import parse_application
from scoring.engine import Result
from scoring.framework import Framework
from scoring.model import Question


class Paper(NamedTuple):
    """`once`: what is asked about the territory; `chapters`: titles, each with its questions."""

    once: list[OnPaper]
    chapters: list[tuple[str, list[OnPaper]]]


def of(result: Result, *, official: dict[str, Any], told: dict[str, Any]) -> Paper:
    """`official` is known of the territory, `told` what it said already."""
    framework, lines = result.framework, {line.question.id: line for line in result.lines}
    chapters = [
        (
            part.title,
            [
                wording.on_paper(framework, question, conditional=lines[question.id].applies is None)
                for question in part.questions
                if lines[question.id].applies is not False and not _left_out(question, official)
            ],
        )
        for part in parts.parts(framework)
    ]
    once = [name for name in facts.asked(framework, official) if name not in told]
    return Paper(
        [wording.fact_on_paper(framework, name) for name in once],
        [(title, questions) for title, questions in chapters if questions],
    )


def _left_out(question: Question, official: dict[str, Any]) -> bool:
    """Whatever the territory tells: a rule may wait for an answer that changes nothing."""
    return question.rule is not None and question.rule.settled(official) is False


def of_a_size(framework: Framework, *, kind: str, population: int) -> Paper:
    """For a territory of which nothing else is known."""
    # Where it is decides nothing of what is asked on the mainland; overseas, what depends on it says so.
    official = {"kind": kind, "population": population, "overseas": False}
    result = engine.score(framework, parse_application(framework, {"context": official}))
    return of(result, official=official, told={})
