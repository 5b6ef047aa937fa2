"""Initiatives as their list shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from results.models import PublishedInitiative


@dataclass(frozen=True)
class Idea:
    """`number`: its lasting address; `since`: a year, nothing when unknown; `description`: as written; `copies`: how
    many took it up."""

    number: int
    title: str
    place: str
    since: str
    simulated: bool
    description: str
    issues: str
    cost: str
    copies: int


def ideas(rows: Iterable[PublishedInitiative], issues: Mapping[str, str], copies: Mapping[int, int]) -> list[Idea]:
    """`issues`: titles by id; `copies`: by key."""
    return [_idea(row, issues, copies.get(row.pk, 0)) for row in rows]


def _idea(row: PublishedInitiative, issues: Mapping[str, str], copies: int) -> Idea:
    territory = row.result.territory
    return Idea(
        number=row.number,
        title=row.title,
        place=f"{territory.name}, {territory.department.name}",
        since=str(row.started_on.year) if row.started_on else "",
        simulated=row.result.simulated,
        description=row.description,
        issues=", ".join(issues.get(issue, issue) for issue in row.issues),
        cost=row.get_cost_display() if row.cost else "",
        copies=copies,
    )
