"""Flat drawings without a font in them: shapes in millimetres, written as PDF operators, SVG or PNG.

For what leaves our pages: road signs and logos. Millimetres, origin at the bottom left, y upwards.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from xml.sax.saxutils import quoteattr

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

from documents import arobase, fonts, palette

Command = tuple[str, tuple[float, ...]]  # M, L, C or Z with its coordinates, absolute
CORNER = 0.5523  # a quarter of a circle as a Bézier curve
OVERSAMPLING = 4
STEPS = 12  # straight lines for a curve of a bitmap
# Of the four points of a curve, in the end of each of its lines.
WEIGHTS = [
    ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3) for t in (n / STEPS for n in range(1, STEPS + 1))
]


@dataclass(frozen=True)
class Shape:
    """Contours, filled or stroked (when `stroke` is not 0, in millimetres) with one colour."""

    commands: tuple[Command, ...]
    colour: str
    stroke: float = 0


@dataclass(frozen=True)
class Drawing:
    """Shapes from back to front on a sheet of `width` by `height` millimetres."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def moved(commands: Iterable[Command], x: float, y: float, scale: float) -> tuple[Command, ...]:
    """The same contours, scaled from the origin, then moved."""
    return tuple(
        (name, tuple([value * scale + shift for value, shift in zip(values, (x, y) * 3, strict=False)]))
        for name, values in commands
    )


def rectangle(left: float, bottom: float, width: float, height: float, radius: float = 0) -> tuple[Command, ...]:
    """A rectangle with round corners."""
    right, top, far = left + width, bottom + height, radius * (1 - CORNER)
    return (
        ("M", (left + radius, bottom)),
        ("L", (right - radius, bottom)),
        ("C", (right - far, bottom, right, bottom + far, right, bottom + radius)),
        ("L", (right, top - radius)),
        ("C", (right, top - far, right - far, top, right - radius, top)),
        ("L", (left + radius, top)),
        ("C", (left + far, top, left, top - far, left, top - radius)),
        ("L", (left, bottom + radius)),
        ("C", (left, bottom + far, left + far, bottom, left + radius, bottom)),
        ("Z", ()),
    )


@cache
def mark() -> tuple[Command, ...]:
    """The arobase on a square of one millimetre."""
    found = re.findall(r"([MLCZ])([^MLCZ]*)", arobase.MARK)
    parsed = ((name, [int(value) / arobase.UNITS for value in numbers.split()]) for name, numbers in found)
    return tuple((name, tuple(1 - v if i % 2 else v for i, v in enumerate(values))) for name, values in parsed)


class _Pen(BasePen):  # type: ignore[misc]  # the toolkit is untyped
    """Collects the contours of glyphs; the base class turns TrueType's curves into ours."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.commands: list[Command] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.commands.append(("M", point))

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.commands.append(("L", point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self.commands.append(("C", tuple(value for point in points for value in point)))

    def _closePath(self) -> None:
        self.commands.append(("Z", ()))


@cache
def _font(name: str) -> TTFont:
    return TTFont(fonts.FOLDER / f"{name}.ttf")


@cache  # at most the characters of the typeface
def _glyph(char: str, font: str) -> tuple[tuple[Command, ...], int]:
    """Contours and advance of a character, in units of the font."""
    source = _font(font)
    glyphs = source.getGlyphSet()
    glyph, pen = glyphs[source.getBestCmap()[ord(char)]], _Pen(glyphs)
    glyph.draw(pen)
    return tuple(pen.commands), glyph.width


def lettering(text: str, font: str, size: float) -> tuple[tuple[Command, ...], float]:
    """The contours of a line of text, from the origin of its baseline; and its width. Sizes in millimetres."""
    x, drawn = 0.0, list[Command]()
    scale = size / _font(font)["head"].unitsPerEm
    for char in fonts.drawable(text):
        contours, advance = _glyph(char, font)
        drawn += moved(contours, x, 0, scale)
        x += advance * scale
    return tuple(drawn), x


def width(text: str, font: str, size: float) -> float:
    """That of `lettering`, without its contours."""
    units: int = _font(font)["head"].unitsPerEm
    return size / units * sum(_glyph(char, font)[1] for char in fonts.drawable(text))


# Writing


def pdf_operators(drawing: Drawing) -> str:
    """PDF operators, one unit a millimetre."""
    return "\n".join(_pdf_shape(shape) for shape in drawing.shapes)


def _pdf_shape(shape: Shape) -> str:
    red, green, blue = palette.rgb(shape.colour)
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    path = " ".join(" ".join([*(f"{value:.3f}" for value in values), names[name]]) for name, values in shape.commands)
    if shape.stroke:
        return f"{red:.4f} {green:.4f} {blue:.4f} RG {shape.stroke:g} w 1 j {path} S"
    return f"{red:.4f} {green:.4f} {blue:.4f} rg {path} f"


def svg(drawing: Drawing, title: str) -> bytes:
    """An SVG file that says `title` to screen readers."""
    body = "".join(_svg_shape(shape, drawing.height) for shape in drawing.shapes)
    view = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} role="img" aria-label={quoteattr(title)}>{body}</svg>'.encode()
    )


@lru_cache(maxsize=64)  # the arobases of each level are drawn for every territory
def _svg_shape(shape: Shape, height: float) -> str:
    path = "".join(
        name + " ".join(f"{height - value if i % 2 else value:.2f}" for i, value in enumerate(values))
        for name, values in shape.commands
    )
    paint = f'fill="{shape.colour}"'
    if shape.stroke:
        paint = f'fill="none" stroke="{shape.colour}" stroke-width="{shape.stroke:g}" stroke-linejoin="round"'
    return f'<path {paint} d="{path}"/>'


def png(drawing: Drawing, width: int) -> bytes:
    """A transparent PNG file, `width` pixels wide."""
    return as_png(painted(drawing, width))


def as_png(image: Image.Image) -> bytes:
    """The file. Packed as usual: the most that the format can do takes four times as long for a twentieth less."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def painted(drawing: Drawing, width: int) -> Image.Image:
    """The drawing in pixels, on nothing."""
    scale = width / drawing.width
    image = Image.new("RGBA", (width, round(drawing.height * scale)))
    for shape in drawing.shapes:
        layer = Image.new("RGBA", image.size, shape.colour)
        layer.putalpha(_mask(shape, image.size, scale))
        image.alpha_composite(layer)
    return image


def _mask(shape: Shape, size: tuple[int, int], scale: float) -> Image.Image:
    """How much of each pixel the shape covers: drawn larger, one octet a point, then reduced.

    Contours one way are filled, those the other way are holes, as in any font."""
    fine, wide, high = scale * OVERSAMPLING, size[0] * OVERSAMPLING, size[1] * OVERSAMPLING
    mask = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(mask)
    contours = [[(x * fine, high - y * fine) for x, y in contour] for contour in polygons(shape.commands)]
    if shape.stroke:
        for contour in contours:
            pen.line([*contour, contour[0]], fill=255, width=max(1, round(shape.stroke * fine)), joint="curve")
        return mask.reduce(OVERSAMPLING)
    ways = [_area(contour) for contour in contours]
    outer = max(ways, key=abs) > 0
    for contour, way in sorted(zip(contours, ways, strict=True), key=lambda pair: (pair[1] > 0) != outer):
        pen.polygon(contour, fill=255 if (way > 0) == outer else 0)
    return mask.reduce(OVERSAMPLING)


def polygons(commands: Iterable[Command]) -> list[list[tuple[float, float]]]:
    """The contours as straight lines."""
    contours: list[list[tuple[float, float]]] = []
    for name, values in commands:
        points = list(zip(values[::2], values[1::2], strict=True))
        if name == "M":
            contours.append(points)
        elif name == "L":
            contours[-1] += points
        elif name == "C":
            contours[-1] += _curve([contours[-1][-1], *points])
    return contours


def _curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points of a Bézier curve, its start left out, since the contour already ends there."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    return [(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3) for a, b, c, d in WEIGHTS]


def _area(contour: list[tuple[float, float]]) -> float:
    """Signed: its sign is the way that the contour turns."""
    shifted = [*contour[1:], contour[0]]
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(contour, shifted, strict=True)) / 2
