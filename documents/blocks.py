"""Blocks that papers share: a table of facts, a numbered list."""

from documents import fonts, palette
from documents.paper import Paper, Style, wrap

TEXT = Style(11)
TERM = Style(11, colour=palette.INK_2)
FACT = Style(11, fonts.BOLD)
ROW_GAP = 10


def facts(paper: Paper, rows: list[tuple[str, str]], x: float, top: float, width: float) -> float:
    """A table of two columns, each row headed by its term, between rules; the height of its last rule."""
    column = 0.38 * width
    paper.rule(x, top, width)
    with paper.tags.element("Table"):
        for term, fact in rows:
            with paper.tags.element("TR"):
                below = top - ROW_GAP
                with paper.tags.content("TH", scope="Row"):
                    left = paper.draw(wrap(term, TERM, column), x, below, column, TERM)
                with paper.tags.content("TD"):
                    right = paper.draw(wrap(fact, FACT, width - column), x + column, below, width - column, FACT)
            top = min(left, right) - ROW_GAP
            paper.rule(x, top, width)
    return top


def numbered(paper: Paper, items: list[str], x: float, top: float, width: float) -> float:
    """A numbered list; its lowest baseline."""
    indent = 22
    with paper.tags.element("L"):
        for number, item in enumerate(items, start=1):
            with paper.tags.element("LI"):
                paper.lines("Lbl", [f"{number}."], x, top, indent, FACT)
                bottom = paper.text("LBody", item, x + indent, top, width - indent, TEXT)
            top = bottom - TEXT.size
    return bottom
