"""The letters that the service writes by itself: each app names its own in `doors/letters.py`, the organiser may change
their words."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents import french
from instance import queries as instance
from outbox.models import LetterText

Words = str | Promise


@dataclass(frozen=True)
class Field:
    """What it stands for, and an example. `kept`: without it its reader could not go on."""

    words: Words
    example: Words
    kept: bool = False


FIELDS = {
    "commune": Field(_("la collectivité"), "Val-Exemple"),
    "de commune": Field(_("la collectivité, avec « de »"), "de Val-Exemple"),
    "à commune": Field(_("la collectivité, avec « à »"), "à Val-Exemple"),
    "code": Field(_("un code à recopier"), "123456", kept=True),
    "insee": Field(_("le code de la collectivité"), "01900"),
    "édition": Field(_("l’année de l’édition"), "2027"),
    "personne": Field(_("la personne dont il s’agit"), "Camille Exemple"),
    "fonction": Field(_("sa fonction"), _("secrétaire de mairie")),
    "adresse": Field(_("son adresse électronique"), "camille@commune.example"),
    "accès": Field(_("ce que le rattachement permet"), _("répondre au questionnaire")),
    "rôle": Field(_("le rôle confié"), _("suivi des dossiers")),
    "structure": Field(_("la structure qui accompagne"), _("Syndicat d’exemple")),
    "siren": Field(_("son numéro SIREN"), "000 000 000"),
    "message": Field(_("ce que la personne a écrit"), _("Bonjour, je prends la suite du dossier."), kept=True),
    "motif": Field(_("la raison donnée"), _("Une pièce manque."), kept=True),
    "points": Field(_("les points rouverts, un par ligne"), _("- Le site de la commune"), kept=True),
    "nouvelles": Field(_("ce qui est nouveau, une ligne chacun"), _("- Camille vous confie une question."), kept=True),
    "question": Field(_("la question posée"), _("Votre commune a-t-elle un site ?"), kept=True),
    "initiative": Field(_("le titre de l’initiative"), _("Un atelier d’aide au numérique")),
    "dossiers": Field(_("le nombre de dossiers"), _("3 dossiers")),
    "niveau": Field(_("le niveau obtenu"), french.level(3)),
    "numéro": Field(_("le numéro de l’attestation"), "2027-EXEMPLE", kept=True),
    "jour": Field(_("un jour, avec son heure s’il le faut"), _("12 novembre 2027")),
    "page": Field(_("la page où était la personne"), "/annuaire/", kept=True),
    "empreinte": Field(_("l’empreinte"), "3f9a…", kept=True),
    "signature": Field(_("la signature de l’empreinte"), "b71c…", kept=True),
    "changements": Field(_("le nombre de collectivités changées"), _("12 collectivités")),
    "décisions": Field(_("combien demandent une décision"), _("2 collectivités")),
    "nouvelle commune": Field(_("celle où elle est maintenant"), "Grand-Exemple"),
    "lien": Field(_("l’adresse à ouvrir"), "https://label.example/…", kept=True),
    "second lien": Field(_("une autre adresse à ouvrir"), "https://label.example/…/…", kept=True),
    "texte": Field(_("le texte de chaque courriel"), "…", kept=True),
    "label": Field(_("le nom du label"), "Label"),
    "devise": Field(_("ce qu’il est, en quelques mots"), "…"),
    "organisateur": Field(_("qui l’organise"), "…"),
    "contact": Field(_("votre adresse de contact"), "…"),
}
# Of the instance itself: any letter may name them.
COMMON = ("label", "devise", "organisateur", "contact")


@dataclass(frozen=True)
class Letter:
    """The words of the mail about one event, as they are until the organiser changes them."""

    name: str
    about: Words
    subject: Words
    text: Words

    @property
    def fields(self) -> list[str]:
        """Those of its own, in the order of its text."""
        return [name for name in fields_of(f"{self.subject} {self.text}") if name not in COMMON]

    @property
    def kept(self) -> list[str]:
        """Those of its text that a changed one must still hold."""
        return [name for name in fields_of(str(self.text)) if FIELDS[name].kept]


LETTERS: dict[str, Letter] = {}


def letter(name: str, *, about: Words, subject: Words = "", text: Words) -> Letter:
    assert name not in LETTERS  # noqa: S101 -- two letters of one name would share their words
    LETTERS[name] = Letter(name, about, subject, text)
    return LETTERS[name]


FRAME = letter(
    "frame",
    about=_("Le début et la fin de chaque courriel"),
    text=_("Bonjour,\n\n{texte}\n\nCordialement,\n{organisateur}\n{label}, {devise}\nUne question : {contact}"),
)


def texts(names: Iterable[str] | None = None) -> dict[str, tuple[str, str]]:
    """Subject and text of the letters that this instance words otherwise, by name: of all, or of these."""
    rows = LetterText.objects.all() if names is None else LetterText.objects.filter(name__in=names)
    return {row.name: (row.subject, row.text) for row in rows}


def in_words(
    letter: Letter, values: Mapping[str, str], *, changed: Mapping[str, tuple[str, str]] | None = None
) -> tuple[str, str]:
    """Subject and text, whole. `changed`: what to read instead of the rows, for words that are not kept yet."""
    label = instance.current()
    common = {"label": label.name, "devise": label.tagline, "organisateur": label.organiser, "contact": label.contact}
    known = texts([letter.name, FRAME.name]) if changed is None else changed
    subject, text = known.get(letter.name, (str(letter.subject), str(letter.text)))
    frame = known.get(FRAME.name, ("", str(FRAME.text)))[1]
    given = {name: values[name] for name in letter.fields} | common
    whole = filled(frame, common | {"texte": filled(text, given).strip()})
    return filled(subject, given), f"{whole.strip()}\n"


# What fills a text: « {commune} » for each reader. Nothing else of it is interpreted.
_FIELD = re.compile(r"\{([^{}]*)\}")


def fields_of(text: str) -> list[str]:
    """What stands between braces, in order, each once."""
    return list(dict.fromkeys(_FIELD.findall(text)))


def unknown_fields(text: str, known: Container[str]) -> list[str]:
    return [name for name in fields_of(text) if name not in known]


def filled(text: str, values: Mapping[str, str]) -> str:
    """One pass: what a value says between braces stays as it is."""
    return _FIELD.sub(lambda seen: values.get(seen[1], seen[0]), text)


def absolute(name: str, *args: object) -> str:
    """The address that a letter or a paper names: whole, on our own host, whatever host the request named."""
    return settings.SITE_URL + reverse(name, args=args)
