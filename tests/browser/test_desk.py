"""A whole file judged at the desk: clicks and pages counted, then by keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jury import actions
from jury.models import Review, Ruling
from tests.season import YEAR

pytestmark = pytest.mark.browser

CODE = "01908"  # Hautecombe: submitted, nobody reads it yet
FILE = f"/jury/{CODE}/{YEAR}/"


@pytest.fixture
def given(season):
    """To two readers."""
    for who in ("juror", "second"):
        actions.assign(
            application=season.files[CODE], juror=season.seat(who), by=season.people["organiser"], now=timezone.now()
        )
    return season


class Hand:
    """Clicks, and counts them; counts the pages that it meets."""

    def __init__(self, page):
        self.page, self.clicks, self.pages = page, 0, 0
        page.on("framenavigated", self._met)

    def _met(self, frame):
        self.pages += frame.parent_frame is None

    def click(self, what):
        what.click()
        self.clicks += 1


def until(page, attribute, value):
    """Tab, as far as there."""
    for _step in range(300):
        if page.evaluate(f"document.activeElement.{attribute}") == value:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never comes to {value}")


def test_a_file_is_judged_in_few_clicks_on_one_page(given, visit):
    page = visit(given.people["juror"])
    hand = Hand(page)
    page.goto(FILE)
    for mark in page.locator("fieldset.mark .seg").all():
        expect(mark).to_be_in_viewport()  # marking starts without scrolling
    # What the jury is asked; the description of the territory, below, waits for nobody.
    pieces = page.locator(".piece:not([id^=context-])").count()
    hand.click(page.locator(".piece summary").first)
    for done in range(1, pieces + 1):
        piece = page.locator(".piece[open]")
        if done == 2:
            piece.locator("[name=reason]").fill("La page ne le montre pas.")
            hand.click(piece.locator("button[name=accepted][value=non]"))
        else:
            hand.click(piece.locator("button[data-key=a]"))
        expect(page.locator(".piece.ok")).to_have_count(done)
    for mark in page.locator("fieldset.mark .seg").all():
        hand.click(mark.locator("label").nth(2))
    page.locator("#comment_to_territory").fill("Un bel accueil des habitants.")
    expect(page.locator("#saved")).to_contain_text("Enregistré le")
    hand.click(page.get_by_role("button", name="Rendre ma lecture"))
    expect(page.locator("body")).to_contain_text("Votre lecture est rendue.")
    # One to open the first thing, one a ruling, one a mark, one to hand in.
    marks = 5
    assert (hand.clicks, hand.pages) == (1 + pieces + marks + 1, 2)
    assert Ruling.objects.filter(application__territory__code=CODE, by=given.seat("juror")).count() == pieces


def test_a_file_is_judged_by_keyboard_alone(season, visit):
    page = visit(season.people["second"])
    page.goto(FILE)
    keys = page.keyboard
    page.locator(".menu summary", has_text="Raccourcis").focus()
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    page.locator("h1").evaluate("e => { e.tabIndex = -1; e.focus() }")
    before = Ruling.objects.filter(by=season.seat("second")).count()
    keys.press("j")
    expect(page.locator(".piece[open] .ruling")).to_be_visible()
    keys.press("x")
    keys.type("Déjà comptée ailleurs.")
    keys.press("Enter")
    expect(page.locator(".piece[open] .ruling")).to_be_visible()
    keys.press("l")
    names = page.locator("fieldset.mark input").evaluate_all("all => [...new Set(all.map(one => one.name))]")
    for name in names:
        until(page, "name", name)
        keys.press("Space")
    expect(page.locator("fieldset.mark input:checked")).to_have_count(5)
    until(page, "id", "comment_to_territory")
    keys.type("Un bel accueil des habitants.")
    expect(page.locator("#saved")).to_contain_text("Enregistré le")
    until(page, "name", "rendre")
    keys.press("Enter")
    expect(page.locator("body")).to_contain_text("Votre lecture est rendue.")
    assert Ruling.objects.filter(by=season.seat("second")).count() == before + 1
    review = Review.objects.get(assignment__juror=season.seat("second"), assignment__application__territory__code=CODE)
    assert (review.submitted_at is not None, len(review.marks)) == (True, 4)
