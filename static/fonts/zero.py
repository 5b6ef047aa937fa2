"""A zero without a bar for Atkinson Hyperlegible, drawn from the font's own points; the barred one stays, on demand.

The font has no alternate: its zero is one outer contour and two counters cut by the bar. The outer contour is kept,
the two counters become one whose points are those of the old ones, mirrored. The tabular zero is a composite of it and
follows. The barred drawing stays behind the OpenType feature `zero`: `font-variant-numeric: slashed-zero` gives it back
where 0 and O may be taken for each other. The licence allows it: the font reserves no name.
"""

import array
import copy

from fontTools.otlLib.builder import buildSingleSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program

# Of the counter: its centre, left, right, bottom, top; then its control points, x left and right, y below and above.
COUNTER = {
    "Regular": (324, 151, 497, 62, 606, (236, 412), (204, 466)),
    "Bold": (331, 201, 461, 101, 567, (273, 390), (214, 456)),
}
MIDDLE = 335
BARRED = {"zero": "zero.slash", "zero.tf": "zero.tf.slash"}


def draw_plain_zero(font: TTFont, weight: str) -> None:
    """Make the plain zero the font's own, the barred one an alternate."""
    _keep_barred(font)
    glyphs = font["glyf"]
    glyphs["zero"] = _plain(glyphs, *COUNTER[weight])
    _offer(font)


def _keep_barred(font: TTFont) -> None:
    glyphs, names = font["glyf"], [*font.getGlyphOrder(), *BARRED.values()]
    for name, barred in BARRED.items():
        glyphs[barred] = copy.deepcopy(glyphs[name])
    glyphs["zero.tf.slash"].components[0].glyphName = "zero.slash"
    font.setGlyphOrder(names)
    for name, barred in BARRED.items():
        font["hmtx"][barred] = font["hmtx"][name]


def _plain(
    glyphs: object,
    centre: int,
    left: int,
    right: int,
    bottom: int,
    top: int,
    beside: tuple[int, int],
    height: tuple[int, int],
) -> Glyph:
    (x1, x2), (y1, y2) = beside, height
    points, ends, flags = glyphs["zero"].getCoordinates(glyphs)  # type: ignore[index]
    outer = ends[0] + 1
    # The outer contour runs clockwise; the counter, written here the other way round, is a hole.
    below = [(centre, bottom), (x2, bottom), (right, y1), (right, MIDDLE), (right, y2), (x2, top)]
    above = [(centre, top), (x1, top), (left, y2), (left, MIDDLE), (left, y1), (x1, bottom)]
    plain = Glyph()
    plain.numberOfContours = 2
    plain.coordinates = GlyphCoordinates([*points[:outer], *below, *above])
    plain.flags = array.array("B", [*flags[:outer], *[1, 0, 0] * 4])
    plain.endPtsOfContours = [outer - 1, outer + len(below) + len(above) - 1]
    plain.program = Program()
    plain.program.fromBytecode(b"")
    plain.recalcBounds(glyphs)
    return plain


def _offer(font: TTFont) -> None:
    """The feature `zero`, in every script and language."""
    table = font["GSUB"].table
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable, lookup.SubTableCount = [buildSingleSubstSubtable(BARRED)], 1
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "zero", otTables.Feature()
    record.Feature.FeatureParams, record.Feature.LookupCount = None, 1
    record.Feature.LookupListIndex = [table.LookupList.LookupCount - 1]
    table.FeatureList.FeatureRecord.append(record)
    table.FeatureList.FeatureCount = len(table.FeatureList.FeatureRecord)
    for script in table.ScriptList.ScriptRecord:
        for language in (script.Script.DefaultLangSys, *(each.LangSys for each in script.Script.LangSysRecord)):
            if language:
                language.FeatureIndex.append(table.FeatureList.FeatureCount - 1)
                language.FeatureCount = len(language.FeatureIndex)
