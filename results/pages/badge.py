"""What the badge of a territory says now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from documents import arobase, french
from results import queries
from results.models import PublishedResult
from territories.models import Territory

# In units of the drawing: the room of the name, its size, and how wide a letter is, about.
ROOM, SIZE, LETTER = 320, 24, 0.66


@dataclass(frozen=True)
class Badge:
    """`level` is 0 when the latest result was withdrawn and none other stands."""

    name: str
    year: int
    level: int
    simulated: bool
    size: int
    # Of a past edition: the label of a year is current until the next one is announced.
    expired: bool = False

    @property
    def withdrawn(self) -> bool:
        return not self.level

    @property
    def words(self) -> str:
        return french.level(self.level)

    @property
    def state(self) -> str:
        """What must be said besides, in a word or two."""
        if self.withdrawn:
            return _("résultat retiré")
        return _("label expiré") if self.expired else ""

    @property
    def row(self) -> SafeString:
        return mark_safe(arobase.row_svg(self.level))  # noqa: S308 -- drawn by us, from a number


def badge(territory: Territory, *, now: datetime) -> Badge | None:
    """Of the latest result that stands; of the one that was withdrawn when none does; None without any."""
    history: list[PublishedResult] = queries.history(territory, now=now)
    if not history:
        return None
    standing = [row for row in history if row.withdrawn_at is None]
    shown = (standing or history)[0]
    name = shown.document["territory"]["name"]
    size = min(SIZE, int(ROOM / (LETTER * len(name))))
    expired = shown.expired_at is not None  # type: ignore[attr-defined]  # annotated
    return Badge(name, shown.edition.year, shown.level if standing else 0, shown.simulated, size, expired)
