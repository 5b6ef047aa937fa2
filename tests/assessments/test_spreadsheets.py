import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refused
from accounts.rules import texts
from assessments.doors import frameworks, spreadsheets
from assessments.doors.spreadsheets import ANSWERS, NAME
from assessments.enums import AnswerState
from assessments.models import Answer, Application, Edition
from assessments.queries import Sheet
from scoring import framework as engine_framework
from scoring.answers import parse_application
from scoring.engine import score
from scoring.model import BOOLEAN, CHOICE, MATURITY, MULTIPLE, NUMBER
from territories.models import Territory
from tests.assessments.conftest import QUESTIONNAIRE
from tests.assessments.test_uploads import ZIP64_BOMB, office

SMALL = engine_framework.load(QUESTIONNAIRE)
REAL = engine_framework.load(frameworks.path_of(2027).read_text(encoding="utf-8"))
OFFICIAL = {"kind": "commune", "population": 12_000, "department": "01", "region": "84", "overseas": False}
CODE = "01901"
# As a file holds them: taken from what was typed.
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.just("\n")
REASONS = st.text(LETTERS, max_size=60).map(texts.taken).filter(bool)


def values_of(question):
    if question.kind == BOOLEAN:
        return st.booleans()
    if question.kind == MATURITY:
        return st.integers(0, 4)
    if question.kind == NUMBER:
        return st.integers(0, 10**6)
    options = [option.id for option in question.options]
    if question.kind == CHOICE:
        return st.sampled_from(options)
    assert question.kind == MULTIPLE
    return st.lists(st.sampled_from(options), unique=True)


@st.composite
def answers(draw, framework):
    """Rows as they stand in a file: some questions answered, each in one of the ways there are."""
    rows = {}
    for question in framework.questions:
        if not question.takes_answer or draw(st.booleans()):
            continue
        state = draw(st.sampled_from(list(AnswerState)))
        rows[question.id] = Answer(
            question_id=question.id,
            version=draw(st.integers(1, 9)),
            state=state,
            value=draw(values_of(question)) if state == AnswerState.ANSWERED else None,
            reason=draw(REASONS) if state == AnswerState.NOT_APPLICABLE else "",
        )
    return rows


CONTEXTS = st.fixed_dictionaries(
    {},
    optional={"has_website": st.booleans(), "desks": st.integers(0, 99), "network": st.sampled_from(["fibre", "4G"])},
)


def sheet_of(rows):
    return Sheet(rows, frozenset(), (), frozenset(), frozenset())


def exported(framework, rows, declared=None):
    application = Application(
        edition=Edition(year=framework.edition),
        territory=Territory(code=CODE),
        official_context=OFFICIAL,
        declared_context=declared or {},
    )
    result = score(framework, parse_application(framework, {"context": OFFICIAL | (declared or {})}))
    return spreadsheets.filled(application, sheet_of(rows), result)


def edited(content, **cells):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book[ANSWERS][place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def row_of(content, name):
    sheet = openpyxl.load_workbook(io.BytesIO(content))[ANSWERS]
    return next(cell.row for cell in sheet[NAME] if cell.value == name)


def fault_of(content):
    reading = spreadsheets.read(SMALL, content, code=CODE)
    assert reading.proposals == {}
    (fault,) = reading.faults
    return fault


@given(answers(SMALL), CONTEXTS)
def test_an_export_without_a_change_proposes_nothing(rows, declared):
    reading = spreadsheets.read(SMALL, exported(SMALL, rows, declared), code=CODE)
    preview = spreadsheets.preview(SMALL, reading.proposals, sheet=sheet_of(rows), declared=declared)

    assert reading.faults == []
    assert (preview.changes, preview.conflicts) == ([], [])


@given(answers(SMALL))
def test_any_answer_comes_back_as_it_was_given(rows):
    """Into a file that has none of them yet: each is proposed, and says the same."""
    proposals = spreadsheets.read(SMALL, exported(SMALL, rows), code=CODE).proposals

    said = {name: row for name, row in rows.items() if row.state != AnswerState.CLEARED}
    back = {name: spreadsheets.as_answer(each.document) for name, each in proposals.items()}
    concerned = {name for name in said if name != "INC-02"} | (set(said) & set(back))
    assert set(back) == concerned
    for name, row in back.items():
        assert spreadsheets.content(row) == spreadsheets.content(said[name])
    assert {name: each.seen for name, each in proposals.items()} == {name: said[name].version for name in back}


@pytest.mark.parametrize("framework", [SMALL, REAL], ids=["small", "2027"])
def test_the_whole_questionnaire_is_in_the_blank_workbook(framework):
    content = spreadsheets.blank(framework)
    codes = {cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))[ANSWERS][NAME]}

    assert codes >= {question.id for question in framework.questions if question.takes_answer} | set(framework.context)
    assert spreadsheets.read(framework, content, code=CODE) == ({}, [])


def test_what_does_not_concern_the_territory_is_left_out():
    content = exported(SMALL, {}, {"has_website": False})

    codes = {cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))[ANSWERS][NAME]}
    assert "INC-02" not in codes
    assert "INC-01" in codes


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("INC-01", " OUI ", True),
        ("INC-01", "vrai", True),
        ("INC-01", False, False),
        ("INC-02", "En place", 3),
        ("INC-03", "1 ; 2", ["aines", "jeunes"]),
        ("INC-03", "2", ["jeunes"]),
        ("INC-03", 2, ["jeunes"]),
        ("INC-03", "Les jeunes\nLes aînés", ["aines", "jeunes"]),
        ("INC-03", "aucune de ces réponses", []),
        ("SER-01", "un agent", "agent"),
        ("SER-02", 3, 3),
        ("SER-02", "1\u202f200 bornes", 1200),
        ("SER-02", 3.0, 3),
    ],
)
def test_an_answer_is_understood_as_people_type_it(name, typed, value):
    content = spreadsheets.blank(SMALL)
    place = f"C{row_of(content, name)}"

    reading = spreadsheets.read(SMALL, edited(content, **{place: typed}), code=CODE)

    assert reading.faults == []
    assert reading.proposals[name].document == {"value": value}
    assert reading.proposals[name].place == place


@pytest.mark.parametrize(
    ("name", "column", "typed", "words"),
    [
        ("INC-01", "C", "peut-être", "n’est pas une des réponses"),
        ("INC-01", "C", "=1=1", "formule"),
        ("INC-01", "D", "=A1", "formule"),
        ("INC-01", "C", "Pas concerné", "demande une raison"),
        ("INC-01", "D", "Parce que.", "sans réponse"),
        ("INC-03", "C", "1.3", "n’est pas une des réponses"),
        ("INC-03", "C", "1 ; 7", "n’est pas une des réponses"),
        ("SER-02", "C", "beaucoup", "nombre entier"),
        ("SER-02", "C", 1.5, "nombre entier"),
        ("has_website", "C", "parfois", "« Oui », « Non » ou « Je ne sais pas »"),
        ("desks", "C", "deux", "nombre entier"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_reason(name, column, typed, words):
    content = spreadsheets.blank(SMALL)
    place = f"{column}{row_of(content, name)}"

    fault = fault_of(edited(content, **{place: typed}))

    assert words in fault.what
    assert fault.place[1:] == place[1:]
    assert fault.place == place or "raison" in words or "réponse" in words


def test_an_unknown_question_and_one_given_twice_are_named():
    content = spreadsheets.blank(SMALL)
    row, other = row_of(content, "INC-01"), row_of(content, "SER-01")
    cells = {f"C{row}": "Oui", f"{NAME}{other}": "INC-01", f"C{other}": "Non"}

    reading = spreadsheets.read(SMALL, edited(content, **cells), code=CODE)
    stranger = spreadsheets.read(SMALL, edited(content, **{f"{NAME}{row}": "XYZ", f"C{row}": "Oui"}), code=CODE)

    assert (list(reading.proposals), [fault.place for fault in reading.faults]) == (["INC-01"], [f"C{other}"])
    assert "XYZ" in stranger.faults[0].what


def test_what_somebody_answered_since_the_export_is_a_conflict():
    rows = {"INC-01": Answer(question_id="INC-01", version=1, state=AnswerState.ANSWERED, value=True)}
    content = exported(SMALL, rows)
    content = edited(content, **{f"C{row_of(content, 'INC-01')}": "Non"})
    proposals = spreadsheets.read(SMALL, content, code=CODE).proposals
    since = {"INC-01": Answer(question_id="INC-01", version=2, state=AnswerState.UNKNOWN)}

    before = spreadsheets.preview(SMALL, proposals, sheet=sheet_of(rows), declared={})
    after = spreadsheets.preview(SMALL, proposals, sheet=sheet_of(since), declared={})

    assert [(each.before, each.after) for each in before.changes] == [("Oui", "Non")]
    assert before.conflicts == []
    assert [(each.before, each.after, each.last) for each in after.conflicts] == [
        ("Je ne sais pas", "Non", since["INC-01"])
    ]
    assert after.changes == []


def test_a_name_of_the_context_that_moved_is_a_conflict():
    content = exported(SMALL, {}, {"has_website": True})
    content = edited(content, **{f"C{row_of(content, 'has_website')}": "Non"})
    proposals = spreadsheets.read(SMALL, content, code=CODE).proposals

    kept = spreadsheets.preview(SMALL, proposals, sheet=sheet_of({}), declared={"has_website": True})
    moved = spreadsheets.preview(SMALL, proposals, sheet=sheet_of({}), declared={})

    assert [(each.before, each.after) for each in kept.changes] == [("Oui", "Non")]
    assert [(each.before, each.after) for each in moved.conflicts] == [("Pas encore de réponse", "Non")]


OTHER_YEAR = spreadsheets.blank(engine_framework.load(QUESTIONNAIRE.replace("edition: 2027", "edition: 2026")))
XXE = office(
    "xl/workbook.xml",
    **{
        "xl/_rels/workbook.xml.rels": '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><b>&a;</b>',
        "xl/workbook.xml": "<workbook/>",
    },
)
REFUSED = {
    "another type": ("reponses.ods", b"PK\x03\x04", ".xlsx"),
    "wrong type behind the name": ("reponses.xlsx", b"%PDF-1.7\n%%EOF", "abîmé"),
    "one byte too many": ("reponses.xlsx", b"a" * (10 * 1024 * 1024 + 1), "10 Mo"),
    "zip bomb": ("reponses.xlsx", ZIP64_BOMB, "démesuré"),
    "external entity": ("reponses.xlsx", XXE, "abîmé"),
    "a workbook of something else": ("reponses.xlsx", spreadsheets.workbook.write("x", []), "n’est pas celui"),
    "another edition": ("reponses.xlsx", OTHER_YEAR, "autre édition"),
    "another territory": ("reponses.xlsx", exported(SMALL, {}), "autre collectivité"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_ours_to_read_is_refused_with_a_sentence(case):
    name, content, words = REFUSED[case]

    with pytest.raises(Refused) as refusal:
        spreadsheets.receive(SMALL, name, content, code="01902")

    assert words in refusal.value.reason
    assert "Enregistrez-le en PDF" not in refusal.value.reason
