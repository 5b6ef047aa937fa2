"""What a social network shows of a page that somebody shares: the result of a territory, as an image."""

import io
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from documents import arobase, fonts, french, palette, vectors
from documents.emblem import EmblemData, Inks, row
from documents.vectors import Drawing, Shape

# Pixels, as the networks ask.
WIDTH, HEIGHT = 1200, 630
EDGE = 80
ROOM = WIDTH - 2 * EDGE
# The strip that holds the name and the place; all the rest is the same for every territory of a level and an edition.
BOTTOM, STRIP = 240, 230
NAME, SMALLEST, PLACE = 92, 66, 34  # sizes; a name that would be smaller takes two lines
ROW = 104
COLOURS = 64
BESIDE_MARK = EDGE + 106
SIMULATED = "Démonstration\u202f: résultat simulé"
INKS = Inks(palette.INK, palette.ACCENT, palette.LINE)


@dataclass(frozen=True)
class CardData:
    """`place`: where the territory is, as `Ain (01)`."""

    emblem: EmblemData
    place: str


def render(data: CardData) -> bytes:
    """A PNG file, the same bytes each time, that says in words too what it shows."""
    emblem = data.emblem
    image = _ground(emblem.title, emblem.subtitle, emblem.year, emblem.level, emblem.simulated).copy()
    strip = _strip(data)
    painted = vectors.painted(strip, round(strip.width))
    image.paste(painted, (EDGE, HEIGHT - BOTTOM - STRIP), painted)
    told = PngInfo()
    told.add_itxt("Description", emblem.sentence, "fr")
    buffer = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(buffer, "PNG", pnginfo=told)
    return buffer.getvalue()


@lru_cache(maxsize=32)
def _ground(title: str, subtitle: str, year: int, level: int, simulated: bool) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), palette.PAPER)
    drawn = vectors.painted(Drawing(WIDTH, HEIGHT, tuple(_shapes(title, subtitle, year, level, simulated))), WIDTH)
    image.paste(drawn, (0, 0), drawn)
    return image


def _shapes(title: str, subtitle: str, year: int, level: int, simulated: bool) -> list[Shape]:
    beside = EDGE + arobase.row_width(ROW) + 48
    shapes = [
        Shape(vectors.rectangle(0, 0, WIDTH, 16), palette.ACCENT),
        Shape(vectors.moved(vectors.mark(), EDGE, 492, 84), palette.ACCENT),
        _line(title, fonts.BOLD, 46, BESIDE_MARK, 538, palette.INK),
        _line(subtitle, fonts.REGULAR, 28, BESIDE_MARK, 498, palette.INK_2),
        *row(level, EDGE, 96, ROW, INKS),
        _line(french.level(level), fonts.BOLD, 46, beside, 156, palette.INK),
        _line(f"édition {year}", fonts.REGULAR, 36, beside, 104, palette.INK_2),
    ]
    if simulated:
        width = vectors.width(SIMULATED, fonts.BOLD, 28) + 40
        left = WIDTH - EDGE - width
        shapes.append(Shape(vectors.rectangle(left, BOTTOM + 4, width, 54, 10), palette.DEMONSTRATION))
        shapes.append(_line(SIMULATED, fonts.BOLD, 28, left + 20, BOTTOM + 22, palette.WHITE))
    return shapes


def _strip(data: CardData) -> Drawing:
    """The name over the place, as wide as they are: nothing else is painted for one territory alone."""
    lines, size = _lines(data.emblem.territory_name)
    shapes = [_line(data.place, fonts.REGULAR, PLACE, 0, 22, palette.INK_2)]
    for above, text in enumerate(reversed(lines)):
        shapes.append(_line(text, fonts.BOLD, size, 0, 82 + above * size * 1.05, palette.INK))
    wide = max(
        vectors.width(data.place, fonts.REGULAR, PLACE), *(vectors.width(line, fonts.BOLD, size) for line in lines)
    )
    return Drawing(ceil(wide) + 4, STRIP, tuple(shapes))


def _lines(name: str) -> tuple[list[str], float]:
    """The name on one line or, when it is long, cut on two about equal ones; and the size that holds."""
    size = _fitting([name], NAME)
    cuts = [place + 1 for place, letter in enumerate(name) if letter in " -"]
    if size >= SMALLEST or not cuts:
        return [name], size
    cut = min(cuts, key=lambda place: abs(2 * place - len(name)))
    lines = [name[:cut].rstrip(), name[cut:]]
    return lines, _fitting(lines, SMALLEST)


def _fitting(lines: list[str], size: float) -> float:
    return min(size * min(1, ROOM / vectors.width(line, fonts.BOLD, size)) for line in lines)


def _line(text: str, font: str, size: float, left: float, baseline: float, colour: str) -> Shape:
    """A line of text, smaller when it would leave the image."""
    fitting = size * min(1, (WIDTH - EDGE - left) / vectors.width(text, font, size))
    return Shape(vectors.moved(vectors.lettering(text, font, fitting)[0], left, baseline, 1), colour)
