"""The self-audit of accessibility: the 106 criteria of the RGAA 4.1.2, each with what was found and how (`rgaa.csv`).

What was not looked at is not met: the rate says nothing better than what is known."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDITED_ON = date(2026, 11, 30)
# Enough to say « partiellement conforme », by the decree of 24 July 2019.
HALF, WHOLE = 50, 100


class Result(StrEnum):
    MET, NOT_MET, NOT_APPLICABLE = "C", "NC", "NA"


WORDS: dict[Result, Promise] = {
    Result.MET: _("conforme"),
    Result.NOT_MET: _("non conforme"),
    Result.NOT_APPLICABLE: _("non applicable"),
}
THEMES: tuple[Promise, ...] = (
    _("Images"),
    _("Cadres"),
    _("Couleurs"),
    _("Multimédia"),
    _("Tableaux"),
    _("Liens"),
    _("Scripts"),
    _("Éléments obligatoires"),
    _("Structuration de l’information"),
    _("Présentation de l’information"),
    _("Formulaires"),
    _("Navigation"),
    _("Consultation"),
)
SAMPLE = (
    "home",
    "results:directory",
    "results:initiatives",
    "results:method",
    "results:verify",
    "results:data",
    "account_login",
    "account_signup",
    "guide",
    "accessibility",
    "legal_notice",
)


@dataclass(frozen=True)
class Criterion:
    """`how` it was looked at, or why there is nothing to look at."""

    number: str
    result: Result
    title: str
    how: str

    @property
    def theme(self) -> int:
        return int(self.number.partition(".")[0])

    @property
    def words(self) -> Promise:
        return WORDS[self.result]


@cache
def criteria() -> tuple[Criterion, ...]:
    with (settings.BASE_DIR / "label" / "rgaa.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Criterion(row["critere"], Result(row["resultat"]), row["titre"], row["examen"]) for row in rows)


def by_theme() -> Iterator[tuple[Promise, list[Criterion]]]:
    for theme, found in groupby(criteria(), key=lambda criterion: criterion.theme):
        yield THEMES[theme - 1], list(found)


def counts() -> Counter[Result]:
    return Counter(criterion.result for criterion in criteria())


@cache
def rate() -> int:
    """How many of a hundred criteria that apply are met, rounded down."""
    counted = counts()
    return 100 * counted[Result.MET] // (counted[Result.MET] + counted[Result.NOT_MET])


def state() -> Promise:
    """One of the three words that the law knows."""
    if rate() == WHOLE:
        return _("totalement conforme")
    return _("partiellement conforme") if rate() >= HALF else _("non conforme")
