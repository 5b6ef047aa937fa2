"""Which real communes and EPCI take part in the simulation: all sizes, the same ones at every run."""

import hashlib

from django.db.models import QuerySet

from territories.models import Kind, PopulationBand, Territory

# How many files a season has in each band, and of EPCI: larger communes take part more often, as in the real label.
FILES_BY_BAND = {
    PopulationBand.UNDER_500: 11,
    PopulationBand.FROM_500: 22,
    PopulationBand.FROM_2000: 20,
    PopulationBand.FROM_3500: 33,
    PopulationBand.FROM_10000: 24,
    PopulationBand.FROM_20000: 16,
    PopulationBand.FROM_50000: 6,
}
FILES_OF_EPCI = 7


def draw(year: int) -> list[Territory]:
    """About 140 territories, in no order of size. Two years in a row share most of theirs."""
    communes = Territory.objects.filter(kind=Kind.COMMUNE, population__gt=0)
    keys = [key for band, count in FILES_BY_BAND.items() for key in _first(communes.filter(band=band), year, count)]
    keys += _first(Territory.objects.filter(kind=Kind.EPCI), year, FILES_OF_EPCI)
    chosen = Territory.objects.filter(pk__in=keys).select_related("department")
    return sorted(chosen, key=lambda row: _place(row.code, year))


def agents_commune() -> Territory:
    """The commune of the demo accounts: a real one of about 1 200 inhabitants."""
    villages = Territory.objects.filter(kind=Kind.COMMUNE, population__range=(1_100, 1_300))
    return min(villages.select_related("department"), key=lambda row: _place(row.code, 0))


def _first(rows: QuerySet[Territory], year: int, count: int) -> list[int]:
    """Two thirds come from a draw that all years share, the rest from the year's own."""
    ranked = sorted(rows.values_list("pk", "code"), key=lambda row: _place(row[1], 0))
    faithful = count * 2 // 3
    others = sorted(ranked[faithful:], key=lambda row: _place(row[1], year))
    return [pk for pk, _code in ranked[:faithful] + others[: count - faithful]]


def _place(code: str, salt: int) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
