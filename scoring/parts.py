"""How a questionnaire is cut into pages: the entry path, then an issue at a time, or an axis."""

from dataclasses import dataclass

from scoring.framework import Framework
from scoring.model import Question

EXPRESS = "express"


@dataclass(frozen=True)
class Part:
    """What one page asks: the entry path, an issue, or an axis. `title`: empty for the entry path, which no document
    names."""

    id: str
    title: str
    questions: tuple[Question, ...]


def parts(framework: Framework) -> list[Part]:
    """The issues, in the order of the framework."""
    return [
        Part(issue.id, issue.title["fr"], tuple(q for q in framework.questions if q.issue == issue.id))
        for issue in framework.issues
    ]


def part(framework: Framework, part_id: str) -> Part | None:
    """An issue, an axis or the entry path by its id."""
    if part_id == EXPRESS:
        return Part(EXPRESS, "", framework.express)
    if axis := framework.axis_by_id.get(part_id):
        return Part(axis.id, axis.title["fr"], tuple(q for q in framework.questions if q.axis == axis.id))
    return next((known for known in parts(framework) if known.id == part_id), None)
