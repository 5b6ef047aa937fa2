"""An answer is put into words once: pages, public copies and papers say the same."""

import re

import pytest

from assessments import queries
from assessments.doors import scorecards, spreadsheets
from assessments.models import Answer
from assessments.pages import tracing
from documents import french
from jury.doors.examination import examine
from jury.pages.trace import Trace
from results.jobs import copies, reports

pytestmark = pytest.mark.django_db

# One of each kind, and each way of not answering.
SAID = [
    ("INC-01", "answered", 2, "", "En cours de mise en place"),
    ("SOV-01", "answered", False, "", "Non"),
    ("ECO-01", "answered", 1200, "", "1\u202f200 ans"),
    ("SER-01", "answered", ["eau", "cantine"], "", "La cantine ; L’eau"),
    ("SER-01", "answered", [], "", "Aucune de ces réponses"),
    ("SER-01", "unknown", None, "", "Je ne sais pas"),
    ("SER-01", "not_applicable", None, "Le syndicat s’en charge.", "Pas concerné : Le syndicat s’en charge."),
    ("SER-01", None, None, "", "Sans réponse"),
    ("INC-02", None, None, "", "1 initiative comptée"),
]


@pytest.mark.parametrize(("question", "state", "value", "reason", "words"), SAID)
def test_every_page_and_paper_says_an_answer_alike(make_file, aubaine, question, state, value, reason, words):
    application = make_file(aubaine)
    Answer.objects.filter(application=application, question_id=question).delete()
    if state:
        Answer.objects.create(
            application=application, question_id=question, version=2, state=state, value=value, reason=reason
        )
    said = {who.__name__: who(application) for who in (agent, juror, public, report, workbook)}
    if question == "INC-02":
        del said["workbook"]  # nobody answers it there

    assert {who: found[question] for who, found in said.items()} == dict.fromkeys(said, words)


def agent(application):
    sheet, result = queries.sheet(application), scorecards.live(application)
    return {line.question.id: tracing.row(result, line, sheet).said for line in result.lines}


def juror(application):
    axes = Trace(application, examine(application), []).axes
    return {row.id: row.answer for axis in axes for row in axis.rows}


def public(application):
    inputs, result = scorecards.inputs(application), scorecards.live(application)
    framework = application.framework.parsed
    lines = [copies._line(framework, q, result.questions[q.id], inputs, ()) for q in copies._public(framework)]
    return {line["id"]: line["words"] for line in lines}


def report(application):
    return {line.question.split(" ")[0]: line.answer for line in reports._trace(scorecards.live(application))}


def workbook(application):
    """Its cells, read as a sentence: an answer, beside it the unit or the reason, one option a line."""
    sheet = queries.sheet(application)
    return {
        question.id: cells(question, sheet.answers.get(question.id))
        for question in application.framework.parsed.questions
        if question.takes_answer
    }


def cells(question, answer):
    written = spreadsheets.written(question, answer)
    if isinstance(written, int):
        return f"{french.number(written)} {question.unit['fr']}"
    said = " ; ".join(re.sub(r"^[0-9]+[.] ", "", line) for line in written.split("\n")) or "Sans réponse"
    return f"{said} : {answer.reason}" if answer and answer.reason else said
