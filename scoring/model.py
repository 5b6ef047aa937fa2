"""What a framework is made of, once read and checked. Immutable; the document stays beside it, as written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoring.rules import Rule

Text = Mapping[str, str]  # by language; "fr" is always there

BOOLEAN, MATURITY, CHOICE, MULTIPLE, NUMBER, INITIATIVES = KINDS = (
    "boolean",
    "maturity",
    "choice",
    "multiple",
    "number",
    "initiatives",
)
OBLIGATION, RECOMMENDED, VOLUNTARY = NATURES = ("obligation", "recommended", "voluntary")


@dataclass(frozen=True)
class Axis:
    id: str
    title: Text
    weight: int


@dataclass(frozen=True)
class Issue:
    id: str
    title: Text


@dataclass(frozen=True)
class Option:
    id: str
    text: Text
    credit: int


@dataclass(frozen=True)
class Reference:
    title: str
    url: str | None = None


@dataclass(frozen=True)
class Level:
    """Both minima are percentages, 0..100."""

    level: int
    min_overall: int
    min_axis: int = 0


@dataclass(frozen=True, eq=False)
class Question:
    """One question. `points` is what a full answer is worth; `rule` is `applies_when`, compiled.

    `options` is filled for a choice or a multiple, `scale` and `unit` for a number, `credits` for initiatives.
    """

    id: str
    axis: str
    issue: str
    text: Text
    kind: str
    points: int
    nature: str
    help: Text | None = None
    evidence_hint: Text | None = None
    references: tuple[Reference, ...] = ()
    applies_when: str | None = None
    rule: Rule | None = None
    unproven_credit: int = 100
    effort: int = 1
    express: bool = False
    confidential: bool = False
    options: tuple[Option, ...] = ()
    unit: Text | None = None
    scale: tuple[tuple[int, int], ...] = ()
    credits: tuple[int, ...] = ()

    @cached_property
    def credit_by_option(self) -> Mapping[str, int]:
        return {option.id: option.credit for option in self.options}

    @property
    def takes_answer(self) -> bool:
        """Initiatives are counted, not answered."""
        return self.kind != INITIATIVES


@dataclass(frozen=True, eq=False)
class Framework:
    """A framework. `context` gives the type of every declared name ("boolean", "integer" or "string").

    `by_dependency` holds the questions in an order where a rule only mentions earlier ones.
    """

    id: str
    edition: int
    title: Text
    context: Mapping[str, str]
    axes: tuple[Axis, ...]
    issues: tuple[Issue, ...]
    questions: tuple[Question, ...]
    levels: tuple[Level, ...]
    by_dependency: tuple[Question, ...]
    document: Mapping[str, Any]
    hash: str

    @cached_property
    def question_by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def axis_by_id(self) -> Mapping[str, Axis]:
        return {axis.id: axis for axis in self.axes}

    @cached_property
    def issue_by_id(self) -> Mapping[str, Issue]:
        return {issue.id: issue for issue in self.issues}

    @property
    def express(self) -> tuple[Question, ...]:
        """The entry path."""
        return tuple(question for question in self.questions if question.express)
