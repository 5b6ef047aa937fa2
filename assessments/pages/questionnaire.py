"""The questionnaire as its pages show it: parts, cards, what does not concern the territory and why. Reads no row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Helper, User
from assessments import wording
from assessments.enums import AnswerState
from assessments.models import Answer, Evidence, Initiative
from assessments.pages import advice, glossary
from assessments.queries import Shared, Sheet
from assessments.rules import numbers
from scoring import facts, parts
from scoring.engine import Line, Result
from scoring.framework import Framework
from scoring.grammar import Value
from scoring.model import MULTIPLE, Question
from scoring.parts import Part
from territories.rules.names import search_name

EXAMPLES = 3  # issues named beside an axis


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Card:
    """One question with what stands for it. `conflict` is what somebody else wrote first, `typed` what was refused."""

    question: Question
    line: Line
    answer: Answer | None
    version: int
    evidence: Sequence[Evidence] = ()
    conflict: Answer | None = None
    typed: Answer | None = None
    refusal: str = ""
    # Of a number that could not be read, what was written.
    written: str | None = None
    carer: User | None = None
    talk: int = 0
    replies: int = 0
    # Why this question may not change although others may.
    closed: str = ""
    # Its number among the questions of its page that people answer.
    position: int = 0
    # Of a question that counts initiatives: those that it counts, or would once complete, and the axis that they must
    # serve first, if it counts one axis alone.
    served: Sequence[Initiative] = ()
    axis: str = ""

    @property
    def shown(self) -> Answer | None:
        """What the controls hold: what was typed, before what stands."""
        return self.typed or self.answer

    @property
    def choices(self) -> list[Choice]:
        """One radio button or check box each; none for a number."""
        shown = self.shown
        value = shown.value if shown and shown.state == AnswerState.ANSWERED else None
        chosen: Callable[[Any], bool] = lambda code: value == code and type(value) is type(code)  # noqa: E731
        if self.question.kind == MULTIPLE:
            chosen = lambda code: isinstance(value, list) and code in value  # noqa: E731
        return [Choice(f"v:{written(code)}", label, chosen(code)) for code, label in wording.values(self.question)]

    @property
    def number(self) -> str:
        """What the field of a number holds."""
        if self.written is not None:
            return self.written
        shown = self.shown
        return numbers.written(self.question, shown.value) if shown and shown.state == AnswerState.ANSWERED else ""

    @property
    def bounds(self) -> str:
        """« de 0 à 100 »; nothing where there are none."""
        return numbers.bounds(self.question)

    @property
    def state(self) -> str:
        return self.shown.state if self.shown else ""

    @property
    def reason(self) -> str:
        return self.shown.reason if self.shown else ""

    @property
    def text(self) -> str:
        return self.question.text["fr"]

    @property
    def help(self) -> str:
        return self.question.help["fr"] if self.question.help else ""

    @property
    def evidence_hint(self) -> str:
        return self.question.evidence_hint["fr"] if self.question.evidence_hint else ""

    @property
    def words(self) -> tuple[glossary.Word, ...]:
        """Those to explain."""
        return glossary.of(self.question)

    @property
    def who_knows(self) -> str:
        return advice.who_knows(self.question.id)

    @property
    def unit(self) -> str:
        return self.question.unit["fr"] if self.question.unit else ""

    @property
    def nature(self) -> str:
        return wording.nature(self.question)

    @property
    def earned(self) -> str:
        return wording.points(self.line.earned)

    @property
    def possible(self) -> str:
        return wording.points(self.line.possible)

    @property
    def points(self) -> str:
        """« 6 points sur 12 »."""
        return wording.points_of(self.line.earned, self.line.possible)

    @property
    def would_gain_with_evidence(self) -> bool:
        """A proof would raise what this answer earns."""
        answer = self.line.answer
        return bool(
            self.question.unproven_credit < 100
            and answer is not None
            and answer.state is None
            and not answer.evidence
            and self.line.credit
        )

    @property
    def answered(self) -> bool:
        """« Je ne sais pas » is an answer."""
        return self.line.answer is not None

    @property
    def own_conflict(self) -> bool:
        """Did the same person answer twice, in two tabs?"""
        return bool(self.conflict and self.typed and self.conflict.author_id == self.typed.author_id)

    @property
    def conflict_said(self) -> str:
        return wording.answer(self.question, self.conflict) if self.conflict else ""

    @property
    def typed_said(self) -> str:
        return wording.answer(self.question, self.typed) if self.typed else ""

    @property
    def said(self) -> str:
        return wording.answer(self.question, self.answer)


@dataclass(frozen=True)
class Change:
    """One version of an answer, in words: what it said, what was said before, and the helper its author worked for."""

    answer: Answer
    before: str
    after: str
    helper: Helper | None = None


@dataclass(frozen=True)
class Aside:
    """A question that is not asked, and why."""

    question: Question
    why: str

    @property
    def text(self) -> str:
        return self.question.text["fr"]


class Progress(NamedTuple):
    """Of the questions that a page asks, how many have an answer; initiatives are counted apart."""

    done: int
    asked: int


@dataclass(frozen=True)
class Page:
    """A part, cut by what the rules said: asked, not asked, waiting for the context."""

    part: Part
    cards: list[Card]
    not_asked: list[Aside]
    undecided: list[Aside]
    following: Part | None = None

    @property
    def title(self) -> str:
        return wording.part(self.part)

    @property
    def progress(self) -> Progress:
        return _progress(card.line for card in self.cards)


def progress(current: Part, result: Result) -> Progress:
    """That of a page, from the result alone."""
    names = {question.id for question in current.questions}
    return _progress(line for line in result.lines if line.applies and line.question.id in names)


def _progress(lines: Iterable[Line]) -> Progress:
    asked = [line for line in lines if line.question.takes_answer]
    return Progress(sum(line.answer is not None for line in asked), len(asked))


def find(sheet: Sheet, result: Result, words: str, *, unanswered: bool) -> list[Card]:
    """The questions asked that hold every word, in their text, their help or their answers."""
    wanted = search_name(words).split()
    asked = [card(line, sheet) for line in result.lines if line.applies]
    return [
        row for row in asked if not (unanswered and row.answered) and all(word in _searched(row) for word in wanted)
    ]


def _searched(row: Card) -> str:
    labels = (label for _code, label in wording.values(row.question))
    return search_name(" ".join([row.question.id, row.text, row.help, *map(str, labels)]))


def following(framework: Framework, current: Part, result: Result) -> Part | None:
    """The next issue with something to ask."""
    known = parts.parts(framework)
    ids = [each.id for each in known]
    start = ids.index(current.id) + 1 if current.id in ids else 0
    return next((each for each in known[start:] if any(_applies(result, q) for q in each.questions)), None)


def page(
    current: Part,
    sheet: Sheet,
    result: Result,
    evidence: Mapping[str, Sequence[Evidence]],
    shared: Shared,
    closed: Mapping[str, str],
) -> Page:
    lines = {line.question.id: line for line in result.lines}
    asked = [lines[question.id] for question in current.questions]
    numbered = [line.question.id for line in asked if line.applies and line.question.takes_answer]
    return Page(
        part=current,
        cards=[
            card(
                line,
                sheet,
                evidence.get(line.question.id, ()),
                carer=shared.carer(line.question),
                talk=shared.talk.get(line.question.id, 0),
                replies=shared.replies.get(line.question.id, 0),
                closed=closed.get(line.question.id, ""),
                **(
                    {"position": numbered.index(line.question.id) + 1}
                    if line.question.takes_answer
                    else _served(line.question, sheet, result.framework)
                ),
            )
            for line in asked
            if line.applies
        ],
        not_asked=[Aside(line.question, why_not(result, line)) for line in asked if line.applies is False],
        undecided=[Aside(line.question, "") for line in asked if line.applies is None],
        following=following(result.framework, current, result),
    )


def _served(question: Question, sheet: Sheet, framework: Framework) -> dict[str, Any]:
    issue, axis = framework.pool(question)
    served = [row for row in sheet.initiatives if issue in row.issues and axis in (None, row.axis)]
    return {"served": served, "axis": next((each.title["fr"] for each in framework.axes if each.id == axis), "")}


def card(line: Line, sheet: Sheet, evidence: Sequence[Evidence] = (), **fields: Any) -> Card:
    name = line.question.id
    return Card(line.question, line, sheet.answers.get(name), sheet.version(name), evidence, **fields)


def why_not(result: Result, line: Line) -> str:
    """« parce que … », from the rule and what it saw."""
    return wording.why_not(line.question, _seen(result, line))


def why(result: Result, line: Line) -> str:
    """Why it is asked: of its rule, what is true of the territory."""
    return wording.rule(line.question, _seen(result, line))


def _seen(result: Result, line: Line) -> dict[str, Value | None]:
    """What the rule saw, less what the territory was not asked about: that is no reason of anything."""
    unasked = facts.presumed(result.framework, result.application.context)
    return {name: value for name, value in result.reads(line.question).items() if name not in unasked}


def axes_to_choose(framework: Framework) -> list[tuple[str, str]]:
    """What an initiative may serve first, each axis with examples: the issues that count its initiatives."""
    titles = {issue.id: issue.title["fr"] for issue in framework.issues}
    served: dict[str, list[str]] = {axis.id: [] for axis in framework.axes}
    for question, _pool in framework.pools:
        served[question.axis].append(titles[question.issue])
    words = _("%(axis)s, par exemple : %(issues)s")
    return [
        (
            axis.id,
            words % {"axis": axis.title["fr"], "issues": ", ".join(served[axis.id][:EXAMPLES]).lower()}
            if served[axis.id]
            else axis.title["fr"],
        )
        for axis in framework.axes
    ]


def offered(question: Question) -> dict[str, Any]:
    """The value of each choice, as a form writes it."""
    return {f"v:{written(code)}": code for code, _label in wording.values(question)}


def written(value: Any) -> str:
    """A value as a form writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def changes(question: Question, versions: Sequence[Answer], helpers: Mapping[int, Helper]) -> list[Change]:
    """The story of an answer, from its versions, the latest first. `helpers`: by person."""
    before = [wording.answer(question, row) for row in versions[1:]] + [wording.answer(question, None)]
    return [
        Change(row, then, wording.answer(question, row), helpers.get(row.author_id or 0))
        for row, then in zip(versions, before, strict=False)
    ]


def provable(sheet: Sheet, result: Result) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a piece of evidence may prove, as the groups of a list: initiatives, then questions by issue."""
    groups = [(_("Initiatives"), [(f"initiative:{row.pk}", row.title) for row in sheet.initiatives])]
    groups += [
        (part.title, [(q.id, q.text["fr"]) for q in part.questions if q.takes_answer and _applies(result, q)])
        for part in parts.parts(result.framework)
    ]
    return [group for group in groups if group[1]]


def _applies(result: Result, question: Question) -> bool:
    return result.questions[question.id][0] not in ("not_applicable", "undecided")
