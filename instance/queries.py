"""What the instance says of itself, and the way that its mails leave: its row over the environment's words."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from instance.models import Instance, Security
from instance.rules import ciphers

KEY = "instance"
# A web process with a cache of its own reads another's change this much later at most; a job reads it at its start.
KEPT = 300  # seconds
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Backends that a developer sets and that deliver to nobody.
NOWHERE = ("", "django.core.mail.backends.dummy.EmailBackend")


@dataclass(frozen=True)
class Label:
    """Whose label this is, as pages, papers and mails say it.

    `sends_mail`: there is a server to hand mails to. `mail_tried`: one of them has arrived. `own_seal`: papers bear the
    organisation's seal, not one that this site made, as the last trial of a worker found."""

    name: str
    tagline: str
    organiser: str
    contact: str
    legal_notice: str
    jury_chair: str
    organiser_head: str
    sender: str
    reply_to: str
    demo: bool
    sends_mail: bool
    mail_tried: bool
    own_seal: bool

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.tagline}"


@dataclass(frozen=True)
class Transport:
    """`tried`: somebody received the trial message, or whoever runs the machine answers for it."""

    backend: str
    tried: bool
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    def connect(self) -> BaseEmailBackend:
        connection: BaseEmailBackend = get_connection(self.backend, **self.options)
        return connection


def row() -> Instance:
    """The row, or an empty one that is not stored."""
    return Instance.objects.filter(pk=Instance.ONLY).first() or Instance(pk=Instance.ONLY)


def current() -> Label:
    kept = _kept()
    given, way = settings.INSTANCE, transport_of(kept)
    name, contact = kept.name or given["name"], kept.contact or given["contact"]
    return Label(
        name=name,
        tagline=kept.tagline or given["tagline"],
        organiser=kept.organiser or given["organiser"],
        contact=contact,
        legal_notice=kept.legal_notice,
        jury_chair=kept.jury_chair or given["jury_chair"],
        organiser_head=kept.organiser_head or given["organiser_head"],
        sender=str(Address(name, addr_spec=kept.sender)) if kept.sender else settings.DEFAULT_FROM_EMAIL,
        reply_to=kept.reply_to or contact,
        demo=given["demo"],
        sends_mail=way is not None,
        mail_tried=way is not None and way.tried,
        own_seal=kept.seal_own if kept.seal_tried_at else seal_given(),
    )


def seal_given() -> bool:
    """Does the environment of this process name a seal? On a server that of workers alone does."""
    return bool(settings.SEAL_PKCS12 or settings.SEAL_SIGNER)


def _kept() -> Instance:
    return cast("Instance", cache.get_or_set(KEY, row, KEPT))


def mail_transport() -> Transport | None:
    return transport_of(_kept())


def transport_of(row: Instance) -> Transport | None:
    """None: no mail leaves this instance."""
    if row.host:
        options = {
            "host": row.host,
            "port": row.port,
            "username": row.user,
            "password": ciphers.reveal(row.password) or "" if row.password else "",
            "use_tls": row.security == Security.STARTTLS,
            "use_ssl": row.security == Security.TLS,
            "timeout": settings.EMAIL_TIMEOUT,
        }
        return Transport(SMTP, row.trial_arrived_at is not None, options)
    if settings.MAIL_TRANSPORT not in NOWHERE:
        return Transport(settings.MAIL_TRANSPORT, tried=True)
    return None


def forget() -> None:
    """The next reader sees the row as it is."""
    cache.delete(KEY)
