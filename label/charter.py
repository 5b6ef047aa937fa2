"""What the page of the visual charter shows: one form with every kind of field, and the same one refused."""

from django import forms
from django.utils.translation import gettext_lazy as _

from label.templatetags.arobase import ICONS

MATURITY = [
    ("0", _("Rien d’engagé")),
    ("1", _("En projet")),
    ("2", _("En cours")),
    ("3", _("En place")),
    ("4", _("Évalué et amélioré")),
]
AUDIENCE = [("old", _("Les personnes âgées")), ("young", _("Les jeunes")), ("all", _("Tout le monde"))]
THRESHOLDS = [(2, 35), (3, 50), (4, 65), (5, 75)]
STATES = [
    ("draft", _("en préparation")),
    ("submitted", _("déposé")),
    ("under_review", _("en lecture")),
    ("returned", _("renvoyé pour complément")),
    ("ineligible", _("non recevable")),
    ("withdrawn", _("retiré")),
    ("decided", _("décidé")),
    ("published", _("publié")),
]


class Sample(forms.Form):
    title = forms.CharField(
        label=_("Titre de l’initiative"), help_text=_("Une phrase, comme vous la diriez au marché.")
    )
    summary = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    operator = forms.ChoiceField(label=_("Porteur"), choices=[("", "–"), ("town", _("la commune")), ("epci", "EPCI")])
    started = forms.DateField(
        label=_("Commencée le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    agents = forms.IntegerField(label=_("Agents formés"), min_value=0, help_text=_("Au cours de l’année."))
    level = forms.ChoiceField(label=_("Où en êtes-vous ?"), choices=MATURITY, widget=forms.RadioSelect)
    audience = forms.MultipleChoiceField(
        label=_("Pour qui ?"), choices=AUDIENCE, widget=forms.CheckboxSelectMultiple, required=False
    )
    proof = forms.FileField(label=_("Preuve"), help_text=_("PDF, image ou tableur, 10 Mo au plus."), required=False)
    agreed = forms.BooleanField(label=_("J’ai vérifié que ce document ne contient pas de donnée personnelle"))


def context() -> dict[str, object]:
    """Names that the template uses: an untouched form, a refused one, states with their words, icons, a scale."""
    answers = {"title": "", "agents": "-2", "operator": "town", "level": "3"}
    refused = Sample({f"refused-{name}": value for name, value in answers.items()}, prefix="refused")
    sample = {"states": STATES, "icons": sorted(ICONS), "thresholds": THRESHOLDS, "marks": range(5)}
    return {
        # Numbers that one copies are no words to translate.
        "sample_code": "INC-07",
        "sample_number": "2027-0QK0",
        "form": Sample(),
        "refused": refused,
        **sample,
    }
