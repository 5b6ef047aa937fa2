"""What Django and its REST framework say of what somebody typed, in our words: once, for every form and the API.

Their French says « Assurez-vous que cette valeur comporte au plus… » and « nope n’en fait pas partie »."""

from django.conf import settings
from django.utils.translation import trans_real

from label.plurals import FrenchSource

_EMAIL = "Donnez une adresse électronique complète, par exemple mairie@exemple.fr."
_CHOICE = "Choisissez une des réponses proposées."
_UNWRITTEN = "Ce texte contient un caractère qui ne s’écrit pas : recopiez-le depuis un simple texte."
_EMPTY = "Ce fichier est vide : choisissez-en un autre."
_NO_FILE = "Joignez un fichier."

# By what their code says; of a count, one and many.
SENTENCES: dict[str, str | tuple[str, str]] = {
    "Enter a valid email address.": _EMAIL,
    "Enter a valid URL.": "Donnez l’adresse complète d’une page, par exemple https://www.commune.fr/une-page.",
    "Null characters are not allowed.": _UNWRITTEN,
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).": (
        "%(limit_value)d caractère au plus ; vous en avez écrit %(show_value)d.",
        "%(limit_value)d caractères au plus ; vous en avez écrit %(show_value)d.",
    ),
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).": (
        "%(limit_value)d caractère au moins ; vous en avez écrit %(show_value)d.",
        "%(limit_value)d caractères au moins ; vous en avez écrit %(show_value)d.",
    ),
    "Ensure this value is greater than or equal to %(limit_value)s.": "Donnez un nombre à partir de %(limit_value)s.",
    "Ensure this value is less than or equal to %(limit_value)s.": "Donnez un nombre jusqu’à %(limit_value)s.",
    "Select a valid choice. %(value)s is not one of the available choices.": _CHOICE,
    "Select a valid choice. That choice is not one of the available choices.": _CHOICE,
    "“%(pk)s” is not a valid value.": _CHOICE,
    "Enter a list of values.": "Choisissez parmi les réponses proposées.",
    "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it "
    "may be ambiguous or it may not exist.": (
        "Cette heure n’existe pas, ou existe deux fois, le jour du changement d’heure : choisissez-en une autre."
    ),
    "No file was submitted.": _NO_FILE,
    "No file was submitted. Check the encoding type on the form.": _NO_FILE,
    "The submitted data was not a file. Check the encoding type on the form.": _NO_FILE,
    "The submitted file is empty.": _EMPTY,
    "Ensure this filename has at most %(max)d character (it has %(length)d).": (
        "Le nom de ce fichier compte %(length)d caractères, pour %(max)d au plus : raccourcissez-le.",
        "Le nom de ce fichier compte %(length)d caractères, pour %(max)d au plus : raccourcissez-le.",
    ),
    "Ensure this value is greater than or equal to {min_value}.": "Donnez un nombre à partir de {min_value}.",
    "Ensure this value is less than or equal to {max_value}.": "Donnez un nombre jusqu’à {max_value}.",
    "Ensure this field has no more than {max_length} characters.": "{max_length} caractères au plus.",
    '"{input}" is not a valid choice.': _CHOICE,
    "A valid integer is required.": "Donnez un nombre entier.",
    "String value too large.": "Donnez un nombre entier.",
    "Not a valid string.": "Donnez un texte.",
}


class Ours(FrenchSource):
    """As `merge` takes it: the words of a count under its number of form."""

    def __init__(self) -> None:
        super().__init__()
        self._catalog: dict[str | tuple[str, int], str] = {}
        for said, words in SENTENCES.items():
            if isinstance(words, str):
                self._catalog[said] = words
            else:
                self._catalog |= {(said, form): one for form, one in enumerate(words)}

    @staticmethod
    def plural(count: int) -> int:
        return int(count > 1)


def install() -> None:
    trans_real.translation(settings.LANGUAGE_CODE).merge(Ours())
