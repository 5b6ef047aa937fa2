"""The workbook of answers in the real program: opened, typed in, saved, sent back."""

import io
import json
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from assessments.doors import spreadsheets
from assessments.doors.spreadsheets import ANSWERS, NAME, SEEN
from assessments.enums import AnswerState
from assessments.models import Answer
from assessments.rules import numbers
from scoring.model import BOOLEAN, CHOICE, MULTIPLE, NUMBER
from tests.assessments.test_spreadsheets import CODE, REAL, exported, row_of

pytestmark = pytest.mark.trial

ACTOR = Path(__file__).parents[1] / "libreoffice.py"
XLSX, PDF = "Calc MS Excel 2007 XML", "calc_pdf_Export"
PATIENCE = 180  # seconds for one visit, which takes a few
NARROW = "Moins de 3\u202f500 habitants : « rien »\u00a0!"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """`office(**acts)`: what `tests/libreoffice.py` says of one visit to a workbook."""
    folder = tmp_path_factory.mktemp("office")
    pipe = f"arobase-{folder.name}-{id(folder)}"
    program = subprocess.Popen(
        [
            *("soffice", f"-env:UserInstallation={folder.as_uri()}", "--headless", "--norestore", "--nologo"),
            f"--accept=pipe,name={pipe};urp",
        ],
        start_new_session=True,
    )

    def act(**acts):
        said = subprocess.run(
            ["/usr/bin/python3", ACTOR, pipe, json.dumps(acts)], capture_output=True, text=True, timeout=PATIENCE
        )
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout)

    yield act
    program.terminate()
    program.wait(PATIENCE)


def first(kind):
    """The code of the first question of that kind that concerns the file of these tests."""
    content = exported(REAL, {})
    names = {cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))[ANSWERS][NAME]}
    return next(question for question in REAL.questions if question.kind == kind and question.id in names)


@pytest.fixture(scope="module")
def sent():
    """A workbook with one answer, whose reason has narrow spaces, and what is typed into it."""
    said = next(question for question in REAL.questions[::-1] if question.id in str(names_in(exported(REAL, {}))))
    rows = {said.id: Answer(question_id=said.id, version=2, state=AnswerState.NOT_APPLICABLE, reason=NARROW)}
    return said.id, exported(REAL, rows)


def names_in(content):
    return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))[ANSWERS][NAME]]


@pytest.fixture(scope="module")
def returned(office, sent, tmp_path_factory):
    """What was typed, by question, with what it means; and the workbook as LibreOffice saved it, a row inserted."""
    folder = tmp_path_factory.mktemp("books")
    (folder / "a.xlsx").write_bytes(sent[1])
    chosen = first(CHOICE)
    typed = {
        first(BOOLEAN).id: ("Oui", True),
        first(MULTIPLE).id: ("1 ; 2", [option.id for option in first(MULTIPLE).options[:2]]),
        chosen.id: (chosen.options[0].text["fr"], chosen.options[0].id),
        first(NUMBER).id: ("12", numbers.read(first(NUMBER), "12")),
    }
    places = {f"C{row_of(sent[1], name)}": text for name, (text, _value) in typed.items()}
    acts = {"open": str(folder / "a.xlsx"), "sheet": ANSWERS, "type": places, "insert": 4}
    said = office(**acts, save={str(folder / "b.xlsx"): XLSX, str(folder / "b.pdf"): PDF})
    return typed, (folder / "b.xlsx").read_bytes(), folder / "b.pdf", said


def test_what_is_typed_there_is_proposed_here(sent, returned):
    typed, content, _pdf, _said = returned

    reading = spreadsheets.read(REAL, content, code=CODE)

    assert reading.faults == []
    found = {name: each.document.get("value") for name, each in reading.proposals.items() if name != sent[0]}
    assert found == {name: value for name, (_text, value) in typed.items()}
    before = {name: f"C{row_of(sent[1], name)}" for name in typed}
    assert {name: reading.proposals[name].place for name in typed} == {
        name: f"C{int(place[1:]) + 1}" if int(place[1:]) >= 4 else place for name, place in before.items()
    }


def test_narrow_spaces_and_versions_outlive_the_journey(sent, returned):
    proposal = spreadsheets.read(REAL, returned[1], code=CODE).proposals[sent[0]]

    assert proposal.document == {"state": "not_applicable", "reason": NARROW}
    assert proposal.seen == 2


def test_lists_protections_and_hidden_columns_outlive_the_journey(sent, returned):
    before = openpyxl.load_workbook(io.BytesIO(sent[1]))
    after = openpyxl.load_workbook(io.BytesIO(returned[1]))
    sheet, row = after[ANSWERS], row_of(returned[1], first(BOOLEAN).id)

    assert returned[3]["protected"]
    assert sheet.protection.sheet
    assert (sheet[f"B{row}"].protection.locked, sheet[f"C{row}"].protection.locked) == (True, False)
    # The row that was inserted took those of its neighbour.
    assert count(sheet) >= count(before[ANSWERS]) > 0
    assert [sheet.column_dimensions[name].hidden for name in (SEEN, NAME)] == [True, True]
    assert after["Origine"].sheet_state == "hidden"
    assert sheet.print_title_rows == "$1:$1"


def count(sheet):
    """Cells that offer a list."""
    return sum(cells.size["rows"] for each in sheet.data_validations.dataValidation for cells in each.sqref.ranges)


def test_no_row_hides_its_text(office, sent, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(sent[1])

    assert office(open=str(tmp_path / "a.xlsx"), sheet=ANSWERS, measure=True)["low"] == []


def test_each_printed_page_begins_with_the_headings(returned):
    """And paper has five columns, in a size that is read."""
    text = subprocess.run(["pdftotext", "-layout", returned[2], "-"], capture_output=True, text=True).stdout
    pages = [page for page in text.split("\f") if page.strip()]

    assert len(pages) > 5
    assert all("Comment répondre" in page and "À quelle condition" not in page for page in pages[1:])
    assert re.search(rf"\b2 / {len(pages)}\b", pages[1])
