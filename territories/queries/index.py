"""The names of France in this process: today's, the old ones, and who bears them.

A reading of what somebody typed (`rules.asked`) is looked up here, the same on every database. About 40,000 short
lines, read once, and again when the list was loaded since."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from threading import Lock
from typing import NamedTuple

from django.db.models import Subquery
from rapidfuzz import process
from rapidfuzz.distance import OSA

from territories.models import Department, FormerName, Kind, Load, Territory
from territories.rules.asked import Departments, Reading
from territories.rules.names import search_name, sort_key

Stamp = tuple[int | None, int | None]


class Home(NamedTuple):
    """A territory, as far as a search needs it."""

    pk: int
    code: str
    grouping: bool
    department: str
    population: int


class Line(NamedTuple):
    """One name of a territory. `start`: where its sort key begins in `name`; `former`: borne by a part of it only."""

    name: str
    start: int
    home: Home
    former: bool

    @property
    def key(self) -> str:
        return self.name[self.start :]


PROPER = 4  # letters of a word that may be a name by itself
Within = Callable[[Home], bool]


class Rank:
    """How well a name answers, the best first."""

    EXACT, FIRST_WORDS, FORMER, IN_PLACE, BEGINNING, FORMER_BEGINNING, WORD, WORDS, ELSEWHERE = range(9)


@dataclass(frozen=True)
class Index:
    homes: Mapping[int, Home]
    lines: tuple[Line, ...]
    places: Mapping[str, Departments]

    def found(self, reading: Reading, within: Within) -> dict[Home, int]:
        """Who answers to this reading, with its rank: every word of it stands in their name."""
        name = reading.name
        keep = _kept(reading, within)
        ranks: dict[Home, int] = {}
        for line in self._with_words(name.split()):
            rank = _rank(name, line)
            if rank is not None and rank < ranks.get(line.home, rank + 1) and keep(line.home):
                ranks[line.home] = rank
        if departments := None if reading.grouping else self.places.get(name):
            for home in self.homes.values():
                if home.department in departments and keep(home):
                    ranks[home] = min(ranks.get(home, Rank.IN_PLACE), Rank.IN_PLACE)
        return ranks

    def abbreviated(self, reading: Reading, within: Within) -> dict[Home, int]:
        """« Issy les mx », « Aix en pce »: each word begins that of the name, or has its first and last letters."""
        words = reading.name.split()
        if len(words) < 2:
            return {}
        # A word of a name of four letters or more is rarely shortened twice: the longest is looked for as it is.
        anchor = max(words, key=len)
        keep = _kept(reading, within)
        lines = self._with_words([anchor])
        return {line.home: Rank.WORDS for line in lines if _shortens(words, line) and keep(line.home)}

    def partly(self, reading: Reading, within: Within) -> dict[Home, int]:
        """The rarest word of a name that is no longer: « Château-d’Olonne » leads to « Les Sables-d’Olonne »."""
        keep = _kept(reading, within)
        words = [word for word in reading.name.split() if len(word) >= PROPER]
        bearers = [{line.home for line in self._with_words([word]) if word in line.name.split()} for word in words]
        rarest = min(filter(None, bearers), key=len, default=set())
        return {home: Rank.ELSEWHERE for home in rarest if keep(home)}

    def close(self, reading: Reading, within: Within, *, most: int = 3) -> dict[Home, int]:
        """Names that differ by few letters, blanks apart, with how many: « clermont ferand », « ajacio »."""
        keep = _kept(reading, within)
        tight = reading.name.replace(" ", "")
        most = min(most, 1 if len(tight) < 5 else 2 if len(tight) < 10 else 3)
        near: dict[Home, int] = {}
        for names in self._tight:
            found = process.extract(tight, names, scorer=OSA.distance, score_cutoff=most, limit=None)
            for _name, distance, position in found:
                home = self.lines[position].home
                if distance < near.get(home, distance + 1) and keep(home):
                    near[home] = int(distance)
        return near

    @cached_property
    def _text(self) -> str:
        """Every name, a line each: one search in a long text is ten times faster than forty thousand in short ones."""
        return "\n".join(line.name for line in self.lines)

    @cached_property
    def _starts(self) -> "array[int]":
        return array("L", accumulate((len(line.name) + 1 for line in self.lines), initial=0))

    @cached_property
    def _tight(self) -> tuple[list[str], list[str]]:
        """Every name and every sort key without blanks; one string for both where they are the same."""
        whole = [line.name.replace(" ", "") for line in self.lines]
        short = [
            tight if not line.start else line.key.replace(" ", "")
            for tight, line in zip(whole, self.lines, strict=True)
        ]
        return whole, short

    def _with_words(self, words: Sequence[str]) -> list[Line]:
        """Those whose name holds every word, somewhere; the rarest words first, that is the longest."""
        longest, *others = sorted(words, key=len, reverse=True)
        return [line for line in self._with(longest) if all(word in line.name for word in others)]

    def _with(self, part: str) -> Iterator[Line]:
        place = self._text.find(part)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield self.lines[number]
            place = self._text.find(part, self._starts[number + 1])


def _kept(reading: Reading, within: Within) -> Within:
    if not reading.grouping and reading.departments is None:
        return within
    return lambda home: (
        within(home)
        and (home.grouping or not reading.grouping)
        and (reading.departments is None or home.department in reading.departments)
    )


def _rank(name: str, line: Line) -> int | None:
    text, start = line.name, line.start
    if text == name or text[start:] == name:
        return Rank.FORMER if line.former else Rank.EXACT
    if text.startswith(name) or text.startswith(name, start):
        if line.former:
            return Rank.FORMER_BEGINNING
        whole = f"{name} "
        return Rank.FIRST_WORDS if text.startswith(whole) or text.startswith(whole, start) else Rank.BEGINNING
    if f" {name}" in text:
        return Rank.WORD
    padded = f" {text}"
    if all(f" {word}" in padded for word in name.split()):
        return Rank.WORDS
    return Rank.ELSEWHERE if name in text else None


def _shortens(words: list[str], line: Line) -> bool:
    for name in (line.name, line.key):
        whole = name.split()
        if len(whole) == len(words) and all(_short(word, full) for word, full in zip(words, whole, strict=True)):
            return True
    return False


def _short(word: str, full: str) -> bool:
    if full.startswith(word):
        return True
    letters = iter(full)
    return word[0] == full[0] and word[-1] == full[-1] and all(letter in letters for letter in word)


_lock = Lock()
_kept_index: tuple[Stamp, Index] | None = None


def current() -> Index:
    """The index; read again when the list was loaded, or a territory added, since."""
    global _kept_index
    stamp = _stamp()
    with _lock:
        if _kept_index is None or _kept_index[0] != stamp:
            _kept_index = stamp, _read()
        return _kept_index[1]


def forget() -> None:
    """After rows were written otherwise than by a load."""
    global _kept_index
    with _lock:
        _kept_index = None


def _stamp() -> Stamp:
    last_load = Load.objects.order_by("-pk").values("pk")[:1]
    last = Territory.objects.order_by("-pk").values_list("pk", Subquery(last_load)).first()
    return last or (None, None)


def _read() -> Index:
    rows = Territory.objects.filter(ended_on=None).order_by("pk")
    columns = rows.values_list("pk", "code", "kind", "department_id", "population", "search_name", "sort_key")
    lines, homes = [], {}
    for pk, code, kind, department, population, name, key in columns.iterator():
        homes[pk] = Home(pk, code, kind == Kind.EPCI, department, population or 0)
        lines.append(_line(name, key, homes[pk], former=False))
    formers = FormerName.objects.order_by("pk").values_list("territory_id", "code", "search_name")
    for pk, code, name in formers.iterator():
        if home := homes.get(pk):
            # The seat of a new commune bears its code: Vire is Vire Normandie, as Lomme is not Lille.
            lines.append(_line(name, sort_key(name), home, former=code != home.code))
    return Index(homes, tuple(lines), _places())


def _line(name: str, key: str, home: Home, *, former: bool) -> Line:
    return Line(name, len(name) - len(key) if name.endswith(key) else 0, home, former)


def _places() -> dict[str, Departments]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, name, region in Department.objects.values_list("code", "name", "region__name"):
        for place in (name, region):
            found[search_name(place)].add(code)
            found[sort_key(place)].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}
