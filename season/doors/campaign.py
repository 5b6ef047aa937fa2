"""A message of the campaign as one reader gets it, and the addresses that it carries."""

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from assessments.rules import zones
from instance.queries import Label
from outbox.doors import letters
from outbox.doors.letters import absolute
from outbox.models import HOLE
from season.models import Message
from season.queries.campaign import Recipient

FOLLOW, STOP = Signer(salt="season.follow"), Signer(salt="season.stop")


def link(dispatch_pk: int) -> str:
    """Where the reader goes on."""
    return absolute("season:follow", FOLLOW.sign(str(dispatch_pk)))


def stop_link(email: str) -> str:
    return absolute("season:stop", STOP.sign(email))


def dispatch_of(token: str) -> int | None:
    """None for what `link` did not write."""
    try:
        return int(FOLLOW.unsign(token))
    except (BadSignature, ValueError):
        return None


def address_of(token: str) -> str | None:
    try:
        return str(STOP.unsign(token))
    except BadSignature:
        return None


def written(message: Message, recipient: Recipient, label: Label, *, link: str) -> tuple[str, str]:
    """Subject and text; the text ends with the way to have no more of them."""
    values = {
        "commune": str(recipient.territory) if recipient.territory else _("le jury"),
        "personne": recipient.name.replace(HOLE, "") or _("Madame, Monsieur"),
        "lien": link,
        "édition": str(message.edition.year),
        "clôture": zones.deadline(
            message.edition.closes_at, recipient.territory.department_id if recipient.territory else ""
        ),
        "label": label.name,
        "contact": label.contact,
    }
    end = _("Ne plus recevoir ces rappels : %(link)s") % {"link": stop_link(recipient.email)}
    return letters.filled(message.subject, values), f"{letters.filled(message.text, values).strip()}\n\n-- \n{end}\n"
