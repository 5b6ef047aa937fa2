"""Open data: the palmarès of an edition as CSV and JSON, row by row, with its Table Schema.

Licence Ouverte 2.0. The columns are a promise: adding one is announced, none changes its meaning."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from results import visibility
from results.models import PublishedResult
from results.wording import ratio, tenths

LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
AXES = ("inclusion", "sovereignty", "ecology", "services")
PERCENT = {"minimum": 0, "maximum": 100}

# Name, type, what it says, constraints.
COLUMNS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("edition", "year", "Édition du label.", {"required": True}),
    ("code", "string", "Code INSEE de la commune, ou SIREN de l’intercommunalité.", {"required": True}),
    ("name", "string", "Nom au moment de la candidature.", {"required": True}),
    ("kind", "string", "Commune ou intercommunalité.", {"required": True, "enum": ["commune", "epci"]}),
    ("department_code", "string", "Code du département.", {"required": True}),
    ("department_name", "string", "Nom du département.", {"required": True}),
    ("region_code", "string", "Code de la région.", {"required": True}),
    ("region_name", "string", "Nom de la région.", {"required": True}),
    ("epci_code", "string", "SIREN de l’intercommunalité de la commune.", {}),
    ("population", "integer", "Population au moment de la candidature.", {"minimum": 0}),
    ("level", "integer", "Niveau décerné par le jury, en arobases.", {"required": True, "minimum": 1, "maximum": 5}),
    ("level_examined", "integer", "Niveau calculé après instruction.", {"minimum": 1, "maximum": 5}),
    ("level_declared", "integer", "Niveau calculé au dépôt.", {"minimum": 1, "maximum": 5}),
    ("overall", "number", "Note sur 100, à une décimale.", PERCENT),
    *((f"axis_{axis}", "number", f"Part des points de l’axe « {axis} », sur 100.", PERCENT) for axis in AXES),
    ("honours", "string", "Mentions, séparées par une barre verticale.", {}),
    ("decided_on", "date", "Date de la décision du jury.", {"required": True}),
    ("certificate", "string", "Numéro de l’attestation.", {"required": True, "unique": True}),
    ("page", "string", "Page de la collectivité.", {"required": True}),
    (
        "simulated",
        "boolean",
        "Vrai pour des données de démonstration, qui ne disent rien de la réalité.",
        {"required": True},
    ),
)
NAMES = tuple(name for name, *_rest in COLUMNS)


def results_of(year: int, *, now: datetime) -> QuerySet[PublishedResult]:
    rows = visibility.in_force(now=now).filter(edition__year=year).select_related("certificate")
    return rows.order_by("territory__sort_key", "territory__code")


def row(result: PublishedResult) -> dict[str, Any]:
    """One result, from its frozen copy; the keys are `NAMES`, in order."""
    document = result.document
    who, levels = document["territory"], document["level"]
    axes = {axis["id"]: tenths(ratio(axis["earned"], axis["possible"])) for axis in document["axes"]}
    return {
        "edition": document["year"],
        "code": who["code"],
        "name": who["name"],
        "kind": who["kind"],
        "department_code": who["department"]["code"],
        "department_name": who["department"]["name"],
        "region_code": who["region"]["code"],
        "region_name": who["region"]["name"],
        "epci_code": who["epci"]["code"] if who["epci"] else None,
        "population": who["population"],
        "level": result.level,
        "level_examined": levels["examined"],
        "level_declared": levels["declared"],
        "overall": tenths(Fraction(document["overall"])),
        **{f"axis_{axis}": axes.get(axis) for axis in AXES},
        "honours": " | ".join(result.honours),
        "decided_on": result.decided_on.isoformat(),
        "certificate": result.certificate.number,
        "page": settings.SITE_URL + reverse("results:territory", args=[who["code"]]),
        "simulated": result.simulated,
    }


def as_csv(year: int, *, now: datetime) -> Iterator[str]:
    """RFC 4180, in UTF-8 with its mark so that spreadsheets read the accents."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(NAMES)
    for result in results_of(year, now=now).iterator(chunk_size=200):
        yield writer.writerow([cell(value) for value in row(result).values()])


def cell(value: Any) -> Any:
    """What a spreadsheet would run as a formula is kept from it by an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_json(year: int, *, now: datetime) -> Iterator[str]:
    """`{"edition", "licence", "schema", "results": […]}`, with the columns of the CSV as keys."""
    head = {"edition": year, "licence": LICENCE, "schema": settings.SITE_URL + reverse("results:palmares-schema")}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "results": ['
    separator = "\n"
    for result in results_of(year, now=now).iterator(chunk_size=200):
        yield separator + json.dumps(row(result), ensure_ascii=False, default=_number)
        separator = ",\n"
    yield "\n]}\n"


def _number(value: Decimal) -> float:
    return float(value)


def table_schema() -> dict[str, Any]:
    """The Table Schema of the files, whatever the year."""
    return {
        "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
        "name": "palmares",
        "title": "Palmarès d’une édition du label",
        "homepage": settings.SITE_URL,
        "licenses": [LICENCE],
        "fields": [
            {"name": name, "type": kind, "description": text, "constraints": constraints}
            | ({"trueValues": ["true"], "falseValues": ["false"]} if kind == "boolean" else {})
            for name, kind, text, constraints in COLUMNS
        ],
        "primaryKey": ["edition", "code"],
    }
