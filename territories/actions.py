"""Bring the tables to the official list."""

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from outbox import jobs
from territories.enums import Happened
from territories.models import (
    Change,
    Department,
    FormerName,
    Kind,
    Load,
    Nature,
    PopulationBand,
    Postcode,
    Region,
    Territory,
)
from territories.queries import index
from territories.rules import changes
from territories.rules.names import search_name, sort_key

DATA = Path(__file__).resolve().parent / "data"
YEAR = 2026  # of the list in that folder
BATCH = 2_000
FIELDS = [
    *("kind", "siren", "name", "search_name", "sort_key", "department_id", "population", "band", "epci_id"),
    # A territory of the list is in being, one that had ended too.
    *("ended_on", "successor_id"),
]

Row = dict[str, str]


@dataclass(frozen=True)
class Loaded:
    """How many rows of each the official list holds."""

    regions: int
    departments: int
    communes: int
    epcis: int
    postcodes: int
    changed: int = 0


def load_france(folder: Path = DATA, *, year: int = YEAR) -> Loaded:
    """Load communes, EPCI, departments, regions and postcodes: all or nothing, and the same again changes nothing.

    Over the list of an earlier year: who took another code or name keeps its row, who is no longer in being keeps its
    past and is dated, with its successor when one is known. A job then tells people and makes their rights follow.
    Raises KeyError for an EPCI and IntegrityError for a department that one file names and the others do not have."""
    communes, epcis = list(read(folder / "communes.csv.gz")), list(read(folder / "epci.csv.gz"))
    departments, regions = list(read(folder / "departments.csv")), list(read(folder / "regions.csv"))
    formers, former_epcis = (list(read(path)) if path.exists() else [] for path in _former_lists(folder))
    with transaction.atomic():
        load = Load.objects.create(year=year, at=timezone.now())
        found = _what_happened(communes, epcis, _leads(formers, former_epcis))
        changed = _record(load, found)
        _load_departments(departments, regions)
        _save(_epci_territories(epcis, communes))
        _save(_commune_territories(communes))
        _end(found, year)
        postcodes = _load_postcodes(communes)
        _load_formers(formers, former_epcis)
        _remember(changed, found, year)
        if changed:
            jobs.named("territories.changed").schedule(load=load.pk)
        _count_for_the_planner()
    index.forget()
    return Loaded(len(regions), len(departments), len(communes), len(epcis), postcodes, len(changed))


def _leads(communes: list[Row], epcis: list[Row]) -> dict[str, str]:
    """Old code: the code that the list says it leads to."""
    pairs = [(row["code"], row["code_commune"]) for row in communes]
    pairs += [(row["siren"], row["siren_suivant"]) for row in epcis]
    return {old: new for old, new in pairs if old != new}


def _what_happened(communes: list[Row], epcis: list[Row], leads: dict[str, str]) -> list[changes.Change]:
    rows = Territory.objects.filter(ended_on=None).order_by("pk").values_list("code", "name", "siren", "epci__code")
    before = {code: changes.Known(name, siren, epci or "") for code, name, siren, epci in rows}
    after = {row["siren"]: changes.Known(_apostrophe(row["nom"]), row["siren"]) for row in epcis}
    for row in communes:
        after[row["code_insee"]] = changes.Known(_apostrophe(row["nom"]), row["siren"], row["siren_epci"])
    return changes.between(before, after, leads)


def _record(load: Load, found: list[changes.Change]) -> list[Change]:
    """One row each; a new code is given at once, so that all that follows knows the territory by it."""
    rows = {row.code: row for row in Territory.objects.filter(code__in=[one.code for one in found])}
    recorded = [
        Change(
            load=load,
            territory=rows[one.code],
            happened=one.happened,
            old_code=one.code,
            old_name=rows[one.code].name,
            # Only what has ended may leave something to decide.
            settled_at=None if one.happened in (Happened.MERGED, Happened.ENDED) else load.at,
        )
        for one in found
    ]
    for one in found:
        if one.happened == Happened.RECODED:
            Territory.objects.filter(pk=rows[one.code].pk).update(code=one.successor)
    return Change.objects.bulk_create(recorded, batch_size=BATCH)


def _end(found: list[changes.Change], year: int) -> None:
    """On the first of January, as the list has it; what had been led to it is led further."""
    today = {row.code: row for row in Territory.objects.all()} if found else {}
    for one in found:
        if one.happened not in (Happened.MERGED, Happened.ENDED):
            continue
        ended, successor = today[one.code], today.get(one.successor)
        Territory.objects.filter(pk=ended.pk).update(ended_on=date(year, 1, 1))
        if successor:
            succeed(ended=ended, successor=successor)


def _remember(changed: list[Change], found: list[changes.Change], year: int) -> None:
    """People go on using the names and codes of before."""
    leads = {one.code: one.successor or one.code for one in found}
    today = {row.code: row for row in Territory.objects.filter(code__in=leads.values())}
    FormerName.objects.bulk_create(
        [
            _former(row.old_code, row.old_name, Nature.RENAMED, today[leads[row.old_code]], year - 1)
            for row in changed
            if row.happened in (Happened.RENAMED, Happened.RECODED)
        ],
        ignore_conflicts=True,
    )


def _count_for_the_planner() -> None:
    """PostgreSQL counts a table some time after it was filled; until then it plans as if France had ten communes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Territory._meta.db_table}, {Postcode._meta.db_table}")


def read(path: Path) -> Iterator[Row]:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return csv.DictReader(io.StringIO(text.decode("utf-8")))


def _former_lists(folder: Path) -> tuple[Path, Path]:
    return folder / "former.csv.gz", folder / "former-epci.csv"


def _load_departments(departments: list[Row], regions: list[Row]) -> None:
    Region.objects.bulk_create(
        [Region(code=row["code"], name=_apostrophe(row["nom"])) for row in regions],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    Department.objects.bulk_create(
        [
            Department(
                code=row["code"],
                name=_apostrophe(row["nom"]),
                region_id=row["code_region"],
                overseas=row["zone"] != "metro",
            )
            for row in departments
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "region", "overseas"],
    )


def _save(territories: list[Territory]) -> None:
    """Write only what differs: most years, a few hundred rows of 36,000."""
    saved = {row[0]: row[1:] for row in Territory.objects.values_list("code", *FIELDS)}
    changed = [one for one in territories if saved.get(one.code) != tuple(getattr(one, name) for name in FIELDS)]
    Territory.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=FIELDS
    )


def _epci_territories(epcis: list[Row], communes: list[Row]) -> list[Territory]:
    departments = main_departments(communes)
    return [
        _territory(
            kind=Kind.EPCI,
            code=row["siren"],
            siren=row["siren"],
            name=row["nom"],
            department=departments[row["siren"]],
            population=row["population_municipale"],
        )
        for row in epcis
    ]


def _commune_territories(communes: list[Row]) -> list[Territory]:
    epcis = dict(Territory.objects.filter(kind=Kind.EPCI).values_list("code", "pk"))
    return [
        _territory(
            kind=Kind.COMMUNE,
            code=row["code_insee"],
            siren=row["siren"],
            name=row["nom"],
            department=row["code_departement"],
            population=row["population"],
            epci_id=epcis[row["siren_epci"]] if row["siren_epci"] else None,
        )
        for row in communes
    ]


def _territory(
    *, kind: Kind, code: str, siren: str, name: str, department: str, population: str, epci_id: int | None = None
) -> Territory:
    inhabitants = int(population) if population else None
    return Territory(
        kind=kind,
        code=code,
        siren=siren,
        name=_apostrophe(name),
        search_name=search_name(name),
        sort_key=sort_key(name),
        department_id=department,
        population=inhabitants,
        band=PopulationBand.of(inhabitants or 0),
        epci_id=epci_id,
    )


def main_departments(communes: list[Row]) -> dict[str, str]:
    """SIREN of each EPCI: code of the department where most of its inhabitants live (the smaller code when equal)."""
    inhabitants: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in communes:
        inhabitants[row["siren_epci"]][row["code_departement"]] += int(row["population"] or 0)
    return {siren: min(count, key=lambda code: (-count[code], code)) for siren, count in inhabitants.items()}


def _load_postcodes(communes: list[Row]) -> int:
    """Write only what differs; returns how many the list holds."""
    ids = dict(Territory.objects.filter(kind=Kind.COMMUNE).values_list("code", "pk"))
    wanted = {(code, ids[row["code_insee"]]) for row in communes for code in row["codes_postaux"].split()}
    kept = dict.fromkeys(wanted, False)
    gone = []
    for pk, code, territory in Postcode.objects.values_list("pk", "code", "territory_id"):
        if (code, territory) in kept:
            kept[code, territory] = True
        else:
            gone.append(pk)
    for start in range(0, len(gone), 500):
        Postcode.objects.filter(pk__in=gone[start : start + 500]).delete()
    missing = sorted(pair for pair, present in kept.items() if not present)
    Postcode.objects.bulk_create(
        [Postcode(code=code, territory_id=territory) for code, territory in missing], batch_size=BATCH
    )
    return len(wanted)


def _load_formers(communes: list[Row], epcis: list[Row]) -> None:
    """Old names and codes, each with the territory in being that it leads to; what a load itself wrote stays."""
    today = {row.code: row for row in Territory.objects.all()}
    wanted = [
        _former(row["code"], row["nom"], Nature(row["nature"]), today[row["code_commune"]], row["derniere_annee"])
        for row in communes
    ] + [
        _former(row["siren"], row["nom"], Nature.DISSOLVED, today[row["siren_suivant"]], row["derniere_annee"])
        for row in epcis
    ]
    FormerName.objects.bulk_create(
        # A delegated commune that bears the name and the code of the whole would tell nothing.
        [row for row in wanted if (row.code, row.search_name) != (row.territory.code, row.territory.search_name)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code", "name", "territory"],
        update_fields=["search_name", "nature", "last_year"],
    )


def _former(code: str, name: str, nature: Nature, territory: Territory, last_year: str | int) -> FormerName:
    return FormerName(
        code=code,
        name=_apostrophe(name),
        search_name=search_name(name),
        nature=nature,
        territory=territory,
        last_year=int(last_year),
    )


def _apostrophe(name: str) -> str:
    """The official list types its apostrophes straight; ours are the printer's."""
    return name.replace("'", "’")


def succeed(*, ended: Territory, successor: Territory) -> None:
    """What had been led to the one is led further; the old name and code too. In the caller's transaction."""
    Territory.objects.filter(Q(pk=ended.pk) | Q(successor=ended)).update(successor=successor)
    FormerName.objects.filter(territory=ended).update(territory=successor)
    last_year = timezone.localdate().year if ended.ended_on is None else ended.ended_on.year - 1
    nature = Nature.DISSOLVED if ended.kind == Kind.EPCI else Nature.MERGED
    former = _former(ended.code, ended.name, nature, successor, last_year)
    FormerName.objects.bulk_create([former], ignore_conflicts=True)


def settle(*, change: Change, now: datetime) -> bool:
    """Nothing is left to decide about this change; False when that was so already. In the caller's transaction."""
    return bool(Change.objects.filter(pk=change.pk, settled_at=None).update(settled_at=now))
