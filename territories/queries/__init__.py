"""Find a territory by what people type: its name, its INSEE code, its SIREN, its postcode."""

import re
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from territories.models import Kind, Postcode, Territory
from territories.queries import suggestions
from territories.rules.names import search_name

LIMIT = 20
LONGEST = 120  # characters of a name
INSEE = 5  # characters of an INSEE code and of a postcode; a SIREN has nine figures
CODE = re.compile(r"\d{2,9}|2[AB]\d{0,3}")


@dataclass(frozen=True)
class Answer:
    """What a person who typed `q` is shown: what was found, or else what they may have meant."""

    q: str
    found: list[Territory]
    suggested: list[Territory]


def answer(q: str, *, kind: str | None = None, department: str | None = None, limit: int = LIMIT) -> Answer:
    """Nothing for a blank `q`; names alike only when nothing was found."""
    found = search(q, kind=kind, department=department, limit=limit) if q.strip() else []
    alike = [] if found or not q.strip() else suggest(q, kind=kind, department=department)
    return Answer(q, found, alike)


def search(q: str, *, kind: str | None = None, department: str | None = None, limit: int = LIMIT) -> list[Territory]:
    """The territories that best answer `q`, the best first; all of them by name when `q` is blank. One query."""
    return list(matching(q, kind=kind, department=department)[:limit])


def suggest(q: str, *, kind: str | None = None, department: str | None = None, limit: int = 5) -> list[Territory]:
    """« Vouliez-vous dire ? », when nothing was found: names that differ by a few letters, the likest first."""
    # A name may belong to many communes, or to none of this department: take a few more than asked.
    likeness = suggestions.nearest(search_name(q), limit=limit * 4)
    found = _of(kind, department).filter(Q(search_name__in=likeness) | Q(sort_key__in=likeness))

    def order(territory: Territory) -> tuple[float, int]:
        best = max(likeness.get(territory.search_name, 0), likeness.get(territory.sort_key, 0))
        return -best, -(territory.population or 0)

    return sorted(found, key=order)[:limit]


def matching(q: str, *, kind: str | None = None, department: str | None = None) -> QuerySet[Territory]:
    """The rows behind `search`, in its order, to be cut into pages. Department and EPCI come along."""
    rows = _of(kind, department)
    code = re.sub(r"\s", "", q).upper()
    if CODE.fullmatch(code):
        return _by_code(rows, code)
    name = search_name(q)
    if name:
        return _by_name(rows, name)
    return rows.none() if q.strip() else rows.order_by("sort_key", "code")


def _of(kind: str | None, department: str | None) -> QuerySet[Territory]:
    rows = Territory.objects.select_related("department", "epci")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(department=department) if department else rows


def _by_code(rows: QuerySet[Territory], code: str) -> QuerySet[Territory]:
    """A whole code, or all that its beginning fits; a commune’s own code comes before its postcode."""
    if len(code) > INSEE:
        return _ranked(rows.filter(Q(siren=code) | Q(code__startswith=code)), When(code=code, then=0), otherwise=1)
    lookup = "code" if len(code) == INSEE else "code__startswith"
    here = Postcode.objects.filter(**{lookup: code}).values("territory")
    own = Q(**{lookup: code}, kind=Kind.COMMUNE)
    return _ranked(rows.filter(own | Q(pk__in=here)), When(own, then=0), otherwise=1)


def _by_name(rows: QuerySet[Territory], name: str) -> QuerySet[Territory]:
    """Exact, then the beginning of the name, then of one of its words, then anywhere; with or without its article."""
    return _ranked(
        rows.filter(search_name__contains=name),
        When(Q(search_name=name) | Q(sort_key=name), then=0),
        When(Q(search_name__startswith=name) | Q(sort_key__startswith=name), then=1),
        When(search_name__contains=f" {name}", then=2),
        otherwise=3,
    )


def _ranked(rows: QuerySet[Territory], *cases: When, otherwise: int) -> QuerySet[Territory]:
    rank = Case(*cases, default=Value(otherwise), output_field=IntegerField())
    return rows.alias(rank=rank).order_by("rank", F("population").desc(nulls_last=True), "sort_key", "code")
