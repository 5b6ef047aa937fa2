"""A tagged page to draw on: styles, wrapped text, the mark, QR codes.

Points, origin at the bottom left. A block of text is placed by `top`, the height of its first capitals, and answers
with its lowest baseline: what lies between two blocks is what the eye sees.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, cast

from reportlab import rl_config
from reportlab.lib.rl_accel import escapePDF, fp_str
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from documents import arobase, fonts, metadata, palette, qr
from documents.french import TOP_LEVEL
from documents.french import level as level_in_words
from documents.tagging import Rectangle, Tags

rl_config.useA85 = 0  # binary streams: a quarter smaller, and faster

A4 = (595.276, 841.89)
A4_LANDSCAPE = (841.89, 595.276)

Align = Literal["left", "centre", "right"]
SLACKS = {"centre": 0.5, "right": 1.0}  # part of what a line leaves free that comes before it

written = lru_cache(maxsize=4096)(fp_str)  # a number as pages have it: columns, sizes and colours come back


@dataclass(frozen=True)
class Style:
    """How a text looks. `leading` is a factor of the size, `tracking` a space added to each character, in points."""

    size: float
    font: str = fonts.REGULAR
    colour: str = palette.INK
    leading: float = 1.4
    tracking: float = 0

    @property
    def cap_height(self) -> float:
        return self.size * fonts.CAP_HEIGHT

    def width(self, text: str) -> float:
        """Width of a drawable line, the space at its end left out."""
        line = text.rstrip(" ")
        return fonts.width(line, self.font, self.size) + self.tracking * max(len(line) - 1, 0)

    def advance(self, text: str) -> float:
        """From the start of a drawable text to the start of what follows it."""
        return fonts.width(text, self.font, self.size) + self.tracking * len(text)

    def height(self, lines: int) -> float:
        """From the first capitals to the last baseline."""
        return self.cap_height + (lines - 1) * self.size * self.leading


# A line may end after a space or a hyphen; a dash that stands alone stays with what comes before it.
WORDS = re.compile(r"[^ -]+-*(?: [-–—](?= ))* *|-+ *")
BOOKMARKED = 5  # a longer paper has bookmarks
STEPS = re.compile(r"[^/]*/+|[^/]+")  # that of an address, after a slash


@lru_cache(maxsize=4096)  # a row is measured, then drawn; the reports of an edition share most of their words
def wrap(text: str, style: Style, width: float, pieces: re.Pattern[str] = WORDS) -> tuple[str, ...]:
    """Lines of `text` that fit in `width`, cut between pieces; the space stays at the end of its line."""
    lines, used = [""], 0.0
    for piece in pieces.findall(fonts.drawable(text)):
        for part in _parts(piece, style, width):
            if lines[-1] and used + style.width(part) > width:
                lines.append("")
                used = 0.0
            lines[-1] += part
            used += style.advance(part)
    return tuple(lines)


def _parts(piece: str, style: Style, width: float) -> Iterator[str]:
    """The piece itself, or the slices of one that is too wide for a line."""
    part = ""
    for char in piece if style.width(piece) > width else ():
        if part and style.width(part + char) > width:
            yield part
            part = ""
        part += char
    yield part or piece


def balance(text: str, style: Style, width: float) -> tuple[str, ...]:
    """Like `wrap` with the same number of lines, as even as they can be: no lonely last word."""
    lines = wrap(text, style, width)
    narrow, wide = width / len(lines), width
    while wide - narrow > 3:
        middle = (narrow + wide) / 2
        if len(wrap(text, style, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return wrap(text, style, wide)


def fit(text: str, style: Style, width: float, *, lines: int, smallest: float) -> tuple[Style, tuple[str, ...]]:
    """The largest style, down to size `smallest`, that holds `text` in `lines` balanced lines.

    A text too long even for the smallest size takes the lines that it needs.
    """
    size = style.size
    while size > smallest and len(wrap(text, replace(style, size=size), width)) > lines:
        size -= 1
    fitting = replace(style, size=max(size, smallest))
    return fitting, balance(text, fitting, width)


def _split(line: str, font: TTFont, document: PDFDocument) -> Sequence[tuple[int, bytes]]:
    """The line in the subsets of its font, as the toolkit cuts it: at once when the first one has all its characters,
    and the toolkit need not look at each."""
    try:
        codes = font.state[document].assignments
        return [(0, bytes(map(codes.__getitem__, map(ord, line.replace("\u00a0", " ")))))]
    except (KeyError, ValueError):  # a new character, or one of another subset
        return cast(Sequence[tuple[int, bytes]], font.splitString(line, document))


class Paper:
    """A document being drawn."""

    def __init__(self, size: tuple[float, float], about: metadata.About) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(
            self._buffer,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            pdfVersion=(1, 7),
            lang=metadata.LANGUAGE,
            initialFontName=fonts.REGULAR,
        )
        self.width, self.height = size
        self.tags = Tags(self.canvas)
        self._bookmarks: list[tuple[str, str]] = []
        self.outline: list[tuple[str, int]] = []  # what was bookmarked, and on which page
        self._numbered: list[tuple[float, float, float, Style]] = []
        metadata.describe(self.canvas, about)

    def page_number(self, x: float, top: float, width: float, style: Style) -> None:
        """« 3 / 12 » on the right: a form drawn when the last page is known. Inside an artifact."""
        self._numbered.append((x, top, width, style))
        self.canvas.doForm(f"page-{len(self._numbered)}")

    def bookmark(self, title: str, top: float) -> None:
        """A place of this page that the reader of a long paper goes to by its name."""
        key = f"mark-{len(self._bookmarks)}"
        self.canvas.bookmarkHorizontal(key, 0, top)
        self._bookmarks.append((title.strip(), key))
        self.outline.append((title.strip(), self.canvas.getPageNumber()))

    def next_page(self) -> None:
        """End this page; what is drawn next goes to a new one."""
        self.canvas._doc.updateSignature("\n".join(self.canvas._code))
        self.canvas.showPage()

    def save(self) -> bytes:
        """Close the last page and the tree; the bytes of the file."""
        pages = self.canvas.getPageNumber()
        self.next_page()
        for number, place in enumerate(self._numbered, start=1):
            self._number(f"{number} / {len(self._numbered)}", f"page-{number}", *place)
        if pages > BOOKMARKED:
            for title, key in self._bookmarks:
                self.canvas.addOutlineEntry(title, key)
            self.canvas.showOutline()
        self.tags.close()
        self.canvas.save()
        return self._buffer.getvalue()

    def _number(self, words: str, form: str, x: float, top: float, width: float, style: Style) -> None:
        self.canvas.beginForm(form, 0, 0, self.width, self.height)
        self.draw([words], x, top, width, style, "right")
        self.canvas.endForm()

    # Text

    def text(
        self, role: str, text: str, x: float, top: float, width: float, style: Style, align: Align = "left"
    ) -> float:
        """A wrapped block of text, tagged; its lowest baseline."""
        return self.lines(role, wrap(text, style, width), x, top, width, style, align)

    def lines(
        self, role: str, lines: Sequence[str], x: float, top: float, width: float, style: Style, align: Align = "left"
    ) -> float:
        """Lines already wrapped, as one tagged block; its lowest baseline."""
        with self.tags.content(role):
            return self.draw(lines, x, top, width, style, align)

    def draw(
        self, lines: Sequence[str], x: float, top: float, width: float, style: Style, align: Align = "left"
    ) -> float:
        """Lines already wrapped, inside a tagged content that the caller opened; their lowest baseline."""
        self._colour(style.colour)
        baseline = top - style.cap_height
        for line in map(fonts.drawable, lines):
            slack = 0.0 if align == "left" else SLACKS[align] * (width - style.width(line))
            self._show(line, x + slack, baseline, style)
            baseline -= style.size * style.leading
        return baseline + style.size * style.leading

    def _show(self, line: str, x: float, baseline: float, style: Style) -> None:
        """One line, by the operators themselves: the toolkit's text objects take as long again as all the rest."""
        font, document = pdfmetrics.getFont(style.font), self.canvas._doc
        shown = " ".join(
            f"{font.getSubsetInternalName(subset, document)} {written(style.size)} Tf ({escapePDF(codes)}) Tj"
            for subset, codes in _split(line, font, document)
        )
        self._raw(f"BT {written(style.tracking)} Tc 1 0 0 1 {written(x)} {written(baseline)} Tm {shown} ET")

    def link(self, url: str, label: str, x: float, top: float, width: float, style: Style) -> float:
        """An address printed in clear, each of its lines a tagged link that screen readers announce as `label`."""
        lines = wrap(url, style, width, STEPS)
        with self.tags.element("Link"):
            with self.tags.content("Span"):
                bottom = self.draw(lines, x, top, width, style)
            under = 0.3 * style.size
            self.tags.link(url, label, (x, bottom - under, x + max(map(style.width, lines)), top + under))
        return bottom

    # Shapes

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Artifacts drawn in their own graphics state."""
        with self.tags.artifact(), self._state():
            yield

    def fill(self, box: Rectangle, colour: str) -> None:
        """A plain rectangle, as decoration."""
        left, bottom, right, top = box
        with self.decoration():
            self._colour(colour)
            self._raw(f"{written(left)} {written(bottom)} {written(right - left)} {written(top - bottom)} re f")

    def rule(self, x: float, y: float, width: float, colour: str = palette.HAIRLINE, weight: float = 0.8) -> None:
        """A horizontal line, as decoration."""
        self.fill((x, y - weight / 2, x + width, y + weight / 2), colour)

    def polygon(
        self,
        points: Sequence[tuple[float, float]],
        stroke: str,
        weight: float,
        fill: str = "",
        dash: Sequence[float] = (),
    ) -> None:
        """A closed polygon, inside a tagged content or an artifact that the caller opened; no weight, no stroke."""
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        with self._state():
            self.canvas.setStrokeColorRGB(*palette.rgb(stroke))
            self.canvas.setLineWidth(weight)
            self.canvas.setLineJoin(1)
            self.canvas.setDash(list(dash))
            self._colour(fill or palette.PAPER)
            self.canvas.drawPath(path, stroke=int(weight > 0), fill=int(bool(fill)))

    def mark(self, x: float, y: float, size: float, colour: str) -> None:
        """One arobase from its lower left corner, inside a tagged content or an artifact that the caller opened."""
        with self._state(x, y, size / arobase.UNITS):
            self._colour(colour)
            self._raw(f"{arobase.pdf_path()} f")

    def level(self, x: float, y: float, size: float, level: int) -> None:
        """The row of five as a tagged figure: earned ones filled, the others outlined."""
        box = (x, y, x + arobase.row_width(size), y + size)
        with self.tags.content("Figure", alt=level_in_words(level), box=box):
            for index in range(TOP_LEVEL):
                left = x + index * size * (1 + arobase.GAP / arobase.UNITS)
                if index < level:
                    self.mark(left, y, size, palette.ACCENT)
                else:
                    self._outlined_mark(left, y, size)

    def qr_code(self, text: str, x: float, y: float, size: float, alt: str) -> None:
        """A QR code, black on a white card, as a tagged figure."""
        path, side = qr.pdf_path(text)
        with self.tags.content("Figure", alt=alt, box=(x, y, x + size, y + size)), self._state(x, y, size / side):
            self._colour(palette.WHITE)
            self._raw(f"0 0 {side} {side} re f")
            self._raw(f"0 g {path} f")

    def operators(self, written: str, scale: float, offset: float = 0) -> None:
        """Ready-made operators, inside a tagged content or an artifact that the caller opened."""
        with self._state(offset, offset, scale):
            self._raw(written)

    def cut(self, trim: float, bleed: float) -> None:
        """Tell the printer where the page is cut and where its ground ends, both from the edges of the sheet."""
        self.canvas.setTrimBox(self._inset(trim))
        self.canvas.setBleedBox(self._inset(bleed))

    def _inset(self, edge: float) -> Rectangle:
        return edge, edge, self.width - edge, self.height - edge

    def _outlined_mark(self, x: float, y: float, size: float) -> None:
        with self._state(x, y, size / arobase.UNITS):
            self.canvas.setStrokeColorRGB(*palette.rgb(palette.LINE))
            self._raw(f"{arobase.OUTLINE} w 1 j {arobase.pdf_path()} S")

    @contextmanager
    def _state(self, x: float = 0, y: float = 0, scale: float = 1) -> Iterator[None]:
        self._raw(f"q {written(scale)} 0 0 {written(scale)} {written(x)} {written(y)} cm")
        yield
        self._raw("Q")

    def _colour(self, colour: str) -> None:
        self._raw(f"{' '.join(map(written, palette.rgb(colour)))} rg")

    def _raw(self, operators: str) -> None:
        self.canvas._code.append(operators)
