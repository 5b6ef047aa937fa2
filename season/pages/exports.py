"""Tables that leave: the list of files for a spreadsheet, figures for whoever draws them anew."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from documents import workbook
from documents.workbook import Column, Entry, Table
from season.rules.figures import Submissions


def files_table(
    files: Sequence[Any], contacts: Mapping[int, Sequence[User]] | None, answered: Mapping[int, int]
) -> list[list[str]]:
    """A line of headings, then one a file. Contacts are the addresses of those who act for the territory; None leaves
    their column out."""
    headings = [
        _("Code"),
        _("Collectivité"),
        _("Département"),
        _("Région"),
        _("Habitants"),
        _("État"),
        _("Commencé le"),
        _("Déposé le"),
        _("Réponses"),
        _("Dernier mouvement"),
        _("Niveau déclaré"),
        _("Lecteurs"),
        _("Lectures rendues"),
        _("Délai jusqu’au"),
        *([] if contacts is None else [_("Contacts")]),
        _("Facturation"),
        _("Bon de commande"),
        _("Simulé"),
    ]
    people = [None if contacts is None else contacts.get(file.territory_id, ()) for file in files]
    return [headings, *(_line(file, who, answered[file.pk]) for file, who in zip(files, people, strict=True))]


def _line(file: Any, people: Sequence[User] | None, answered: int) -> list[str]:
    territory, billing = file.territory, getattr(file, "billing", None)
    return [
        territory.code,
        territory.name,
        territory.department.name,
        territory.department.region.name,
        _number(territory.population),
        file.get_state_display(),
        _day(file.started_at),
        _day(file.submitted_at),
        _number(answered),
        _day(file.moved_at),
        _number(file.level),
        _number(file.due or 0),
        _number(file.given or 0),
        _day(file.extended_until),
        *([] if people is None else [", ".join(person.email for person in people)]),
        billing.get_status_display() if billing else "",
        billing.purchase_order if billing else "",
        _("oui") if file.simulated else _("non"),
    ]


def submissions_table(drawn: Submissions) -> list[list[str]]:
    headings = [_("Semaine du"), str(drawn.own.year), *([str(drawn.last.year)] if drawn.last else [])]
    rows = ([day.isoformat(), str(own), *([_number(last)] if drawn.last else [])] for day, own, last in drawn.rows)
    return [headings, *rows]


def signs_table(rows: Iterable[Any]) -> list[list[str]]:
    """Of the results that stand."""
    headings = [_("Code"), _("Collectivité"), _("Département"), _("Niveau"), _("Présents à la cérémonie"), _("Noms")]
    return [
        headings,
        *(
            [
                row.territory.code,
                row.territory.name,
                row.territory.department.name,
                str(row.level),
                str(row.people or 0),
                row.names or "",
            ]
            for row in rows
        ),
    ]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """With a mark in front, so that spreadsheets read the accents; a cell that begins like a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_workbook(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Numbers stay texts where a code would lose its zero."""
    headings, *lines = rows
    columns = tuple(Column(heading, max(12, min(40, len(heading) + 4))) for heading in headings)
    cells: tuple[tuple[str | Entry, ...], ...] = tuple(tuple(line) for line in lines)
    return workbook.write(title, [Table(title[:31], columns, cells)])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(when: Any) -> str:
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M") if when else ""
