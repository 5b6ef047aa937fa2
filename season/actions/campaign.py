"""The organiser's verbs on the campaign, and what its readers do with a message."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit, open_invitation
from accounts.models import User
from accounts.permissions import Right, check_can_organise, may
from accounts.queries import organisers
from accounts.refusals import NotNow, Refused
from assessments.models import Edition
from outbox.doors import letters
from outbox.jobs import mail
from outbox.models import Mail, MailState
from season.doors.lists import Guest as Read
from season.jobs import campaign as jobs
from season.models import Dispatch, Guest, Message, Mute
from season.rules.fields import FIELDS


@transaction.atomic
def add_guests(*, edition: Edition, guests: Iterable[Read], role: str, by: User, now: datetime) -> int:
    """Write the lines that were confirmed; returns how many are new. The same list again adds nothing."""
    check_can_organise(by)
    before = edition.guests.count()
    rows = (
        Guest(edition=edition, territory=row.territory, email=row.email, role=role, added_by=by, added_at=now)
        for row in guests
    )
    Guest.objects.bulk_create(rows, ignore_conflicts=True)
    added = edition.guests.count() - before
    audit.record(by=by, verb="guests.added", on=edition, added=added, role=role)
    return added


@transaction.atomic
def remove_guest(*, guest: Guest, by: User) -> None:
    check_can_organise(by)
    audit.record(by=by, verb="guests.removed", on=guest.edition, email=guest.email, territory=guest.territory.code)
    guest.delete()


@transaction.atomic
def write_message(*, message: Message, values: Mapping[str, Any], by: User, now: datetime) -> Message:
    """Keep a draft; `message` is new or an unplanned one. Raises Refused for a field that does not exist."""
    check_can_organise(by)
    if message.planned_at:
        raise NotNow(_("Ce message est déjà prévu : annulez-le pour en écrire un autre."))
    if names := letters.unknown_fields(f"{values['subject']} {values['text']}", FIELDS):
        raise Refused(_("« {%(name)s} » n’est pas un champ connu.") % {"name": names[0]})
    for name, value in values.items():
        setattr(message, name, value)
    message.written_by, message.written_at = by, now
    message.save()
    audit.record(by=by, verb="message.written", on=message, segment=message.segment)
    return message


@transaction.atomic
def plan_message(*, message: Message, by: User, now: datetime) -> Message:
    """It will leave at its hour, or at once. Planning twice changes nothing."""
    check_can_organise(by)
    fresh = Message.objects.select_for_update(of=("self",)).select_related("edition").get(pk=message.pk)
    if fresh.cancelled_at:
        raise NotNow(_("Ce message est annulé."))
    if fresh.planned_at is None:
        fresh.planned_at = now
        fresh.save(update_fields=["planned_at"])
        audit.record(by=by, verb="message.planned", on=fresh, due=fresh.due_at.isoformat() if fresh.due_at else "")
        jobs.plan(fresh)
    return fresh


@transaction.atomic
def cancel_message(*, message: Message, by: User, now: datetime) -> None:
    """Before it left."""
    check_can_organise(by)
    if not Message.objects.filter(pk=message.pk, left_at=None, cancelled_at=None).update(cancelled_at=now):
        raise NotNow(_("Ce message est déjà parti, ou déjà annulé."))
    audit.record(by=by, verb="message.cancelled", on=message)


@transaction.atomic
def send_again(*, message: Message, by: User) -> int:
    """What failed or was kept; returns how many leave again."""
    check_can_organise(by)
    lost = Mail.objects.filter(pk__in=message.dispatches.values("mail"), state__in=[MailState.FAILED, MailState.KEPT])
    count = sum(mail.send_again(row) for row in lost)
    audit.record(by=by, verb="message.sent_again", on=message, count=count)
    return count


@transaction.atomic
def mute(*, email: str, now: datetime) -> None:
    """From the mail itself, by whoever reads it. Twice changes nothing."""
    _row, made = Mute.objects.get_or_create(email=email.lower(), defaults={"at": now})
    if made:
        audit.record(by=None, verb="campaign.muted", on=_row)


@transaction.atomic
def unmute(*, email: str) -> None:
    Mute.objects.filter(email=email.lower()).delete()


@transaction.atomic
def follow(*, dispatch: Dispatch, now: datetime) -> str | None:
    """The link of a message was opened. For a guest without an account, the secret of an invitation made for them."""
    Dispatch.objects.filter(pk=dispatch.pk, opened_at=None).update(opened_at=now)
    known = User.objects.filter(email__iexact=dispatch.email).exists()
    if known or dispatch.territory is None:
        return None
    guest = Guest.objects.filter(
        edition=dispatch.message.edition_id, territory=dispatch.territory, email=dispatch.email
    ).first()
    if guest is None:
        return None
    return open_invitation(
        territory=dispatch.territory,
        email=dispatch.email,
        role=guest.role,
        by=_inviter(dispatch.message),
        now=now,
    )


def _inviter(message: Message) -> User:
    """Who wrote it; somebody who organises today, once they no longer do: the link that guests hold stays good."""
    return message.written_by if may(message.written_by, Right.PEOPLE) else organisers().earliest("pk")
