"""Mail: a row first, in the transaction of its cause; the worker sends it. `key` says what it is about, so that the
same news is written once to the same person."""

import smtplib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instance import queries as instance
from outbox import jobs, queries
from outbox.doors import files
from outbox.models import Job, JobState, Mail, MailFile, MailState, Queue, StoredFile
from outbox.rules import fields
from outbox.wording import FRAME, Letter

# A server of mails may be away for a night or for a day: two days in all.
WAITS = (30, 60, 120, 300, 900, 1800, 3600, *[7200] * 23)  # seconds
# From this answer on, a server will not change its mind about a recipient.
PERMANENT = 500


def queue(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    attachments: Sequence[tuple[str, StoredFile]] = (),
    stop: str = "",
    due_at: datetime | None = None,
) -> Mail:
    """Write a message and the job that sends it. The same key again changes nothing.

    `stop`: where one click ends the messages of this sort (RFC 8058)."""
    mail, created = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": " ".join(subject.split())[:200],
            "text": text,
            "message_id": _message_id(),
            "stop": stop,
        },
    )
    if created:
        MailFile.objects.bulk_create(MailFile(mail=mail, name=name, file=file) for name, file in attachments)
        send.schedule(mail=mail.pk, due_at=due_at)
    return mail


def write(letter: Letter, values: Mapping[str, str], *, key: str, to: str, **options: Any) -> Mail:
    """Queue a letter in the words of the instance. `values`: one for each of its fields; `options`: those of "
    "`queue`."""
    subject, text = in_words(letter, values)
    return queue(key=key, to=to, subject=subject, text=text, **options)


def in_words(
    letter: Letter, values: Mapping[str, str], *, changed: Mapping[str, tuple[str, str]] | None = None
) -> tuple[str, str]:
    """Subject and text, whole. `changed`: what to read instead of the rows, for words that are not kept yet."""
    label = instance.current()
    common = {"label": label.name, "devise": label.tagline, "organisateur": label.organiser, "contact": label.contact}
    known = queries.letter_texts([letter.name, FRAME.name]) if changed is None else changed
    subject, text = known.get(letter.name, (str(letter.subject), str(letter.text)))
    frame = known.get(FRAME.name, ("", str(FRAME.text)))[1]
    given = {name: values[name] for name in letter.fields} | common
    whole = fields.filled(frame, common | {"texte": fields.filled(text, given).strip()})
    return fields.filled(subject, given), f"{whole.strip()}\n"


def _told(job: Job, state: JobState) -> None:
    """The list of mails shows those that were given up."""
    failed = MailState.FAILED if state == JobState.DEAD else MailState.TODO
    Mail.objects.filter(pk=job.payload["mail"]).exclude(state=MailState.SENT).update(state=failed)


@jobs.kind("mail.send", key="mail:{mail}", queue=Queue.MAIL, words=_("Envoi d’un courriel"), waits=WAITS, told=_told)
def send(job: Job) -> None:
    """Hand one message to the transport; without one it is kept. Killed between its acceptance and our commit, the
    message may leave again with the same Message-ID: that case only."""
    mail = Mail.objects.get(pk=job.payload["mail"])
    transport = instance.mail_transport()
    if transport is None:
        with jobs.finish(job):
            Mail.objects.filter(pk=mail.pk).update(state=MailState.KEPT)
        return
    label = instance.current()
    message = EmailMessage(
        subject=mail.subject,
        body=mail.text,
        from_email=label.sender,
        to=[mail.to],
        reply_to=[label.reply_to],
        headers={"Message-ID": mail.message_id, **_ways_out(mail)},
        connection=transport.connect(),
    )
    for attached in mail.files.select_related("file"):
        message.attach(attached.name, files.read(attached.file), attached.file.content_type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = error.recipients[mail.to]
        if code < PERMANENT:
            raise
        with jobs.finish(job):
            said = f"{code} {answer.decode(errors='replace')}"
            Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error=said[:2000])
        return
    with jobs.finish(job):
        Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now(), error="")


def _ways_out(mail: Mail) -> dict[str, str]:
    if not mail.stop:
        return {}
    return {"List-Unsubscribe": f"<{mail.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def send_again(mail: Mail) -> bool:
    """Of a message that was kept, given up or lost on the way; False while it still waits to leave.

    It is another sending, under another Message-ID: no server takes it for the first. Inside a transaction."""
    job = send.find(mail=mail.pk)
    if job is None or not jobs.again(job):
        return False
    fields = {"state": MailState.TODO, "sent_at": None, "error": "", "message_id": _message_id()}
    Mail.objects.filter(pk=mail.pk).update(**fields)
    return True


def forget(address: str, instead: str) -> None:
    """Of somebody who goes: what was written to them is no longer readable, and what still waits does not leave."""
    rows = Mail.objects.filter(to__iexact=address)
    waiting = list(rows.filter(state=MailState.TODO).values_list("pk", flat=True))
    Job.objects.filter(key__in=[send.key_of(mail=pk) for pk in waiting]).update(
        state=JobState.DONE, finished_at=timezone.now()
    )
    rows.filter(pk__in=waiting).update(state=MailState.FAILED)
    rows.update(to=instead, subject=_("Courriel effacé"), text="", stop="")


def came_back(mail: Mail, *, said: str) -> bool:
    """Of a message that a server took and another returned: as good as refused. False when it had not left."""
    fields = {"state": MailState.FAILED, "sent_at": None, "error": said[:2000]}
    return bool(Mail.objects.filter(pk=mail.pk, state=MailState.SENT).update(**fields))


def _message_id() -> str:
    return f"<{uuid.uuid4()}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>"


class OutboxBackend(BaseEmailBackend):
    """Django's own mails (passwords, addresses to confirm) become rows too."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                queue(key=f"django:{uuid.uuid4()}", to=recipient, subject=message.subject, text=str(message.body))
        return len(email_messages)
