import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import workbook
from documents.workbook import Column, Entry, Seen, Table, Unreadable

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
NAME = "Réponses"


def table(*rows, name=NAME):
    width = max(map(len, rows))
    return Table(name, tuple(Column(f"Colonne {n}", 12) for n in range(width)), tuple(rows))


def by_openpyxl(content):
    """What an independent reader sees: value and type of each cell of the first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[NAME]
    return {cell.coordinate: (cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row if cell.value}


def saved_by_openpyxl(content, **changes):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in changes.items():
        book[NAME][place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def altered(content, path, alter):
    """The same archive with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            data = source.read(name)
            made.writestr(name, alter(data) if name == path else data)
    return target.getvalue()


@given(st.lists(st.tuples(CELLS, CELLS.map(Entry)), min_size=1, max_size=5))
def test_what_is_written_is_read_back(rows):
    found = workbook.read(workbook.write("Essai", [table(*rows)]), NAME)[NAME]

    expected = {
        f"{column}{n}": text.strip()
        for n, (left, right) in enumerate(rows, start=2)
        for column, text in (("A", left), ("B", str(right.value)))
        if text.strip()
    }
    assert {place: seen.text for place, seen in found.items() if place not in ("A1", "B1")} == expected


@given(st.sampled_from(["=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://a.example")', "\t=1"]))
def test_no_formula_is_written(text):
    content = workbook.write("Essai", [table((text, Entry(text)))])

    assert {kind for _value, kind in by_openpyxl(content).values()} == {"s"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_another_program_reads_lists_locks_and_hidden_columns():
    content = workbook.write(
        "Essai",
        [
            Table(
                NAME,
                (Column("Q", 9), Column("R", 9), Column("V", 9, hidden=True)),
                (("q", Entry("", ("a", "b")), "1"),),
            )
        ],
    )

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[NAME]
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("B2", "Listes!$A$2:$A$3")
    assert [cell.value for cell in book["Listes"]["A"]] == ["1", "a", "b"]
    assert book["Listes"].sheet_state == "hidden"
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[2]] == [True, False, True]
    assert sheet.column_dimensions["C"].hidden


def test_a_file_saved_by_another_program_is_read():
    content = workbook.write("Essai", [table(("INC-01", Entry("Oui")), ("INC-02", Entry(3)))])

    found = workbook.read(saved_by_openpyxl(content, B2="Non", C2=True), NAME)[NAME]

    assert {place: found[place].text for place in ("A2", "B2", "A3", "B3", "C2")} == {
        "A2": "INC-01",
        "B2": "Non",
        "A3": "INC-02",
        "B3": "3",
        "C2": "VRAI",
    }


def test_a_formula_is_told_and_not_computed():
    content = saved_by_openpyxl(workbook.write("Essai", [table(("a", Entry("b")))]), B2="=1+1")

    assert workbook.read(content, NAME)[NAME]["B2"] == Seen("", formula=True)


def test_texts_with_formats_and_reading_aids_are_read_plain():
    rich = '<si><r><t>Ou</t></r><r><rPr><b/></rPr><t>i</t></r><rPh sb="0" eb="1"><t>aide</t></rPh></si>'
    shared = f'<sst xmlns="{workbook.MAIN}">{rich}</sst>'.encode()
    sheet = f'<worksheet xmlns="{workbook.MAIN}"><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>'
    content = altered(
        workbook.write("Essai", [table(("a",))]), "xl/worksheets/sheet1.xml", lambda _data: sheet.encode()
    )
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", shared)

    assert workbook.read(target.getvalue(), NAME)[NAME] == {"A1": Seen("Oui")}


def with_aids(depth):
    """A workbook whose one string holds reading aids within reading aids."""
    nested = f"<si>{'<rPh><t>a</t>' * depth}{'</rPh>' * depth}<t>Oui</t></si>"
    target = io.BytesIO(WHOLE)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{workbook.MAIN}">{nested}</sst>')
    return target.getvalue()


def test_work_of_reading_grows_as_the_file(monkeypatch):
    looks, local = [], workbook._local
    monkeypatch.setattr(workbook, "_local", lambda element: looks.append(1) or local(element))

    def work(depth):
        looks.clear()
        workbook.read(with_aids(depth), NAME)
        return len(looks)

    assert work(2_000) < 2.5 * work(1_000)


def test_same_data_gives_the_same_bytes():
    tables = [table(("a", Entry("b", ("b", "c"))))]

    assert workbook.write("Essai", tables) == workbook.write("Essai", tables)


def test_data_are_read_once_and_never_held_whole():
    def rows(count):
        return (("à trier", str(number)) for number in range(count))

    def data(lines):
        return workbook.write("Essai", [Table(NAME, (Column("A", 12), Column("B", 12)), lines, locked=False)])

    tracemalloc.start()
    try:
        content = data(rows(5_000))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert b'<autoFilter ref="A1:B5001"/>' in zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    assert data(rows(10)) == data(tuple(rows(10)))
    assert most < 4 * len(content) + 500_000  # the sheet alone is of 1.4 MB


WHOLE = workbook.write("Essai", [table(("INC-01", Entry("Oui")))])
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_head(head):
    return lambda data: data.replace(b"<worksheet", head + b"<worksheet", 1).replace(b"INC-01", b"&a;")


def garbled(content, part):
    """The same archive, what it holds of this part made noise."""
    info = zipfile.ZipFile(io.BytesIO(content)).getinfo(part)
    start = info.header_offset + 30 + len(part) + 5
    return content[:start] + b"\xff" * 50 + content[start + 50 :]


HOSTILE = {
    "empty": b"",
    "not an archive": b"PK\x03\x04 nothing",
    "cut short": WHOLE[:-60],
    "billion laughs": altered(WHOLE, SHEET, with_head(BOMB)),
    "external entity": altered(WHOLE, SHEET, with_head(OUTSIDE)),
    "broken XML": altered(WHOLE, SHEET, lambda data: data[:-30]),
    "a part too large": altered(WHOLE, SHEET, lambda data: data + b" " * workbook.MAX_PART),
    "a text that is not there": altered(
        WHOLE, SHEET, lambda d: d.replace(b't="inlineStr"><is>', b't="s"><v>9</v><is>', 1)
    ),
    "a sheet that is not there": altered(
        WHOLE, "xl/_rels/workbook.xml.rels", lambda d: d.replace(b"sheet1", b"sheet7")
    ),
    "a place that is none": altered(WHOLE, SHEET, lambda d: d.replace(b'r="A2"', b'r="AAAAAAA2"')),
    "a place without a row": altered(WHOLE, SHEET, lambda d: d.replace(b'r="A2"', b'r="A"')),
    "bytes that unpack to nothing": garbled(WHOLE, SHEET),
    "a relation that is not there": altered(WHOLE, "xl/workbook.xml", lambda d: d.replace(b"rId1", b"rId9")),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_unreadable(case):
    with pytest.raises(Unreadable):
        workbook.read(HOSTILE[case], NAME)


def test_a_size_that_lies_stops_the_reading():
    large = altered(WHOLE, SHEET, lambda data: data + b" " * workbook.MAX_PART)
    true_size = zipfile.ZipFile(io.BytesIO(large)).getinfo(SHEET).file_size.to_bytes(4, "little")

    with pytest.raises(Unreadable):
        workbook.read(large.replace(true_size, (5_000).to_bytes(4, "little")), NAME)
