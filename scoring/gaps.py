"""What a file still lacks before it may be submitted. Pure: the framework and the result in, the gaps out."""

from dataclasses import dataclass

from scoring import facts
from scoring.engine import MISSING, Result
from scoring.framework import Framework
from scoring.model import Question


@dataclass(frozen=True)
class Gaps:
    """`context`: names to ask about, without a value; `undecided`: the questions that wait for them; `express`: the
    questions of the entry path without an answer (« je ne sais pas » is one)."""

    context: tuple[str, ...]
    undecided: tuple[str, ...]
    express: tuple[Question, ...]

    def __bool__(self) -> bool:
        return bool(self.context or self.undecided or self.express)


def gaps(framework: Framework, context: dict[str, object], result: Result) -> Gaps:
    asked = facts.asked(framework, result.application.context)
    missing = tuple(name for name in asked if context.get(name) is None)
    return Gaps(
        context=missing if result.undecided else (),
        undecided=tuple(result.undecided),
        express=tuple(q for q in framework.express if result.questions[q.id][0] == MISSING),
    )
