"""What somebody who types a place may mean: « mairie de St Denis (93) », « Lyon cedex 03 », « agglo pau ».

Nothing is known here of which places exist: each text gives readings, the most literal first, and the index of names
says which one means something."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from territories.rules.names import ARTICLE, search_name

SIREN = 9
CODE = re.compile(r"\d{2,9}|2[AB]\d{0,3}")
# « dept 29 »
NUMBER = re.compile(r"(?:DEP|DEPT|DEPARTEMENT|DÉPARTEMENT)(?=\d)")
SIRET = re.compile(r"(\d{9})\d{5}")
# Besides a name: a postcode or an INSEE code, a department, the number of a district.
WHOLE_CODE = re.compile(r"\d{5}|2[ab]\d{3}")
DEPARTMENT = re.compile(r"\d{1,3}|2[ab]")
DISTRICT = re.compile(r"(\d\d?(er|ere|e|eme|ieme|nd|nde)|arrondissements?|arr|arrdt|ardt)")
OFFICE = re.compile(
    r"^(?:(?:la|l|a) )?(?:hotel de ville|mairie|ville|commune|village|municipalite|bourg|departement|region)"
    r"(?: (?:de la|de l|du|des|de|d))? "
)
GROUPING = re.compile(
    r"\b(?:communaute|agglomeration|agglo|intercommunalite|interco|epci|metropole|comcom|com com|cc|ca|cu)\b"
)
LINK = re.compile(r"(?: (?:a|au|sur|en|dans|de|du|des|la|le|l|d))+$")
COUNTRY = re.compile(r"(?<=.) france$")
# Names of places that the list writes otherwise.
ALIASES = {
    "paca": "provence alpes cote d azur",
    "region sud": "provence alpes cote d azur",
    "idf": "ile de france",
    "aura": "auvergne rhone alpes",
    "grand lyon": "metropole de lyon",
    "lyon metropole": "metropole de lyon",
    "mel": "metropole europeenne de lille",
    "lille metropole": "metropole europeenne de lille",
}
Departments = frozenset[str]


@dataclass(frozen=True)
class Reading:
    """A name, as `names.search_name` writes them; that of an EPCI only when `grouping`; in these departments if any."""

    name: str
    grouping: bool = False
    departments: Departments | None = None


@dataclass(frozen=True)
class Asked:
    """`code` alone, or readings of a name, beside which `beside` may stand (a postcode) and `departments` (its own)."""

    code: str = ""
    readings: tuple[Reading, ...] = ()
    beside: str = ""
    departments: Departments | None = None

    @property
    def name(self) -> str:
        """The most literal one."""
        return self.readings[0].name if self.readings else ""


def read(q: str, places: Mapping[str, Departments]) -> Asked:
    """`places`: departments and regions by their search name, with the departments that each is."""
    code = NUMBER.sub("", re.sub(r"[\s.]", "", q).upper())
    if siret := SIRET.fullmatch(code):
        code = siret[1]
    if CODE.fullmatch(code):
        return Asked(code=code)
    whole = COUNTRY.sub("", search_name(q))
    whole = ALIASES.get(whole, whole)
    name, beside, departments = _figures(whole)
    texts = [whole] if name in ("", whole) else [whole, name]
    return Asked(readings=tuple(_readings(texts, places)), beside=beside, departments=departments)


def departments_of(postcode: str) -> Departments:
    """Where a postcode or an INSEE code most likely is."""
    if postcode.startswith("20"):
        return frozenset({"2A", "2B"})
    return frozenset({postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]})


def _figures(text: str) -> tuple[str, str, Departments | None]:
    """The name without what figures say beside it, the postcode, and the department."""
    kept, beside, departments = [], "", None
    after_cedex = False
    for word in text.split():
        if after_cedex and word.isdigit():
            continue
        after_cedex = word == "cedex"
        if WHOLE_CODE.fullmatch(word):
            beside, departments = word.upper(), departments_of(word.upper())
        elif DEPARTMENT.fullmatch(word):
            departments = frozenset({word.upper().zfill(2)})
        elif not after_cedex and not DISTRICT.fullmatch(word):
            kept.append(word)
    return " ".join(kept), beside, departments


def _readings(texts: list[str], places: Mapping[str, Departments]) -> list[Reading]:
    found: list[Reading] = []
    for text in texts:
        bare = OFFICE.sub("", text)
        for name in dict.fromkeys((text, bare, ARTICLE.sub("", bare), ALIASES.get(bare, bare))):
            found.append(Reading(name))
            if GROUPING.search(name):
                found.append(Reading(_plain(GROUPING.sub(" ", name)), grouping=True))
            found += _in_places(name, places)
    return [reading for reading in dict.fromkeys(found) if reading.name]


def _in_places(name: str, places: Mapping[str, Departments]) -> list[Reading]:
    """« Saint-Denis Réunion », « Laval en Mayenne », « Isère Vienne »: the longest name of a place at either end."""
    words = name.split()
    for cut in range(1, len(words)):
        last = " ".join(words[cut:])
        if departments := places.get(ALIASES.get(last, last)):
            return [Reading(LINK.sub("", " ".join(words[:cut])), departments=departments)]
    for cut in range(len(words) - 1, 0, -1):
        first = " ".join(words[:cut])
        if departments := places.get(ALIASES.get(first, first)):
            return [Reading(" ".join(words[cut:]), departments=departments)]
    return []


def _plain(name: str) -> str:
    return ARTICLE.sub("", " ".join(name.split()))
