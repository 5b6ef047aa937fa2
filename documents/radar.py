"""A radar on a fixed scale, 0 to 100 % from the centre to the edge: the same shapes for papers and for pages.

Two charts can be compared by eye, since none is stretched to its own maximum. Colour is never the only sign: our line
is full and filled, that of the peers is dashed, each axis bears its value, and a table stands beside.
Needs no package, so a web process may import it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from documents import palette
from documents.french import percent

RINGS = (25, 50, 75, 100)
FILL = "#E3EAF3"
FONT_SIZE = 11
LABEL_GAP = 14  # from the edge to the labels
LINE_HEIGHT = 15

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Spoke:
    """An axis: its share and that of the peers (when there are any), 0 to 100."""

    name: str
    share: float
    peers: float | None = None


@dataclass(frozen=True)
class Shape:
    """A polygon, or a line of two points. The centre of the radar is the origin, y goes up."""

    name: str
    points: tuple[Point, ...]
    stroke: str
    weight: float
    fill: str = ""
    dash: tuple[int, ...] = ()


@dataclass(frozen=True)
class Label:
    """The name of an axis over its value; (x, y) is the baseline of the name."""

    x: float
    y: float
    anchor: Anchor
    name: str
    value: str


def shapes(spokes: Sequence[Spoke], radius: float) -> list[Shape]:
    """What to draw, from back to front."""
    own = _polygon([spoke.share for spoke in spokes], radius)
    edge = _polygon([100] * len(spokes), radius)
    drawn = [Shape("area", own, FILL, 0, fill=FILL)]
    drawn += [Shape("ring", _polygon([ring] * len(spokes), radius), palette.HAIRLINE, 0.6) for ring in RINGS]
    drawn += [Shape("spoke", ((0, 0), end), palette.HAIRLINE, 0.6) for end in edge]
    peers = [spoke.peers for spoke in spokes if spoke.peers is not None]
    if len(peers) == len(spokes):
        drawn.append(Shape("peers", _polygon(peers, radius), palette.INK_2, 1.2, dash=(4, 3)))
    return [*drawn, Shape("own", own, palette.ACCENT, 2)]


def labels(spokes: Sequence[Spoke], radius: float) -> list[Label]:
    """What to write beyond the end of each spoke."""
    return [_label(spoke, _at(index, len(spokes), radius + LABEL_GAP)) for index, spoke in enumerate(spokes)]


def svg(spokes: Sequence[Spoke], title: str, radius: float = 110, margins: tuple[float, float] = (130, 55)) -> str:
    """The radar as an SVG document that says `title` to screen readers; its classes let a page restyle it.

    `margins`: the room for the labels at each side, and above and below."""
    width, height = 2 * (radius + margins[0]), 2 * (radius + margins[1])
    body = [_svg_shape(shape) for shape in shapes(spokes, radius)]
    body += [_svg_label(label) for label in labels(spokes, radius)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-width / 2:g} {-height / 2:g} {width:g} {height:g}"'
        f' role="img" aria-label={quoteattr(title)} font-size="{FONT_SIZE}">{"".join(body)}</svg>'
    )


def _polygon(shares: Sequence[float], radius: float) -> tuple[Point, ...]:
    return tuple(_at(index, len(shares), radius * share / 100) for index, share in enumerate(shares))


def _at(index: int, count: int, distance: float) -> Point:
    """A point of a spoke: the first spoke goes up, the others follow clockwise."""
    angle = math.radians(90 - 360 * index / count)
    return round(distance * math.cos(angle), 3), round(distance * math.sin(angle), 3)


def _label(spoke: Spoke, place: Point) -> Label:
    x, y = place
    anchor: Anchor = "middle" if abs(x) < 1 else ("start" if x > 0 else "end")
    lift = LINE_HEIGHT if y > 1 else (4 if abs(y) <= 1 else -FONT_SIZE / 2)
    return Label(x, y + lift, anchor, spoke.name, percent(spoke.share))


def _svg_shape(shape: Shape) -> str:
    points = " ".join(f"{x:g},{-y:g}" for x, y in shape.points)
    dash = f' stroke-dasharray="{" ".join(map(str, shape.dash))}"' if shape.dash else ""
    return (
        f'<polygon class="radar-{shape.name}" points="{points}" fill="{shape.fill or "none"}"'
        f' stroke="{shape.stroke}" stroke-width="{shape.weight:g}"{dash}/>'
    )


def _svg_label(label: Label) -> str:
    place = f'x="{label.x:g}" text-anchor="{label.anchor}"'
    return (
        f'<text class="radar-name" {place} y="{-label.y:g}" font-weight="bold">{escape(label.name)}</text>'
        f'<text class="radar-value" {place} y="{LINE_HEIGHT - label.y:g}">{escape(label.value)}</text>'
    )
