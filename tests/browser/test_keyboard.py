import pytest
from playwright.sync_api import expect

from assessments.enums import State
from assessments.models import Answer, Initiative
from tests.browser.conftest import PATIENCE, PHONE, resize
from tests.season import AUBAINE, YEAR

pytestmark = pytest.mark.browser

FILE = f"/dossiers/{AUBAINE}/{YEAR}/"
QUESTIONS = f"{FILE}questions/express/"
FAR = 120
expect.set_options(timeout=PATIENCE)

# The radio that has the focus: its question and its value.
CHOICE = """() => {
  const e = document.activeElement, card = e.closest("article.question");
  return card && e.type === "radio" ? {question: card.id, value: e.value} : null;
}"""


@pytest.fixture
def questions(visit, season):
    page = visit(season.people["agent"])
    page.goto(QUESTIONS)
    return page


def tab_to(page, what):
    """Press Tab until what is looked for has the focus."""
    for _stop in range(FAR):
        page.keyboard.press("Tab")
        if found := page.evaluate(what):
            return found
    raise AssertionError(f"not reached in {FAR} stops")


def test_skip_link_leads_to_the_content(questions):
    questions.keyboard.press("Tab")
    questions.keyboard.press("Enter")

    assert questions.evaluate("document.activeElement.id") == "main"


def test_a_question_is_answered_with_arrows(questions):
    before = tab_to(questions, CHOICE)
    questions.keyboard.press("ArrowDown")
    card = questions.locator(f"[id='{before['question']}']")

    expect(card.locator(".saved")).to_contain_text("Enregistré à")
    # The focus stays where the person is: the next arrow goes on from there.
    after = questions.evaluate(CHOICE)
    assert (after["question"], after["value"] != before["value"]) == (before["question"], True)
    expect(card.locator(f"input[value='{after['value']}']")).to_be_checked()


def test_arrows_through_the_answers_write_one_version(questions):
    before = tab_to(questions, CHOICE)
    answers = Answer.objects.filter(application__territory__code=AUBAINE, application__edition__year=YEAR)
    versions = answers.filter(question_id=before["question"])
    count = versions.count()
    for _step in range(3):
        questions.keyboard.press("ArrowDown")
    value = questions.evaluate(CHOICE)["value"]
    card = questions.locator(f"[id='{before['question']}']")

    expect(card.locator(".saved")).to_contain_text("Enregistré à")
    expect(card.locator(f"input[value='{value}']")).to_be_checked()
    assert versions.count() == count + 1


def test_escape_closes_a_menu_and_gives_the_focus_back(questions):
    resize(questions, PHONE)
    tab_to(questions, "() => document.activeElement.matches('details.menu > summary')")
    questions.keyboard.press("Enter")
    assert questions.locator("details.menu[open]").count() == 1
    questions.keyboard.press("Escape")

    assert questions.locator("details.menu[open]").count() == 0
    assert questions.evaluate("document.activeElement.matches('details.menu > summary')")


def test_examples_from_other_communes_open_in_place(questions):
    fold = "() => document.activeElement.matches('summary') && document.activeElement.textContent.includes('autres')"
    tab_to(questions, fold)
    questions.keyboard.press("Enter")

    expect(questions.get_by_role("link", name="Toutes les initiatives de cet enjeu").first).to_be_visible()


def named(words):
    """The link or the button of these words has the focus."""
    return f"() => document.activeElement.matches('a, button') && document.activeElement.innerText.includes({words!r})"


def field(name):
    return f"() => document.activeElement.name === {name!r}"


# Last: the file is no longer open after it.
def test_from_an_initiative_to_the_deposit_with_the_keyboard_alone(visit, season):
    page = visit(season.people["signatory"])
    page.goto(f"{FILE}initiatives/")
    tab_to(page, named("Décrire une initiative"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives/nouvelle/")
    tab_to(page, field("title"))
    page.keyboard.type("Un atelier au clavier")
    tab_to(page, field("description"))
    page.keyboard.type("Chaque mardi, à la médiathèque.")
    tab_to(page, named("Enregistrer l’initiative"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Un atelier au clavier")
    assert Initiative.objects.filter(title="Un atelier au clavier").count() == 1

    page.goto(f"{FILE}depot/")
    tab_to(page, field("statement"))
    page.keyboard.press("Space")
    tab_to(page, named("Déposer la candidature"))
    page.keyboard.press("Enter")

    page.wait_for_url("**/accuse/")
    season.files[AUBAINE].refresh_from_db()
    assert season.files[AUBAINE].state == State.SUBMITTED
