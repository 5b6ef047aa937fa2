"""What Arobase changes in django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.doors import links


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped package
    """Links that carry a secret are on our own host, never on the one that a request named."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Subjects are rendered without the request, so without what every template may name.
        super().send_mail(template_prefix, email, {**context, "instance": settings.INSTANCE})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return links.absolute("account_confirm_email", emailconfirmation.key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return links.password_link(key)
