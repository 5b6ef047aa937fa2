"""django-allauth's forms, with labels in our words and no text inside the fields that repeats them."""

from copy import copy
from typing import Any
from uuid import uuid4

from allauth.account import forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from allauth.socialaccount import forms as providers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.refusals import told_by_a_form
from accounts.rules import texts

EMAIL = _("Adresse électronique")
LABELS = {
    "login": EMAIL,
    "email": EMAIL,
    "password": _("Mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Mot de passe choisi"),
    "password2": _("Le même, une seconde fois"),
    "code": _("Code"),
    "passwordless": _("Entrer avec cette clé seule, sans mot de passe"),
}


class Plain:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)


def _plain(form: type) -> type:
    return type(form.__name__, (Plain, form), {})


class Login(Plain, forms.LoginForm):  # type: ignore[misc]  # untyped package, here and below
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # a link to another password, which the page gives below


class SignUp(Plain, forms.SignupForm):  # type: ignore[misc]
    account_already_exists: bool

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> Any:
        """With a known address all is done as with a new one, then undone: how long the answer takes tells nobody
        whether the account exists."""
        if self.account_already_exists:
            with transaction.atomic():
                self._as_of_nobody(request)
                transaction.set_rollback(True)
        return super().try_save(request)

    def _as_of_nobody(self, request: HttpRequest) -> None:
        apart = copy(request)
        apart.session = type(request.session)()
        known, self.account_already_exists = self.cleaned_data["email"], False
        self.cleaned_data["email"] = f"{uuid4()}@personne.invalid"
        self.save(apart)
        self.cleaned_data["email"], self.account_already_exists = known, True


class SecondFactor(Plain, second_factor.AuthenticateForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            get_adapter().second_factor_failed(self.user)
            raise


SignUpByProvider = _plain(providers.SignupForm)
Address = _plain(forms.AddEmailForm)
ChangePassword = _plain(forms.ChangePasswordForm)
SetPassword = _plain(forms.SetPasswordForm)
ForgottenPassword = _plain(forms.ResetPasswordForm)
ChosenPassword = _plain(forms.ResetPasswordKeyForm)
Again = _plain(forms.ReauthenticateForm)
SecondFactorAgain = _plain(second_factor.ReauthenticateForm)
Application = _plain(totp.ActivateTOTPForm)


class NewKey(Plain, keys.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Elsewhere « name » is that of a person.
        self.fields["name"].label = _("Nom de la clé")
        self.fields["passwordless"].help_text = _("L’appareil demandera votre doigt, votre visage ou un code.")

    def clean_name(self) -> str:
        with told_by_a_form():
            return texts.taken(self.cleaned_data["name"], most=60, lines=False)
