"""The first start: an address that serves once makes the first organiser."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import create_organiser
from accounts.models import User
from accounts.queries import organisers
from accounts.refusals import NotNow
from accounts.rules.digests import digest
from instance.models import Instance
from outbox.doors.letters import absolute


@transaction.atomic
def new_first_address() -> str | None:
    """The address to print, in place of the one before; None once somebody organises. Only its digest is kept."""
    if organisers().exists():
        return None
    secret = secrets.token_urlsafe(32)
    Instance.objects.update_or_create(pk=Instance.ONLY, defaults={"first_digest": digest(secret)})
    return absolute("season:first", secret)


def opens(secret: str) -> bool:
    """Does this address still serve?"""
    return Instance.objects.filter(first_digest=digest(secret)).exists() and not organisers().exists()


@transaction.atomic
def make_first_organiser(*, secret: str, email: str, name: str, function: str, password: str) -> User:
    """Raises NotNow when somebody was quicker."""
    if not Instance.objects.select_for_update().filter(first_digest=digest(secret)).update(first_digest=""):
        raise NotNow(_("Cette adresse a déjà servi."))
    return create_organiser(email=email, name=name, function=function, password=password)
