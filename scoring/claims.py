"""What a score would be if the jury accepted every « pas concerné » that it has not ruled on. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from scoring.answers import parse_application
from scoring.engine import Result, is_pending, score


@dataclass(frozen=True)
class Claims:
    """How many claims wait, and the level and the overall score once they are all accepted."""

    pending: int
    level: int | None
    overall: Fraction | None


def if_accepted(result: Result) -> Claims | None:
    """None where no claim that waits weighs on the score: in schema 1 it weighs nothing until it is refused."""
    waiting = {line.question.id for line in result.lines if line.possible and is_pending(line.answer)}
    if not waiting:
        return None
    inputs = result.application.inputs
    answers = {
        name: answer | {"accepted": True} if name in waiting else answer for name, answer in inputs["answers"].items()
    }
    accepted = score(result.framework, parse_application(result.framework, {**inputs, "answers": answers}))
    return Claims(len(waiting), accepted.level, accepted.overall)
