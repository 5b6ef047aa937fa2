"""Answers: only added, never overwritten. The version that the writer saw decides who was first."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refused, Stale
from assessments import frameworks, policies, queries
from assessments.enums import AnswerState
from assessments.models import Answer, Application
from assessments.queries import Sheet
from scoring.answers import check_answer
from scoring.model import Question


class Saved(NamedTuple):
    """`answer` is what stands now for the question; `sheet` the whole file, read in the same transaction."""

    answer: Answer
    sheet: Sheet


class StaleAnswer(Stale):
    """Somebody answered first. `current` stands (its author is loaded); `proposed` was not written."""

    def __init__(self, current: Answer, proposed: Answer) -> None:
        super().__init__(_("Une autre personne a répondu à cette question pendant que vous y répondiez."))
        self.current = current
        self.proposed = proposed


def save_answer(
    *,
    application: Application,
    question_id: str,
    state: AnswerState,
    value: Any = None,
    reason: str = "",
    seen: int,
    by: User,
    now: datetime,
) -> Saved:
    """Add the answer that follows version `seen` (0: none yet). The same one twice is harmless.

    The row is inserted first: it holds the application against a submission, so that the state read after it cannot
    change before we commit. Raises StaleAnswer, NotNow, or Refused when the answer does not fit the question."""
    policies.check_can_edit(application, now)
    question = _question(application, question_id)
    reason = reason.strip() if state == AnswerState.NOT_APPLICABLE else ""
    value = value if state == AnswerState.ANSWERED else None
    check(question, state=state, value=value, reason=reason)
    answer = Answer(
        application=application,
        question_id=question_id,
        version=seen + 1,
        state=state,
        value=value,
        reason=reason,
        author=by,
        at=now,
    )
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
            sheet = queries.sheet(application)
            _check_still(application, sheet, question_id, now)
    except IntegrityError:
        return _settle(application, answer)
    return Saved(answer, sheet)


def clear_answer(*, application: Application, question_id: str, seen: int, by: User, now: datetime) -> Saved:
    """Back to « pas encore répondu ». What was said stays in the history."""
    return save_answer(
        application=application, question_id=question_id, state=AnswerState.CLEARED, seen=seen, by=by, now=now
    )


def check(question: Question, *, state: AnswerState, value: Any, reason: str) -> None:
    """Refuse what the engine would refuse, in the same words."""
    match state:
        case AnswerState.ANSWERED:
            faults = check_answer(question, {"value": value})
        case AnswerState.UNKNOWN:
            faults = check_answer(question, {"state": "unknown"})
        case AnswerState.NOT_APPLICABLE if not reason:
            raise Refused(_("Dites en quelques mots pourquoi cette question ne vous concerne pas."))
        case AnswerState.NOT_APPLICABLE:
            faults = check_answer(question, {"state": "not_applicable", "reason": reason})
        case AnswerState.CLEARED:
            return
    if faults:
        raise Refused(" ".join(f"{fault.what} {fault.mend}".strip() for fault in faults))


def _question(application: Application, question_id: str) -> Question:
    question = frameworks.of(application.framework).question_by_id.get(question_id)
    if question is None:
        raise Refused(_("Cette question n’existe pas dans le référentiel de votre dossier."))
    return question


def _check_still(application: Application, sheet: Sheet, question_id: str, now: datetime) -> None:
    """Our row is in: does it follow one that exists, and is the file still open?"""
    if question_id in sheet.orphans:
        raise Refused(_("La version annoncée n’existe pas : rechargez la page."))
    application.state = sheet.state
    policies.check_can_edit(application, now)


def _settle(application: Application, proposed: Answer) -> Saved:
    """The version was taken. By the same words: the answer was recorded, say what stands. By others: show both."""
    rows = Answer.objects.filter(application=application, question_id=proposed.question_id)
    taken = rows.filter(version=proposed.version).first()
    if taken is None:
        raise Refused(_("L’enregistrement n’a pas abouti : rechargez la page."))
    current = rows.select_related("author").order_by("-version")[0]
    if _content(taken) != _content(proposed):
        raise StaleAnswer(current, proposed)
    return Saved(current, queries.sheet(application))


def _content(row: Answer) -> tuple[Any, ...]:
    return row.state, row.value, row.reason
