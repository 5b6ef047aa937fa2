import pytest
from playwright.sync_api import expect

from assessments.enums import State
from assessments.models import Answer, Application
from tests.browser.conftest import PATIENCE
from tests.season import AUBAINE, YEAR

pytestmark = pytest.mark.browser

FILE = f"/dossiers/{AUBAINE}/{YEAR}"
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def draft(season):
    return season.files[AUBAINE]


def test_an_answer_is_saved_and_shown_again(visit, season, draft):
    page = visit(season.people["agent"], javascript=False)
    page.goto(f"{FILE}/questions/express/")
    card = page.locator("article.question").filter(has=page.locator("[name=answer]")).first
    other = card.locator("fieldset .choices").first.locator("input:not(:checked)").first
    value, question = other.get_attribute("value"), card.get_attribute("id")
    other.check()
    card.get_by_role("button", name="Enregistrer").click()

    page.wait_for_url(f"**{FILE}/questions/express/#{question}")
    again = page.locator(f"[id='{question}']")
    expect(again.locator(f"input[value='{value}']")).to_be_checked()
    expect(again.locator(".saved")).to_contain_text("Enregistré")
    assert Answer.objects.filter(application=draft, question_id=question).latest("version").author.pk == (
        season.people["agent"].pk
    )


def test_a_faulty_form_says_why_and_keeps_what_was_typed(visit, season, draft):
    page = visit(season.people["agent"], javascript=False)
    page.goto(f"{FILE}/initiatives/nouvelle/")
    page.locator("main [name=description]").fill("Une idée sans titre.")
    page.locator("main form.form button[type=submit]").click()

    expect(page.locator("main")).to_contain_text("Donnez un titre à l’initiative.")
    expect(page.locator("main [name=description]")).to_have_value("Une idée sans titre.")


def test_the_directory_answers_a_search(visit, season):
    page = visit(javascript=False)
    page.goto("/annuaire/")
    page.locator("main [name=q]").fill("beaupre")
    page.locator("main form button[type=submit]").first.click()

    expect(page.get_by_role("link", name="Beaupré", exact=True)).to_be_visible()


def test_the_file_is_submitted(visit, season, draft):
    page = visit(season.people["signatory"], javascript=False)
    page.goto(f"{FILE}/depot/")
    page.locator("[name=statement]").check()
    page.get_by_role("button", name="Déposer la candidature").click()

    page.wait_for_url(f"**{FILE}/accuse/")
    assert Application.objects.get(pk=draft.pk).state == State.SUBMITTED
