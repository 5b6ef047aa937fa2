"""An application: its context, its answers and its initiatives, each validated against the framework."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from unicodedata import category

from scoring.credits import HIGHEST_MATURITY
from scoring.faults import DocumentError, Fault, Faults, Path, did_you_mean, gather, shown
from scoring.grammar import Value
from scoring.model import BOOLEAN, CHOICE, MATURITY, MULTIPLE, Framework, Pool, Question
from scoring.rules import CONTEXT, KINDS
from scoring.texts import MAX_INTEGER, Doubtful, NotJson, Source, build_or_raise, decode, read_json, read_json_quickly
from scoring.typed import Typed

UNKNOWN = "unknown"
NOT_APPLICABLE = "not_applicable"

_KEYS = ("context", "answers", "initiatives", "id")


class ApplicationError(DocumentError):
    """An application that cannot be scored. `faults` says all that is wrong."""


class Answer(NamedTuple):
    """A valid answer: a value with or without evidence (`state` is then None), or one of the two states.

    `accepted` is the jury's ruling on a claim of non-applicability, None while there is none.
    """

    value: Any = None
    evidence: bool = False
    state: str | None = None
    reason: str = ""
    accepted: bool | None = None


@dataclass(frozen=True, eq=False)
class Application:
    """A valid application. `context` holds only the names that have a value; `initiatives`, for each question that
    counts some, how many are eligible.

    `inputs` is the part that the input hash covers: context, answers and initiatives as given, an absent one as {}.
    """

    id: str | None
    context: Mapping[str, Value]
    answers: Mapping[str, Answer]
    initiatives: Mapping[str, int]
    inputs: Mapping[str, Any]


def load(framework: Framework, source: bytes | str) -> Application:
    """The application of a JSON text. Raises ApplicationError with every fault, each with its line."""
    try:
        text = decode(source)
        with suppress(Doubtful, ApplicationError):  # then read again, to say where the faults are
            return parse_application(framework, read_json_quickly(text))
        return _application(framework, read_json(text))
    except NotJson as error:
        raise ApplicationError([error.fault]) from None
    except DocumentError as error:
        raise ApplicationError(error.faults) from None


def parse_application(framework: Framework, document: Any) -> Application:
    """The application of a document already read. Raises ApplicationError; the faults have no line."""
    return _application(framework, Source(document, None, ()))


def initiatives_of(framework: Framework, initiatives: Mapping[str, Any], question: Question) -> int:
    """How many of the initiatives of a document a question counts."""
    issue, axis = framework.pool(question)
    return int(initiatives.get(issue, 0) if axis is None else initiatives.get(issue, {}).get(axis, 0))


def with_initiatives(
    framework: Framework, initiatives: Mapping[str, Any], question: Question, count: int
) -> dict[str, Any]:
    """The initiatives of a document, with another number of those that a question counts."""
    issue, axis = framework.pool(question)
    return {**initiatives, issue: count if axis is None else {**initiatives.get(issue, {}), axis: count}}


def check_answer(question: Question, answer: Any) -> tuple[Fault, ...]:
    """The faults of one answer on its own, placed under the id of its question; none when it is valid."""
    return gather(lambda faults: _Reader(faults).answer(question, answer, (question.id,)), Faults(answer))


def _application(framework: Framework, source: Source) -> Application:
    def build(document: Any, faults: Faults) -> Application:
        return _Reader(faults, blank_reasons=framework.schema == 1).application(framework, document)

    return build_or_raise(source, build, ApplicationError)


class _Reader:
    """Reads one application from its top, one method for each part of it.

    `blank_reasons` lets pass a reason of which nothing is seen: schema 1 took it.
    """

    def __init__(self, faults: Faults, *, blank_reasons: bool = False) -> None:
        self.blank_reasons = blank_reasons
        self.typed = Typed(faults)
        self.fault = faults.add

    def application(self, framework: Framework, document: Any) -> Application:
        top = self.typed.entries(document, (), (), _KEYS)
        return Application(
            id=self.typed.string(top["id"], ("id",)) if "id" in top else None,
            context=self._context(framework, top.get("context", {})),
            answers=self._answers(framework, top.get("answers", {})),
            initiatives=self._initiatives(framework, top.get("initiatives", {})),
            inputs={key: top.get(key, {}) for key in _KEYS[:3]},
        )

    def _context(self, framework: Framework, value: Any) -> dict[str, Value]:
        types = CONTEXT | dict(framework.context)
        context: dict[str, Value] = {}
        for path, name, item in self.typed.mapping(value, ("context",)):
            if name not in types:
                what = f"{shown(name)} n’est pas un nom du contexte."
                self.fault(path, what, did_you_mean(name, types, "Retirez-le, ou déclarez-le dans le référentiel."))
            elif item is not None:
                context[name] = self._context_value(name, types[name], item, path)
        return context

    def _context_value(self, name: str, kind: str, value: Any, path: Path) -> Value:
        if name == "kind":
            return self.typed.one_of(value, path, KINDS, "une sorte de collectivité")
        if kind == "boolean":
            return self.typed.boolean(value, path)
        return self.typed.string(value, path) if kind == "string" else self.typed.integer(value, path)

    def _answers(self, framework: Framework, value: Any) -> dict[str, Answer]:
        questions = framework.question_by_id
        answers = {}
        for path, name, item in self.typed.mapping(value, ("answers",)):
            if name in questions:
                answers[name] = self.answer(questions[name], item, path)
            else:
                mend = did_you_mean(name, questions, "Retirez cette réponse.")
                self.fault(path, f"la question {shown(name)} n’existe pas.", mend)
        return answers

    def answer(self, question: Question, value: Any, path: Path) -> Answer:
        if not question.takes_answer:
            self.fault(path, "cette question compte les initiatives.", "Retirez la réponse : il n’en faut pas.")
        elif not isinstance(value, dict):
            self.typed.entries(value, path, ())
        elif "value" in value and "state" in value:
            self.fault(path, "la réponse a une valeur (« value ») et un état (« state »).", "Gardez l’un des deux.")
        elif "state" in value:
            return self._state(value, path)
        else:
            return self._value(question, value, path)
        return Answer()

    def _state(self, value: dict[str, Any], path: Path) -> Answer:
        state = self.typed.one_of(value["state"], (*path, "state"), (UNKNOWN, NOT_APPLICABLE), "un état")
        if state != NOT_APPLICABLE:
            self.typed.entries(value, path, ("state",), () if state else ("reason", "accepted"))
            return Answer(state=state)
        entry = self.typed.entries(value, path, ("state", "reason"), ("accepted",))
        reason = self.typed.string(entry["reason"], (*path, "reason"))
        if entry["reason"] == "" or (reason and not self.blank_reasons and _is_blank(reason)):
            self.fault((*path, "reason"), "la raison est vide.", "Dites pourquoi la question ne s’applique pas.")
        accepted = entry.get("accepted")
        if accepted is not None:
            accepted = self.typed.boolean(accepted, (*path, "accepted"))
        return Answer(state=state, reason=reason, accepted=accepted)

    def _value(self, question: Question, value: dict[str, Any], path: Path) -> Answer:
        entry = self.typed.entries(value, path, ("value",), ("evidence",))
        evidence = self.typed.boolean(entry["evidence"], (*path, "evidence")) if "evidence" in entry else False
        return Answer(self._check_value(question, entry["value"], (*path, "value")), evidence)

    def _check_value(self, question: Question, value: Any, path: Path) -> Any:
        typed = self.typed
        if question.kind == BOOLEAN:
            return typed.boolean(value, path)
        if question.kind == MATURITY:
            return typed.integer(value, path, 0, HIGHEST_MATURITY)
        if question.kind == CHOICE:
            return typed.one_of(value, path, question.credit_by_option, "une réponse proposée")
        if question.kind == MULTIPLE:
            options = question.credit_by_option
            return [
                typed.one_of(item, below, options, "une réponse proposée") for below, item in typed.items(value, path)
            ]
        if question.low is None or question.high is None:
            return typed.integer(value, path)
        return typed.integer(value, path, question.low, question.high)

    def _initiatives(self, framework: Framework, value: Any) -> dict[str, int]:
        """Counted by issue in schema 1, by issue and axis since; a pair that no question counts is allowed."""
        issues, axes = framework.issue_by_id, framework.axis_by_id
        counts: dict[Pool, int] = {}
        for path, name, item in self.typed.mapping(value, ("initiatives",)):
            if name not in issues:
                self.fault(path, f"l’enjeu {shown(name)} n’existe pas.", did_you_mean(name, issues, "Retirez-le."))
            if framework.schema == 1:
                counts[name, None] = self.typed.integer(item, path, 0, MAX_INTEGER)
                continue
            for below, axis, count in self.typed.mapping(item, path):
                if axis not in axes:
                    self.fault(below, f"l’axe {shown(axis)} n’existe pas.", did_you_mean(axis, axes, "Retirez-le."))
                counts[name, axis] = self.typed.integer(count, below, 0, MAX_INTEGER)
        return {question.id: counts.get(pool, 0) for question, pool in framework.pools}


def _is_blank(reason: str) -> bool:
    """Whether a reader sees nothing of it: separators, controls, format characters and the like."""
    return all(category(character)[0] in "ZC" for character in reason)
