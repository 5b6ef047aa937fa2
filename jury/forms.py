"""What the jury's pages post."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import Typed
from accounts.rules import texts
from assessments.doors import spreadsheets
from assessments.models import Application, Edition, Initiative
from assessments.policies import parts_to_ask, why_not_ask
from jury.actions import Reading
from jury.models import Juror
from jury.pages.batches import Act
from jury.pages.board import ORDERS, Filters
from jury.policies import why_not_wanted_by
from jury.queries.calibration import why_not_open
from scoring.framework import Framework
from territories import queries as territories
from territories.models import PopulationBand, Territory

# Editions that a term covers at most.
TERM = 4
LONG = forms.Textarea(attrs={"rows": 4})
NO_BOOK = MaxLengthValidator(texts.LONGEST)  # without `maxlength`: no browser cuts it
PRESENCES = [("present", _("Présence")), ("excused", _("Absence excusée")), ("absent", _("Absence"))]


def _level(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) == 1 else None


def levels_to_choose(levels: Iterable[int]) -> list[tuple[int, Any]]:
    return [(level, "@" * level or _("Pas d’arobase")) for level in levels]


def posted_reading(post: QueryDict, framework: Framework) -> Reading:
    """A draft as typed: what is blank or unreadable is left out, the rest is kept."""
    marks = {axis.id: post.get(f"mark-{axis.id}", "") for axis in framework.axes}
    return Reading(
        marks={axis: int(mark) for axis, mark in marks.items() if mark in {"0", "1", "2", "3", "4"}},
        proposed_level=_level(post.get("proposed_level", "")),
        honour=post.get("honour", ""),
        comment_to_jury=post.get("comment_to_jury", ""),
        comment_to_territory=post.get("comment_to_territory", ""),
    )


def posted_version(post: QueryDict) -> int:
    """The version that the writer saw; a number that means none when unreadable, so that it is stale."""
    seen = texts.whole(post.get("seen", ""))
    return -1 if seen is None else seen


def asked_name(request: HttpRequest) -> str:
    """What is looked for among the territories, by a visit or, again, with the form that was sent."""
    asked = request.POST if request.method == "POST" else request.GET
    return str(asked.get("q", "")).strip()[: territories.LONGEST]


def page_number(query: QueryDict) -> int:
    return texts.whole(query.get("page", "")[:4]) or 1


def asked_filters(query: QueryDict) -> Filters:
    order = query.get("tri", "")
    return Filters(
        state=query.get("etat", ""),
        level=_level(query.get("niveau", "")),
        region=query.get("region", ""),
        department=query.get("departement", ""),
        band=query.get("strate", "") if query.get("strate", "") in map(str, PopulationBand.values) else "",
        spread=query.get("ecart") == "oui",
        fragile=query.get("solidite") == "fragile",
        order=order if order in ORDERS else "nom",
        page=page_number(query),
    )


def posted_batch(post: QueryDict, grades: Container[int]) -> dict[str, int]:
    """The undisputed files that were ticked: the level that was shown for each, by the code of its commune."""
    pairs = (one.rpartition(":") for one in post.getlist("file"))
    return {
        code: level for code, _colon, written in pairs if (level := _level(written)) is not None and level in grades
    }


def posted_act(query: QueryDict) -> Act | None:
    asked = str(query.get("faire", ""))
    return Act(asked) if asked in Act.values else None


class WantedForm(forms.Form):
    """By which day the readings of some files are wanted."""

    day = forms.DateField(
        label=_("Lectures souhaitées pour le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "Ce jour paraît dans la file de chaque lectrice et lecteur. Un rappel part trois jours avant, le jour même "
            "et trois jours après, à qui n’a pas rendu sa lecture."
        ),
    )

    def __init__(self, *args: Any, edition: Edition, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.results_on = today, timezone.localdate(edition.results_at)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if reason := why_not_wanted_by(day, today=self.today, results_on=self.results_on):
            raise forms.ValidationError(reason)
        return day


class ReasonForm(forms.Form):
    reason = Typed(label=_("Pourquoi ?"), widget=LONG, max_length=300)


class Ticked(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A key that no database counts with is none of those proposed."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if texts.whole(str(one)) is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": one})
        return super().clean(value)


class ComplementForm(forms.Form):
    """What is asked of a commune, and the part of its file that opens for it. Its page lays the boxes out by issue."""

    reason = Typed(
        label=_("Ce que vous demandez"),
        widget=LONG,
        max_length=2_000,
        help_text=_("La collectivité lira ce message tel quel. Dites ce qui manque, et ce qui suffirait."),
    )
    parts = forms.MultipleChoiceField(required=False)
    initiatives = Ticked(queryset=Initiative.objects.none(), required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = parts_to_ask(application.framework.parsed)
        self.fields["parts"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        initiatives = self.fields["initiatives"]
        assert isinstance(initiatives, Ticked)  # noqa: S101 -- as declared above
        initiatives.queryset = Initiative.objects.filter(application=application, removed_at=None)

    def clean(self) -> None:
        asked = {name: self.cleaned_data.get(name) or () for name in ("parts", "initiatives")}
        if reason := why_not_ask(**asked):
            raise forms.ValidationError(reason)


class RulingForm(forms.Form):
    """One thing of the file: `kind` says which table, `id` which row, or which question."""

    kind = forms.ChoiceField(choices=[(name, name) for name in ("claim", "evidence", "initiative", "context")])
    id = forms.CharField(max_length=64)
    accepted = forms.TypedChoiceField(choices=[("oui", "oui"), ("non", "non")], coerce=lambda value: value == "oui")
    reason = forms.CharField(max_length=1_000, required=False)
    # A reason given before, on a button of its own: it refuses.
    again = forms.CharField(max_length=1_000, required=False)
    # What takes the place of what was said: of an initiative, what it serves; of the context, the right answer.
    axis = forms.CharField(max_length=64, required=False)
    value = forms.CharField(max_length=200, required=False)

    def __init__(self, posted: QueryDict) -> None:
        self.issues = posted.getlist("issues")
        data = posted.copy()
        if again := posted.get("again", ""):
            data["accepted"], data["reason"] = "non", str(again)
        super().__init__(data)

    def clean(self) -> None:
        """To accept needs no words; to refuse or to correct does."""
        moves = self.cleaned_data.get("axis") or self.issues
        if self.cleaned_data.get("accepted") and not moves and not self.cleaned_data.get("reason", "").strip():
            self.cleaned_data["reason"] = _("Vérifié par le jury.")
        if not self.cleaned_data.get("reason", "").strip():
            raise forms.ValidationError(_("Donnez une raison."))

    def instead(self, framework: Framework) -> Any:
        """As the action takes it. Raises Refused when the answer cannot be read."""
        kind, name, posted = self.cleaned_data["kind"], self.cleaned_data["id"], self.cleaned_data
        if kind == "initiative" and (posted["axis"] or self.issues):
            return {"axis": posted["axis"], "issues": self.issues}
        if kind == "context" and not posted["accepted"] and posted["value"]:
            return spreadsheets.context_value(framework.context.get(name, "string"), posted["value"])
        return None


def posted_rest(post: QueryDict) -> list[tuple[str, str]]:
    """What is accepted together: of each thing, as of a ruling, its kind and its name."""
    pairs = (str(one).partition(":") for one in post.getlist("on"))
    return [(kind, name) for kind, _colon, name in pairs if kind in {"evidence", "initiative", "context"} and name]


def posted_keys(post: QueryDict, name: str) -> list[int]:
    return [key for one in post.getlist(name) if (key := texts.whole(str(one))) is not None]


class BallotForm(forms.Form):
    """What is put to the vote: a mention, typed or among those proposed, or the level when empty; how it ends."""

    honour = Typed(max_length=80, required=False)
    other = Typed(max_length=80, required=False)
    closing = forms.ChoiceField(choices=[(name, name) for name in ("main", "quorum", "heure")], required=False)
    closes_at = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, Any]:
        """As the action takes it."""
        data, closing = self.cleaned_data, self.cleaned_data.get("closing")
        if closing == "heure" and not data.get("closes_at"):
            raise forms.ValidationError(_("Dites à quelle heure le vote se clôt."))
        return {
            "honour": data.get("other") or data.get("honour", ""),
            "closes_at": data.get("closes_at") if closing == "heure" else None,
            "at_quorum": closing == "quorum",
        }


class VoteForm(forms.Form):
    """Which choices there are, the action knows."""

    choice = forms.RegexField(regex=r"^(blanc|\d)$")

    def clean_choice(self) -> int | None:
        written = self.cleaned_data["choice"]
        return None if written == "blanc" else int(written)


class DecisionForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Niveau accordé"), coerce=int, widget=forms.RadioSelect)
    reasons = forms.CharField(
        validators=[NO_BOOK],
        label=_("Raisons"),
        required=False,
        widget=LONG,
        help_text=_("Obligatoires si vous vous écartez du niveau instruit. Elles seront publiées."),
    )
    honours = forms.CharField(
        validators=[NO_BOOK],
        label=_("Mentions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Une par ligne, trois au plus. Elles seront publiées."),
    )
    comment_to_territory = forms.CharField(
        validators=[NO_BOOK],
        label=_("Mot à la collectivité"),
        required=False,
        widget=LONG,
        help_text=_("Remis avec le résultat."),
    )
    waiver = forms.CharField(
        validators=[NO_BOOK],
        label=_("Décider sans toutes les lectures : pourquoi ?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, framework: Framework, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels_to_choose(framework.grades)  # type: ignore[attr-defined]

    def clean_honours(self) -> list[str]:
        return read_honours(self.cleaned_data["honours"])


def read_honours(text: str) -> list[str]:
    """One a line, as many as a certificate has room for."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 3 or any(len(line) > 80 for line in lines):
        raise forms.ValidationError(_("Trois mentions au plus, de 80 caractères au plus."))
    return lines


class MinutesForm(forms.Form):
    held_on = forms.DateField(
        label=_("Jour de la séance"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = Typed(
        label=_("Lieu"),
        max_length=120,
        help_text=_("Comme après « Fait à » : une ville, ou « l’hôtel du département »."),
    )
    remarks = Typed(label=_("Observations"), required=False, widget=LONG)
    statement = forms.BooleanField(
        label=_("Je certifie que ce procès-verbal rapporte fidèlement la séance, et je le signe."),
        error_messages={"required": _("Cochez cette case : c’est votre signature.")},
    )

    def __init__(self, *args: Any, sitting: Sequence[Juror], seen: Container[Juror] = (), **kwargs: Any) -> None:
        """Each of those who sit is present, excused or absent; whoever was `seen` at work starts as present."""
        super().__init__(*args, **kwargs)
        self.sitting = {f"presence_{juror.pk}": juror for juror in sitting}
        for name, juror in self.sitting.items():
            self.fields[name] = forms.ChoiceField(
                label=str(juror), choices=PRESENCES, initial="present" if juror in seen else "absent"
            )

    @property
    def presences(self) -> list[forms.BoundField]:
        return [self[name] for name in self.sitting]

    def clean(self) -> dict[str, Any]:
        """As the action takes it: `present` and `excused` instead of a field for each person."""
        data = self.cleaned_data
        told = {juror: data.pop(name, "") for name, juror in self.sitting.items()}
        for state in ("present", "excused"):
            data[state] = [juror for juror, said in told.items() if said == state]
        return data


class InterestForm(forms.Form):
    """A territory, found by name or code, and what ties the juror to it."""

    territory = forms.ModelChoiceField(
        label=_("Collectivité"),
        queryset=Territory.objects.all(),
        to_field_name="code",
        error_messages={
            "invalid_choice": _("Ce code n’est pas dans la liste officielle."),
            "required": _("Cherchez la collectivité par son nom ou son code, puis choisissez-la."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Ce lien"),
        required=False,
        choices=[
            ("", _("autre")),
            ("mandat", _("mandat électif")),
            ("employeur", _("employeur, présent ou récent")),
            ("entreprise", _("entreprise qui y travaille ou le souhaite")),
            ("habitation", _("lieu de vie")),
            ("proche", _("une ou un proche")),
        ],
    )
    nature = Typed(
        label=_("En quelques mots"),
        max_length=120,
        required=False,
        help_text=_(
            "Le mandat et ses dates, le poste, le nom de l’entreprise… Le jury et l’organisation liront ces mots."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """As the action takes it: one sentence."""
        data = self.cleaned_data
        kind = dict(self.fields["kind"].choices).get(data.pop("kind", ""), "")  # type: ignore[attr-defined]
        words = [str(kind)] if kind and kind != _("autre") else []
        data["nature"] = " : ".join([*words, *filter(None, [data.get("nature", "").strip()])])
        if not data["nature"]:
            self.add_error("nature", _("Dites en quelques mots quel est ce lien."))
        return data


class JurorForm(forms.Form):
    email = forms.EmailField(label=_("Adresse électronique"))
    name = Typed(label=_("Prénom et nom"), max_length=120)
    function = Typed(label=_("Fonction"), max_length=120)
    expertise = forms.ChoiceField(
        label=_("Axe le mieux connu"),
        required=False,
        help_text=_("Les deux lecteurs d’un dossier sont pris, si possible, sur des axes différents."),
    )
    until = forms.TypedChoiceField(
        label=_("Fin du mandat"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Jusqu’à cette édition comprise, un bouton reconduit la personne d’un jury au suivant."),
    )
    is_chair = forms.BooleanField(label=_("Préside le jury"), required=False)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        axes = edition.framework.parsed.axes
        self.fields["expertise"].choices = [("", _("aucun en particulier"))] + [  # type: ignore[attr-defined]
            (axis.id, axis.title["fr"]) for axis in axes
        ]
        years = range(edition.year + 1, edition.year + TERM)
        self.fields["until"].choices = [("", _("cette édition seulement"))] + [  # type: ignore[attr-defined]
            (year, _("édition %(year)s") % {"year": year}) for year in years
        ]


class MemberForm(JurorForm):
    """Somebody who sits already: the address is who they are."""

    email = None  # type: ignore[assignment]


class RulesForm(forms.Form):
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=1,
        max_value=99,
        widget=forms.TextInput({"class": "short", "inputmode": "numeric"}),
        help_text=_(
            "Le nombre de voix qu’il faut pour clore un vote, et de membres présents pour signer le procès-verbal. Il "
            "n’est jamais plus grand que le nombre de ceux qui peuvent voter."
        ),
    )
    chair_reads = forms.BooleanField(
        label=_("La personne qui préside lit aussi des dossiers"),
        required=False,
        help_text=_("Sinon elle arbitre : aucun dossier ne lui est confié, sauf à la main."),
    )


class AppealForm(forms.Form):
    grounds = Typed(
        label=_("Ce qui mérite d’être réexaminé"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5_000,
        help_text=_("Dites précisément quel point, et sur quelle pièce du dossier vous vous appuyez."),
    )


class ProposedFiles(Ticked):
    """Each said by what it differs in: population band, year, level decided."""

    def label_from_instance(self, row: Any) -> str:
        level = ngettext("%(n)s arobase", "%(n)s arobases", row.level) % {"n": row.level}
        differs = (row.territory.get_band_display(), str(row.edition), level)
        return format_html("{} <small>{}</small>", row.territory, " · ".join(differs))


class CalibrationForm(forms.Form):
    """One to five of the files proposed (`calibration.proposed`)."""

    chosen = ProposedFiles(
        label=_("Les dossiers à lire"),
        queryset=Application.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De un à cinq. Le niveau accordé n’est montré qu’à vous."),
    )

    def __init__(self, *args: Any, proposed: QuerySet[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, ProposedFiles)  # noqa: S101 -- as declared above
        chosen.queryset = proposed

    def clean_chosen(self) -> list[Application]:
        chosen = list(self.cleaned_data["chosen"])
        if reason := why_not_open(len(chosen)):
            raise forms.ValidationError(reason)
        return chosen


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("Votre réponse"),
        choices=[("non", _("Rejeter : le niveau ne change pas")), ("oui", _("Accepter : le niveau monte"))],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
    )
    new_level = forms.TypedChoiceField(
        label=_("Nouveau niveau"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    answer = Typed(
        label=_("Raisons"), widget=LONG, help_text=_("La collectivité les lira. Un nouveau résultat les citera.")
    )

    def __init__(self, *args: Any, above: Sequence[int], **kwargs: Any) -> None:
        """`above`: the levels to which the jury may raise it; without one the answer may only be no."""
        super().__init__(*args, **kwargs)
        self.fields["new_level"].choices = [("", "—"), *levels_to_choose(above)]  # type: ignore[attr-defined]
        if not above:
            del self.fields["new_level"]
            self.fields["upheld"].choices = self.fields["upheld"].choices[:1]  # type: ignore[attr-defined]
            self.fields["upheld"].initial = "non"
            self.fields["upheld"].help_text = _("Le niveau décidé est déjà le plus haut que le jury puisse donner.")
