"""Posted forms, read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.forms import Typed
from accounts.refusals import Refused, told_by_a_form
from assessments import wording
from assessments.actions import Given
from assessments.actions.evidence import check_link
from assessments.doors import uploads
from assessments.enums import AnswerState, Cost, Operator
from assessments.models import Edition, Evidence, Framework, Initiative
from assessments.pages import questionnaire
from assessments.rules import eligibility, numbers
from scoring import facts
from scoring.answers import with_initiatives
from scoring.credits import FULL
from scoring.framework import Framework as EngineFramework
from scoring.model import MULTIPLE, NUMBER, Question
from territories.models import Kind, Territory

STATES = {"unknown": AnswerState.UNKNOWN, "not_applicable": AnswerState.NOT_APPLICABLE, "cleared": AnswerState.CLEARED}
SEEN = forms.IntegerField(min_value=0, max_value=10**6)
MOST_SUPPOSED = 99  # initiatives of one issue


def read_answer(question: Question, posted: QueryDict) -> Given:
    """One card. Ticking a box or writing a number (`touched`) says more than the button « je ne sais pas » left down,
    and without a script than no button at all.

    Raises Refused when there is nothing to read."""
    chosen = posted.get("answer", "")
    given = posted.getlist("option") or posted.get("number", "").strip()
    if question.kind in (MULTIPLE, NUMBER) and (posted.get("touched") or (given and not chosen)):
        chosen = "value"
    reason = posted.get("reason", "")
    seen = read_seen(posted)
    if chosen in STATES:
        return Given(STATES[chosen], None, reason, seen)
    return Given(AnswerState.ANSWERED, _value(question, chosen, posted), "", seen)


def _value(question: Question, chosen: str, posted: QueryDict) -> Any:
    offered = questionnaire.offered(question)
    if question.kind == NUMBER and chosen == "value":
        return numbers.read(question, posted.get("number", ""))
    if question.kind == MULTIPLE and chosen == "value":
        return [offered[code] for code in posted.getlist("option") if code in offered]
    if chosen in offered:
        return offered[chosen]
    raise Refused(_("Choisissez une réponse, puis enregistrez."))


def read_seen(posted: QueryDict, name: str = "seen") -> int:
    """The version that the writer saw, or another one that the page names; none comes before the first."""
    try:
        return int(SEEN.clean(posted.get(name)))
    except forms.ValidationError:
        raise Refused(_("La page est incomplète : rechargez-la.")) from None


def read_moment(text: str) -> datetime:
    """The moment at which a page was drawn, as the page wrote it."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused(_("La page est incomplète : rechargez-la."))
    return moment


def read_supposed(framework: EngineFramework, posted: QueryDict, today: Mapping[str, Any]) -> dict[str, Any]:
    """What a file would be with the answers posted: only those of the questions that the page held (`question`) change.

    `today` and what is returned: a file as the engine takes it. Raises Refused for what is no number."""
    answers, initiatives = dict(today["answers"]), dict(today["initiatives"])
    for question in filter(None, map(framework.question_by_id.get, posted.getlist("question"))):
        if question.takes_answer:
            answers[question.id] = _supposed_answer(question, posted, answers.get(question.id))
        else:
            count = min(max(_supposed_count(question, posted), 0), MOST_SUPPOSED)
            initiatives = with_initiatives(framework, initiatives, question, count)
    return {
        "context": today["context"],
        "answers": {name: answer for name, answer in answers.items() if answer is not None},
        "initiatives": {issue: count for issue, count in initiatives.items() if count},
    }


def _supposed_answer(question: Question, posted: QueryDict, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """None for no answer. Where nothing is chosen, what is said today instead of a value stands."""
    value = _supposed_value(question, posted)
    if value in (None, []) and (before is None or "state" in before):
        return before
    if value is None:
        return None
    proven = bool(before and before.get("evidence"))
    if question.unproven_credit < FULL:
        proven = f"proof:{question.id}" in posted
    return {"value": value, "evidence": proven}


def _supposed_value(question: Question, posted: QueryDict) -> Any:
    if question.kind == NUMBER:
        return _supposed_number(question, posted)
    offered = questionnaire.offered(question)
    chosen = [offered[code] for code in posted.getlist(f"answer:{question.id}") if code in offered]
    return chosen if question.kind == MULTIPLE else next(iter(chosen), None)


def _supposed_number(question: Question, posted: QueryDict) -> int | None:
    written = posted.get(f"answer:{question.id}", "").strip()
    return numbers.read(question, written) if written else None


def _supposed_count(question: Question, posted: QueryDict) -> int:
    written = posted.get(f"answer:{question.id}", "").strip()
    return numbers.whole(written) if written else 0


class ContextForm(forms.Form):
    """One field for each name that this territory is asked about. Each may wait until the deposit: none is refused
    empty, and none is called optional."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, framework: EngineFramework, official: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = facts.asked(framework, official)
        for name in self.asked:
            words = wording.asked(framework, name), wording.asked_help(framework, name)
            self.fields[name] = _context_field(framework.context[name], *words)
            if framework.context[name] != "boolean":
                self.fields[unknown(name)] = forms.BooleanField(label=_not_known(words[0]), required=False)

    def values(self) -> dict[str, Any]:
        """A number or a word says more than the box « je ne sais pas » left ticked."""
        given = self.cleaned_data
        told = {name: given[name] for name in self.asked if given[name] not in (None, "")}
        return {name: facts.UNKNOWN for name in self.asked if given.get(unknown(name))} | told


def unknown(name: str) -> str:
    """Of the box « je ne sais pas » beside a number or a word."""
    return f"{name}-unknown"


def _not_known(question: str) -> str:
    return format_html('{}<span class="visually-hidden"> – {}</span>', _("Je ne sais pas"), question)


class WholeNumberField(forms.CharField):
    """A whole number as people write it: no wheel of a mouse changes it, and what was typed stays."""

    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        with told_by_a_form():
            return numbers.whole(written) if written else None


def _context_field(kind: str, label: str, help_text: str) -> forms.Field:
    if kind == "boolean":
        return forms.TypedChoiceField(
            label=label,
            help_text=help_text,
            choices=[("yes", _("Oui")), ("no", _("Non")), (facts.UNKNOWN, _("Je ne sais pas"))],
            widget=forms.RadioSelect,
            coerce=lambda code: facts.UNKNOWN if code == facts.UNKNOWN else code == "yes",
            empty_value=None,
            required=False,
        )
    if kind == "integer":
        return WholeNumberField(label=label, help_text=help_text, required=False)
    return Typed(label=label, help_text=help_text, required=False, max_length=facts.LONGEST)


def context_initial(framework: EngineFramework, context: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, as the form's controls say it."""
    shown = {True: "yes", False: "no", facts.UNKNOWN: facts.UNKNOWN}
    told = {name: (kind, context[name]) for name, kind in framework.context.items() if name in context}
    return {
        **{name: shown[value] for name, (kind, value) in told.items() if kind == "boolean"},
        **{name: value for name, (kind, value) in told.items() if kind != "boolean" and value != facts.UNKNOWN},
        **{unknown(name): True for name, (kind, value) in told.items() if kind != "boolean" and value == facts.UNKNOWN},
    }


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Address(forms.URLField):
    """The address of a page. « www.commune.fr » is one: a browser would refuse it before we complete it."""

    widget = forms.TextInput({"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"})
    default_error_messages = {
        "invalid": lazy("Donnez l’adresse complète d’une page, par exemple https://www.commune.fr/une-page.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, assume_scheme="https", **kwargs)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        if address:
            with told_by_a_form():
                check_link(address)
        return address


class InitiativeForm(forms.ModelForm[Initiative]):
    """A card of an initiative. All but the title may wait."""

    # Nothing is « required » here, so that no field is called optional: what an initiative lacks is said by its list.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    axis = forms.ChoiceField(
        label=lazy("À quoi sert-elle d’abord ?"),
        help_text=lazy("Une initiative en sert souvent plusieurs : choisissez ce qui l’a fait naître."),
        widget=forms.RadioSelect,
        required=False,
    )
    issues = forms.MultipleChoiceField(
        label=lazy("Enjeux servis"),
        widget=forms.CheckboxSelectMultiple({"class": "tight"}),
        required=False,
    )
    link = Address(
        label=lazy("Lien"),
        help_text=lazy("Une page qui en parle. Vous pouvez aussi joindre une preuve après avoir enregistré."),
        required=False,
    )

    inspired_by = Typed(
        label=lazy("Inspirée d’une initiative de"),
        help_text=lazy("Son code INSEE, ou le SIREN de l’intercommunalité, si une autre l’a fait avant vous."),
        required=False,
        max_length=9,
    )

    class Meta:
        model = Initiative
        fields = [
            *("title", "axis", "issues", "description", "started_on", "ended_on", "operator", "link"),
            *("results", "partners", "cost", "inspired_by", "contact", "contact_public"),
        ]
        field_classes = dict.fromkeys(("title", "description", "results", "partners", "contact"), Typed)
        widgets = {
            "started_on": DateInput(),
            "ended_on": DateInput(),
            "operator": forms.RadioSelect,
            "results": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "description": lazy(
                "Ce que vous faites, pour qui, avec qui, et ce que cela change. "
                "Mise en forme possible : une ligne vide sépare les paragraphes, « - » commence une liste, "
                "**deux étoiles** mettent en gras."
            ),
            "results": lazy("Ce que vous avez constaté, avec des chiffres si vous en avez : personnes aidées, heures…"),
            "contact": lazy("Une fonction et une adresse, pour une commune qui voudrait faire de même."),
            "ended_on": lazy("Laissez vide si l’initiative est toujours en cours."),
        }

    def __init__(self, framework: EngineFramework, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = framework.eligibility or eligibility.UNWRITTEN
        self.fields["issues"].choices = [(issue.id, issue.title["fr"]) for issue in framework.issues]  # type: ignore[attr-defined]
        self.fields["issues"].help_text = ngettext(
            "Un seul : le principal.", "%(n)d au plus : les principaux.", asked.max_issues
        ) % {"n": asked.max_issues}
        if framework.schema > 1:
            self.fields["axis"].choices = questionnaire.axes_to_choose(framework)  # type: ignore[attr-defined]
        else:
            del self.fields["axis"]
        self.fields["title"].required = False
        if self.instance.inspired_by:
            self.initial["inspired_by"] = self.instance.inspired_by.code
        self.fields["operator"].choices = list(Operator.choices)  # type: ignore[attr-defined]
        self.fields["cost"].choices = [("", _("non précisé")), *Cost.choices]  # type: ignore[attr-defined]

    def clean_inspired_by(self) -> Territory | None:
        code = self.cleaned_data["inspired_by"].strip().upper()
        found = Territory.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("Aucune collectivité n’a ce code : l’annuaire les donne tous."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["seen"] = cleaned.get("seen") or 0
        if not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Donnez un titre à l’initiative."))
        start, end = cleaned.get("started_on"), cleaned.get("ended_on")
        if start and end and end < start:
            self.add_error("ended_on", _("La date de fin est avant la date de début : corrigez l’une des deux."))
        return cleaned


class PictureForm(forms.Form):
    """An image, and what it shows in words."""

    upload = forms.FileField(
        label=lazy("Image"),
        help_text=lazy(
            "Une photo de téléphone, un PNG, un JPEG, un WebP ou un scan, 25 Mo au plus. Le lieu et la date de la "
            "prise de vue ne sont pas gardés."
        ),
        widget=forms.FileInput({"accept": "image/*"}),
    )
    alternative = Typed(
        label=lazy("Texte de remplacement"),
        max_length=250,
        help_text=lazy("Ce que montre l’image, en une phrase : on la lit à qui ne la voit pas."),
        error_messages={
            "required": lazy("Décrivez l’image en quelques mots : qui ne la voit pas lira ce texte à sa place.")
        },
    )


class EvidenceForm(forms.Form):
    """A file or a link, and what it proves where the page does not say."""

    proves = forms.ChoiceField(label=lazy("Ce que cette preuve appuie"))
    title = Typed(
        label=lazy("Intitulé"), max_length=160, required=False, help_text=lazy("Par exemple : délibération du 4 mars.")
    )
    upload = forms.FileField(
        label=lazy("Fichier"),
        required=False,
        help_text=lazy(
            "PDF, document de bureau ou texte : 10 Mo au plus. Photo ou scan : 25 Mo au plus, même au format de votre "
            "téléphone ou de votre scanner ; nous en gardons une copie qui s’ouvre partout."
        ),
    )
    url = Address(label=lazy("Adresse d’une page, au lieu d’un fichier"), required=False)
    public = forms.BooleanField(
        label=lazy("Le public pourra voir cette preuve après l’annonce des résultats"),
        required=False,
        help_text=lazy(
            "Elle sera sur la page de la collectivité, à côté de la question. D’un fichier, une image ou un PDF, nous "
            "publions une copie sans métadonnées (auteur, lieu, appareil). Vous pourrez la retirer à tout moment."
        ),
    )

    existing = forms.ModelChoiceField(
        label=lazy("Ou une preuve déjà dans le dossier"),
        queryset=Evidence.objects.none(),
        required=False,
        empty_label=lazy("Aucune : j’en joins une nouvelle"),
    )

    def __init__(
        self,
        *args: Any,
        existing: QuerySet[Evidence] | None = None,
        proves: Sequence[tuple[str, Sequence[tuple[str, str]]]] | None = None,
        **kwargs: Any,
    ) -> None:
        """`existing`: the pieces that may be used again; `proves`: what there is to prove. None to offer, no field."""
        super().__init__(*args, **kwargs)
        if proves is None:
            del self.fields["proves"]
        else:
            self.fields["proves"].choices = [("", lazy("Choisir…")), *proves]  # type: ignore[attr-defined]
        if existing is None:
            del self.fields["existing"]
        else:
            self.fields["existing"].queryset = existing  # type: ignore[attr-defined]

    def clean_upload(self) -> UploadedFile[Any] | None:
        upload: UploadedFile[Any] | None = self.cleaned_data["upload"]
        if upload:
            # Before it is read whole; what is no image is held to less by the action.
            with told_by_a_form():
                uploads.check_size(upload.size or 0, image=True)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("upload", "url", "existing") if cleaned.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError(_("Joignez un fichier, ou donnez l’adresse d’une page : l’un des deux."))
        return cleaned


class SignatoryForm(forms.Form):
    """Who will sign."""

    email = forms.EmailField(label=lazy("Adresse électronique de la personne qui signera"))


class SizeForm(forms.Form):
    """Of which territory is the questionnaire wanted?"""

    kind = forms.ChoiceField(label=lazy("Sorte de collectivité"), choices=Kind.choices)
    population = forms.IntegerField(
        label=lazy("Nombre d’habitants"),
        min_value=1,
        max_value=3_000_000,
        initial=1_200,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )


class WorkbookForm(forms.Form):
    """A filled workbook; `spreadsheets` judges what it holds."""

    workbook = forms.FileField(
        label=lazy("Votre classeur complété"), help_text=lazy("Le fichier .xlsx téléchargé ici. 10 Mo au plus.")
    )


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DatesForm(forms.Form):
    opens_at = forms.DateTimeField(label=lazy("Ouverture des candidatures"), widget=DateTimeInput)
    closes_at = forms.DateTimeField(label=lazy("Clôture des candidatures"), widget=DateTimeInput)
    results_at = forms.DateTimeField(
        label=lazy("Annonce publique des résultats"),
        widget=DateTimeInput,
        help_text=lazy("Rien n’est public avant cet instant."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes, results = (cleaned.get(name) for name in ("opens_at", "closes_at", "results_at"))
        if opens and closes and not opens < closes:
            self.add_error("closes_at", _("La clôture vient après l’ouverture."))
        if closes and results and not closes <= results:
            self.add_error("results_at", _("L’annonce vient après la clôture."))
        return cleaned


class EditionForm(DatesForm):
    year = forms.IntegerField(
        label=lazy("Millésime"), min_value=2000, max_value=2100, widget=forms.TextInput({"inputmode": "numeric"})
    )
    framework = forms.ModelChoiceField(
        label=lazy("Référentiel"), queryset=Framework.objects.defer("document").order_by("-year", "-loaded_at")
    )
    field_order = ["year", "framework", "opens_at", "closes_at", "results_at"]

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if Edition.objects.filter(year=year).exists():
            raise forms.ValidationError(_("L’édition %(year)s existe déjà.") % {"year": year})
        return int(year)
