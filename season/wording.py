"""What a questionnaire is made of, and why there is no seal, in words."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import french

# The keys of a questionnaire that may differ from a version to another.
KEYS = {
    "applies_when": lazy("règle"),
    "axes": lazy("axes"),
    "axis": lazy("axe"),
    "confidential": lazy("confidentialité"),
    "context": lazy("contexte"),
    "credits": lazy("paliers"),
    "decimals": lazy("décimales"),
    "effort": lazy("effort"),
    "evidence_hint": lazy("preuve attendue"),
    "express": lazy("parcours d’entrée"),
    "help": lazy("aide"),
    "initiatives": lazy("conditions des initiatives"),
    "issue": lazy("enjeu"),
    "issues": lazy("enjeux"),
    "kind": lazy("sorte de réponse"),
    "levels": lazy("minima des niveaux"),
    "maturity": lazy("degrés de maturité"),
    "max": lazy("plus grande valeur"),
    "min": lazy("plus petite valeur"),
    "nature": lazy("nature"),
    "options": lazy("réponses proposées"),
    "points": lazy("points"),
    "references": lazy("références"),
    "scale": lazy("barème"),
    "short": lazy("titre court"),
    "text": lazy("texte"),
    "title": lazy("titre"),
    "unit": lazy("unité"),
    "unproven_credit": lazy("part sans preuve"),
}


def why_no_seal(error: Exception) -> str:
    """With the setting to mend, for whoever runs the machine."""
    match error:
        case FileNotFoundError():
            return _("Le fichier %(file)s est introuvable.") % {"file": error.filename}
        case PermissionError():
            return _("Le service n’a pas le droit de lire le fichier %(file)s.") % {"file": error.filename}
        case ImportError() | AttributeError() if settings.SEAL_SIGNER:
            return _("SEAL_SIGNER ne se charge pas : %(error)s.") % {"error": error}
        case ValueError() if settings.SEAL_PKCS12 and not settings.SEAL_SIGNER:
            return _("Le fichier %(file)s ne s’ouvre pas avec la phrase de SEAL_PASSPHRASE.") % {
                "file": settings.SEAL_PKCS12
            }
        case _other:
            return _("Le cachet ne répond pas : %(error)s.") % {"error": error or type(error).__name__}


def seal_over(until: datetime) -> str:
    return _("Le certificat du cachet n’est plus valable depuis le %(day)s.") % {"day": french.day(until)}


def keys_in_words(keys: Iterable[str]) -> str:
    return ", ".join(str(KEYS.get(key, key)) for key in keys)
