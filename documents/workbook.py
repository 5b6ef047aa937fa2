"""A spreadsheet to fill in and send back, or to read (XLSX): texts, numbers, lists to choose from, locked cells, and
never a formula.

Written and read here, and not by the usual library, which loads NumPy: a web process does both, while somebody waits.
The same data gives the same bytes. Whatever is read was made by others: every size is bounded, entities are refused."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from io import BytesIO
from itertools import islice
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

MAX_PART = 2 * 1024 * 1024  # bytes of one part once unpacked; a questionnaire takes a tenth of it
MAX_ROWS = 10_000
MAX_COLUMNS = 50
LISTS = "Listes"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Of a line of text, of a title, and the most that a row may have, in points.
LINE, TITLE_LINE, HIGHEST = 15, 20, 405

# Styles, by their place in STYLES.
PLAIN, HEADING, ENTRY, NUMBER, TITLE, FIGURE = range(6)


@dataclass(frozen=True)
class Entry:
    """A cell to fill in, the only kind that is not locked. `choices` are offered as a list and nothing else is taken.

    A number stays a number; a text stays a text, whatever it begins with."""

    value: str | int = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """`width` in characters."""

    heading: str
    width: int
    hidden: bool = False


Cell = str | int | Decimal | Entry


@dataclass(frozen=True)
class Table:
    """A sheet. A row of one cell is a title over those that follow. Text is text, a code of digits too; a number is one
    to compute with. `locked`: only entries may be changed; else it is data to sort and filter, a line a row, without
    entries, read once and never held whole. `printed`: how many of its columns, when paper has no room for all."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    hidden: bool = False
    locked: bool = True
    printed: int | None = None


class Seen(NamedTuple):
    """A cell that was read. A formula is told, with what it last gave, and is never computed."""

    text: str
    formula: bool = False


class Unreadable(Exception):
    """Not a workbook that can be read here: broken, too large, or made to harm."""


# Writing


def write(title: str, tables: Sequence[Table]) -> bytes:
    """The file. `title` is what it says of itself."""
    lists = list(dict.fromkeys(_choices(tables)))
    sheets = [*tables, _lists(lists)] if lists else list(tables)
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations(
            [
                (f"{OFFICE}/officeDocument", "xl/workbook.xml"),
                (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": _core(title),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((f"{OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
                (f"{OFFICE}/styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": HEAD + STYLES,
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
        for number, table in enumerate(sheets, start=1):
            entry = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as sheet:
                for piece in _sheet(table, lists):
                    sheet.write(piece.encode())
    return target.getvalue()


def _choices(tables: Sequence[Table]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        if table.locked:
            yield from (cell.choices for row in table.rows for cell in row if isinstance(cell, Entry) and cell.choices)


def _lists(lists: Sequence[tuple[str, ...]]) -> Table:
    """The hidden sheet that the lists of choices are taken from, one a column."""
    longest = max(map(len, lists))
    rows = tuple(tuple(choices[n] if n < len(choices) else "" for choices in lists) for n in range(longest))
    return Table(LISTS, tuple(Column(str(n), 20) for n in range(1, len(lists) + 1)), rows, hidden=True)


_UNWRITABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"


def writable(text: str) -> str:
    """Without what XML cannot hold."""
    return re.sub(f"[{_UNWRITABLE}]", "", text)


# How these files write a character that XML cannot hold, and an underscore that would be read as the start of one.
_ESCAPED = re.compile("_x(?![dD][89a-fA-F])([0-9a-fA-F]{4})_")


# Without one of these, a text is written as it is: most are, and there are many.
_TO_ESCAPE = re.compile(f"[{_UNWRITABLE}&<>\"'_]")


def _text(text: str) -> str:
    if not _TO_ESCAPE.search(text):
        return text
    return escape(re.sub("_(?=x[0-9a-fA-F]{4}_)", "_x005F_", writable(text)))


@cache
def column_name(index: int) -> str:
    """0: A, 25: Z, 26: AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


_HIDDEN, _HIDDEN_SHEET = ' hidden="1"', ' state="hidden"'
_LOCKED = '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'


def _sheet(table: Table, lists: Sequence[tuple[str, ...]]) -> Iterator[str]:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" customWidth="1"{_HIDDEN if column.hidden else ""}/>'
        for n, column in enumerate(table.columns, start=1)
    )
    widths = [column.width for column in table.columns] if table.locked else []
    headings = _row(1, [column.heading for column in table.columns], HEADING, widths)
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0" showGridLines="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{headings}"
    )
    last = 1
    for last, row in enumerate(table.rows, start=2):
        yield _row(last, row, PLAIN, widths)
    free = f'<autoFilter ref="A1:{column_name(len(table.columns) - 1)}{last}"/>'
    yield (
        f"</sheetData>{_LOCKED + _validations(table, lists) if table.locked else free}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def _row(number: int, cells: Sequence[Cell], style: int, widths: Sequence[int]) -> str:
    """A row as high as its longest text: LibreOffice gives one line to a row that does not say, and cuts the rest."""
    height = TITLE_LINE if len(cells) == 1 else LINE * max(map(_lines, cells, widths), default=1)
    if len(cells) == 1:
        style = TITLE
    written = "".join(_cell(f"{column_name(n)}{number}", cell, style) for n, cell in enumerate(cells))
    return f'<row r="{number}" ht="{min(height, HIGHEST)}" customHeight="1">{written}</row>'


def _lines(cell: Cell, width: int) -> int:
    """How many lines a text takes in a column, with some room for words that do not break."""
    # Room for whatever will be chosen.
    text = max(cell.choices, key=len) if isinstance(cell, Entry) and cell.choices else _said(cell)
    wide = max(1, width - 2)
    return sum(max(1, -(-len(line) // wide)) for line in text.split("\n"))


def _said(cell: Cell) -> str:
    return str(cell.value if isinstance(cell, Entry) else cell)


def _cell(place: str, cell: Cell, style: int) -> str:
    if isinstance(cell, Entry) and isinstance(cell.value, int):
        return f'<c r="{place}" s="{NUMBER}"><v>{cell.value}</v></c>'
    if isinstance(cell, int | Decimal):
        return f'<c r="{place}" s="{FIGURE}"><v>{cell}</v></c>'
    text = _said(cell)
    style = ENTRY if isinstance(cell, Entry) else style
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    # An inline text, never `<f>`: "=1+1" is four characters.
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'


def _validations(table: Table, lists: Sequence[tuple[str, ...]]) -> str:
    found = "".join(
        _validation(f"{column_name(x)}{y}", lists.index(cell.choices), len(cell.choices))
        for y, row in enumerate(table.rows, start=2)
        for x, cell in enumerate(row)
        if isinstance(cell, Entry) and cell.choices
    )
    return f"<dataValidations>{found}</dataValidations>" if found else ""


def _validation(place: str, column: int, length: int) -> str:
    name = column_name(column)
    return (
        '<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="Réponse inconnue" '
        f'error="Choisissez une réponse de la liste." sqref="{place}">'
        f"<formula1>{LISTS}!${name}$2:${name}${length + 1}</formula1></dataValidation>"
    )


def _workbook(sheets: Sequence[Table]) -> str:
    listed = "".join(
        f'<sheet name="{_text(table.name)}" sheetId="{n}"{_HIDDEN_SHEET if table.hidden else ""} r:id="rId{n}"/>'
        for n, table in enumerate(sheets, start=1)
    )
    shown = [(n, table) for n, table in enumerate(sheets) if not table.hidden]
    areas = [
        _name("Print_Area", n, table, f"$A$1:${column_name(table.printed - 1)}${len(list(table.rows)) + 1}")
        for n, table in shown
        if table.printed
    ]
    # The first row is printed again on each page.
    titles = [_name("Print_Titles", n, table, "$1:$1") for n, table in shown if len(table.columns) > 1]
    names = f"<definedNames>{''.join(areas + titles)}</definedNames>" if areas or titles else ""
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>{names}</workbook>'


def _name(name: str, sheet: int, table: Table, cells: str) -> str:
    return f'<definedName name="_xlnm.{name}" localSheetId="{sheet}">{_text(quoted(table.name))}!{cells}</definedName>'


def quoted(name: str) -> str:
    """A sheet's name in a reference."""
    return "'" + name.replace("'", "''") + "'"


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _content_types(sheets: int) -> str:
    ml = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{ml}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{ml}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{ml}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{listed}</Types>"
    )


def _core(title: str) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{_text(title)}</dc:title>'
        "<dc:language>fr-FR</dc:language></cp:coreProperties>"
    )


def _format(font: int, fill: int, border: int, *, wrap: bool = True, entry: bool = False, number: int = 0) -> str:
    """A cell format; numFmtId 49 is text, so that « 1,3 » typed there stays what it is, 3 a spaced whole number."""
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1" '
        'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
        f'<alignment vertical="top" wrapText="{int(wrap)}"/><protection locked="{int(not entry)}"/></xf>'
    )


_EDGES = "".join(
    f'<{side} style="thin"><color rgb="FF8A8577"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_FORMATS = (
    _format(0, 0, 0),
    _format(1, 2, 0),
    _format(0, 3, 1, entry=True, number=49),
    _format(0, 3, 1, entry=True, number=3),
    _format(2, 0, 0, wrap=False),
    _format(0, 0, 0, wrap=False),
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
    '<font><b/><sz val="14"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E8C"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFBF8F3"/></patternFill></fill></fills>'
    f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{_EDGES}</border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">{"".join(_FORMATS)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


# Reading


def read(content: bytes, *names: str) -> dict[str, dict[str, Seen]]:
    """The cells that hold something, by place (« C12 »), of each of the named sheets that is there; of the first
    sheet when none is named.

    Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            paths = _sheet_paths(archive)
            shared = list(_shared_texts(archive))
            wanted = names or tuple(paths)[:1]
            return {name: dict(_cells(archive, paths[name], shared)) for name in wanted if name in paths}
    except Unreadable:
        raise
    # What a broken or hostile archive raises has no common kind: each of these was seen.
    except (zipfile.BadZipFile, DefusedXmlException, ParseError, LookupError, ValueError, EOFError) as error:
        raise Unreadable(str(error)) from None
    except (RuntimeError, OSError, StopIteration, zlib.error, lzma.LZMAError) as error:
        raise Unreadable(str(error)) from None


def _elements(archive: zipfile.ZipFile, path: str, tag: str) -> Iterator[Element]:
    """The elements of this name in a part, each forgotten once it was looked at."""
    if archive.getinfo(path).file_size > MAX_PART:
        raise Unreadable(f"{path} is too large")
    with archive.open(path) as part:
        for _event, element in iterparse(_Bounded(part), forbid_dtd=True):
            if _local(element) == tag:
                yield element
                element.clear()


class _Bounded:
    """A part read with a budget: what the archive says of its size may be false."""

    def __init__(self, part: IO[bytes]) -> None:
        self.part, self.left = part, MAX_PART

    def read(self, size: int = -1) -> bytes:
        data = self.part.read(min(size, 65_536) if size > 0 else 65_536)
        self.left -= len(data)
        if self.left < 0:
            raise Unreadable("too large")
        return data


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet is, by name."""
    relations = {
        each.get("Id", ""): each.get("Target", "")
        for each in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    paths = {}
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        target = relations[_relation(sheet)]
        paths[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return paths


def _relation(sheet: Element) -> str:
    """Its `r:id`, whatever the namespace: programs of the strict flavour write another."""
    return next(value for key, value in sheet.items() if key.endswith("}id"))


def _shared_texts(archive: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in archive.namelist():
        yield from map(_plain_text, _elements(archive, "xl/sharedStrings.xml", "si"))


def _plain_text(element: Element) -> str:
    """The text of a string, its formats left out, and the reading aids of Asian scripts. Each part is looked at once,
    whatever is nested in what."""
    texts, waiting = [], [element]
    while waiting:
        part = waiting.pop()
        if _local(part) == "t":
            texts.append(part.text or "")
        if _local(part) != "rPh":
            waiting.extend(reversed(part))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(texts))


# Whoever makes rows and columns of these places makes no more of them than a sheet may have.
_PLACE = re.compile("[A-Z]{1,2}[1-9][0-9]{0,6}")


def _cells(archive: zipfile.ZipFile, path: str, shared: Sequence[str]) -> Iterator[tuple[str, Seen]]:
    for number, row in enumerate(islice(_elements(archive, path, "row"), MAX_ROWS), start=1):
        row_number = row.get("r", str(number))
        for index, cell in enumerate(islice(row, MAX_COLUMNS)):
            seen = _seen(cell, shared)
            if seen.text or seen.formula:
                place = cell.get("r", f"{column_name(index)}{row_number}")
                if not _PLACE.fullmatch(place):
                    raise Unreadable(f"{place} is no place")
                yield place, seen


def _seen(cell: Element, shared: Sequence[str]) -> Seen:
    kind = cell.get("t", "n")
    parts: dict[str, Any] = {_local(part): part for part in cell}
    if kind == "inlineStr":
        text = _plain_text(parts["is"]) if "is" in parts else ""
    else:
        text = (parts["v"].text or "") if "v" in parts else ""
        text = shared[int(text)] if kind == "s" and text else text
        text = {"1": "VRAI", "0": "FAUX"}.get(text, text) if kind == "b" else text
    return Seen(text.strip(), formula="f" in parts)
