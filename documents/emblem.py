"""What a territory shows of its level: the road sign for the printer, the logos for the web and for mails."""

from dataclasses import dataclass
from datetime import datetime

from documents import arobase, fonts, french, palette, vectors
from documents.metadata import About
from documents.paper import Paper
from documents.vectors import Drawing, Shape

MILLIMETRE = 72 / 25.4

SIGN_WIDTH, SIGN_HEIGHT = 600.0, 400.0
BLEED = 5.0
SLUG = 20.0  # round the sign: bleed, then the marks of the cutter
MARK_LENGTH = 10.0

LOGO_WIDTH, LOGO_HEIGHT, NAME_HEIGHT = 240.0, 110.0, 32.0
PNG_WIDTHS = {"web": 1200, "courriel": 600}


@dataclass(frozen=True)
class EmblemData:
    """Everything shown. `title` and `subtitle` name the label: "Arobase", "le label numérique des communes"."""

    title: str
    subtitle: str
    territory_name: str
    year: int
    level: int
    issued_at: datetime
    organiser_name: str
    simulated: bool

    @property
    def sentence(self) -> str:
        """The emblem in words."""
        note = ", démonstration sans valeur" if self.simulated else ""
        return f"{self.title} {self.year}, {self.territory_name}\u202f: {french.level(self.level)}{note}"


@dataclass(frozen=True)
class Inks:
    """Colours of the words, of earned arobases and of the others."""

    words: str
    earned: str
    others: str


ON_BLUE = Inks(palette.WHITE, palette.WHITE, palette.WHITE)
LOGO_INKS = {
    "couleur": Inks(palette.INK, palette.ACCENT, palette.LINE),
    "blanc": ON_BLUE,
    "noir": Inks("#000000", "#000000", "#000000"),
}


def road_sign(data: EmblemData) -> bytes:
    """The sign as a PDF at its real size: bleed, cutting marks, no font; tagged like any of our papers."""
    about = About(f"Panneau {data.sentence}", data.organiser_name, "Fichier pour l’imprimeur", data.issued_at)
    width, height = SIGN_WIDTH + 2 * SLUG, SIGN_HEIGHT + 2 * SLUG
    paper = Paper((width * MILLIMETRE, height * MILLIMETRE), about)
    paper.cut(trim=SLUG * MILLIMETRE, bleed=(SLUG - BLEED) * MILLIMETRE)
    with paper.tags.artifact():
        paper.operators(vectors.pdf_operators(Drawing(width, height, _cutting_marks())), MILLIMETRE)
    box = (0, 0, paper.width, paper.height)
    with paper.tags.content("Figure", alt=f"Panneau routier. {data.sentence}", box=box):
        paper.operators(vectors.pdf_operators(sign(data)), MILLIMETRE, SLUG * MILLIMETRE)
    return paper.save()


def sign(data: EmblemData) -> Drawing:
    """The sign itself; its ground runs over the edges by the bleed."""
    ground = vectors.rectangle(-BLEED, -BLEED, SIGN_WIDTH + 2 * BLEED, SIGN_HEIGHT + 2 * BLEED)
    frame = vectors.rectangle(16, 16, SIGN_WIDTH - 32, SIGN_HEIGHT - 32, 18)
    size = 88.0
    return Drawing(
        SIGN_WIDTH,
        SIGN_HEIGHT,
        (
            Shape(ground, palette.ACCENT),
            Shape(frame, palette.WHITE, 3.5),
            _line(data.territory_name, fonts.BOLD, 58, SIGN_WIDTH / 2, 306, palette.WHITE),
            *row(data.level, (SIGN_WIDTH - arobase.row_width(size)) / 2, 182, size, ON_BLUE),
            _line(f"{data.title} {_edition(data)}", fonts.BOLD, 56, SIGN_WIDTH / 2, 98, palette.WHITE),
            _line(data.subtitle, fonts.REGULAR, 28, SIGN_WIDTH / 2, 52, palette.WHITE),
        ),
    )


def logo(data: EmblemData, inks: Inks) -> Drawing:
    """The row of arobases over the name of the label, the edition and the name of the territory, on nothing."""
    ground = blank_logo(data, inks)
    return Drawing(LOGO_WIDTH, LOGO_HEIGHT, (*ground.shapes, *name(data, inks).shapes))


def blank_logo(data: EmblemData, inks: Inks) -> Drawing:
    """The logo without a name: the same for every territory of that level and year."""
    size = LOGO_WIDTH / (arobase.row_width(1) + 0.04)
    words = f"{data.title} {_edition(data)}"
    return Drawing(
        LOGO_WIDTH,
        LOGO_HEIGHT,
        (
            *row(data.level, 0.02 * size, LOGO_HEIGHT - 1.02 * size, size, inks),
            _line(words, fonts.BOLD, 24, LOGO_WIDTH / 2, 37, inks.words),
        ),
    )


def name(data: EmblemData, inks: Inks) -> Drawing:
    """The name of the territory: the foot of the logo, as high as it needs."""
    line = _line(data.territory_name, fonts.REGULAR, 20, LOGO_WIDTH / 2, 9, inks.words)
    return Drawing(LOGO_WIDTH, NAME_HEIGHT, (line,))


def logo_pack(data: EmblemData) -> dict[str, bytes]:
    """Files by name: each colour as SVG, and as PNG for the web and for mails."""
    files = {}
    stem = f"label-{data.year}-{data.level}-arobases" + ("-demonstration" if data.simulated else "")
    for name, inks in LOGO_INKS.items():
        drawing = logo(data, inks)
        files[f"{stem}-{name}.svg"] = vectors.svg(drawing, data.sentence)
        for use, width in PNG_WIDTHS.items():
            files[f"{stem}-{name}-{use}.png"] = vectors.png(drawing, width)
    return files


def _edition(data: EmblemData) -> str:
    return f"{data.year}, démonstration" if data.simulated else str(data.year)


def row(level: int, x: float, y: float, size: float, inks: Inks) -> list[Shape]:
    step = size * (1 + arobase.GAP / arobase.UNITS)
    marks = [vectors.moved(vectors.mark(), x + index * step, y, size) for index in range(french.TOP_LEVEL)]
    earned = [Shape(mark, inks.earned) for mark in marks[:level]]
    return earned + [Shape(mark, inks.others, size * arobase.OUTLINE / arobase.UNITS) for mark in marks[level:]]


def _line(text: str, font: str, size: float, centre: float, baseline: float, colour: str) -> Shape:
    """A line of text, its size reduced to hold in the width of a sign or a logo."""
    room = 0.86 * min(2 * centre, SIGN_WIDTH)
    fitting = size * min(1, room / vectors.width(text, font, size))
    contours, width = vectors.lettering(text, font, fitting)
    return Shape(vectors.moved(contours, centre - width / 2, baseline, 1), colour)


def _cutting_marks() -> tuple[Shape, ...]:
    """Two short lines at each corner, outside of the bleed."""
    width, height = SIGN_WIDTH + 2 * SLUG, SIGN_HEIGHT + 2 * SLUG
    end = SLUG - BLEED
    start = end - MARK_LENGTH
    flat = [(x, y) for x in (start, width - end) for y in (SLUG, height - SLUG)]
    upright = [(x, y) for x in (SLUG, width - SLUG) for y in (start, height - end)]
    lines = [(("M", (x, y)), ("L", (x + MARK_LENGTH, y))) for x, y in flat]
    lines += [(("M", (x, y)), ("L", (x, y + MARK_LENGTH))) for x, y in upright]
    return tuple(Shape(line, "#000000", 0.25) for line in lines)
