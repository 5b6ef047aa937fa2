"""The links of our mails that let their reader act, made at each sending."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.utils import timezone

from accounts.doors import letters, links
from accounts.models import Invitation, User
from outbox.doors.letters import absolute
from outbox.jobs.mail import minted


@minted(letters.INVITATION.name)
def invitation(pk: str, secret: str) -> str | None:
    waiting = Invitation.objects.filter(accepted_at=None, cancelled_at=None, expires_at__gt=timezone.now())
    return links.only_by(secret, rows=waiting.filter(pk=pk), page="accounts:invitation")


@minted(letters.ACCOUNT_CREATED.name)
@minted(letters.WAY_IN.name)
@minted(letters.PASSWORD_FORGOTTEN.name)
def password(pk: str, secret: str) -> str | None:
    """Signed, for three days: a password that is chosen ends all that were made."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    return None if user is None else links.choose_password(user)


@minted(letters.CONFIRM_ADDRESS.name)
def address(pk: str, secret: str) -> str | None:
    """Signed, for three days: it opens nothing once the address is confirmed."""
    waiting = EmailAddress.objects.filter(pk=pk, verified=False).first()
    return None if waiting is None else absolute("account_confirm_email", EmailConfirmationHMAC(waiting).key)
