"""The questionnaire of an edition as anyone reads it, drawn from its framework alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments import wording
from scoring import display
from scoring.credits import credit
from scoring.model import INITIATIVES, MULTIPLE, NUMBER, OBLIGATION, Framework, Issue, Level, Question


@dataclass(frozen=True)
class Group:
    """The questions of an issue, in the order of the framework."""

    issue: Issue
    questions: list[Question]

    @property
    def points(self) -> int:
        return sum(question.points for question in self.questions)


@dataclass(frozen=True)
class Worth:
    """What an answer is worth, in hundredths of a point."""

    words: str
    points: str


def groups(framework: Framework) -> list[Group]:
    """By issue; those without a question are left out."""
    found = [
        Group(issue, [question for question in framework.questions if question.issue == issue.id])
        for issue in framework.issues
    ]
    return [group for group in found if group.questions]


def worth(question: Question) -> list[Worth]:
    """Each answer with its points; of a number and of initiatives, each step."""
    return [Worth(words, wording.points(question.points * credited)) for words, credited in _credits(question)]


def _credits(question: Question) -> Iterator[tuple[str, int]]:
    """Credits are percentages of the points."""
    if question.kind == NUMBER:
        unit = question.unit["fr"] if question.unit else ""
        for least, credited in question.scale:
            yield _("%(n)s %(unit)s") % {"n": display.fixed(least, question.decimals), "unit": unit}, credited
    elif question.kind == INITIATIVES:
        for count, credited in enumerate(question.credits, start=1):
            yield wording.value(question, count), credited
    else:
        for value, words in wording.values(question):
            yield words, credit(question, [value] if question.kind == MULTIPLE else value, evidence=True)


def needs(level: Level) -> list[str]:
    """What a level takes, in words; nothing for one that takes only to apply."""
    found = [
        (level.min_overall, _("une note d’ensemble d’au moins %(n)s %%")),
        (level.min_axis, _("au moins %(n)s %% sur chaque axe")),
        (level.min_obligations, _("au moins %(n)s %% des obligations légales prouvées")),
    ]
    return [words % {"n": least} for least, words in found if least]


def obligations(framework: Framework) -> int:
    return sum(question.nature == OBLIGATION for question in framework.questions)
