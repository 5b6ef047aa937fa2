"""A message leaves: its recipients are found when its hour has come, and each mail is written once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instance import queries as instance
from outbox import jobs
from outbox.jobs import mail
from outbox.models import HOLE, Job, Queue
from season.doors import campaign as door
from season.enums import Segment
from season.models import Dispatch, Message
from season.queries import campaign as queries
from season.queries.campaign import Recipient

# Of each message of a campaign: its words are the organiser's, its link is made at each sending.
LETTER = "season.campaign"
# Progress is written once in so many; it keeps the lease.
STRIDE = 25


@mail.minted(LETTER)
def link(pk: str, secret: str) -> str | None:
    """None for an address that asked for silence since the mail was written: a message may take hours to leave, or
    leave again."""
    row = Dispatch.objects.filter(pk=pk).first()
    return None if row is None or queries.is_muted(row.email) else door.link(row.pk)


def plan(message: Message) -> Job:
    due_at = message.due_at
    return send.schedule(message=message.pk, due=due_at.isoformat() if due_at else "", due_at=due_at)


@jobs.kind("campaign.send", key="campaign:{message}:{due}", queue=Queue.BULK, words=_("Départ d’un message"))
def send(job: Job) -> None:
    """Write a mail to each person of the segment, at the rate asked; an address that has its mail gets no other.

    Killed anywhere and run again, it goes on. When the closing moved meanwhile, it waits for the new day. Payload:
    `message`, `due`."""
    message = Message.objects.select_related("edition").get(pk=job.payload["message"])
    now = timezone.now()
    if message.cancelled_at or message.left_at:
        with jobs.finish(job):
            return
    if message.days_before is not None and message.edition.closes_at <= now:
        # The closing came first: nobody is told to hurry any more.
        with jobs.finish(job):
            Message.objects.filter(pk=message.pk).update(cancelled_at=now)
        return
    if message.due_at and message.due_at > now:
        with jobs.finish(job):
            plan(message)
        return
    people = queries.recipients(message.edition, Segment(message.segment), now=now)
    written = set(message.dispatches.values_list("email", flat=True))
    waiting = [person for person in people if person.email not in written]
    for rank, person in enumerate(waiting):
        if rank % STRIDE == 0:
            jobs.progress(job, done=len(written) + rank, total=len(written) + len(waiting))
        _write(message, person, after=timedelta(minutes=rank // message.per_minute))
    with jobs.finish(job):
        Message.objects.filter(pk=message.pk).update(left_at=timezone.now())


@transaction.atomic
def _write(message: Message, person: Recipient, *, after: timedelta) -> None:
    dispatch, made = Dispatch.objects.get_or_create(
        message=message, email=person.email, defaults={"territory": person.territory, "name": person.name[:120]}
    )
    if not made:
        return
    subject, text = door.written(message, person, instance.current(), link=HOLE)
    dispatch.mail = mail.queue(
        key=f"campaign:{dispatch.pk}",
        to=person.email,
        subject=subject,
        text=text,
        letter=LETTER,
        opens=str(dispatch.pk),
        stop=door.stop_link(person.email),
        due_at=timezone.now() + after,
    )
    dispatch.save(update_fields=["mail"])
