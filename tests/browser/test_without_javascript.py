import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.enums import State
from assessments.models import Answer, Application, Evidence
from tests.assessments.test_views_evidence import AS_PEOPLE_HAVE_THEM
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


@pytest.mark.trial
@pytest.mark.parametrize("case", AS_PEOPLE_HAVE_THEM)
def test_a_file_as_people_have_it_is_joined(visit, season, draft, tmp_path, case):
    # Several have the same bytes, which a file joins once.
    Evidence.objects.filter(application=draft).update(removed_at=timezone.now())
    name, make, *_kept = AS_PEOPLE_HAVE_THEM[case]
    (tmp_path / name).write_bytes(make())
    page = visit(season.people["agent"], javascript=False)
    page.goto(f"{FILE}/preuves/")
    page.get_by_role("link", name="Joindre une preuve").first.click()
    page.locator("[name=proves]").select_option(index=1)
    page.locator("[name=title]").fill(case)
    page.locator("[name=upload]").set_input_files(tmp_path / name)
    page.get_by_role("button", name="Joindre la preuve").click()

    page.wait_for_url(f"**{FILE}/preuves/")
    expect(page.locator("main h2").filter(has_text=case)).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("film.mov", b"\0\0\0\x14ftypqt  ", "n’est pas accepté"), ("vide.pdf", b"", "vide"), ("plan.pdf", b"rien", "PDF")],
)
def test_a_file_that_is_not_taken_says_why(visit, season, draft, tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    page = visit(season.people["agent"], javascript=False)
    page.goto(f"{FILE}/preuves/ajouter/")
    page.locator("[name=proves]").select_option(index=1)
    page.locator("[name=upload]").set_input_files(tmp_path / name)
    page.get_by_role("button", name="Joindre la preuve").click()

    expect(page.locator("main .field-wrong")).to_contain_text(words)


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
