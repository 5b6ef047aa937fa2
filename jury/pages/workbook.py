"""The board, the readings and the rulings as a workbook, for the person who presides: what the pages show them, and
nothing of the files from which they are recused."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from documents import workbook
from documents.workbook import Cell, Column, Table
from jury.models import Juror, Ruling
from jury.pages import board


def written(juror: Juror) -> bytes:
    """The file. Three sheets, in a few queries whatever the number of files."""
    rows = board.everything(juror)
    year = juror.panel.edition.year
    tables = [_board(rows), _readings(juror, rows), _rulings(board.rulings(juror))]
    return workbook.write(_("Délibération %(year)s") % {"year": year}, tables)


def _board(rows: Iterable[Any]) -> Table:
    columns = (
        Column(_("Code"), 10),
        Column(_("Collectivité"), 32),
        Column(_("Département"), 12),
        Column(_("Habitants"), 11),
        Column(_("État"), 20),
        Column(_("Score déclaré (%)"), 12),
        Column(_("Niveau calculé"), 10),
        Column(_("Niveau fragile"), 10),
        Column(_("Niveaux proposés"), 14),
        Column(_("Écart"), 8),
        Column(_("Lectures rendues"), 10),
        Column(_("Lectures prévues"), 10),
        Column(_("« Pas concerné » à instruire"), 12),
        Column(_("Souhaité pour le"), 14),
        Column(_("Niveau décidé"), 10),
        Column(_("Simulé"), 8),
    )
    return Table(_("Dossiers"), columns, tuple(_line(row) for row in rows), locked=False)


def _line(row: Any) -> tuple[Cell, ...]:
    share, territory = row.overall_share, row.territory
    return (
        territory.code,
        territory.name,
        territory.department_id,
        territory.population or 0,
        str(row.get_state_display()),
        "" if share is None else Decimal(int(share * 1000)) / 10,
        _number(row.declared_level),
        _("oui") if row.fragile else _("non"),
        _("après votre lecture") if row.blind else ", ".join(str(one.review.proposed_level) for one in row.proposals),
        _number(row.spread),
        row.readings,
        row.required,
        row.claims or 0,
        _day(row.wanted),
        _number(row.decided_level),
        _("oui") if row.simulated else _("non"),
    )


def _readings(juror: Juror, rows: Iterable[Any]) -> Table:
    axes = juror.panel.edition.framework.parsed.axes
    columns = (
        Column(_("Code"), 10),
        Column(_("Collectivité"), 32),
        Column(_("Membre du jury"), 30),
        *(Column(axis.title["fr"], 12) for axis in axes),
        Column(_("Niveau proposé"), 10),
        Column(_("Mention proposée"), 24),
        Column(_("Au jury"), 50),
        Column(_("À la collectivité"), 50),
        Column(_("Rendue le"), 18),
    )
    lines: list[tuple[Cell, ...]] = []
    for row in rows:
        for one in row.proposals:
            review = one.review
            marks = [_number(review.marks.get(axis.id)) for axis in axes]
            said = (review.honour, review.comment_to_jury, review.comment_to_territory, _moment(review.submitted_at))
            name = row.territory.name
            lines.append((row.territory.code, name, str(one.juror), *marks, _number(review.proposed_level), *said))
    return Table(_("Lectures"), columns, tuple(lines), locked=False)


def _rulings(rulings: Iterable[Ruling]) -> Table:
    columns = (
        Column(_("Code"), 10),
        Column(_("Collectivité"), 32),
        Column(_("Sur quoi"), 16),
        Column(_("Objet"), 40),
        Column(_("Avis"), 20),
        Column(_("Raison"), 60),
        Column(_("Membre du jury"), 30),
        Column(_("Le"), 18),
    )
    return Table(_("Avis"), columns, tuple(_ruled(row) for row in rulings), locked=False)


def _ruled(row: Ruling) -> tuple[Cell, ...]:
    territory = row.application.territory
    if row.evidence:
        kind, on = _("preuve"), row.evidence.title
    elif row.initiative:
        kind, on = _("initiative"), row.initiative.title
    elif row.question_id:
        kind, on = _("« pas concerné »"), row.question_id
    else:
        kind, on = _("description"), row.context_name
    verdict = _("corrigé") if row.instead is not None else _("accepté") if row.accepted else _("non retenu")
    if row.as_read:
        verdict = _("accepté à la lecture") if row.taken_back_at is None else _("accepté à la lecture, puis repris")
    return (territory.code, territory.name, kind, on, verdict, row.reason, str(row.by), _moment(row.at))


def _number(value: int | None) -> Cell:
    return "" if value is None else value


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
