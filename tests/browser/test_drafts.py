"""What is written in any form with a long text stays in this browser until the server has it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from assessments.models import Comment, Initiative
from jury import actions
from tests.browser.conftest import PATIENCE, session_of, shoot
from tests.label.matrix import enquiry, initiative_of
from tests.season import AUBAINE, BEAUPRE, LAST_YEAR, YEAR, Season
from tests.worker import wait

pytestmark = pytest.mark.browser

FILE = f"/dossiers/{AUBAINE}/{YEAR}/"
TEXT = "Un long texte, sur\nplusieurs lignes, que personne ne veut écrire deux fois."
READ = "01908"  # Hautecombe: submitted, nobody reads it yet
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Text:
    """Who writes (None: whoever has the link), where, in which field. `saves`: the form sends itself as it is typed."""

    who: str | None
    address: str | Callable[[Season], str]
    field: str
    saves: bool = False
    line: bool = False

    def page(self, season):
        return self.address if isinstance(self.address, str) else self.address(season)

    def words(self, way):
        words = f"{TEXT} ({way})"
        return words.replace("\n", " ") if self.line else words


def at(name, args):
    return lambda season: reverse(name, args=args(season))


COMMENT = Text("agent", f"{FILE}questions/express/SOV-18/a-plusieurs/", "textarea[name=text]")
INITIATIVE = Text("agent", f"{FILE}initiatives/nouvelle/", "textarea[name=description]")
TEXTS = {
    "initiative": INITIATIVE,
    "reason": Text("agent", f"{FILE}questions/express/", "textarea[name=reason]", saves=True),
    "comment": COMMENT,
    "complement": Text("juror", f"/jury/{BEAUPRE}/{YEAR}/complement/", "textarea[name=reason]"),
    "reply": Text(None, at("assessments:reply", enquiry), "textarea[name=words]"),
    "review": Text("juror", f"/jury/{READ}/{YEAR}/", "textarea[name=comment_to_territory]", saves=True),
    "ruling": Text(
        "juror", at("jury:initiative", lambda season: initiative_of(season, READ)), ".ruling [name=reason]", line=True
    ),
    "decision": Text("chair", f"/jury/{BEAUPRE}/{YEAR}/", "textarea[name=reasons]"),
    "minutes": Text("chair", f"/jury/proces-verbal/{YEAR}/", "textarea[name=remarks]"),
    "appeal": Text("signatory", f"/dossiers/{AUBAINE}/{LAST_YEAR}/reexamen/", "textarea[name=grounds]"),
    "message": Text("organiser", f"/organisation/editions/{YEAR}/campagne/messages/nouveau/", "textarea[name=text]"),
    "withdrawal": Text("signatory", f"{FILE}retrait/", "textarea[name=reason]"),
}


@pytest.fixture(scope="module")
def written(season):
    """A file that a juror has in hand."""
    seat, by = season.seat("juror"), season.people["organiser"]
    actions.assign(application=season.files[READ], juror=seat, by=by, now=timezone.now())
    return season


@pytest.fixture
def open_at(visit, written):
    """`open_at(text)`: the page of that form, its field, and how to come back to it."""

    def _open(text):
        page = visit(written.people.get(text.who))
        address = text.page(written)
        page.goto(address)
        return page, page.locator(text.field).first, address

    return _open


def write(field, words):
    """Whatever hides the field: the fold that it is in, the answer that it explains."""
    field.evaluate(
        """node => {
            const folds = [...document.querySelectorAll("details")];
            folds.filter((fold) => fold.contains(node)).forEach((fold) => { fold.open = true; });
            node.closest(".why-not")?.parentElement.querySelector("[value=not_applicable]").click();
        }"""
    )
    field.fill(words)


def send(field):
    """Whatever else the form asks for. An answer goes as one leaves its field."""
    field.evaluate(
        """node => {
            node.blur();
            node.form.noValidate = true;
            if (!node.form.matches("[data-answer]")) node.form.requestSubmit();
        }"""
    )


def leave_and_return(page, field, address, _person):
    page.goto("/glossaire/")
    page.goto(address)


def reload(page, _field, _address, _person):
    page.reload()


def close_the_tab(page, _field, address, _person):
    other = page.context.new_page()
    page.close()
    other.goto(address)
    return other


def end_the_session(page, field, address, person):
    """The form was sent all the same: the whole sign-in page or a word in a corner, then the text again."""
    page.context.clear_cookies(name="session")
    send(field)
    expect(page.locator("[name=login], .toast, .saved:has-text('session')").first).to_be_visible()
    assert page.locator("[name=login]").count() == 0 or page.locator("h1").count() == 1
    page.context.add_cookies([session_of(person, page.url)])
    come_back(page, address)


def come_back(page, address):
    """The answer to what was sent may arrive meanwhile, and stop the browser on its way: as often as it takes."""

    def arrives():
        with suppress(Error):
            page.wait_for_load_state("networkidle")
            return page.goto(address)

    wait(arrives, seconds=60, every=0.1)


def lose_the_line(page, field, _address, _person):
    page.context.set_offline(True)
    send(field)
    page.context.set_offline(False)
    page.reload()


def sign_in_elsewhere(page, field, address, person):
    """Another tab signs in again: the token of this form is of no more use."""
    page.context.clear_cookies()
    if person:
        page.context.add_cookies([session_of(person, page.url)])
    # A text that saves itself is put back and saved there: this page is drawn again after it.
    page.context.new_page().goto(address, wait_until="networkidle")
    send(field)
    come_back(page, address)


WAYS = {
    "session ended": end_the_session,
    "offline": lose_the_line,
    "left": leave_and_return,
    "reloaded": reload,
    "closed": close_the_tab,
    "signed in elsewhere": sign_in_elsewhere,
}
# Whoever has the link has no session.
CASES = [(name, way) for name, text in TEXTS.items() for way in WAYS if text.who or way != "session ended"]


def check(open_at, season, text, way):
    page, field, address = open_at(text)
    words = text.words(way)
    write(field, words)
    page = WAYS[way](page, field, address, season.people.get(text.who)) or page
    if text.saves:
        # This page may have been drawn just before the text was saved: it is asked for again once no draft is left.
        page.wait_for_function("way => !Object.values(localStorage).some((kept) => kept.includes(way))", arg=f"({way})")
        page.reload()
    field = page.locator(text.field).first
    expect(field).to_have_value(words)
    if not text.saves:
        expect(field.locator("xpath=ancestor::form").locator("[data-kept]")).to_contain_text("pas encore enregistré")


@pytest.mark.parametrize("way", WAYS)
def test_a_comment_comes_back(open_at, season, way):
    check(open_at, season, COMMENT, way)


@pytest.mark.trial
@pytest.mark.parametrize(("name", "way"), [case for case in CASES if TEXTS[case[0]] is not COMMENT])
def test_each_text_comes_back(open_at, season, name, way):
    check(open_at, season, TEXTS[name], way)


SPOIL_TOKENS = (
    "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => { one.value = 'x'.repeat(64); })"
)


def test_a_text_that_was_not_taken_comes_back_after_one_left_its_page(open_at):
    page, field, address = open_at(COMMENT)
    field.fill(TEXT)
    page.evaluate(SPOIL_TOKENS)
    send(field)
    expect(page.get_by_role("heading", level=1)).to_contain_text("pas encore envoyé")

    page.goto(address)

    expect(field).to_have_value(TEXT)


def test_a_text_given_back_to_be_mended_comes_back_after_one_left_its_page(open_at):
    page, field, address = open_at(TEXTS["minutes"])
    field.fill(TEXT)
    send(field)
    expect(page.locator(".errors").first).to_be_visible()
    expect(field).to_have_value(TEXT)

    page.goto(address)

    expect(field).to_have_value(TEXT)


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
    page.evaluate(SPOIL_TOKENS)

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
