"""« Et si… »: what a file would be worth, had it answered otherwise. Reads no row, and nothing of it is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assessments import wording
from assessments.pages import questionnaire
from assessments.pages.questionnaire import Choice
from assessments.rules import numbers
from scoring import display
from scoring.answers import Answer
from scoring.credits import FULL
from scoring.engine import Line, Result
from scoring.model import MULTIPLE, Question
from scoring.parts import Part

Inputs = Mapping[str, Any]  # a file as the engine takes it: {"context", "answers", "initiatives"}


@dataclass(frozen=True)
class Gain:
    """The score as a whole, or an axis, today and supposed; None where nothing could be earned."""

    title: str
    today: Fraction | None
    supposed: Fraction | None

    @property
    def words(self) -> str:
        """« +3,2 », in points of percentage; nothing when it does not move."""
        gain = 100 * ((self.supposed or Fraction()) - (self.today or Fraction()))
        return f"{'+' if gain > 0 else '−'}{display.decimal(display.tenths(abs(gain)))}" if gain else ""


@dataclass(frozen=True)
class Control:
    """One question with what is answered today, and what is supposed of it."""

    question: Question
    today: Line
    supposed: Line

    @property
    def text(self) -> str:
        return self.question.text["fr"]

    @property
    def unit(self) -> str:
        return self.question.unit["fr"] if self.question.unit else ""

    @property
    def choices(self) -> list[Choice]:
        """The values; before them, for a list, « sans réponse » or what is said today instead of a value."""
        chosen = self._value
        codes = chosen if isinstance(chosen, list) else [chosen]
        found = [
            Choice(f"v:{questionnaire.written(code)}", label, code in codes)
            for code, label in wording.values(self.question)
        ]
        if self.question.kind == MULTIPLE:
            return found
        return [Choice("", self.said_today if self._stands else _("Sans réponse"), chosen is None), *found]

    @property
    def number(self) -> str:
        if not isinstance(self._value, int):
            return ""
        return numbers.written(self.question, self._value) if self.question.takes_answer else str(self._value)

    @property
    def _value(self) -> Any:
        answer = self.supposed.answer
        return None if answer is None or answer.state is not None else answer.value

    @property
    def _stands(self) -> bool:
        """Today it says something else than a value: « je ne sais pas », « pas concerné »."""
        return self.today.answer is not None and self.today.answer.state is not None

    @property
    def offers_proof(self) -> bool:
        return self.question.unproven_credit < FULL and self.question.takes_answer

    @property
    def proven(self) -> bool:
        return self.supposed.answer is not None and self.supposed.answer.evidence

    @property
    def said_today(self) -> str:
        return said(self.question, self.today.answer)

    @property
    def said_supposed(self) -> str:
        return said(self.question, self.supposed.answer)

    @property
    def differs(self) -> bool:
        return self.said_today != self.said_supposed

    @property
    def earned_today(self) -> str:
        return wording.points(self.today.earned)

    @property
    def earned(self) -> str:
        return wording.points(self.supposed.earned)

    @property
    def possible(self) -> str:
        return wording.points(self.supposed.possible)


@dataclass(frozen=True)
class Simulation:
    """A file today, and as supposed."""

    today: Result
    supposed: Result

    @cached_property
    def controls(self) -> dict[str, Control]:
        """Of every question, by id."""
        pairs = zip(self.today.lines, self.supposed.lines, strict=True)
        return {before.question.id: Control(before.question, before, after) for before, after in pairs}

    @property
    def overall(self) -> Gain:
        return Gain(_("Ensemble"), self.today.overall, self.supposed.overall)

    @property
    def if_accepted(self) -> str:
        """Both figures of what is supposed, where claims wait."""
        return wording.if_accepted(self.supposed)

    @property
    def axes(self) -> list[Gain]:
        return [
            Gain(
                axis.title["fr"],
                wording.share(self.today.axes[axis.id]),
                wording.share(self.supposed.axes[axis.id]),
            )
            for axis in self.today.framework.axes
        ]

    @property
    def changed(self) -> list[Control]:
        """What was supposed; initiatives change every question that they serve."""
        return [each for each in self.controls.values() if each.differs and each.supposed.applies]

    @property
    def newly_asked(self) -> list[Control]:
        return [each for each in self.controls.values() if each.supposed.applies and each.today.applies is False]

    @property
    def no_longer_asked(self) -> list[Control]:
        return [each for each in self.controls.values() if each.today.applies and each.supposed.applies is False]

    def page(self, part: Part) -> tuple[list[Control], list[Control]]:
        """The controls of a part, then those supposed elsewhere; only of questions asked, today or as supposed."""
        mine = {question.id for question in part.questions}
        asked = [each for each in self.controls.values() if each.today.applies or each.supposed.applies]
        own = self._once(each for each in asked if each.question.id in mine)
        return own, self._once([*own, *(each for each in asked if each.differs)])[len(own) :]

    def _once(self, controls: Iterable[Control]) -> list[Control]:
        """One control stands for all the questions that count the same initiatives."""
        kept: dict[Any, Control] = {}
        for each in controls:
            question = each.question
            kept.setdefault(question.id if question.takes_answer else self.today.framework.pool(question), each)
        return list(kept.values())


def weakest(result: Result) -> str:
    """The axis of which the smallest part is earned: where to start from."""
    shares = [(share, name) for name, sums in result.axes.items() if (share := wording.share(sums)) is not None]
    return min(shares)[1] if shares else next(iter(result.axes))


def said(question: Question, answer: Answer | None) -> str:
    """What the engine was given, in words: « Oui, avec preuve », « 2 initiatives comptées »."""
    words = wording.answer(question, answer)
    proof = answer is not None and answer.state is None and question.unproven_credit < FULL and answer.evidence
    return _("%(answer)s, avec preuve") % {"answer": words} if proof else words
