"""Make the typefaces of pages and papers from Atkinson Hyperlegible as it is published.

    python static/fonts/build.py <folder of the TTF files>

The TTF files come from the PyPI package ``fontpkg-atkinson-hyperlegible`` 1.6 (licence: OFL.txt). The font has neither
the narrow no-break space nor the no-break hyphen, which French typography needs: both are added for pages, so that a
line never mixes two fonts. Its zero is barred everywhere: the plain one is drawn here (zero.py), for reading. Pages
take the barred one back by `font-variant-numeric: slashed-zero`; papers, which know no features, have a small face for
what is copied by hand. The OFL allows it, as the font declares no reserved name.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from zero import draw_plain_zero

HERE = Path(__file__).parent
PAPERS = HERE.parents[1] / "documents" / "fonts"
WEIGHTS = {"Regular": "atkinson-regular.woff2", "Bold": "atkinson-bold.woff2"}
FEATURES = ["kern", "mark", "ccmp", "locl", "tnum", "zero"]
UNICODES = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "ŒœŸŁłŠšŽž¹²³⁴–—‘’‚“”„†•…‹›€≤≥−×÷")]
CODE = [*range(0x20, 0x7F)]  # what numbers and addresses are made of
NARROW_SPACE, NO_BREAK_HYPHEN = 0x202F, 0x2011
NARROW_SPACE_WIDTH = 0.2  # of an em


def opened(source: Path) -> TTFont:
    return TTFont(source, recalcTimestamp=False)


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


def cut(font: TTFont, unicodes: list[int], target: Path, **options: object) -> None:
    wanted = subset.Options(hinting=False, **options)
    cutter = subset.Subsetter(wanted)
    cutter.populate(unicodes=unicodes)
    cutter.subset(font)
    subset.save_font(font, str(target), wanted)


def build(folder: Path) -> None:
    for weight, name in WEIGHTS.items():
        source = folder / f"AtkinsonHyperlegible-{weight}.ttf"
        page, paper = opened(source), opened(source)
        draw_plain_zero(page, weight)
        add_french_signs(page)
        cut(page, [*UNICODES, NARROW_SPACE, NO_BREAK_HYPHEN], HERE / name, flavor="woff2", layout_features=FEATURES)
        draw_plain_zero(paper, weight)
        paper.save(PAPERS / source.name)
    barred = opened(folder / "AtkinsonHyperlegible-Bold.ttf")
    cut(barred, CODE, PAPERS / "AtkinsonHyperlegible-Code.ttf", layout_features=["kern"])


if __name__ == "__main__":
    build(Path(sys.argv[1]))
