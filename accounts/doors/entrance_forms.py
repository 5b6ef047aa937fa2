"""django-allauth's forms, with labels in our words and no text inside the fields that repeats them."""

from typing import Any

from allauth.account import forms
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from allauth.socialaccount import forms as providers
from django.utils.translation import gettext_lazy as _

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


class Login(Plain, forms.LoginForm):  # type: ignore[misc]  # untyped package, here and below
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # a link to another password, which the page gives below


class SignUp(Plain, forms.SignupForm):  # type: ignore[misc]
    pass


class SignUpByProvider(Plain, providers.SignupForm):  # type: ignore[misc]
    pass


class Address(Plain, forms.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePassword(Plain, forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPassword(Plain, forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ForgottenPassword(Plain, forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ChosenPassword(Plain, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class Again(Plain, forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class SecondFactor(Plain, second_factor.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgain(Plain, second_factor.ReauthenticateForm):  # type: ignore[misc]
    pass


class Application(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class NewKey(Plain, keys.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Elsewhere « name » is that of a person.
        self.fields["name"].label = _("Nom de la clé")
        self.fields["passwordless"].help_text = _("L’appareil demandera votre doigt, votre visage ou un code.")
