"""What the organiser writes beside a file, and the requests for help."""

from datetime import datetime

from django.db import transaction

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import Right, check_may
from accounts.queries import organisers
from assessments.models import Application
from season.doors import letters
from season.models import Billing, HelpRequest, SupportNote


@transaction.atomic
def note_reading(*, application: Application, by: User) -> None:
    """The organiser opens a file: its people may ask who did."""
    check_may(by, Right.HELP)
    audit.record(by=by, verb="application.opened", on=application)


@transaction.atomic
def add_note(*, application: Application, text: str, by: User, now: datetime) -> SupportNote:
    check_may(by, Right.HELP)
    note = SupportNote.objects.create(application=application, text=text.strip(), by=by, at=now)
    audit.record(by=by, verb="support_note.added", on=note, application=application.pk)
    return note


@transaction.atomic
def set_billing(*, application: Application, status: str, purchase_order: str, by: User, now: datetime) -> Billing:
    check_may(by, Right.SEASON)
    values = {"status": status, "purchase_order": purchase_order.strip(), "updated_at": now}
    billing, _made = Billing.objects.update_or_create(application=application, defaults=values)
    audit.record(by=by, verb="billing.set", on=billing, status=status, purchase_order=billing.purchase_order)
    return billing


@transaction.atomic
def ask_help(*, page: str, text: str, email: str, by: User | None, now: datetime, claim: bool = False) -> HelpRequest:
    """Kept, and written to each organiser; whoever asked has an answer by mail."""
    asked = HelpRequest.objects.create(page=page, text=text.strip(), email=email, claim=claim, by=by, at=now)
    for organiser in organisers():
        letters.help_asked(asked, to=organiser)
    return asked


@transaction.atomic
def close_help(*, asked: HelpRequest, by: User, now: datetime) -> None:
    check_may(by, Right.HELP)
    if HelpRequest.objects.filter(pk=asked.pk, closed_at=None).update(closed_at=now):
        audit.record(by=by, verb="help.closed", on=asked)
