"""Forms about people."""

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Invitation, OrganiserRole, Pace, Role, Scope, User
from territories.models import Territory

# In the session of who came by an invitation: its row, never its secret.
INVITATION = "invitation"
WHAT_ROLES_MAY = {
    Role.SIGNATORY: _("Signer : relire, compléter et déposer la candidature."),
    Role.CONTRIBUTOR: _("Contribuer : répondre, joindre des preuves, sans déposer."),
    Role.READER: _("Lire : suivre le dossier sans le modifier."),
}


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Prénom et nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    function = forms.CharField(
        label=_("Fonction"),
        max_length=120,
        help_text=_("Par exemple : secrétaire de mairie."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
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
    message = forms.CharField(
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


class HelperForm(forms.Form):
    """A helper and one of its people: with a SIREN that is known, one person more."""

    siren = forms.RegexField(
        r"^\d{9}$",
        label=_("SIREN de la structure"),
        error_messages={"invalid": _("Un SIREN compte neuf chiffres.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Nom de la structure"), max_length=120)
    email = forms.EmailField(label=_("Adresse électronique d’une personne qui y travaille"), max_length=254)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif du refus"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne le lira dans « Mon compte »."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(
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
    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        required=False,
        help_text=_("Utile si la personne n’a pas encore de compte."),
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=OrganiserRole.choices, widget=forms.RadioSelect)


class LookForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi vous ouvrez ces dossiers"),
        max_length=300,
        help_text=_("La personne le reçoit par courriel, et le journal le garde."),
    )
