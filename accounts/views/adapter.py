"""What Arobase changes in django-allauth."""

import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from accounts import actions
from accounts.doors import entry, letters
from accounts.models import User
from instance import queries as instance
from instance.rules import ciphers

# In a session: since when, and the hour when it last served.
BEGAN, USED_AT = "began", "used_at"
HOUR = 3600  # seconds
# What the person gave, here, and could give again; a provider may answer by itself for whoever holds the browser.
GIVEN = ("password", "mfa")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped package
    """Links that carry a secret are made when their mail leaves, on our own host. Wrong passwords slow down the address
    that sends them, not the person whose account they aim at."""

    # What the library says with a word that our pages do not use.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": lazy("L’adresse électronique ou le mot de passe ne sont pas les bons."),
        "duplicate_email": lazy("Cette adresse électronique est déjà celle de votre compte."),
        "email_taken": lazy("Un autre compte a déjà cette adresse électronique."),
        "unknown_email": lazy("Aucun compte n’a cette adresse électronique."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if not letters.of_sign_in(template_prefix, to=email):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """What its owner is told of stands in the trail too."""
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        actions.note_account_change(user=user, told=template_prefix)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        letters.confirm_address(emailconfirmation.email_address)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        letters.password_forgotten(user, to=email)

    def get_email_verification_redirect_url(self, email_address: object) -> str:
        """Where one's work is, by way of the sign-in page for who is not signed in."""
        return reverse("start")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        entry.check(_email(credentials), address=self.get_client_ip(request), now=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email, now = _email(credentials), timezone.now()
        if entry.count(email, address=self.get_client_ip(request), now=now):
            actions.offer_way_in(email=email, now=now)
        actions.note_failed_sign_in(email=email)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        now = timezone.now()
        request.session[BEGAN], request.session[USED_AT] = now.timestamp(), int(now.timestamp()) // HOUR
        records = get_authentication_records(request, user)
        actions.note_sign_in(user=user, methods=[record.get("type") or record["method"] for record in records])
        entry.remember(user.email, address=self.get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just given a password or a second factor to sign in is not asked for it again at once."""
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records if record["method"] in GIVEN), default=0)
        if time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def is_safe_url(self, url: str) -> bool:
        """What cannot be read leads nowhere: the library reads it without a thought for that."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def set_password(self, user: User, password: str) -> None:
        actions.change_password(user=user, password=password, now=timezone.now())

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A password chosen by the mail's link opens the door again at once."""
        entry.forget(_email(credentials), address=self.get_client_ip(request), now=timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped package
    """Secrets of second factors are kept encrypted, and drawn as our pages may show them."""

    def second_factor_failed(self, user: User) -> None:
        actions.note_failed_second_factor(user=user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": instance.current().name}

    def get_totp_issuer(self) -> str:
        return instance.current().name

    def build_totp_svg(self, url: str) -> str:
        """Without the styles that our policy of contents refuses; white below, as a dark page would hide it."""
        return str(segno.make(url, micro=False).svg_inline(scale=6, light="#fff", svgclass="qr", lineclass=None))

    def encrypt(self, text: str) -> str:
        return ciphers.hide(text)

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers.reveal(encrypted_text) or ""


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped package
    """Who comes from a provider: their account when its address is the same and both sides confirmed it, else a new
    one, after their function was asked."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        told = sociallogin.account.get_provider_account().get_user_data() or {}
        # ProConnect says « usual_name », others « family_name » or the whole name.
        parts = (told.get("given_name"), told.get("usual_name") or told.get("family_name"))
        user: User = sociallogin.user
        user.email = data.get("email") or ""
        user.name = (" ".join(part for part in parts if part) or data.get("name") or "")[:120]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        return {"email": sociallogin.user.email, "name": sociallogin.user.name}


def _email(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()
