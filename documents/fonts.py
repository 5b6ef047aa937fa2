"""The one typeface of papers: Atkinson Hyperlegible (SIL Open Font License, see fonts/OFL.txt)."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "AtkinsonHyperlegible-Regular"
BOLD = "AtkinsonHyperlegible-Bold"
CODE = "AtkinsonHyperlegible-Code"  # bold, ASCII only, its zero barred: for numbers that are copied by hand
CAP_HEIGHT = 0.668  # of the size, both weights

FOLDER = Path(__file__).parent / "fonts"
UNKNOWN = "◊"  # stands for what the typeface cannot draw, so that nothing vanishes in silence

# The typeface has no narrow no-break space and no no-break hyphen; a straight apostrophe is a typing habit.
REPLACED = str.maketrans(
    {
        "\u202f": "\u00a0",
        "\u2007": "\u00a0",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": None,
        "\u200b": None,
        "\u200d": None,
        "\ufe0f": None,
        "\ufeff": None,
        "'": "’",
    }
)


def _register(name: str) -> frozenset[str]:
    """Make the font known to ReportLab; the characters that it draws."""
    # Not "ASCII readable": only the characters in use are embedded.
    font = TTFont(name, FOLDER / f"{name}.ttf", asciiReadable=False)
    pdfmetrics.registerFont(font)
    return frozenset(map(chr, font.face.charToGlyph))


COVERED = _register(REGULAR) & _register(BOLD)
COPIED = _register(CODE)


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """`text` with only characters that both weights draw, composed, spaces and controls made plain."""
    composed = unicodedata.normalize("NFC", text).translate(REPLACED)
    if COVERED.issuperset(composed):
        return composed
    return "".join(char if char in COVERED else _nearest(char) for char in composed)


def _nearest(char: str) -> str:
    """What to draw for a character that the typeface lacks."""
    if char.isspace() or unicodedata.category(char) == "Cc":
        return " "
    plain = unicodedata.normalize("NFKD", char).translate(REPLACED)
    kept = "".join(part for part in plain if part in COVERED and not unicodedata.combining(part))
    return kept or UNKNOWN


@lru_cache(maxsize=4096)
def width(text: str, font: str, size: float) -> float:
    """Width in points of a drawable text."""
    return float(pdfmetrics.stringWidth(text, font, size))
