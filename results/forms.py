"""Read what is asked of the public pages. A value that is no choice of ours is told, never passed over."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import Any, Self, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReplyForm, Typed
from assessments.enums import Cost, Operator
from documents import french
from jury.forms import read_honours
from results.queries import Search, departments
from results.rules.ideas import COPIED, FACETS, RECENT
from territories.models import Kind, PopulationBand

LONGEST = 120
SHOWN = 40  # characters of what was asked
SELECTED = mark_safe(" selected")


class Choices(forms.Select):
    """A list written in one go: a template for each of a hundred departments takes longer than the search itself."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, SELECTED if str(code) in chosen else "", label) for code, label in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name} | self.build_attrs(self.attrs, attrs)), options
        )


class Lenient(forms.Form):
    """A form of filters, read from the address."""

    def asked(self, name: str) -> Any:
        """The value, or None when it is blank or no choice of ours."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def refused(self) -> list[str]:
        """What is wrong with each filter that is none of ours, by its value or by its name."""
        self.is_valid()
        told = _("Le filtre « %(name)s » n’accepte pas « %(value)s ».")
        unknown = _("Le filtre « %(name)s » n’existe pas.")
        return [
            *(
                told % {"name": self.fields[name].label, "value": self.data.get(name, "")[:SHOWN]}
                for name in self.errors
            ),
            *(unknown % {"name": name[:SHOWN]} for name in self.data if name not in {*self.fields, "page"}),
        ]

    def without(self, name: str) -> Self:
        """The same, as if one of the fields had been left blank: of what was typed there, nothing is left in it."""
        other: Any = copy(self)
        vars(other).pop("cleaned_data", None)
        other.data = {key: value for key, value in self.data.items() if key != name}
        other._errors, other._bound_fields_cache = None, {}
        return cast(Self, other)

    def _offer(self, name: str, everything: Any, choices: Iterable[tuple[Any, Any]]) -> None:
        offered = cast(forms.ChoiceField, self.fields[name])
        offered.choices = [("", everything), *((str(value), label) for value, label in choices)]
        # Short, in the column of a filter; `refused` says the rest.
        offered.error_messages["invalid_choice"] = _("choix inconnu")


class DirectoryForm(Lenient):
    q = forms.CharField(
        label=_("Commune ou intercommunalité\u202f: nom, code postal, code INSEE ou SIREN"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    edition = forms.ChoiceField(label=_("Édition"), required=False, widget=Choices)
    level = forms.ChoiceField(label=_("Niveau"), required=False, widget=Choices)
    region = forms.ChoiceField(label=_("Région"), required=False, widget=Choices)
    department = forms.ChoiceField(label=_("Département"), required=False, widget=Choices)
    band = forms.ChoiceField(label=_("Population"), required=False, widget=Choices)
    kind = forms.ChoiceField(label=_("Collectivité"), required=False, widget=Choices)
    honour = forms.ChoiceField(label=_("Mention"), required=False, widget=Choices)
    axis = forms.ChoiceField(label=_("Point fort"), required=False, widget=Choices)
    sort = forms.ChoiceField(label=_("Trier par"), required=False, widget=Choices)

    def __init__(self, data: Any, *, years: Iterable[int], axes: Mapping[str, str]) -> None:
        super().__init__(data)
        known = departments()
        regions = dict.fromkeys((code, name) for _department, _name, code, name in known)
        self._offer("edition", _("Toutes"), [(year, year) for year in years])
        self._offer("level", _("Tous"), [(level, french.level(level)) for level in range(french.TOP_LEVEL, 0, -1)])
        self._offer("region", _("Toutes"), regions)
        self._offer("department", _("Tous"), sorted((code, f"{code} · {name}") for code, name, *_region in known))
        self._offer("band", _("Toutes"), PopulationBand.choices)
        self._offer("kind", _("Toutes"), Kind.choices)
        self._offer("honour", _("Toutes"), [("yes", _("Avec une mention"))])
        self._offer("axis", _("Tous"), axes.items())
        self._offer("sort", _("Nom"), [("level", _("Niveau")), ("population", _("Population"))])

    def search(self, strongest: Mapping[int, Collection[str]]) -> Search:
        """`strongest`: the axes of each result, when one is asked."""
        axis = self.asked("axis")
        return Search(
            q=self.asked("q") or "",
            year=self._number("edition"),
            level=self._number("level"),
            region=self.asked("region"),
            department=self.asked("department"),
            band=self._number("band"),
            kind=self.asked("kind"),
            honoured=self.asked("honour") is not None,
            strongest=frozenset(pk for pk, axes in strongest.items() if axis in axes) if axis else None,
            sort=self.asked("sort") or "",
        )

    def _number(self, name: str) -> int | None:
        value = self.asked(name)
        return None if value is None else int(value)


class InitiativesForm(Lenient):
    """Of the filters only the place is a list to choose from; the others are links, each with its number."""

    q = forms.CharField(
        label=_("Que cherchez-vous\u202f?"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    department = forms.ChoiceField(label=_("Où"), required=False, widget=Choices)
    axis = forms.ChoiceField(label=_("Axe"), required=False, widget=forms.HiddenInput)
    issue = forms.ChoiceField(label=_("Enjeu"), required=False, widget=forms.HiddenInput)
    band = forms.ChoiceField(label=_("Taille"), required=False, widget=forms.HiddenInput)
    operator = forms.ChoiceField(label=_("Portée par"), required=False, widget=forms.HiddenInput)
    cost = forms.ChoiceField(label=_("Coût par an"), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(label=_("Ordre"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, axes: Mapping[str, str], issues: Mapping[str, str]) -> None:
        super().__init__(data)
        everywhere = sorted((code, f"{code} · {name}") for code, name, *_region in departments())
        self._offer("department", _("Partout en France"), everywhere)
        self._offer("axis", "", axes.items())
        self._offer("issue", "", issues.items())
        self._offer("band", "", PopulationBand.choices)
        self._offer("operator", "", Operator.choices)
        self._offer("cost", "", Cost.choices)
        self._offer("sort", "", [(RECENT, _("Les plus récentes")), (COPIED, _("Les plus reprises"))])

    def wanted(self) -> dict[str, str | int]:
        """The filters that are asked, by facet."""
        asked = {name: self.asked(name) for name in FACETS}
        return {name: int(value) if name == "band" else value for name, value in asked.items() if value}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a new search keeps besides its words and its place."""
        return [(name, self.asked(name)) for name in (*FACETS, "sort") if name != "department" and self.asked(name)]

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Those that may be asked instead of the usual one."""
        offered = cast(forms.ChoiceField, self.fields["sort"]).choices
        return [(str(code), str(words)) for code, words in offered if code]  # type: ignore[misc, union-attr]

    def names(self) -> dict[str, dict[str, str]]:
        """By facet, what each value is called, in the order to show."""
        fields = {facet: cast(forms.ChoiceField, self.fields[facet]) for facet in FACETS}
        return {facet: {str(value): str(label) for value, label in field.choices} for facet, field in fields.items()}  # type: ignore[misc, union-attr]


class SpreadForm(Lenient):
    measure = forms.ChoiceField(label=_("Ce qui est noté"), required=False, widget=Choices)
    by = forms.ChoiceField(label=_("Par"), required=False, widget=Choices)
    kind = forms.ChoiceField(label=_("Collectivités"), required=False, widget=Choices)
    edition = forms.ChoiceField(label=_("Édition"), required=False, widget=Choices)

    def __init__(self, data: Any, *, years: Iterable[int], measures: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        (_name, first), *others = measures
        self._offer("measure", first, others)
        self._offer("by", _("Taille"), [("region", _("Région")), ("edition", _("Édition"))])
        self._offer("kind", _("Communes"), [(Kind.EPCI.value, _("Intercommunalités"))])
        self._offer("edition", _("La dernière"), [(year, year) for year in years])


class ContactForm(ReplyForm):
    text = Typed(
        label=_("Votre message"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Qui vous êtes, ce que vous voudriez savoir ou reprendre."),
    )


class NumberForm(forms.Form):
    numero = forms.CharField(
        label=_("Numéro de l’attestation"),
        required=False,
        max_length=40,
        help_text=_("Il est écrit en bas de l’attestation. Les espaces, les tirets et la casse ne comptent pas."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class FileForm(forms.Form):
    fichier = forms.FileField(
        label=_("Fichier du document"),
        help_text=_(
            "Le fichier d’origine (PDF, JSON, PNG ou SVG), 5 Mo au plus. Une photo ou un scan se vérifie par le numéro."
        ),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.json,.png,.svg"}),
    )


class CorrectionForm(forms.Form):
    name = Typed(label=_("Nom de la collectivité, tel qu’il doit être écrit"), max_length=120)
    honours = Typed(
        label=_("Mentions"),
        help_text=_("Une par ligne, trois au plus. Elles seront publiées."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = Typed(
        label=_("Raison de la correction"),
        help_text=_("Elle sera publique\u202f: l’ancienne attestation la dira sur sa page de vérification."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_honours(self) -> list[str]:
        return read_honours(self.cleaned_data["honours"])


class WithdrawalForm(forms.Form):
    reason = Typed(
        label=_("Raison du retrait"),
        help_text=_("Elle sera publique : elle s’affiche sur la page de vérification de l’attestation."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
