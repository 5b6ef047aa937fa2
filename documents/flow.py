"""Text that runs over pages: headings, paragraphs, lists and tables, with the page broken for them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from documents import fonts, letterhead, palette
from documents.paper import Align, Paper, Style, wrap

MARGIN = 56
FOOT = 64  # nothing but the footer under this height
TEXT = Style(11, leading=1.45)
TITLE = Style(16, fonts.BOLD, leading=1.2)
SUBTITLE = Style(12.5, fonts.BOLD)
SMALL = Style(9, colour=palette.INK_2)
CELL = Style(10, leading=1.3)
HEADER_CELL = Style(9.5, fonts.BOLD, palette.INK_2, leading=1.3)
UNDER_HEADING = 14
UNDER_PARAGRAPH, UNDER_BOX, UNDER_LIST = 10, 7, 4
CELL_GAP = 6.5
COLUMN_GAP = 10
SHORT_TABLE = 1 / 3  # of the height of a page
OUTLINED = "H2"  # the headings that become bookmarks

Place = tuple[float, float, Align]  # of the text of a column: left edge, width, alignment


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its part of the width (the parts of a table make 1), its alignment."""

    heading: str
    part: float
    align: Align = "left"


@dataclass(frozen=True)
class Heading:
    """A heading that waits for what it heads: both go to the same page."""

    role: str
    lines: Sequence[str]
    style: Style

    @property
    def above(self) -> float:
        return 30 if self.style is TITLE else 20

    @property
    def height(self) -> float:
        return self.above + self.style.height(len(self.lines)) + UNDER_HEADING


@dataclass
class Flow:
    """Where the next block goes. `running` is said at the foot of each page; `simulated` puts the banner on each."""

    paper: Paper
    running: str
    simulated: bool
    top: float = field(init=False)
    _waiting: list[Heading] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._dress()
        if self.simulated:
            letterhead.banner(self.paper)

    @property
    def width(self) -> float:
        return self.paper.width - 2 * MARGIN

    def space(self, points: float) -> None:
        """Leave room under the last block."""
        self.top -= points

    def need(self, height: float) -> None:
        """Go to a new page unless `height` is left on this one, under the headings that wait; then draw those."""
        headings, self._waiting = self._waiting, []
        if self.top - sum(heading.height for heading in headings) - height < FOOT:
            self.next_page()
        for heading in headings:
            top = self.top - heading.above
            bottom = self.paper.lines(heading.role, heading.lines, MARGIN, top, self.width, heading.style)
            self.top = bottom - UNDER_HEADING
            if heading.role == OUTLINED:
                self.paper.bookmark("".join(heading.lines), top + heading.style.size)

    def keep(self, height: float) -> None:
        """Go to a new page unless `height` is left on this one under the headings that wait, which stay for what
        follows. What is taller than a page begins where it is."""
        whole = sum(heading.height for heading in self._waiting) + height
        if self.top - whole < FOOT <= self.paper.height - MARGIN - whole:
            self.next_page()

    def height_of(self, text: str, style: Style = TEXT) -> float:
        """What `paragraph` takes."""
        return style.height(len(wrap(text, style, self.width))) + UNDER_PARAGRAPH

    def height_of_boxes(self, items: Iterable[str]) -> float:
        """What `boxes` takes."""
        return sum(TEXT.height(len(wrap(item, TEXT, self.width - 16))) + UNDER_BOX for item in items) + UNDER_LIST

    def next_page(self) -> None:
        """Go on at the top of a new page. Its banner repeats the first page's: an artifact for screen readers."""
        self.paper.next_page()
        self._dress()
        if self.simulated:
            letterhead.repeated_banner(self.paper)

    def _dress(self) -> None:
        with self.paper.tags.artifact():
            self.paper.draw([_shortened(self.running, self.width - 60)], MARGIN, 44, self.width, SMALL)
            self.paper.page_number(MARGIN, 44, self.width, SMALL)
        self.top = self.paper.height - MARGIN

    def heading(self, role: str, text: str, style: Style = TITLE) -> None:
        """A heading, drawn with what follows it: never alone at the foot of a page."""
        self._waiting.append(Heading(role, wrap(text, style, self.width), style))

    def paragraph(self, text: str, style: Style = TEXT) -> None:
        """A paragraph, cut between two lines when the page ends."""
        lines = wrap(text, style, self.width)
        self.need(style.height(min(len(lines), 3)))
        with self.paper.tags.element("P"):
            self._lines(lines, style, MARGIN)
        self.space(UNDER_PARAGRAPH)

    def bullets(self, items: Iterable[str]) -> None:
        """A list; each item stays whole."""
        self._list(items, 10, lambda: self.paper.lines("Lbl", ["•"], MARGIN, self.top, 12, TEXT))

    def boxes(self, items: Iterable[str]) -> None:
        """A list to tick with a pen; each item stays whole."""
        self._list(items, UNDER_BOX, self._box)

    def _box(self) -> None:
        """As high as the capitals beside it, drawn: the typeface has no such character."""
        side, left = TEXT.cap_height, MARGIN + 1
        corners = [(left, self.top), (left + side, self.top), (left + side, self.top - side), (left, self.top - side)]
        with self.paper.tags.artifact():
            self.paper.polygon(corners, palette.INK_2, 0.8)

    def _list(self, items: Iterable[str], gap: float, label: Callable[[], object]) -> None:
        items = list(items)
        if items:
            self.need(TEXT.height(len(wrap(items[0], TEXT, self.width - 16))))
        with self.paper.tags.element("L"):
            for item in items:
                lines = wrap(item, TEXT, self.width - 16)
                self.need(TEXT.height(len(lines)))
                with self.paper.tags.element("LI"):
                    label()
                    self.top = self.paper.lines("LBody", lines, MARGIN + 16, self.top, self.width - 16, TEXT) - gap
        self.space(UNDER_LIST)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """A table headed by its columns, each row by its first cell. Rows stay whole; headings repeat on each page.

        A short table stays whole; a long one leaves no row alone, neither under its headings nor on its last page."""
        tags, places = self.paper.tags, self._places(columns)
        headings, rows = [column.heading for column in columns], list(rows)
        head, heights = _row_height(places, headings, HEADER_CELL), [_row_height(places, row, CELL) for row in rows]
        whole = head + sum(heights)
        self.need(whole if whole <= SHORT_TABLE * self.paper.height else head + sum(heights[:2]))
        with tags.element("Table"):
            with tags.element("TR"):
                self._row(places, headings, HEADER_CELL, lambda _: tags.content("TH", scope="Column"))
            fresh = False
            for index, row in enumerate(rows):
                with_last = sum(heights[index:]) if index == len(rows) - 2 and not fresh else heights[index]
                fresh = self.top - with_last < FOOT
                if fresh:
                    self.next_page()
                    self._row(places, headings, HEADER_CELL, lambda _: tags.artifact())
                with tags.element("TR"):
                    self._row(places, row, CELL, self._body_cell)
        self.space(16)

    def _body_cell(self, index: int) -> AbstractContextManager[object]:
        tags = self.paper.tags
        return tags.content("TD") if index else tags.content("TH", scope="Row")

    def _lines(self, lines: Sequence[str], style: Style, x: float) -> None:
        """Lines of an open element, a stretch of them on each page."""
        while lines:
            room = int((self.top - FOOT - style.cap_height) // (style.size * style.leading)) + 1
            if room < 1 or (room < 2 <= len(lines)):
                self.next_page()
                continue
            self.top = self.paper.lines("Span", lines[:room], x, self.top, self.width, style)
            lines = lines[room:]
            if lines:
                self.next_page()

    def _row(
        self,
        places: Sequence[Place],
        cells: Sequence[str],
        style: Style,
        tagged: Callable[[int], AbstractContextManager[object]],
    ) -> None:
        """A row and the rule under it; `tagged` says what each cell is."""
        bottom = self.top
        for index, (cell, (x, width, align)) in enumerate(zip(cells, places, strict=True)):
            with tagged(index):
                lines = wrap(cell, style, width)
                bottom = min(bottom, self.paper.draw(lines, x, self.top - CELL_GAP, width, style, align))
        self.top = bottom - CELL_GAP
        self.paper.rule(MARGIN, self.top, self.width)

    def _places(self, columns: Sequence[Column]) -> list[Place]:
        ends = [0.0, *accumulate(column.part for column in columns)]
        return [
            (MARGIN + self.width * left, self.width * (right - left) - COLUMN_GAP, column.align)
            for column, (left, right) in zip(columns, pairwise(ends), strict=True)
        ]


def _row_height(places: Sequence[Place], cells: Sequence[str], style: Style) -> float:
    lines = (len(wrap(cell, style, width)) for cell, (_, width, _) in zip(cells, places, strict=True))
    return style.height(max(lines)) + 2 * CELL_GAP


def _shortened(text: str, width: float) -> str:
    first, *others = wrap(text, SMALL, width)
    return f"{first.rstrip()}…" if others else first
