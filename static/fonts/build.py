"""Cut Atkinson Hyperlegible down to what French pages need, as WOFF2.

    python static/fonts/build.py <folder of the TTF files>

The TTF files come from the PyPI package ``fontpkg-atkinson-hyperlegible`` 1.6 (licence: OFL.txt). The font has neither
the narrow no-break space nor the no-break hyphen, which French typography needs: both are added here, so that a line
never mixes two fonts. The OFL allows it, as the font declares no reserved name.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
WEIGHTS = {"Regular": "atkinson-regular.woff2", "Bold": "atkinson-bold.woff2"}
UNICODES = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "ŒœŸŁłŠšŽž¹²³⁴–—‘’‚“”„†•…‹›€≤≥−×÷")]
NARROW_SPACE, NO_BREAK_HYPHEN = 0x202F, 0x2011
NARROW_SPACE_WIDTH = 0.2  # of an em


def add_french_signs(font: TTFont) -> None:
    width = round(NARROW_SPACE_WIDTH * font["head"].unitsPerEm)
    glyph_order = [*font.getGlyphOrder(), "narrowspace"]
    font["glyf"]["narrowspace"] = font["glyf"]["space"]
    font.setGlyphOrder(glyph_order)
    font["hmtx"]["narrowspace"] = (width, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW_SPACE] = "narrowspace"
            table.cmap[NO_BREAK_HYPHEN] = table.cmap[ord("-")]


def build(source: Path, target: Path) -> None:
    font = TTFont(source)
    add_french_signs(font)
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["kern", "mark", "ccmp", "locl", "tnum"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[*UNICODES, NARROW_SPACE, NO_BREAK_HYPHEN])
    cutter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    for weight, name in WEIGHTS.items():
        build(Path(sys.argv[1]) / f"AtkinsonHyperlegible-{weight}.ttf", HERE / name)
