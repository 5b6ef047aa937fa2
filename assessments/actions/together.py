"""Several people on one file: who takes care of what, what they say to each other, and what they ask of others."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import Role, User
from accounts.refusals import NotAllowed, Refused
from accounts.rules import texts
from accounts.rules.digests import digest
from assessments import policies, queries
from assessments.actions.answers import Saved, check, save_answer
from assessments.doors import letters
from assessments.enums import AnswerState
from assessments.jobs import notices
from assessments.models import Answer, Application, Carer, Comment, Enquiry
from scoring.framework import Framework


def assign(*, application: Application, part: str, person: User | None, by: User, now: datetime) -> None:
    """Give a question or an issue to a colleague who may write; None takes it back. The last one given counts."""
    known = application.framework.parsed
    if part not in known.question_by_id and part not in known.issue_by_id:
        raise Refused(_("Cette question n’existe pas dans le référentiel de votre dossier."))
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.check_can_change(fresh, now, questions=_questions(known, part))
        if person is None:
            Carer.objects.filter(application=fresh, part=part).delete()
        else:
            _check_writes(fresh, person)
            Carer.objects.update_or_create(application=fresh, part=part, defaults={"person": person, "at": now})
            notices.note(fresh, person=person, part=part, by=by, now=now)
        audit.record(by=by, verb="carer.set", on=fresh, part=part, person=person.pk if person is not None else None)


def comment(*, application: Application, question_id: str, text: str, by: User, now: datetime) -> Comment:
    text = texts.taken(text)
    if not text:
        raise Refused(_("Écrivez votre commentaire avant de l’envoyer."))
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.check_can_change(fresh, now, questions=[question_id])
        for person in queries.who_works_on(fresh, fresh.framework.parsed.question_by_id[question_id]):
            notices.note(fresh, person=person, part=question_id, comment=True, by=by, now=now)
        row = Comment.objects.create(application=fresh, question_id=question_id, text=text, author=by, at=now)
        audit.record(by=by, verb="comment.added", on=row)
    return row


def ask(*, application: Application, question_id: str, email: str, by: User, now: datetime) -> Enquiry:
    """Send a link that shows one question and takes one reply. Never for a confidential question."""
    question = application.framework.parsed.question_by_id[question_id]
    if question.confidential or not question.takes_answer:
        raise Refused(_("Cette question ne se pose pas par lien : invitez plutôt la personne dans votre équipe."))
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.check_can_change(fresh, now, questions=[question.id])
        enquiry = Enquiry.objects.create(
            application=fresh,
            question_id=question_id,
            email=email.strip().lower(),
            # The link is made when the mail leaves: until then nothing opens it.
            secret_digest=digest(secrets.token_urlsafe(32)),
            asked_by=by,
            asked_at=now,
            expires_at=now + policies.ENQUIRY_LIFE,
        )
        audit.record(by=by, verb="enquiry.sent", on=enquiry, question=question_id)
        letters.question(enquiry, text=question.text["fr"])
    return enquiry


@transaction.atomic
def cancel_enquiry(*, enquiry: Enquiry, by: User, now: datetime) -> None:
    """The link shows nothing any more. Cancelling twice changes nothing."""
    if Enquiry.objects.filter(pk=enquiry.pk, cancelled_at=None, replied_at=None).update(cancelled_at=now):
        audit.record(by=by, verb="enquiry.cancelled", on=enquiry)


def forget_address(address: str, instead: str) -> None:
    """Of somebody who goes: the links that wait for their reply end, what they replied stays without their address."""
    rows = Enquiry.objects.filter(email__iexact=address)
    rows.filter(replied_at=None).delete()
    rows.update(email=instead)


def reply(*, enquiry: Enquiry, state: AnswerState, value: Any, reason: str, words: str, now: datetime) -> Enquiry:
    """What the person who got the link says, once. It waits beside the question until a member takes it over."""
    question = enquiry.application.framework.parsed.question_by_id[enquiry.question_id]
    check(question, Answer(question_id=question.id, state=state, value=value, reason=texts.taken(reason)))
    with transaction.atomic():
        fresh = queries.locked(enquiry.application)
        policies.check_can_change(fresh, now, questions=[question.id])
        row = Enquiry.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=enquiry.pk)
        row.application = fresh
        policies.check_enquiry_open(row, now)
        row.state, row.value = state, value if state == AnswerState.ANSWERED else None
        row.reason = texts.taken(reason) if state == AnswerState.NOT_APPLICABLE else ""
        row.words, row.replied_at = texts.taken(words), now
        row.save(update_fields=["state", "value", "reason", "words", "replied_at"])
        audit.record(by=None, verb="enquiry.replied", on=row)
        letters.replied(row, application=enquiry.application, part=question.issue, text=question.text["fr"])
    return row


def adopt(*, enquiry: Enquiry, seen: int, by: User, now: datetime) -> Saved:
    """A reply becomes the answer of the file, signed by the member who takes it over. Raises as `save_answer` does."""
    if enquiry.replied_at is None:
        raise Refused(_("Cette personne n’a pas encore répondu."))
    return save_answer(
        application=enquiry.application,
        question_id=enquiry.question_id,
        state=AnswerState(enquiry.state),
        value=enquiry.value,
        reason=enquiry.reason,
        seen=seen,
        by=by,
        now=now,
    )


def _questions(framework: Framework, part: str) -> list[str]:
    """Those of an issue, or the question itself."""
    return [question.id for question in framework.questions if part in (question.id, question.issue)]


def _check_writes(application: Application, person: User) -> None:
    if not queries.members(application).filter(user=person).exclude(role=Role.READER).exists():
        raise NotAllowed(_("Cette personne ne peut pas écrire dans ce dossier : donnez-lui un accès en contribution."))
