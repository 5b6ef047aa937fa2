"""Figures of an edition: submissions day after day beside last year's, by size and by region. Each is a table first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any, NamedTuple

from territories.models import Kind, PopulationBand
from territories.rules.names import search_name

# The drawing of submissions, on a desk and on a phone: units, not pixels. Names of months keep their distance.
WIDE, NARROW, HEIGHT, APART = 600, 300, 200, 40
SHORT_MONTHS = ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


class File(NamedTuple):
    """What the figures need of a file, in the order of its query."""

    year: int
    submitted_on: date | None
    band: int | None
    region: str
    kind: str = ""
    idle: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a table: files started and submitted this year, and last year on the same day of the season; `idle`:
    those that are not submitted and do not move."""

    name: str
    started: int
    submitted: int
    before: int
    idle: int = 0

    @property
    def moving(self) -> int:
        return self.started - self.submitted - self.idle


@dataclass(frozen=True)
class Curve:
    """Submissions since the opening, cumulated. `points`: of a polyline, zero at the bottom."""

    year: int
    points: str
    last: int
    x: int
    y: int


@dataclass(frozen=True)
class Submissions:
    """Drawn on `width` by HEIGHT. `ticks`: heights and numbers of the scale; `months`: places and names under it;
    `rows`: the same as a table."""

    width: int
    own: Curve
    last: Curve | None
    ticks: tuple[tuple[int, int], ...]
    months: tuple[tuple[int, str], ...]
    rows: tuple[tuple[date, int, int | None], ...]
    before: int

    @property
    def middle(self) -> int:
        return self.width // 2


@dataclass(frozen=True)
class Season:
    """The days of an edition's season: its opening, its closing."""

    year: int
    opens: date
    closes: date

    @property
    def days(self) -> int:
        return max((self.closes - self.opens).days, 1)


def submissions(
    files: Iterable[File], season: Season, last: Season | None, *, today: date, width: int = WIDE
) -> Submissions:
    files = list(files)
    own_days = _days(files, season)
    last_days = _days(files, last) if last else Counter()
    elapsed = min(max((today - season.opens).days, 0), season.days)
    own = _cumulated(own_days, elapsed)
    whole = _cumulated(last_days, last.days) if last else []
    length = max(season.days, last.days if last else 0)
    top = _round_up(max([*own, *whole, 1]))
    weeks = range(0, season.days + 7, 7)
    return Submissions(
        width=width,
        own=_curve(season.year, own, width, length, top),
        last=_curve(last.year, whole, width, length, top) if last else None,
        ticks=tuple((HEIGHT - round(HEIGHT * n / top), n) for n in range(0, top + 1, max(top // 4, 1))),
        months=tuple(_months(season, width, length)),
        rows=tuple(
            (season.opens + timedelta(days=day), _at(own, day), _at(whole, day) if last else None)
            for day in weeks
            if day <= elapsed
        ),
        before=_at(whole, elapsed) if last else 0,
    )


def by_size(files: Iterable[File], season: Season, last: Season | None, *, today: date) -> list[Row]:
    rows = _grouped(files, "band", season, last, today=today)
    return [replace(rows[band], name=str(band.label)) for band in PopulationBand if band in rows]


def by_region(files: Iterable[File], season: Season, last: Season | None, *, today: date) -> list[Row]:
    return sorted(_grouped(files, "region", season, last, today=today).values(), key=lambda row: search_name(row.name))


def by_kind(files: Iterable[File], season: Season, last: Season | None, *, today: date) -> list[Row]:
    rows = _grouped(files, "kind", season, last, today=today)
    return [replace(rows[kind], name=str(kind.label).capitalize()) for kind in Kind if kind in rows]


def _grouped(files: Iterable[File], by: str, season: Season, last: Season | None, *, today: date) -> dict[Any, Row]:
    same_day = last.opens + (today - season.opens) if last else date.min
    counted: dict[Any, list[int]] = {}
    for file in files:
        numbers = counted.setdefault(getattr(file, by), [0, 0, 0, 0])
        if file.year == season.year:
            numbers[0] += 1
            numbers[1] += file.submitted_on is not None
            numbers[3] += file.idle and file.submitted_on is None
        else:
            numbers[2] += file.submitted_on is not None and file.submitted_on <= same_day
    return {name: Row(str(name), *numbers) for name, numbers in counted.items()}


def _days(files: Iterable[File], season: Season) -> Counter[int]:
    return Counter(
        max((file.submitted_on - season.opens).days, 0)
        for file in files
        if file.year == season.year and file.submitted_on
    )


def _cumulated(days: Counter[int], until: int) -> list[int]:
    total, found = 0, []
    for day in range(until + 1):
        total += days[day]
        found.append(total)
    return found


def _at(cumulated: Sequence[int], day: int) -> int:
    return cumulated[min(day, len(cumulated) - 1)] if cumulated else 0


def _curve(year: int, cumulated: Sequence[int], width: int, length: int, top: int) -> Curve:
    places = [(round(width * day / length), HEIGHT - round(HEIGHT * n / top)) for day, n in enumerate(cumulated)]
    x, y = places[-1]
    return Curve(year, " ".join(f"{x},{y}" for x, y in places), cumulated[-1], x, y)


def _round_up(n: int) -> int:
    """A scale that ends on a round number, in four steps."""
    step = int("1" + "0" * (len(str(n)) - 1))
    return max(ceil(n / step) * step, 4)


def _months(season: Season, width: int, length: int) -> Iterable[tuple[int, str]]:
    day, free = season.opens, 0
    while (day - season.opens).days <= length:
        if (x := round(width * (day - season.opens).days / length)) >= free:
            yield x, SHORT_MONTHS[day.month - 1]
            free = x + APART
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
