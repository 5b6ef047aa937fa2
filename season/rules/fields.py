"""The fields of a message of the campaign."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "commune": _("la collectivité du destinataire"),
    "personne": _("son prénom et son nom, ou « Madame, Monsieur »"),
    "lien": _("l’adresse qui mène à son dossier, ou à son invitation"),
    "édition": _("l’année de l’édition"),
    "clôture": _("le jour et l’heure de la clôture"),
    "label": _("le nom du label"),
    "contact": _("votre adresse de contact"),
}
