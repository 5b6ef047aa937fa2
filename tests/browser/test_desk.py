"""A whole file judged at the desk: clicks and pages counted, then by keyboard alone."""

import pytest
from django.forms import model_to_dict
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Evidence, Initiative
from jury import actions, queries
from jury.models import Review, Ruling
from jury.views import sheets
from tests.season import YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

CODE = "01908"  # Hautecombe: submitted, nobody reads it yet
FILE = f"/jury/{CODE}/{YEAR}/"
# The median file of the demonstration has so many things to judge, of which so many ask for a ruling of their own.
THINGS, ALONE = 61, 14
MOST_CLICKS = 40


@pytest.fixture
def given(season):
    """To two readers."""
    for who in ("juror", "second"):
        actions.assign(
            application=season.files[CODE], juror=season.seat(who), by=season.people["organiser"], now=timezone.now()
        )
    return season


@pytest.fixture
def median(given):
    """The file, with as much to judge as the median of the demonstration."""
    application, seat = given.files[CODE], queries.file_for(user=given.people["juror"], code=CODE, year=YEAR)
    groups = sheets.part(seat)["trace"].groups
    alone = Evidence.objects.in_bulk([piece.name for piece in groups[0].pieces if piece.kind == "evidence"])
    for _more, like in zip(range(ALONE - len(groups[0].pieces)), alone.values(), strict=False):
        piece = Evidence.objects.create(application=application, title=like.title, url="https://x.example/")
        for use in like.uses.all():
            piece.uses.create(question_id=use.question_id, initiative=use.initiative)
    said = model_to_dict(application.initiatives.first(), ["axis", "issues", "description", "started_on", "operator"])
    for number in range(THINGS - ALONE - sum(len(group.pieces) for group in groups[1:])):
        Initiative.objects.create(application=application, title=f"Initiative {number}", **said)
    return given


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


def test_the_median_file_is_judged_in_few_clicks_on_one_page(median, visit):
    page = visit(median.people["juror"])
    hand = Hand(page)
    page.goto(FILE)
    for mark in page.locator("fieldset.mark .seg").all():
        expect(mark).to_be_in_viewport()  # marking starts without scrolling
    alone, ruled = page.locator("#part-avis .piece"), page.locator(".piece.ok")
    assert (page.locator(".piece").count(), alone.count()) == (THINGS, ALONE)
    hand.click(alone.locator("summary").first)
    for done in range(1, ALONE + 1):
        piece = page.locator(".piece[open]")
        if done == 2:
            piece.locator("[name=reason]").fill("La page ne le montre pas.")
            hand.click(piece.locator("button[name=accepted][value=non]"))
        else:
            hand.click(piece.locator("button[data-key=a]"))
        expect(ruled).to_have_count(done)
    rest = page.locator("button[data-key=t]")
    parts = rest.count()
    for left in reversed(range(parts)):
        hand.click(rest.first)
        expect(rest).to_have_count(left)
    expect(page.locator("#judged")).to_contain_text(f"{THINGS} avis sur {THINGS}")
    for mark in page.locator("fieldset.mark .seg").all():
        hand.click(mark.locator("label").nth(2))
    page.locator("#comment_to_territory").fill("Un bel accueil des habitants.")
    expect(page.locator("#saved")).to_contain_text("Enregistré le")
    hand.click(page.get_by_role("button", name="Rendre ma lecture"))
    expect(page.locator("body")).to_contain_text("Votre lecture est rendue.")
    # One to open the first thing, one a ruling of its own, one a part accepted once read, one a mark, one to hand in.
    marks = 5
    assert (hand.clicks, hand.pages) == (1 + ALONE + parts + marks + 1, 2)
    assert hand.clicks == 26 <= MOST_CLICKS
    rulings = Ruling.objects.filter(application__territory__code=CODE, by=median.seat("juror"))
    assert (rulings.count(), rulings.filter(as_read=True).count()) == (THINGS, THINGS - ALONE)


def test_a_file_is_judged_by_keyboard_alone(season, visit):
    # As if nobody had ruled on it: the rows of a test stay for the next one.
    Ruling.objects.filter(application__territory__code=CODE).delete()
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
    expect(page.locator(".piece.ok")).to_have_count(1)  # the focus has left the reason
    left, parts = page.locator(".piece:not(.ok)"), page.locator("button[data-key=t]").count()
    before_rest = left.count()
    keys.press("t")
    expect(page.locator("button[data-key=t]")).to_have_count(parts - 1)
    assert left.count() < before_rest
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
    given = Ruling.objects.filter(by=season.seat("second"))
    assert given.filter(as_read=False).count() == before + 1
    assert given.filter(as_read=True).exists()
    review = Review.objects.get(assignment__juror=season.seat("second"), assignment__application__territory__code=CODE)
    assert (review.submitted_at is not None, len(review.marks)) == (True, 4)
