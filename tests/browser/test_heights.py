"""Pages that a person walks many times are short: how tall each may be, with a margin over what was drawn."""

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.label.matrix import MATRIX

pytestmark = pytest.mark.browser

# Who looks, and how tall the page may be on a desk and on a phone, in CSS pixels.
TALLEST = {
    "assessments:application": ("agent", 1_800, 2_960),
    "assessments:trace": ("agent", 2_200, 3_200),
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
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(HEIGHT)

    assert found[WIDE] <= desk
    assert found[PHONE] <= phone


def test_bar_of_a_file_stays_in_sight(visit, season):
    page = visit(season.people["agent"], width=PHONE)
    page.goto(MATRIX["assessments:application"].address("assessments:application", season))
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")

    assert page.locator(".filebar").bounding_box()["y"] == 0
    page.get_by_text("Dossier", exact=True).click()
    assert page.get_by_role("link", name="D’où vient ce score").first.is_visible()
