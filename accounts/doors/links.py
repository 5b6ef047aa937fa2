"""Addresses written in mails: whole, on our own host, whatever host the request named."""

import re

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User

# A link that lets whoever reads it act for somebody.
PERSONAL = re.compile(
    r"https?://\S+/(?:compte/(?:invitations|mot-de-passe/choisir|adresse/confirmer)|repondre|demarrer|invite)/\S+"
)

STOP = Signer(salt="accounts.stop")


def absolute(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def password_link(key: str) -> str:
    """`key` is the person and the secret, as allauth joins them."""
    uid, secret = key.split("-", 1)
    return absolute("account_reset_password_from_key", uid, secret)


def choose_password(user: User) -> str:
    """A link to choose a password, for three days and one use; only the owner of the address gets it."""
    secret = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return password_link(f"{user_pk_to_url_str(user)}-{secret}")


def stop(user: User) -> str:
    """Where one click ends the mails about what colleagues give to do; it opens nothing else."""
    return absolute("accounts:stop", STOP.sign(str(user.pk)))


def stopped(token: str) -> int | None:
    """Whose link it is; None for what `stop` did not write."""
    try:
        return int(STOP.unsign(token))
    except (BadSignature, ValueError):
        return None


def is_personal(path: str) -> bool:
    """Does the address of this page, without its host, let whoever reads it act for somebody?"""
    return PERSONAL.search(f"https://x{path}") is not None


def hide_personal(text: str) -> str:
    """The text of a mail as a third person may read it."""
    return PERSONAL.sub(_("[lien personnel masqué]"), text)
