"""The levels of a territory year after year, ours and those of another label, placed on a chart drawn to size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEVELS = range(1, 6)
FIRST = 2006  # most palmarès known of the other label are later; a chart begins sooner where one is not
LEFT, RIGHT = 48, 26
BASE, STEP = 120, 23  # the line of one arobase, and from one level to the next


@dataclass(frozen=True)
class Mark:
    """One year's level; ours are round, those of the other label square."""

    x: float
    y: float
    level: int
    ours: bool


@dataclass(frozen=True)
class Year:
    x: float
    name: int
    labelled: bool
    known: bool


@dataclass(frozen=True)
class Chart:
    width: int
    years: list[Year]
    lines: list[tuple[int, int]]
    marks: list[Mark]


def chart(ours: Mapping[int, int], others: Mapping[int, int], *, width: int, every: int) -> Chart | None:
    """`ours`, `others`: level by year; `every`: how many years from one label to the next. None below two marks."""
    if len(ours) + len(others) < 2:
        return None
    first, last = min(FIRST, *ours, *others), max(*ours, *others)
    step = (width - LEFT - RIGHT) / max(last - first, 1)
    place = {year: round(LEFT + (year - first) * step, 1) for year in range(first, last + 1)}
    return Chart(
        width=width,
        years=[Year(x, year, (last - year) % every == 0, year in ours or year in others) for year, x in place.items()],
        lines=[(level, _height(level)) for level in LEVELS],
        marks=[*_marks(others, place, ours=False), *_marks(ours, place, ours=True)],
    )


def _marks(levels: Mapping[int, int], place: Mapping[int, float], *, ours: bool) -> Iterable[Mark]:
    return (Mark(place[year], _height(level), level, ours) for year, level in sorted(levels.items()))


def _height(level: int) -> int:
    return BASE - (level - 1) * STEP
