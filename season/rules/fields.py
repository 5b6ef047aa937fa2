"""The fields of a message: « {commune} » in its text is filled for each reader. Nothing else of it is interpreted."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = {
    "commune": _("la collectivité du destinataire"),
    "personne": _("son prénom et son nom, ou « Madame, Monsieur »"),
    "lien": _("l’adresse qui mène à son dossier, ou à son invitation"),
    "édition": _("l’année de l’édition"),
    "clôture": _("le jour et l’heure de la clôture"),
    "label": _("le nom du label"),
    "contact": _("votre adresse de contact"),
}


def unknown(text: str) -> list[str]:
    """What stands between braces and is no field, in order."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if name not in FIELDS]


def filled(text: str, values: Mapping[str, str]) -> str:
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)
