"""The lines of the directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from results import wording
from territories.models import Territory


@dataclass(frozen=True)
class Row:
    """A territory with its latest result, if any, and its latest mention by another label, in words."""

    code: str
    name: str
    place: str
    level: int | None
    year: int | None
    simulated: bool
    palmares: str


def rows(territories: Iterable[Territory]) -> list[Row]:
    """`territories`: each with its `public_results` and `palmares`, the latest first."""
    return [_row(territory) for territory in territories]


def _row(territory: Any) -> Row:
    result = next(iter(territory.public_results), None)
    other = next(iter(territory.palmares), None)
    return Row(
        code=territory.code,
        name=territory.name,
        place=f"{territory.department.name} ({territory.department_id})",
        level=result and result.level,
        year=result and result.edition.year,
        simulated=bool(result and result.simulated),
        palmares=wording.palmares_in_words(year=other.year, level=other.level, mention=other.mention) if other else "",
    )
