"""Forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupDetails(forms.Form):
    """What django-allauth's sign-up asks beyond the address and the password."""

    name = forms.CharField(label=_("Prénom et nom"), max_length=120)
    function = forms.CharField(label=_("Fonction"), max_length=120, help_text=_("Par exemple : secrétaire de mairie."))

    def signup(self, request: object, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.function = self.cleaned_data["function"]
        user.save(update_fields=["name", "function"])
