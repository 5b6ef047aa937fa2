"""Up to five territories side by side: each by its latest result in force, nothing computed between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from results import wording
from results.models import PublishedResult
from territories.models import Territory

MOST = 5


@dataclass(frozen=True)
class Side:
    """A territory, None for its result when it has none; `others`: the codes of a comparison without it."""

    territory: Territory
    result: PublishedResult | None
    others: list[str]

    @property
    def overall(self) -> Fraction | None:
        return Fraction(self.result.document["overall"]) if self.result else None


@dataclass(frozen=True)
class Row:
    """An axis or an issue: the share that each side earned, None where it has no point to earn or no result."""

    id: str
    title: str
    shares: list[Fraction | None]


@dataclass(frozen=True)
class Compared:
    sides: list[Side]
    axes: list[Row]
    issues: list[Row]

    @property
    def years(self) -> set[int]:
        return {side.result.document["year"] for side in self.sides if side.result}


def compared(territories: Sequence[Territory], results: Iterable[PublishedResult]) -> Compared:
    latest: dict[int, PublishedResult] = {}
    for result in results:
        known = latest.get(result.territory_id)
        if known is None or known.document["year"] < result.document["year"]:
            latest[result.territory_id] = result
    codes = [territory.code for territory in territories]
    sides = [
        Side(territory, latest.get(territory.pk), [code for code in codes if code != territory.code])
        for territory in territories
    ]
    return Compared(sides, _rows(sides, "axes"), _rows(sides, "issues"))


def _rows(sides: Sequence[Side], part: str) -> list[Row]:
    parts: list[dict[str, dict[str, Any]]] = [
        {row["id"]: row for row in side.result.document[part]} if side.result else {} for side in sides
    ]
    titles = {name: row["title"] for each in parts for name, row in each.items()}
    return [Row(name, title, [_share(each.get(name)) for each in parts]) for name, title in titles.items()]


def _share(row: dict[str, Any] | None) -> Fraction | None:
    return wording.ratio(row["earned"], row["possible"]) if row else None
