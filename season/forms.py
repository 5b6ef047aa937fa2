"""Posted forms of the organiser, read."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.forms import WHAT_ROLES_MAY, DetailsForm, ReplyForm, Typed
from accounts.models import Role, User
from accounts.refusals import Refused
from accounts.rules import texts
from assessments.enums import State
from assessments.forms import DatesForm, DateTimeInput
from instance.models import Instance
from outbox.doors.letters import Letter
from scoring.framework import Wording
from season.actions import letters, settings
from season.actions.calendar import OF_EDITION
from season.models import BillingStatus, Message, MilestoneKind
from season.queries.following import Filters
from territories.models import PopulationBand, Region, Territory

LARGEST_FRAMEWORK = 2 * 1024 * 1024


class FirstOrganiserForm(DetailsForm):
    email = forms.EmailField(
        label=lazy("Adresse électronique"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=lazy("Mot de passe"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy("Au moins douze caractères : quelques mots sans lien entre eux se retiennent bien."),
    )
    again = forms.CharField(
        label=lazy("Le même, une seconde fois"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    field_order = ["name", "function", "email", "password", "again"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["function"].help_text = _("Par exemple : chargée de mission du label.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("Les deux mots de passe diffèrent."))
        if password:
            try:
                validate_password(password, User(email=cleaned.get("email", ""), name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("email", "name", "function", "password")}


class WordsForm(forms.ModelForm[Instance]):
    """Empty fields keep what the page shows as the words in use."""

    class Meta:
        model = Instance
        fields = settings.WORDS
        help_texts = {
            "name": lazy("Il paraît en haut de chaque page et sur les attestations."),
            "organiser": lazy("Avec son article : « l’association Exemple »."),
            "contact": lazy("Les demandes d’aide y arrivent ; elle paraît en bas des pages."),
            "legal_notice": lazy("Éditeur, directrice ou directeur de la publication, hébergeur : la loi les demande."),
            "jury_chair": lazy("Prénom et nom, sur les attestations."),
            "organiser_head": lazy("Prénom et nom, sur les attestations."),
        }
        widgets = {"legal_notice": forms.Textarea(attrs={"rows": 6})}
        field_classes = dict.fromkeys(
            ("name", "tagline", "organiser", "legal_notice", "jury_chair", "organiser_head"), Typed
        )


class MailForm(forms.ModelForm[Instance]):
    secret = forms.CharField(
        label=lazy("Mot de passe"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=lazy("Il est gardé chiffré et n’est plus jamais montré. Vide : celui d’avant reste."),
    )
    port = forms.IntegerField(
        label=lazy("Port"), min_value=1, max_value=65_535, widget=forms.TextInput({"inputmode": "numeric"})
    )
    field_order = ["host", "port", "security", "user", "secret", "sender", "reply_to"]

    class Meta:
        model = Instance
        fields = settings.MAIL
        field_classes = dict.fromkeys(("host", "user"), Typed)
        help_texts = {
            "host": lazy("Chez votre fournisseur de messagerie, à la page « SMTP » : par exemple smtp.exemple.fr."),
            "sender": lazy("Une adresse que ce serveur a le droit d’employer."),
            "reply_to": lazy("Qui répond à un courriel du service écrit ici. Vide : l’adresse de contact."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("host") and not cleaned.get("sender"):
            self.add_error("sender", _("Donnez l’adresse d’expédition : un serveur refuse un courriel sans auteur."))
        return cleaned


class TrialForm(forms.Form):
    to = forms.EmailField(label=lazy("À quelle adresse"), max_length=254)


class CodeForm(forms.Form):
    code = Typed(
        label=lazy("Code reçu"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class LetterForm(forms.Form):
    """The words of one of the service’s own mails; the frame has no subject."""

    subject = Typed(label=lazy("Objet"), max_length=200)
    text = Typed(label=lazy("Texte"), max_length=6_000, widget=forms.Textarea(attrs={"rows": 14}))

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        if not letter.subject:
            del self.fields["subject"]

    def clean(self) -> dict[str, Any]:
        cleaned = {"subject": "", **(super().clean() or {})}
        if "text" in cleaned:
            try:
                letters.refuse_fields(self.letter, cleaned["subject"], cleaned["text"])
            except Refused as refusal:
                self.add_error("text", refusal.reason)
        return cleaned


class CalendarForm(DatesForm):
    """All the dates of an edition, and why they change. `confirmed`: what the change does has been read."""

    readings_end = forms.DateTimeField(
        label=MilestoneKind.READINGS_END.label.capitalize(), required=False, widget=DateTimeInput
    )
    session = forms.DateTimeField(label=MilestoneKind.SESSION.label.capitalize(), required=False, widget=DateTimeInput)
    reason = Typed(
        label=lazy("Pourquoi ce changement"),
        max_length=500,
        help_text=lazy("La raison est gardée avec les anciennes dates."),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ["opens_at", "closes_at", "readings_end", "session", "results_at", "reason"]

    @property
    def dates(self) -> dict[str, Any]:
        """A field shows minutes: one that was left alone keeps its seconds."""
        return {name: self._given(name) for name in (*OF_EDITION, *MilestoneKind.values)}

    def _given(self, name: str) -> datetime | None:
        given: datetime | None = self.cleaned_data[name]
        before: datetime | None = self.initial.get(name)
        return before if before and before.replace(second=0, microsecond=0) == given else given


class DelayForm(forms.Form):
    """A longer delay for one territory, given by its official code."""

    territory = forms.ModelChoiceField(
        label=lazy("Code INSEE de la commune, ou SIREN de l’intercommunalité"),
        queryset=Territory.objects.select_related("department"),
        to_field_name="code",
        widget=forms.TextInput,
        error_messages={"invalid_choice": lazy("Ce code n’est pas dans la liste officielle.")},
    )
    until = forms.DateTimeField(label=lazy("Jusqu’à quand"), widget=DateTimeInput)
    reason = Typed(
        label=lazy("Pourquoi ce délai"), max_length=500, help_text=lazy("La raison est gardée avec le dossier.")
    )


class FilesForm(forms.Form):
    """Filters of the list of files; what does not fit filters nothing."""

    q = forms.CharField(label=lazy("Collectivité"), required=False, max_length=80)
    state = forms.ChoiceField(label=lazy("État"), required=False, choices=[("", lazy("tous")), *State.choices])
    moves = forms.ChoiceField(
        label=lazy("À regarder"),
        required=False,
        choices=[
            ("", lazy("tout")),
            ("idle", lazy("sans mouvement depuis 30 jours")),
            ("delayed", lazy("avec un délai particulier")),
            ("unread", lazy("déposé, sans lecteur")),
        ],
    )
    region = forms.ModelChoiceField(
        label=lazy("Région"), required=False, queryset=Region.objects.order_by("name"), empty_label=lazy("toutes")
    )
    band = forms.ChoiceField(
        label=lazy("Taille"), required=False, choices=[("", lazy("toutes")), *PopulationBand.choices]
    )
    billing = forms.ChoiceField(
        label=lazy("Facturation"),
        required=False,
        choices=[("", lazy("toutes")), ("none", lazy("pas encore")), *BillingStatus.choices],
    )
    order = forms.ChoiceField(
        label=lazy("Ordre"),
        required=False,
        choices=[
            ("nom", lazy("par nom")),
            ("mouvement", lazy("dernier mouvement d’abord")),
            ("depot", lazy("dernier dépôt d’abord")),
            ("reponses", lazy("le plus de réponses d’abord")),
            ("habitants", lazy("les plus peuplées d’abord")),
        ],
    )

    @property
    def filters(self) -> Filters:
        """A field that does not fit is left out alone."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if region := given.get("region"):
            given["region"] = region.pk
        return Filters(**given)


class NoteForm(forms.Form):
    text = Typed(
        label=lazy("Note de suivi"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("Pour l’organisation seule : ni la collectivité ni le jury ne la voient."),
    )


class BillingForm(forms.Form):
    status = forms.ChoiceField(label=lazy("Facturation"), choices=BillingStatus.choices)
    purchase_order = Typed(label=lazy("Bon de commande"), required=False, max_length=60)


class HelpForm(ReplyForm):
    page = forms.CharField(max_length=300, widget=forms.HiddenInput)
    text = Typed(
        label=lazy("Ce qui vous arrête"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=lazy("Ce que vous vouliez faire, ce que vous voyez."),
    )

    claim = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["claim"].value() in (True, "True", "1", "on"):
            self.fields["text"].label = lazy("Ce qui est faux")
            self.fields["text"].help_text = lazy("La phrase, et ce qui le montre : un lien, un document, un constat.")

    def clean_page(self) -> str:
        """An address of ours, never another site's."""
        page = str(self.cleaned_data["page"])
        return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"


class FrameworkForm(forms.Form):
    """A questionnaire as text; the engine judges what it says."""

    file = forms.FileField(
        label=lazy("Fichier du référentiel"), help_text=lazy("En YAML ou en JSON, écrit en UTF-8. 2 Mo au plus.")
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FRAMEWORK:
            raise forms.ValidationError(_("Ce fichier dépasse 2 Mo : ce n’est sans doute pas un référentiel."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Ce fichier n’est pas du texte en UTF-8.")) from None


# A help may be long; nothing else is.
LONG = ("help", "evidence_hint")
LONGEST_HELP, LONGEST_TEXT = 3_000, 400


class WordingsForm(forms.Form):
    """The texts of some questions, each in its field; one that is left as it was changes nothing, an optional one that
    is emptied goes."""

    WORDS = MappingProxyType(
        {
            "text": lazy("Question"),
            "short": lazy("Titre court"),
            "help": lazy("Aide"),
            "evidence_hint": lazy("Preuve attendue"),
            "unit": lazy("Unité"),
            "option": lazy("Réponse proposée"),
        }
    )

    def __init__(self, data: Any = None, *, wordings: Sequence[Wording]) -> None:
        super().__init__(data)
        self.wordings = {".".join((one.of, *one.what)): one for one in wordings}
        for name, one in self.wordings.items():
            long, short = one.what[0] in LONG, one.what[0] in ("short", "unit")
            self.fields[name] = Typed(
                label=self.WORDS[one.what[0]],
                initial=one.text,
                max_length=LONGEST_HELP if long else LONGEST_TEXT,
                required=not one.optional,
                widget=forms.TextInput if short else forms.Textarea(attrs={"rows": 4 if long else 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, text in list(cleaned.items()):
            try:
                cleaned[name] = _taken(self.wordings[name], text)
            except Refused as refusal:
                self.add_error(name, refusal.reason)
        return cleaned

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """By question."""
        found: dict[str, list[forms.BoundField]] = {}
        for name, one in self.wordings.items():
            found.setdefault(one.of, []).append(self[name])
        return list(found.items())

    @property
    def texts(self) -> dict[tuple[str, tuple[str, ...]], str]:
        """What differs from the version."""
        said = [(one, self.cleaned_data[name]) for name, one in self.wordings.items()]
        return {(one.of, one.what): text for one, text in said if text != _taken(one, one.text)}


def _taken(wording: Wording, text: str) -> str:
    """As it is kept: a question, an answer and a unit are one line, however they are typed."""
    return texts.taken(text if wording.what[0] in LONG else " ".join(text.splitlines()))


class GuestsForm(forms.Form):
    role = forms.ChoiceField(
        label=lazy("Ce que la personne qui ouvre l’invitation pourra faire"),
        choices=[(role, WHAT_ROLES_MAY[role]) for role in (Role.SIGNATORY, Role.CONTRIBUTOR)],
        initial=Role.CONTRIBUTOR,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=lazy("Votre liste, en CSV ou XLSX"),
        help_text=lazy(
            "Une ligne de titres : « code » ou « nom », « adresse », et « département » si des noms se répètent."
        ),
    )


class MessageForm(forms.ModelForm[Message]):
    """One day: a date, or so many days before the closing; neither: at once, when it is planned."""

    days_before = forms.IntegerField(
        label=lazy("Jours avant la clôture"),
        required=False,
        min_value=0,
        max_value=365,
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text=lazy("Une relance : elle suit la clôture si sa date change."),
    )
    per_minute = forms.IntegerField(
        label=lazy("Courriels par minute"),
        min_value=1,
        max_value=1_000,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )

    class Meta:
        model = Message
        fields = ("segment", "subject", "text", "leaves_at", "days_before", "per_minute")
        field_classes = dict.fromkeys(("subject", "text"), Typed)
        widgets = {
            "text": forms.Textarea(attrs={"rows": 12}),
            "leaves_at": DateTimeInput,
        }
        help_texts = {
            "leaves_at": lazy("Vide, sans jours avant la clôture : il part dès que vous le prévoyez."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("leaves_at") and cleaned.get("days_before") is not None:
            self.add_error("days_before", _("Donnez un jour, ou des jours avant la clôture, pas les deux."))
        return cleaned
