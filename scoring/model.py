"""What a framework is made of, once read and checked. Immutable; the document stays beside it, as written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scoring.rules import Rule

Text = Mapping[str, str]  # by language; "fr" is always there
Pool = tuple[str, str | None]  # initiatives counted together: an issue, and since schema 2 an axis

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
class Fact:
    """A name of the context beside those of every framework: its type, and since schema 2 what is asked for it."""

    type: str  # "boolean", "integer" or "string"
    text: Text | None = None
    help: Text | None = None


@dataclass(frozen=True)
class Eligibility:
    """What makes an initiative count. `requires` holds some of "dates", "operator", "proof"."""

    min_description: int
    max_issues: int
    max_age_years: int
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """An answer proposed. `effort` is what going to it costs in a plan, None where that of the question says it."""

    id: str
    text: Text
    credit: int
    effort: int | None = None


@dataclass(frozen=True)
class Reference:
    title: str
    url: str | None = None


@dataclass(frozen=True)
class Level:
    """The minima are percentages, 0..100; `min_obligations` that of the obligations met among those that apply."""

    level: int
    min_overall: int
    min_axis: int = 0
    min_obligations: int = 0


@dataclass(frozen=True, eq=False)
class Question:
    """One question. `points` is what a full answer is worth; `rule` is `applies_when`, compiled.

    `options` is filled for a choice or a multiple, `scale` and `unit` for a number, `credits` for initiatives. Since
    schema 2 `low` and `high` bound a number; its value, its bounds and its scale are in units of 10^-`decimals`.
    `steps` are the framework's words of maturity, and `facts` the names of the context that the rule reads.
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
    low: int | None = None
    high: int | None = None
    decimals: int = 0
    credits: tuple[int, ...] = ()
    short: Text | None = None
    steps: tuple[Text, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @cached_property
    def credit_by_option(self) -> Mapping[str, int]:
        return {option.id: option.credit for option in self.options}

    @property
    def takes_answer(self) -> bool:
        """Initiatives are counted, not answered."""
        return self.kind != INITIATIVES


@dataclass(frozen=True, eq=False)
class Framework:
    """A framework. `facts` has every declared name of the context; `maturity` the words of its five steps, and
    `eligibility` what makes an initiative count: both are in the document since schema 2.

    `by_dependency` holds the questions in an order where a rule only mentions earlier ones.
    """

    schema: int
    id: str
    edition: int
    title: Text
    facts: Mapping[str, Fact]
    maturity: tuple[Text, ...]
    eligibility: Eligibility | None
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

    @cached_property
    def context(self) -> Mapping[str, str]:
        """The type of every declared name."""
        return {name: fact.type for name, fact in self.facts.items()}

    @cached_property
    def grades(self) -> tuple[int, ...]:
        """Every level that a scored file may have; since schema 2 also 0, of one that does not reach the first."""
        return tuple(range(int(self.schema == 1), len(self.levels) + 1))

    @cached_property
    def pools(self) -> tuple[tuple[Question, Pool], ...]:
        """Each question that counts initiatives, with those that it counts."""
        return tuple((question, self.pool(question)) for question in self.questions if not question.takes_answer)

    def pool(self, question: Question) -> Pool:
        """The initiatives of the question's issue, and since schema 2 of its axis alone."""
        return question.issue, None if self.schema == 1 else question.axis

    @property
    def express(self) -> tuple[Question, ...]:
        """The entry path."""
        return tuple(question for question in self.questions if question.express)
