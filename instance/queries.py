"""What the instance says of itself: its row over the environment's words."""

from dataclasses import dataclass
from email.utils import formataddr
from typing import cast

from django.conf import settings
from django.core.cache import cache

from instance.models import Instance
from instance.policies import Transport, transport_of

KEY = "instance"
# A web process with a cache of its own reads another's change this much later at most; a job reads it at its start.
KEPT = 300  # seconds


@dataclass(frozen=True)
class Label:
    """Whose label this is, as pages, papers and mails say it.

    `sends_mail`: there is a server to hand mails to. `mail_tried`: one of them has arrived."""

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
        sender=formataddr((name, kept.sender)) if kept.sender else settings.DEFAULT_FROM_EMAIL,
        reply_to=kept.reply_to or contact,
        demo=given["demo"],
        sends_mail=way is not None,
        mail_tried=way is not None and way.tried,
        own_seal=bool(settings.SEAL_PKCS12 or settings.SEAL_SIGNER),
    )


def _kept() -> Instance:
    return cast("Instance", cache.get_or_set(KEY, row, KEPT))


def mail_transport() -> Transport | None:
    return transport_of(_kept())


def forget() -> None:
    """The next reader sees the row as it is."""
    cache.delete(KEY)
