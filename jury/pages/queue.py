"""The lines of a juror's queue, as values: what repeats from one visit to the next is drawn once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from assessments.visibility import shown_state
from documents import french


@dataclass(frozen=True)
class Row:
    """One file to read. `handed_in`, `drafted`, `given` and `wanted` are days in words, empty where there is none.
    `claims` wait for the jury; `level` is the declared one, None without one."""

    code: str
    year: int
    name: str
    department: str
    handed_in: str
    drafted: str
    given: str
    came_back: bool
    wanted: str
    late: bool
    population: int
    level: int | None
    initiatives: int
    pieces: int
    claims: int
    state: str
    state_words: str


def rows(assignments: Iterable[Any], *, now: datetime) -> list[Row]:
    """`assignments`: as `jury.queries.to_read` gives them, each with `came_back` and `wanted` (a day, or None)."""
    return [_row(assignment, now) for assignment in assignments]


def _row(assignment: Any, now: datetime) -> Row:
    application, review = assignment.application, getattr(assignment, "review", None)
    territory, state = application.territory, shown_state(application, now)
    handed_in = review.submitted_at if review else None
    wanted = None if handed_in else assignment.wanted
    return Row(
        code=territory.code,
        year=application.edition.year,
        name=territory.name,
        department=territory.department.name,
        handed_in=_day(handed_in),
        drafted=_day(review.updated_at) if review else "",
        given=_day(assignment.assigned_at),
        came_back=assignment.came_back,
        wanted=_day(wanted),
        late=wanted is not None and wanted < timezone.localdate(now),
        population=territory.population or 0,
        level=assignment.declared_level,
        initiatives=assignment.initiatives,
        pieces=assignment.pieces,
        claims=assignment.claims or 0,
        state=state.value,
        state_words=str(state.label),
    )


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return french.day(timezone.localdate(value) if isinstance(value, datetime) else value)
