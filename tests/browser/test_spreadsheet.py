from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments import actions
from assessments.models import Answer
from territories.models import Territory
from tests import season as seasons
from tests.assessments.test_spreadsheets import edited, row_of
from tests.browser.conftest import PATIENCE, shoot
from tests.browser.test_axe import faults
from tests.season import AUBAINE, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

QUESTION = "INC-09"
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def agent(server):
    """The agent of Aubaine, whose file has just begun."""
    season = seasons.opened()
    agent = season.people["agent"]
    aubaine = Territory.objects.select_related("department").get(code=AUBAINE)
    actions.start(edition=season.edition, territory=aubaine, by=agent, now=timezone.now())
    return agent


def test_answers_leave_in_a_workbook_and_come_back_after_a_preview(visit, agent):
    page = visit(agent)
    page.goto(f"/dossiers/{AUBAINE}/{YEAR}/tableur/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger mes réponses").click()
    content = Path(download.value.path()).read_bytes()
    content = edited(content, **{f"C{row_of(content, QUESTION)}": "Je ne sais pas"})

    page.get_by_label("Votre classeur complété").set_input_files(
        {"name": "reponses.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_role("heading", name="Une réponse changerait")).to_be_visible()
    before = Answer.objects.filter(question_id=QUESTION).count()
    shoot(page, "spreadsheet-preview")
    assert faults(page) == {}
    page.get_by_role("button", name="Enregistrer ce qui est coché").click()

    expect(page.locator("#messages")).to_contain_text("1 réponse est enregistrée.")
    last = Answer.objects.filter(question_id=QUESTION).latest("version")
    assert (last.version, last.state) == (before + 1, "unknown")
