"""Links that we write to one person: only who holds them may do what they open."""

from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from accounts.models import User
from accounts.rules.digests import digest
from outbox.doors.letters import absolute

STOP = Signer(salt="accounts.stop")


def choose_password(user: User) -> str:
    """A link to choose a password, for three days and one use; only the owner of the address gets it."""
    secret = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return absolute("account_reset_password_from_key", user_pk_to_url_str(user), secret)


def stop(user: User) -> str:
    """Where one click ends the mails about what colleagues give to do; it opens nothing else."""
    return absolute("accounts:stop", STOP.sign(str(user.pk)))


def stopped(token: str) -> int | None:
    """Whose link it is; None for what `stop` did not write."""
    try:
        return int(STOP.unsign(token))
    except (BadSignature, ValueError):
        return None


def only_by(secret: str, *, rows: QuerySet[Any], page: str) -> str | None:
    """The address of the one row that `rows` may hold, which this secret alone opens from now on; None without it."""
    return absolute(page, secret) if rows.update(secret_digest=digest(secret)) else None
