"""A file at 64,951 %, just under the 65 % of four arobases: it reads 64,9 % wherever a score is shown."""

import json
import re
from html import unescape

import pypdfium2
import pytest
import yaml
from django.utils import timezone

from assessments.doors import frameworks
from assessments.enums import State
from assessments.jobs import receipts
from assessments.models import Application, Edition
from assessments.queries import declared_scorecard, sheet
from documents.receipt import render
from outbox.doors import files
from results import actions
from results.models import Report
from tests.results.conftest import ANSWERS, FRAMEWORK

pytestmark = pytest.mark.django_db

SHOWN = "64,9\u202f%"
# What rounding otherwise would show; « 65 % » alone is the threshold itself.
WRONG = re.compile(r"65,0|64,95|65\.0|64\.95\d*(?!1)|64,10")
POINTS = {"INC-01": 0, "SOV-01": 649, "SOV-02": 350, "ECO-01": 0, "SER-01": 1}


def questionnaire():
    document = yaml.safe_load(FRAMEWORK)
    document["questions"] = [each for each in document["questions"] if each["id"] in ANSWERS]
    for each in document["questions"]:
        each |= {"axis": "inclusion", "points": POINTS[each["id"]], "confidential": False}
        if each["id"] == "SER-01":
            each["options"] = [{**option, "credit": 51} for option in each["options"]]
    return json.dumps(document)


@pytest.fixture
def edition(edition):
    Edition.objects.filter(pk=edition.pk).update(framework=frameworks.load(questionnaire()))
    edition.refresh_from_db()
    return edition


def text(answer):
    return unescape(answer.text if hasattr(answer, "text") else answer.content.decode())


PAGES = [
    ("agent", "/dossiers/01901/2027/"),
    ("agent", "/dossiers/01901/2027/score/"),
    ("agent", "/dossiers/01901/2027/plan/"),
    ("agent", "/dossiers/01901/2027/simulation/"),
    ("agent", "/dossiers/01901/2027/depot/"),
    ("agent", "/dossiers/01901/2027/accuse/"),
    ("agent", "/dossiers/01901/2027/rapport/"),
    ("chair", "/jury/01901/2027/"),
    ("chair", "/jury/deliberation/2027/"),
    (None, "/annuaire/01901/"),
]


@pytest.fixture
def people(agent, chair, now):
    chair.declared_at = now
    chair.save()
    return {"agent": agent, "chair": chair.user}


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_page_shows_it_rounded_down(published, people, run_jobs, sign_in, client, who, page):
    run_jobs("report.make")
    shown = text((sign_in(people[who]) if who else client).get(page))
    assert SHOWN in shown
    assert [shown[m.start() - 80 : m.end() + 20] for m in WRONG.finditer(shown)] == []


@pytest.fixture
def open_file(make_file, aubaine, edition, now):
    """The same file while it is being written."""
    Edition.objects.filter(pk=edition.pk).update(closes_at=edition.results_at)
    made = make_file(aubaine, state=State.DRAFT)
    Application.objects.filter(pk=made.pk).update(submitted_at=None, submitted_by=None)
    return made


@pytest.mark.parametrize("page", ["", "score/", "plan/", "depot/"])
def test_page_tells_that_a_tenth_lacks(open_file, people, sign_in, page):
    shown = text(sign_in(people["agent"]).get(f"/dossiers/01901/2027/{page}"))
    assert "il manque 0,1 point." in shown
    assert [shown[m.start() - 80 : m.end() + 20] for m in WRONG.finditer(shown)] == []


def words_of(pdf):
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_papers_show_it_rounded_down(published, run_jobs):
    run_jobs("report.make")
    application = published.application
    card = declared_scorecard(application)
    receipt = render(receipts.data(card, receipts.payload(card, sheet(application))))
    for paper in (receipt, files.read(Report.objects.get().file)):
        said = words_of(paper)
        assert re.search(r"64,9\s?%", said)
        assert WRONG.findall(said) == []


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_open_data_show_it_rounded_down(published, run_jobs, client, now, kind):
    actions.refresh_data(now=timezone.now())
    run_jobs("data.release")
    answer = client.get(f"/donnees/2027/resultats.{kind}")
    said = b"".join(answer.streaming_content).decode()
    assert "64.9" in said
    assert "64.95" not in said
