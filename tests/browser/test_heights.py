"""Pages that a person walks many times are short: how tall each may be, with a margin over what was drawn."""

import pytest

from jury.pages import board
from tests.browser.conftest import PHONE, WIDE, resize
from tests.label.matrix import MATRIX

pytestmark = [pytest.mark.browser, pytest.mark.trial]

# Who looks, and how tall the page may be on a desk and on a phone, in CSS pixels.
TALLEST = {
    "assessments:application": ("agent", 1_800, 2_960),
    "assessments:trace": ("agent", 2_200, 3_200),
    "assessments:submission": ("agent", 1_700, 2_800),
    "results:territory": (None, 3_300, 5_000),
    "home": (None, 1_900, 3_400),
}
HEIGHT = "() => document.documentElement.scrollHeight"


@pytest.mark.parametrize("name", TALLEST)
def test_page_is_short(visit, season, name):
    role, desk, phone = TALLEST[name]
    page = visit(season.people.get(role))
    page.goto(MATRIX[name].address(name, season))
    found = {}
    for width in (WIDE, PHONE):
        resize(page, width, 900)
        found[width] = page.evaluate(HEIGHT)

    assert found[WIDE] <= desk
    assert found[PHONE] <= phone


def test_board_of_the_chair_is_short_on_a_phone(visit, season):
    """A full page of files like those there are."""
    page = visit(season.people["chair"], width=PHONE)
    page.goto(MATRIX["jury:board"].address("jury:board", season))
    rows = page.locator("tbody tr").evaluate_all("all => all.map(one => one.offsetHeight)")
    rest = page.evaluate(HEIGHT) - sum(rows)

    assert rest + board.PAGE * sum(rows) / len(rows) < 5_000


def test_head_of_the_board_stays_in_sight(visit, season):
    page = visit(season.people["chair"])
    page.goto(MATRIX["jury:board"].address("jury:board", season))
    resize(page, WIDE, 250)
    page.locator("tbody tr").last.evaluate("one => one.scrollIntoView({block: 'end'})")

    assert page.locator("thead th").first.bounding_box()["y"] == 0


def test_bar_of_a_file_stays_in_sight(visit, season):
    page = visit(season.people["agent"], width=PHONE)
    page.goto(MATRIX["assessments:application"].address("assessments:application", season))
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")

    assert page.locator(".filebar").bounding_box()["y"] == 0
    page.get_by_text("Dossier", exact=True).click()
    assert page.get_by_role("link", name="D’où vient ce score").first.is_visible()
