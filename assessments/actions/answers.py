"""Answers: only added, never overwritten. The version that the writer saw decides who was first."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import check_can_write
from accounts.refusals import Refused, Stale
from accounts.rules import texts
from assessments import policies, queries
from assessments.doors.scorecards import answer_document
from assessments.enums import AnswerState
from assessments.models import Answer, Application
from assessments.queries import Sheet
from scoring.answers import check_answer
from scoring.framework import Framework
from scoring.model import Question


class Saved(NamedTuple):
    """`answer` is what stands now for the question; `sheet` the whole file, read in the same transaction."""

    application: Application
    answer: Answer
    sheet: Sheet


class StaleAnswer(Stale):
    """Somebody answered first, perhaps the same person in another tab. `current` stands; `proposed` was not written."""

    def __init__(self, current: Answer, proposed: Answer) -> None:
        super().__init__(
            _("Vous avez répondu à cette question dans un autre onglet, ou sur un autre appareil.")
            if current.author_id == proposed.author_id
            else _("Une autre personne a répondu à cette question pendant que vous y répondiez.")
        )
        self.current = current
        self.proposed = proposed


class Given(NamedTuple):
    """What somebody answers, on the version `seen` (0: none yet). Nothing of it is trusted but its shape."""

    state: AnswerState
    value: Any
    reason: str
    seen: int


def answer_question(
    *, code: str, year: int, question_id: str, read: Callable[[Framework, Question], Given], by: User, now: datetime
) -> Saved:
    """As `save_answer`, for a file found through the person's membership and locked in one query: agents answer by the
    hundred in the last minutes. `read` makes the answer out of what was sent.

    Raises Application.DoesNotExist for a stranger, and for a question that is not asked; NotAllowed for who may
    only read."""
    with transaction.atomic():
        found = queries.file_of(user=by, code=code, year=year, lock=True)
        if found is None:
            raise Application.DoesNotExist
        application, membership = found
        check_can_write(membership)
        framework = application.framework.parsed
        question = framework.question_by_id.get(question_id)
        if question is None:
            raise Application.DoesNotExist
        return _save(application, question, read(framework, question), by=by, now=now)


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

    Raises StaleAnswer when another answer took that place, NotNow when the file may not change, Refused when the answer
    does not fit the question."""
    question = _question(application, question_id)
    with transaction.atomic():
        fresh = queries.locked(application)
        application.state = fresh.state
        return _save(fresh, question, Given(state, value, reason, seen), by=by, now=now)


def _save(application: Application, question: Question, given: Given, *, by: User, now: datetime) -> Saved:
    """The file is locked."""
    proposed = Answer(
        application=application,
        question_id=question.id,
        version=given.seen + 1,
        state=given.state,
        value=given.value if given.state == AnswerState.ANSWERED else None,
        reason=texts.taken(given.reason) if given.state == AnswerState.NOT_APPLICABLE else "",
        author=by,
        at=now,
    )
    check(question, proposed)
    policies.check_can_change(application, now, questions=[question.id])
    # The place may be taken: then nothing is written, and what is read next says by whom.
    Answer.objects.bulk_create([proposed], ignore_conflicts=True)
    sheet = queries.sheet(application)
    if question.id in sheet.orphans or question.id not in sheet.latest:
        raise Refused(_("La version annoncée n’existe pas : rechargez la page."))
    _check_recorded(proposed, sheet)
    return Saved(application, sheet.latest[question.id], sheet)


def clear_answer(*, application: Application, question_id: str, seen: int, by: User, now: datetime) -> Saved:
    """Back to « pas encore répondu ». What was said stays in the history."""
    return save_answer(
        application=application, question_id=question_id, state=AnswerState.CLEARED, seen=seen, by=by, now=now
    )


def restore_answer(
    *, application: Application, question_id: str, version: int, seen: int, by: User, now: datetime
) -> Saved:
    """Say again what `version` said, as a new version after `seen`. Raises as `save_answer` does."""
    old = queries.versions(application, question_id).filter(version=version).first()
    if old is None:
        raise Refused(_("Cette version n’existe pas."))
    return save_answer(
        application=application,
        question_id=question_id,
        state=AnswerState(old.state),
        value=old.value,
        reason=old.reason,
        seen=seen,
        by=by,
        now=now,
    )


def check(question: Question, answer: Answer) -> None:
    """Refuse what the engine would refuse, in the same words."""
    if answer.state == AnswerState.CLEARED:
        return
    if answer.state == AnswerState.NOT_APPLICABLE and not answer.reason:
        raise Refused(_("Dites en quelques mots pourquoi cette question ne vous concerne pas."))
    faults = check_answer(question, answer_document(answer))
    if faults:
        raise Refused(" ".join(f"{fault.what} {fault.mend}".strip() for fault in faults))


def _question(application: Application, question_id: str) -> Question:
    question = application.framework.parsed.question_by_id.get(question_id)
    if question is None:
        raise Refused(_("Cette question n’existe pas dans le référentiel de votre dossier."))
    return question


def _check_recorded(proposed: Answer, sheet: Sheet) -> None:
    """Is what we proposed in its place, by us or by somebody who said the same? Else both are to be shown."""
    last = sheet.latest[proposed.question_id]
    taken = last
    if last.version != proposed.version:
        taken = Answer.objects.get(
            application=proposed.application_id, question_id=proposed.question_id, version=proposed.version
        )
    if _content(taken) != _content(proposed):
        raise StaleAnswer(last, proposed)


def _content(row: Answer) -> tuple[Any, ...]:
    return row.state, row.value, row.reason
