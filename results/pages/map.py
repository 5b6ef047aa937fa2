"""The map of France by department: outlines drawn once, a circle on each whose area is the number."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "departements.json"
# Radius of the circle of one, in units of the drawing, as long as the largest stays under `WIDEST`.
ONE, WIDEST = 3.7, 16.0
LEAST_WRITTEN = 3  # a smaller circle has no room for its number
# Paris and its ring are too small to be seen: they are drawn again, larger, in a corner.
RING = ("75", "92", "93", "94")
SCALE, LEFT, TOP = 4, -697.5, -524.0
OVERSEAS = ("971", "972", "973", "974", "976")


@dataclass(frozen=True)
class Place:
    """A department. Numbers of the drawing are text: a page in French would write them with a comma."""

    code: str
    name: str
    count: int
    outline: str = ""
    x: str = ""
    y: str = ""
    radius: str = ""

    @property
    def written(self) -> bool:
        return self.count >= LEAST_WRITTEN

    @property
    def below(self) -> str:
        """Where the number is written for its middle to be that of the circle."""
        return f"{float(self.y) + 4.6:.1f}"


@dataclass(frozen=True)
class Map:
    places: list[Place]
    ring: list[Place]
    overseas: list[Place]
    # Every department that has one at least, by code: the twin of the drawing.
    rows: list[Place]
    inset: str = f"translate({LEFT} {TOP}) scale({SCALE})"


def france(counts: Mapping[str, int], names: Iterable[tuple[str, str]]) -> Map:
    """`counts` by code of department; `names`: code and name of every one, overseas too."""
    known = dict(names)
    unit = min(ONE, WIDEST / sqrt(max(counts.values(), default=1)))

    def place(code: str, *, outline: str = "", x: float = 0, y: float = 0, name: str = "") -> Place:
        count = counts.get(code, 0)
        radius = f"{unit * sqrt(count):.1f}"
        return Place(code, known.get(code, name), count, outline, f"{x:.1f}", f"{y:.1f}", radius)

    drawn = [place(row["code"], **{key: row[key] for key in ("outline", "x", "y", "name")}) for row in _outlines()]
    ring = [
        place(row["code"], outline=row["outline"], x=SCALE * row["x"] + LEFT, y=SCALE * row["y"] + TOP)
        for row in _outlines()
        if row["code"] in RING
    ]
    rows = sorted((place(code) for code in known if counts.get(code)), key=lambda row: row.code)
    far = [place(code) for code in known if code in OVERSEAS or (counts.get(code) and code > "97")]
    return Map(drawn, ring, sorted(far, key=lambda row: row.code), rows)


@cache
def _outlines() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(DATA.read_text())["departments"]
    return rows
