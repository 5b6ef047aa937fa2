"""The words of the instance and the way its mails leave."""

import secrets
import smtplib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Refused
from instance import queries
from instance.models import Instance
from instance.rules import ciphers
from season.doors import letters
from season.jobs.seal import seal_trial

WORDS = ("name", "tagline", "organiser", "contact", "legal_notice", "jury_chair", "organiser_head")
MAIL = ("sender", "reply_to", "host", "port", "security", "user")


@transaction.atomic
def change_words(*, values: Mapping[str, Any], by: User) -> Instance:
    """Name, organiser, contact, notice, signatories: what pages and papers made from now on say."""
    return _change({name: values[name] for name in WORDS}, by=by)


@transaction.atomic
def change_mail(*, values: Mapping[str, Any], password: str = "", by: User) -> Instance:
    """The server and the addresses; without a new password the one before serves. A trial message is due again."""
    changes: dict[str, Any] = {name: values[name] for name in MAIL}
    if password:
        changes["password"] = ciphers.hide(password)
    return _change({**changes, "trial_code": "", "trial_arrived_at": None}, by=by)


def send_trial(*, to: str, by: User) -> None:
    """A message with a code, handed over while the page waits. Raises Refused with what the server answered."""
    check_can_organise(by)
    queries.forget()
    transport = queries.mail_transport()
    if transport is None:
        raise NotNow(_("Donnez d’abord le serveur d’envoi."))
    label, code = queries.current(), f"{secrets.randbelow(10**6):06}"
    message = EmailMessage(
        subject=letters.trial_subject(label),
        body=letters.trial_text(label, code=code),
        from_email=label.sender,
        to=[to],
        reply_to=[label.reply_to],
        connection=transport.connect(),
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(letters.why(error)) from error
    with transaction.atomic():
        _change({"trial_code": code, "trial_arrived_at": None}, by=by)


@transaction.atomic
def confirm_trial(*, code: str, by: User, now: datetime) -> None:
    """Who types the code has received the message: mails arrive."""
    row = _locked()
    if not row.trial_code or not secrets.compare_digest(row.trial_code, "".join(code.split())):
        raise Refused(_("Ce n’est pas le code du dernier message d’essai. Relisez-le, ou envoyez un autre essai."))
    _change({"trial_code": "", "trial_arrived_at": now}, by=by)


@transaction.atomic
def try_seal(*, by: User, now: datetime) -> None:
    """A worker, who alone holds the key, seals an empty page; the row says what it found. One trial at a time."""
    if _locked().seal_awaited:
        raise NotNow(_("Un essai du cachet est déjà demandé."))
    _change({"seal_asked_at": now}, by=by)
    seal_trial.schedule(asked=now.isoformat())


def _change(changes: dict[str, Any], *, by: User) -> Instance:
    """The trail names what changed; a secret stays out of it."""
    check_can_organise(by)
    row = _locked()
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    row.save()
    shown = {name: str(changes[name]) for name in changed if name not in ("password", "trial_code")}
    audit.record(by=by, verb="instance.changed", on=row, changed=changed, **shown)
    transaction.on_commit(queries.forget)
    return row


def _locked() -> Instance:
    Instance.objects.get_or_create(pk=Instance.ONLY)
    return Instance.objects.select_for_update().get(pk=Instance.ONLY)
