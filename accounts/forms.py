"""Forms about people."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Invitation, OrganiserRole, Pace, Role, Scope, User
from accounts.refusals import told_by_a_form
from accounts.rules import texts
from territories.models import Territory

# In the session of who came by an invitation: its row, never its secret.
INVITATION = "invitation"
WHAT_ROLES_MAY = {
    Role.SIGNATORY: _("Signer : relire, compléter et déposer la candidature."),
    Role.CONTRIBUTOR: _("Contribuer : répondre, joindre des preuves, sans déposer."),
    Role.READER: _("Lire : suivre le dossier sans le modifier."),
}


class Typed(forms.CharField):
    """A text as people write it: taken whole or refused in words, never cut by the browser (arobase.js counts). In a
    field of one line, one line."""

    def to_python(self, value: Any) -> str:
        text, lines = super().to_python(value) or "", isinstance(self.widget, forms.Textarea)
        with told_by_a_form():
            return texts.taken(text, most=self.most, lines=lines)

    @property
    def most(self) -> int:
        return self.max_length or texts.LONGEST

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs | {"data-most": str(self.most)}


class DetailsForm(forms.Form):
    name = Typed(label=_("Prénom et nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    function = Typed(
        label=_("Fonction"),
        max_length=120,
        help_text=_("Par exemple : secrétaire de mairie."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class ReplyForm(forms.Form):
    """Of somebody without an account, to whom one replies."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PaceForm(forms.Form):
    pace = forms.ChoiceField(
        label=_("Me l’écrire par courriel"), choices=Pace.choices, widget=forms.RadioSelect({"class": "tight"})
    )


class SignupDetails(DetailsForm):
    """What django-allauth's sign-up asks beyond the address and the password."""

    def signup(self, request: HttpRequest, user: User) -> None:
        invitation = Invitation.objects.filter(pk=request.session.pop(INVITATION, None)).first()
        actions.register(
            user=user,
            name=self.cleaned_data["name"],
            function=self.cleaned_data["function"],
            invitation=invitation,
            now=timezone.now(),
        )


class MembershipRequestForm(forms.Form):
    territory = forms.ModelChoiceField(
        label=_("Collectivité"),
        queryset=Territory.objects.select_related("department"),
        to_field_name="code",
        error_messages={
            "required": _("Cherchez votre collectivité, puis choisissez-la dans la liste."),
            "invalid_choice": _("Cette collectivité n’est pas dans la liste officielle."),
        },
    )
    role = forms.ChoiceField(
        label=_("Ce que vous ferez"), choices=list(WHAT_ROLES_MAY.items()), widget=forms.RadioSelect
    )
    message = Typed(
        label=_("Message à l’organisateur"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qui aide à vérifier votre demande : votre service, un numéro de la mairie."),
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    role = forms.ChoiceField(
        label=_("Ce que la personne fera"), choices=list(WHAT_ROLES_MAY.items()), widget=forms.RadioSelect
    )

    def offer(self, roles: Collection[str]) -> None:
        """Show these alone; of another one that is sent, the action says why not."""
        self.fields["role"].widget.choices = [(role, words) for role, words in WHAT_ROLES_MAY.items() if role in roles]


class HelperForm(forms.Form):
    """A helper and one of its people: with a SIREN that is known, one person more."""

    siren = forms.RegexField(
        r"^\d{9}$",
        label=_("SIREN de la structure"),
        error_messages={"invalid": _("Un SIREN compte neuf chiffres.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = Typed(label=_("Nom de la structure"), max_length=120)
    email = forms.EmailField(label=_("Adresse électronique d’une personne qui y travaille"), max_length=254)


class RefusalForm(forms.Form):
    reason = Typed(
        label=_("Motif du refus"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne le lira dans « Mon compte »."),
    )


class TokenForm(forms.Form):
    name = Typed(
        label=_("Nom de la clé"),
        max_length=60,
        help_text=_("Le logiciel qui s’en servira, pour la reconnaître."),
        # The page also holds the name of the person.
        widget=forms.TextInput(attrs={"id": "token_name"}),
    )
    scope = forms.ChoiceField(
        label=_("Ce qu’elle permet"), choices=Scope.choices, initial=Scope.READ, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(
        label=_("Elle sert pendant"),
        coerce=int,
        choices=[(30, _("un mois")), (180, _("six mois")), (365, _("un an"))],
        initial=180,
        widget=forms.RadioSelect,
    )


class OrganiserForm(forms.Form):
    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    name = Typed(
        label=_("Prénom et nom"),
        max_length=120,
        required=False,
        help_text=_("Utile si la personne n’a pas encore de compte."),
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=OrganiserRole.choices, widget=forms.RadioSelect)


class LookForm(forms.Form):
    reason = Typed(
        label=_("Pourquoi vous ouvrez ces dossiers"),
        max_length=300,
        help_text=_("La personne le reçoit par courriel, et le journal le garde."),
    )
