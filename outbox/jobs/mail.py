"""Mail: a row first, in the transaction of its cause; the worker sends it. `key` says what it is about, so that the
same news is written once to the same person."""

import smtplib
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.doors.letters import Letter, in_words
from outbox.models import HOLE, Job, JobState, Mail, MailFile, MailState, Queue, StoredFile

# A server of mails may be away for a night or for a day: two days in all.
WAITS = (30, 60, 120, 300, 900, 1800, 3600, *[7200] * 23)  # seconds
# From this answer on, a server will not change its mind about a recipient.
PERMANENT = 500

# Makes the link of a letter, from the key of the row that it opens and a secret of this sending: the row keeps the
# digest of the secret. None when there is nothing left to open.
Mint = Callable[[str, str], str | None]
MINTS: dict[str, Mint] = {}


def minted(letter: str) -> Callable[[Mint], Mint]:
    """The decorated function makes the link of the mails of this name. Its module is imported from its app's
    `ready()`."""

    def register(mint: Mint) -> Mint:
        MINTS[letter] = mint
        return mint

    return register


def queue(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    attachments: Sequence[tuple[str, StoredFile]] = (),
    stop: str = "",
    letter: str = "",
    opens: str = "",
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
            "letter": letter,
            "opens": opens,
        },
    )
    if created:
        MailFile.objects.bulk_create(MailFile(mail=mail, name=name, file=file) for name, file in attachments)
        send.schedule(mail=mail.pk, due_at=due_at)
    return mail


def write(
    letter: Letter, values: Mapping[str, str], *, key: str, to: str, opens: Model | None = None, **options: Any
) -> Mail:
    """Queue a letter in the words of the instance. `values`: one for each of its fields; `options`: those of `queue`.
    `opens`: the row that its « lien » lets one act on, made at each sending."""
    if opens is not None:
        # What somebody typed must not ask for the link: it would be read within an address of theirs.
        values = {name: value.replace(HOLE, "") for name, value in values.items()} | {"lien": HOLE}
        options |= {"letter": letter.name, "opens": str(opens.pk)}
    subject, text = in_words(letter, values)
    return queue(key=key, to=to, subject=subject.replace(HOLE, ""), text=text, **options)


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
    text = whole(mail)
    if text is None:
        with jobs.finish(job):
            said = gettext("Pas envoyé\u202f: ce que son lien ouvrait est fait, annulé, expiré, ou n’est plus voulu.")
            Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error=said)
        return
    label = instance.current()
    message = EmailMessage(
        subject=mail.subject,
        body=text,
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


def whole(mail: Mail) -> str | None:
    """The text as it leaves, with the link made for this sending; None when there is nothing left to open.

    The secret follows from the Message-ID: a sending that was cut off makes the same link again, whichever copy
    arrives; another sending makes another, and the former opens nothing more."""
    if not mail.opens:
        return None if HOLE in mail.text else mail.text
    secret = salted_hmac("outbox.mail.link", mail.message_id, algorithm="sha256").digest()
    link = MINTS[mail.letter](mail.opens, urlsafe_b64encode(secret).decode().rstrip("="))
    return None if link is None else mail.text.replace(HOLE, link)


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
    rows.update(to=instead, subject=_("Courriel effacé"), text="", stop="", letter="", opens="")


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
