"""The forms of open data: CSV, JSON and XLSX of a table, and the documents that describe them (Table Schema, Data
Package, DCAT-AP). Licence Ouverte 2.0. The same rows give the same bytes."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from documents import workbook
from instance.queries import current
from results.doors.tables import TABLES, Row, Table
from results.models import DataFile, DataRelease

LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "xlsx": workbook.CONTENT_TYPE}
WIDE, NARROW = 40, 16  # characters


def as_csv(table: Table, rows: Iterable[Row]) -> Iterator[str]:
    """RFC 4180, in UTF-8 with its mark so that spreadsheets read the accents."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(table.names)
    for row in rows:
        yield writer.writerow([cell(value) for value in row.values()])


def cell(value: Any) -> Any:
    """What a spreadsheet would run as a formula is kept from it by an apostrophe."""
    if isinstance(value, bool):
        return _boolean(value)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _boolean(value: bool) -> str:
    return "true" if value else "false"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_json(head: dict[str, Any], key: str, rows: Iterable[Row]) -> Iterator[str]:
    """`{…head, key: […]}`, with the columns of the CSV as keys of each row."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + f', "{key}": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False, default=_number)
        separator = ",\n"
    yield "\n]}\n"


def _number(value: Decimal) -> float:
    return float(value)


def as_xlsx(table: Table, rows: Iterable[Row]) -> bytes:
    """Codes are text and scores numbers, whatever the language of the program that opens it; then what each says."""
    columns = tuple(
        workbook.Column(column.name, WIDE if column.kind == "string" else NARROW) for column in table.columns
    )
    data = (tuple(map(_cell, row.values())) for row in rows)
    about = (
        *((column.name, column.kind, column.text) for column in table.columns),
        ("", "", f"{LICENCE['title']} : {LICENCE['path']}"),
    )
    headings = (("colonne", 26), ("type", 12), ("description", 80))
    told = tuple(workbook.Column(name, width) for name, width in headings)
    return workbook.write(
        str(table.title),
        [
            workbook.Table("Données", columns, data, locked=False),
            workbook.Table("Colonnes", told, about, locked=False),
        ],
    )


def _cell(value: Any) -> workbook.Cell:
    if isinstance(value, bool):
        return _boolean(value)
    return value if isinstance(value, int | Decimal) else str(value or "")


# What describes them


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema of a table, whatever the year."""
    schema: dict[str, Any] = {
        "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
        "name": table.name,
        "title": str(table.title),
        "description": str(table.text),
        "homepage": settings.SITE_URL + reverse("results:data"),
        "licenses": [LICENCE],
        "fields": [
            {"name": column.name, "type": column.kind, "description": column.text, "constraints": column.constraints}
            | ({"trueValues": ["true"], "falseValues": ["false"]} if column.kind == "boolean" else {})
            for column in table.columns
        ],
    }
    return schema | ({"primaryKey": list(table.key)} if table.key else {})


def head(table: Table, year: int | None) -> dict[str, Any]:
    """What a JSON file says before its rows; nothing of when it was made, so that the same rows are the same file."""
    schema = settings.SITE_URL + reverse("results:data-schema", args=[table.name])
    return {"table": table.name, "edition": year, "licence": LICENCE, "schema": schema}


def address(file: DataFile) -> str:
    return settings.SITE_URL + reverse("results:data-file", args=[file.scope, file.table, file.kind])


def package(release: DataRelease, files: Iterable[DataFile]) -> dict[str, Any]:
    """The manifest of a version, as a Data Package: every file with its digest; the schema of each CSV is in it."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "arobase",
        "id": settings.SITE_URL + reverse("results:data"),
        "title": f"{current().name} : données ouvertes",
        "version": str(release.number),
        "created": release.made_at.isoformat(),
        "licenses": [LICENCE],
        "resources": [_resource(file) for file in files],
    }


def _resource(file: DataFile) -> dict[str, Any]:
    described = {
        "name": f"{file.table}-{file.scope}-{file.kind}",
        "path": f"{file.scope}/{file.table}.{file.kind}",
        "format": file.kind,
        "mediatype": KINDS[file.kind].partition(";")[0],
        "bytes": file.file.size,
        "hash": f"sha256:{file.file.sha256}",
        "rows": file.rows,
    }
    if file.kind == "csv":
        described |= {"type": "table", "encoding": "utf-8", "schema": table_schema(TABLES[file.table])}
    return described


CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
VOCABULARY = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"


def catalogue(release: DataRelease, files: Iterable[DataFile]) -> dict[str, Any]:
    """The DCAT-AP catalogue as JSON-LD, its context in it: a dataset for each table of each edition."""
    cut: dict[tuple[str, str], list[DataFile]] = {}
    for file in files:
        cut.setdefault((file.scope, file.table), []).append(file)
    whose = current()
    page = settings.SITE_URL + reverse("results:data")
    publisher = {"@id": f"{page}#editeur", "@type": "foaf:Agent", "foaf:name": whose.organiser}
    return {
        "@context": CONTEXT,
        "@id": f"{page}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _french(f"{whose.name} : données ouvertes"),
        "dct:description": _french(f"Les résultats publiés par {whose.name}, {whose.tagline}."),
        "dct:publisher": publisher,
        "dct:language": {"@id": f"{VOCABULARY}language/FRA"},
        "dct:license": {"@id": LICENCE["path"]},
        "dct:modified": _instant(release.made_at),
        "foaf:homepage": {"@id": page},
        "dcat:dataset": [_dataset(page, *key, found, release) for key, found in cut.items()],
    }


def _dataset(page: str, scope: str, name: str, files: list[DataFile], release: DataRelease) -> dict[str, Any]:
    table = TABLES[name]
    title = str(table.title) if scope == DataFile.WHOLE else f"{table.title} {scope}"
    return {
        "@id": f"{page}#{name}-{scope}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{name}-{scope}",
        "dct:title": _french(title),
        "dct:description": _french(str(table.text)),
        "dct:publisher": {"@id": f"{page}#editeur"},
        "dct:license": {"@id": LICENCE["path"]},
        "dct:language": {"@id": f"{VOCABULARY}language/FRA"},
        "dct:spatial": {"@id": f"{VOCABULARY}country/FRA"},
        "dct:accrualPeriodicity": {"@id": f"{VOCABULARY}frequency/ANNUAL"},
        "dct:modified": _instant(release.made_at),
        "dcat:theme": {"@id": f"{VOCABULARY}data-theme/GOVE"},
        "dcat:keyword": [_french(word) for word in ("numérique", "communes", "label")],
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:hasEmail": {"@id": f"mailto:{current().contact}"}},
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_distribution(file) for file in files],
    }


def _distribution(file: DataFile) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": address(file),
        "@type": "dcat:Distribution",
        "dct:title": _french(f"{TABLES[file.table].title}, {file.kind.upper()}"),
        "dct:license": {"@id": LICENCE["path"]},
        "dct:format": {"@id": f"{VOCABULARY}file-type/{file.kind.upper()}"},
        "dcat:mediaType": {"@id": MEDIA + KINDS[file.kind].partition(";")[0]},
        "dcat:accessURL": {"@id": settings.SITE_URL + reverse("results:data")},
        "dcat:downloadURL": {"@id": address(file)},
        "dcat:byteSize": {"@value": str(file.file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.file.sha256, "@type": "xsd:hexBinary"},
        },
    }
    if file.kind == "csv":
        schema = settings.SITE_URL + reverse("results:data-schema", args=[file.table])
        told["dct:conformsTo"] = {"@id": schema, "@type": "dct:Standard"}
    return told


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _instant(when: datetime) -> dict[str, str]:
    return {"@value": when.isoformat(), "@type": "xsd:dateTime"}
