"""Numbers as people write them in French: one reading for the pages, the workbook and the API."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import Refused
from scoring import display
from scoring.model import Question
from scoring.texts import MAX_INTEGER

_NUMBER = re.compile(r"([+-]?)([0-9]{1,16})(?:[.,]([0-9]*))?")


def read(question: Question, text: str) -> int:
    """What was written, in the unit that the questionnaire counts: « 67,3 % » is 673 where it has one decimal.

    Raises Refused, in one sentence that says all that is asked."""
    value = _read(text, question.decimals, question.unit["fr"] if question.unit else "")
    low = -MAX_INTEGER if question.low is None else question.low
    high = MAX_INTEGER if question.high is None else question.high
    if value is None or not low <= value <= high:
        raise Refused(asks(question))
    return value


def whole(text: str) -> int:
    """A number of the context."""
    value = _read(text, 0, "")
    if value is None or abs(value) > MAX_INTEGER:
        raise Refused(_("Écrivez un nombre entier, en chiffres."))
    return value


def asks(question: Question) -> str:
    """What a number must be: « Écrivez un nombre de 0 à 100, avec un chiffre après la virgule au plus. »"""
    if question.low is None or question.high is None:
        return _("Écrivez un nombre entier, en chiffres.")
    bounds = {name: display.fixed(value, question.decimals) for name, value in _bounds(question)}
    if not question.decimals:
        return _("Écrivez un nombre entier de %(low)s à %(high)s.") % bounds
    words = ngettext(
        "Écrivez un nombre de %(low)s à %(high)s, avec un chiffre après la virgule au plus.",
        "Écrivez un nombre de %(low)s à %(high)s, avec %(n)d chiffres après la virgule au plus.",
        question.decimals,
    )
    return words % {**bounds, "n": question.decimals}


def _bounds(question: Question) -> list[tuple[str, int]]:
    return [("low", question.low or 0), ("high", question.high or 0)]


def bounds(question: Question) -> str:
    """« de 0 à 100 »; nothing where there are none."""
    if question.low is None or question.high is None:
        return ""
    return _("de %(low)s à %(high)s") % {
        name: display.fixed(value, question.decimals) for name, value in _bounds(question)
    }


def written(question: Question, value: int | None) -> str:
    """As a field holds it: what `read` reads back."""
    return "" if value is None else display.fixed(value, question.decimals)


def _read(text: str, decimals: int, unit: str) -> int | None:
    """None when it is no number, or has more decimals than are counted."""
    plain = _plain(text)
    for suffix in filter(None, (_plain(unit), "%" if unit.startswith("%") else "")):
        plain = plain.removesuffix(suffix)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    sign, whole, rest = found[1], found[2], (found[3] or "").rstrip("0")
    return None if len(rest) > decimals else int(sign + whole + rest.ljust(decimals, "0"))


def _plain(text: str) -> str:
    """Without spaces, however wide; a minus is a hyphen."""
    return re.sub(r"\s", "", text.replace("−", "-")).casefold()
