"""What is written in any form with a long text stays in this browser until the server has it."""

import pytest
from playwright.sync_api import expect

from assessments.models import Comment, Initiative
from tests.browser.conftest import PATIENCE, session_of, shoot
from tests.season import AUBAINE, YEAR

pytestmark = pytest.mark.browser

FILE = f"/dossiers/{AUBAINE}/{YEAR}/"
TEXT = "Un long texte, sur\nplusieurs lignes, que personne ne veut écrire deux fois."
expect.set_options(timeout=PATIENCE)

# Who writes, where, in which field.
COMMENT = ("agent", f"{FILE}questions/express/SOV-18/a-plusieurs/", "text")
INITIATIVE = ("agent", f"{FILE}initiatives/nouvelle/", "description")
WITHDRAWAL = ("signatory", f"{FILE}retrait/", "reason")


@pytest.fixture
def open_at(visit, season):
    """`open_at(text)`: the page of that form, its field, and how to come back to it."""

    def _open(text):
        who, address, name = text
        page = visit(season.people[who])
        page.goto(address)
        return page, page.locator(f"textarea[name={name}]").first, address

    return _open


def send(field):
    """The button of the field's form."""
    field.locator("xpath=ancestor::form").locator("button[type=submit]").last.click()


def leave_and_return(page, address, _person):
    page.goto("/glossaire/")
    page.goto(address)


def reload(page, _address, _person):
    page.reload()


def close_the_tab(page, address, _person):
    other = page.context.new_page()
    page.close()
    other.goto(address)
    return other


def come_back_signed_in(page, address, person):
    """The session ended, the form was sent all the same: the whole sign-in page, then the text again."""
    page.context.clear_cookies(name="session")
    for box in page.locator("main form [type=checkbox][required]").all():
        box.check()
    send(page.locator("textarea").first)
    expect(page.locator("[name=login], .toast").first).to_be_visible()
    assert page.locator("[name=login]").count() == 0 or page.locator("h1").count() == 1
    page.context.add_cookies([session_of(person, page.url)])
    page.goto(address)


WAYS = [leave_and_return, reload, close_the_tab, come_back_signed_in]


def check(open_at, season, text, way):
    page, field, address = open_at(text)
    field.fill(TEXT)
    page = way(page, address, season.people[text[0]]) or page
    field = page.locator(f"textarea[name={text[2]}]").first
    expect(field).to_have_value(TEXT)
    expect(field.locator("xpath=ancestor::form").locator("[data-kept]")).to_contain_text("pas encore enregistré")


@pytest.mark.parametrize("way", WAYS)
def test_a_comment_comes_back(open_at, season, way):
    check(open_at, season, COMMENT, way)


@pytest.mark.trial
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", [INITIATIVE, WITHDRAWAL])
def test_each_text_comes_back(open_at, season, text, way):
    check(open_at, season, text, way)


def test_what_the_server_has_is_not_offered_again(open_at):
    page, field, address = open_at(COMMENT)
    field.fill(TEXT)
    send(field)
    expect(page.locator("main")).to_contain_text("plusieurs lignes, que personne")
    assert Comment.objects.filter(text__contains="deux fois").count() == 1

    page.goto(address)

    expect(field).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_a_text_that_is_given_up_is_forgotten(open_at):
    page, field, _address = open_at(COMMENT)
    field.fill(TEXT)
    page.reload()
    expect(field).to_have_value(TEXT)
    shoot(page, "drafts/restored")

    page.get_by_role("button", name="Effacer ce texte").click()

    expect(field).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_offline_a_text_waits_in_its_page(open_at):
    page, field, _address = open_at(COMMENT)
    field.fill(TEXT)
    page.context.set_offline(True)

    send(field)

    expect(page.locator("form [data-kept]")).to_contain_text("Hors ligne")
    expect(field).to_have_value(TEXT)


def test_a_form_of_before_another_sign_in_is_sent_again_whole(open_at, season):
    page, field, _address = open_at(COMMENT)
    field.fill("Un autre texte,\nsur deux lignes.")
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => { one.value = 'x'.repeat(64); })"
    )

    send(field)

    expect(page.get_by_role("heading", level=1)).to_contain_text("pas encore envoyé")
    expect(page.locator("textarea")).to_have_value("Un autre texte,\nsur deux lignes.")
    page.get_by_role("button", name="Envoyer de nouveau").click()
    expect(page.locator("main")).to_contain_text("Un autre texte,")
    assert page.evaluate("localStorage.length") == 0


def test_a_form_that_saves_itself_outlives_its_session(open_at, season):
    page, field, address = open_at(INITIATIVE)
    page.context.clear_cookies(name="session")
    field.fill(TEXT)
    page.locator("[name=title]").fill("Une idée")
    page.locator("[name=title]").blur()

    expect(page.locator(".toast")).to_contain_text("Votre session est terminée")
    assert page.locator("[name=login]").count() == 0
    expect(field).to_have_value(TEXT)
    page.context.add_cookies([session_of(season.people["agent"], page.url)])
    page.goto(address)
    expect(field).to_have_value(TEXT)


def test_signing_out_tells_and_forgets(open_at):
    page, field, _address = open_at(COMMENT)
    field.fill(TEXT)
    page.goto("/dossiers/")
    expect(page.locator("#drafts a")).to_have_count(1)

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("#drafts")).to_contain_text("sera effacé")
    page.locator("main form[data-sign-out] button").click()
    page.wait_for_url("**/")

    assert page.evaluate("localStorage.length") == 0


def test_an_initiative_is_on_the_server_as_it_is_typed(open_at):
    page, field, _address = open_at(INITIATIVE)
    before = Initiative.objects.count()
    page.locator("[name=title]").fill("Un café du numérique")
    field.fill(TEXT)
    field.blur()

    expect(page.locator("#initiative-saved")).to_contain_text("Enregistré à")
    assert Initiative.objects.count() == before + 1
    row = Initiative.objects.latest("pk")
    page.locator("[name=results]").fill("Trente personnes aidées.")
    page.get_by_role("button", name="Enregistrer l’initiative").click()
    page.wait_for_url(f"**/initiatives/{row.pk}/")
    expect(page.get_by_role("link", name="Joindre une image")).to_be_visible()
    row.refresh_from_db()
    assert (Initiative.objects.count(), row.results) == (before + 1, "Trente personnes aidées.")
