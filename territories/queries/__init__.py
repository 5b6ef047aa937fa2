"""Find a territory by what people type: one search for every page, form and API, the same on every database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from typing import Any, TypeVar, overload

from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When

from territories.models import FormerName, Kind, Nature, Postcode, Territory
from territories.queries import index as names
from territories.queries.index import Home, Index, Rank
from territories.queries.index import Within as Within
from territories.rules.asked import Asked, read

LIMIT = 20
SUGGESTED = 5
LONGEST = 120  # characters of a name
INSEE = 5  # characters of an INSEE code and of a postcode; a SIREN has nine figures


Row = TypeVar("Row", bound=Model)


NOTHING = Asked()


@dataclass(frozen=True)
class Matches:
    """Keys of the territories that answer, and of those whose name is near what was typed; the best first."""

    found: Sequence[int] = ()
    near: Sequence[int] = ()
    asked: Asked = NOTHING

    @property
    def pks(self) -> Sequence[int]:
        return [*self.found, *self.near]


@dataclass(frozen=True)
class Answer:
    """What a person who typed `q` is shown: what was found, and what they may have meant when nothing is called so.
    `former`: the old name or code through which the first was found."""

    q: str
    found: list[Territory]
    suggested: list[Territory]
    former: FormerName | None = None

    @property
    def offered(self) -> list[Territory]:
        return [*self.found, *self.suggested]


class Ranked(Sequence[Row]):
    """Rows in the order of their keys; a slice reads its own rows alone."""

    def __init__(self, pks: Sequence[int] | QuerySet[Any, int], rows: QuerySet[Row]) -> None:
        self.pks, self.rows = pks, rows

    def __len__(self) -> int:
        return len(self.pks)

    @overload
    def __getitem__(self, part: int) -> Row: ...
    @overload
    def __getitem__(self, part: slice) -> list[Row]: ...
    def __getitem__(self, part: int | slice) -> Row | list[Row]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        wanted = list(self.pks[part])
        rows = {row.pk: row for row in self.rows.filter(pk__in=wanted)} if wanted else {}
        return [rows[pk] for pk in wanted if pk in rows]


def _both(within: Within, hint: Within, home: Home) -> bool:
    return within(home) and hint(home)


def anywhere(_home: Home) -> bool:
    """Any territory may answer."""
    return True


def answer(q: str, *, kind: str | None = None, department: str | None = None, limit: int = LIMIT) -> Answer:
    """Nothing for a blank `q`."""
    if not q.strip():
        return Answer(q, [], [])
    answered = matches(q, within=of(kind=kind, department=department))
    rows = Ranked(answered.pks, _rows())[: max(limit, SUGGESTED)]
    found = [row for row in rows[:limit] if row.pk in set(answered.found)]
    suggested = [row for row in rows if row.pk in set(answered.near)][:SUGGESTED]
    return Answer(q, found, suggested, former=former(answered, found[0]) if found else None)


def search(q: str, *, kind: str | None = None, department: str | None = None, limit: int = LIMIT) -> list[Territory]:
    """The territories that best answer `q`, names alike included; all of them by name when `q` is blank."""
    return list(matching(q, kind=kind, department=department)[:limit])


def matching(
    q: str, *, kind: str | None = None, department: str | None = None
) -> QuerySet[Territory] | Sequence[Territory]:
    """What `search` finds, to be cut into pages. Department and EPCI come along."""
    if q.strip():
        return Ranked(matches(q, within=of(kind=kind, department=department)).pks, _rows())
    rows = _rows().filter(ended_on=None)
    if kind:
        rows = rows.filter(kind=kind)
    return (rows.filter(department=department) if department else rows).order_by("sort_key", "code")


def _rows() -> QuerySet[Territory]:
    return Territory.objects.select_related("department", "epci")


def matches(q: str, *, within: Within = anywhere) -> Matches:
    """`within`: who may answer. One query, whether the index of names is today's; one or two more for a code."""
    index = names.current()
    asked = read(q, index.places)
    if asked.code:
        return Matches([home.pk for home in _by_code(asked.code, index) if within(home)], asked=asked)
    return replace(_by_name(asked, index, within), asked=asked)


def of(*, kind: str | None = None, department: str | None = None) -> Within:
    """Those of a kind and of a department, for `matches`."""
    return lambda home: (not kind or home.grouping == (kind == Kind.EPCI)) and department in (None, "", home.department)


def former(answered: Matches, found: Territory) -> FormerName | None:
    """The old name or code by which this territory was asked for; None when it is named as today, or by a district."""
    asked = answered.asked
    rows = FormerName.objects.filter(territory=found).select_related("territory").exclude(nature=Nature.DISTRICT)
    if asked.code:
        return None if found.code.startswith(asked.code) else rows.filter(code=asked.code).first()
    called = [reading.name for reading in asked.readings]
    if any(name in found.search_name for name in called):
        return None
    return rows.filter(search_name__in=called).first()


def _by_name(asked: Asked, index: Index, within: Within) -> Matches:
    """What stands beside the name narrows it while something answers: « Paris 11 » is not in the department 11."""
    hints = _hints(asked)
    found = cache(partial(index.found, within=within))
    named = [reading for reading in asked.readings if reading.departments is None]
    placed = [reading for reading in asked.readings if reading.departments is not None]
    for readings, worst, hint in product((named, placed), (Rank.BEGINNING, Rank.WORDS), hints):
        for reading in readings:
            ranks = {home: rank for home, rank in found(reading).items() if hint(home)}
            best = min(ranks.values(), default=worst + 1)
            if best <= worst:
                few = best not in (Rank.EXACT, Rank.FORMER, Rank.IN_PLACE) and len(ranks) < LIMIT
                near = index.close(reading, partial(_both, within, hint), most=1) if few else {}
                return Matches(_keys(ranks), _keys(near, but=ranks))
    short = _merged(index.abbreviated(reading, within) for reading in asked.readings)
    close = _merged(index.close(reading, within) for reading in asked.readings)
    for hint in hints:
        if keys := _keys(short, hint=hint):
            return Matches(keys)
        if keys := _keys(close, hint=hint):
            return Matches(near=keys)
    if elsewhere := _merged(found(reading) for reading in asked.readings):
        return Matches(_keys(elsewhere))
    return Matches(near=_keys(_merged(index.partly(reading, within) for reading in asked.readings)))


def _hints(asked: Asked) -> list[Within]:
    hints: list[Within] = []
    if asked.beside:
        here = {*_owners(asked.beside), *_formers(asked.beside)}
        hints.append(lambda home: home.pk in here)
    if departments := asked.departments:
        hints.append(lambda home: home.department in departments)
    return [*hints, anywhere]


def _merged(answers: Iterable[dict[Home, int]]) -> dict[Home, int]:
    best: dict[Home, int] = {}
    for ranks in answers:
        for home, rank in ranks.items():
            best[home] = min(rank, best.get(home, rank))
    return best


def _keys(ranks: Mapping[Home, int], *, hint: Within = anywhere, but: Collection[Home] = ()) -> list[int]:
    """Communes before the EPCI that bear their name, then the most inhabited."""
    kept = [home for home in ranks if hint(home) and home not in but]
    kept.sort(key=lambda home: (ranks[home], home.grouping, -home.population, home.code))
    return [home.pk for home in kept]


def _by_code(code: str, index: Index) -> list[Home]:
    """A whole code, or all that its beginning fits; a commune’s own code comes before its postcode."""
    keys = dict.fromkeys((*_owners(code), *_formers(code)))
    return [index.homes[pk] for pk in keys if pk in index.homes]


def _owners(code: str) -> QuerySet[Territory, int]:
    """By today's codes, SIREN and postcodes, in order."""
    if len(code) > INSEE:
        rows = Territory.objects.filter(Q(siren=code) | Q(code__startswith=code))
        own = Q(code=code)
    else:
        lookup = "code" if len(code) == INSEE else "code__startswith"
        own = Q(**{lookup: code}, kind=Kind.COMMUNE)
        rows = Territory.objects.filter(own | Q(pk__in=Postcode.objects.filter(**{lookup: code}).values("territory")))
    rank = Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.filter(ended_on=None).alias(rank=rank)
    return rows.order_by("rank", F("population").desc(nulls_last=True), "sort_key", "code").values_list("pk", flat=True)


def _formers(code: str) -> QuerySet[FormerName, int]:
    return FormerName.objects.filter(code=code).order_by("pk").values_list("territory", flat=True)


def now_called(code: str) -> Territory | None:
    """The territory in being to which an old code leads; None when no territory ever bore it."""
    former = FormerName.objects.filter(code=code).select_related("territory").first()
    return former.territory if former else None
