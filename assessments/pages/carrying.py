"""From one edition to the next: what last year's file said that may still hold. Proposed, never written by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments import wording
from assessments.actions.initiatives import FIELDS
from assessments.enums import AnswerState
from assessments.models import Answer, Application, Initiative
from assessments.policies import CONTEXT
from assessments.queries import Sheet
from scoring import facts, parts
from scoring.answers import check_answer
from scoring.engine import Result
from scoring.framework import Framework
from scoring.model import Question

INITIATIVES = "initiatives"


@dataclass(frozen=True)
class Carried:
    """One thing that last year's file said. `changed` is what is new in the question, in words; without a `document`
    the answer no longer fits, and the question is to be answered again."""

    name: str
    text: str
    said: str
    document: Any
    changed: str = ""


@dataclass(frozen=True)
class Group:
    """What is confirmed together: the context, an issue, the initiatives."""

    id: str
    title: str
    items: list[Carried]

    @property
    def unchanged(self) -> list[Carried]:
        """Those that may be taken over unread: the same question, an answer that still fits."""
        return [item for item in self.items if not item.changed and item.document is not None]

    @property
    def to_read(self) -> int:
        return len(self.items) - len(self.unchanged)


@dataclass(frozen=True)
class Proposals:
    """`fresh` are the questions that last year did not ask."""

    groups: list[Group]
    fresh: list[Question]

    def group(self, name: str) -> Group | None:
        return next((group for group in self.groups if group.id == name), None)


def proposals(
    *, old: Application, old_framework: Framework, old_sheet: Sheet, new: Application, sheet: Sheet, result: Result
) -> Proposals:
    """What may be taken over: only where the new file says nothing yet, and the question concerns it or might."""
    framework = result.framework
    asked = {line.question.id for line in result.lines if line.applies is not False and line.question.takes_answer}
    groups = [Group(CONTEXT, _("Votre collectivité"), _context(old, framework, new.declared_context))]
    for part in parts.parts(framework):
        found = [
            _answer(question, old_framework.question_by_id.get(question.id), old_sheet.answers[question.id])
            for question in part.questions
            if question.id in asked
            and question.id in old_sheet.answers
            and question.id not in sheet.answers
            # « Je ne sais pas » is worth asking again.
            and old_sheet.answers[question.id].state != AnswerState.UNKNOWN
        ]
        groups.append(Group(part.id, part.title, found))
    groups.append(Group(INITIATIVES, _("Vos initiatives"), _initiatives(old_framework, old_sheet, framework, sheet)))
    fresh = [q for q in framework.questions if q.id in asked and q.id not in old_framework.question_by_id]
    return Proposals([group for group in groups if group.items], fresh)


def _context(old: Application, framework: Framework, declared: Mapping[str, Any]) -> list[Carried]:
    return [
        Carried(name, wording.asked(framework, name), wording.fact(value), value)
        for name in framework.context
        if (value := old.declared_context.get(name)) is not None
        and value != facts.UNKNOWN
        and declared.get(name) is None
    ]


def _answer(question: Question, before: Question | None, answer: Answer) -> Carried:
    document: dict[str, Any] | None = (
        {"state": "not_applicable", "reason": answer.reason}
        if answer.state == AnswerState.NOT_APPLICABLE
        else {"value": answer.value}
    )
    asked = before or question
    # The words of last year, of which an option may be gone.
    words = wording.answer(asked, answer) if not check_answer(asked, document) else str(answer.value)
    if check_answer(question, document):
        document = None
    return Carried(question.id, question.text["fr"], words, document, _what_changed(asked, question))


def _what_changed(before: Question, after: Question) -> str:
    if (before.kind, before.options, before.unit) != (after.kind, after.options, after.unit):
        return _("Les réponses proposées ont changé.")
    if before.text != after.text:
        return _("La question a été reformulée. L’an dernier : « %(text)s »") % {"text": before.text["fr"]}
    return _("L’aide ou la preuve attendue ont changé.") if _around(before) != _around(after) else ""


def _around(question: Question) -> tuple[Any, ...]:
    return question.help, question.evidence_hint, question.unproven_credit


def _initiatives(old_framework: Framework, old_sheet: Sheet, framework: Framework, sheet: Sheet) -> list[Carried]:
    titles = {row.title for row in sheet.initiatives}
    return [_initiative(old_framework, row, framework) for row in old_sheet.initiatives if row.title not in titles]


def _initiative(old_framework: Framework, row: Initiative, framework: Framework) -> Carried:
    issues = [issue for issue in row.issues if issue in framework.issue_by_id]
    axis = axis_of(old_framework, row, framework)
    document = {name: getattr(row, name) for name in FIELDS} | {"issues": issues, "axis": axis}
    shown = ", ".join(framework.issue_by_id[issue].title["fr"] for issue in issues)
    notes = []
    if len(issues) < len(row.issues):
        notes.append(_("Un de ses enjeux n’existe plus : choisissez-en un autre après l’avoir reprise."))
    if axis and not row.axis:
        title = framework.axis_by_id[axis].title["fr"]
        notes.append(_("Elle servira d’abord « %(axis)s » : vérifiez-le après l’avoir reprise.") % {"axis": title})
    return Carried(str(row.pk), row.title, shown, document, " ".join(notes))


def axis_of(old_framework: Framework, row: Initiative, framework: Framework) -> str:
    """What an initiative serves first, as it said or, of a past edition that did not ask, as the question that counted
    it tells; empty where the new questionnaire does not ask, or when nothing tells."""
    counted = [
        question.axis
        for issue in row.issues
        for question, (pool, _axis) in old_framework.pools
        if pool == issue and old_framework.schema == 1
    ]
    known = framework.axis_by_id if framework.schema > 1 else {}
    return next((axis for axis in (row.axis, *counted) if axis in known), "")
