"""The ordinary gesture: type, look at one, come back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

SEARCHES = {
    "/annuaire/": "Aubaine",
    "/initiatives/": "initiative",
}


@pytest.fixture(params=SEARCHES.items(), ids=["directory", "initiatives"])
def searched(request, visit, season):
    """A list narrowed by typing, without a button."""
    address, typed = request.param
    page = visit()
    page.goto(address)
    page.locator("#id_q").press_sequentially(typed)
    page.wait_for_url(f"**{address}?q={typed}*")
    expect(page.locator("#found-title")).to_be_visible()
    return page, typed


def is_whole(page, typed):
    expect(page.locator("header.masthead")).to_be_visible()
    expect(page.locator("#id_q")).to_have_value(typed)
    expect(page.locator("#found-title")).to_be_visible()


def test_back_from_another_page_shows_the_whole_page(searched):
    page, typed = searched
    page.goto("/accessibilite/")
    page.go_back()

    is_whole(page, typed)


def test_back_to_what_was_searched_before_shows_the_whole_page(searched):
    page, typed = searched
    address = page.url
    page.locator("#id_q").fill("zzz")
    page.wait_for_url("**?q=zzz*")
    page.go_back()
    page.wait_for_url(address)

    is_whole(page, typed)


def test_the_new_number_is_said_and_not_the_old_one(searched):
    page, _typed = searched
    page.locator("#id_q").fill("zzz")
    page.wait_for_url("**?q=zzz*")

    expect(page.locator("#announce")).to_contain_text("trouvée")
    expect(page.locator("#announce")).to_have_text(page.locator("#found-title").inner_text())
