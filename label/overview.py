"""What the home pages show, gathered from the rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from assessments.models import Edition
from results import visibility
from results.models import PublishedInitiative


@dataclass(frozen=True)
class Latest:
    """The last edition whose results are public: how many laureates at each level, the highest first."""

    edition: Edition
    levels: Sequence[tuple[int, int]]

    @property
    def total(self) -> int:
        return sum(count for _level, count in self.levels)


def latest(*, now: datetime) -> Latest | None:
    edition = visibility.announced_editions(now=now).order_by("-year").first()
    if edition is None:
        return None
    rows = visibility.in_force(now=now).filter(edition=edition).values_list("level")
    return Latest(edition, list(rows.annotate(count=Count("pk")).order_by("-level")))


def open_edition(*, now: datetime) -> Edition | None:
    return Edition.objects.filter(draft=False, opens_at__lte=now, closes_at__gt=now).order_by("-year").first()


def some_initiatives(*, now: datetime) -> list[PublishedInitiative]:
    """Three, from the most recent results: one a commune, and no title twice."""
    rows = visibility.initiatives(now=now).select_related("result__territory").order_by("-result__edition__year", "-pk")
    # The whole public copy of a result weighs as much as the page.
    rows = rows.defer("result__document")
    found: dict[str, PublishedInitiative] = {}
    communes = set()
    for row in rows[:60]:
        if row.title not in found and row.result.territory_id not in communes:
            found[row.title] = row
            communes.add(row.result.territory_id)
    return list(found.values())[:3]
