"""The public side by its ordinary gestures: the map by keyboard, a comparison, a page on paper, tables on a phone; and
what each page weighs."""

import pypdfium2
import pytest
from playwright.sync_api import expect

from label import guide
from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.test_axe import TOO_WIDE
from tests.browser.test_keyboard import tab_to
from tests.label.matrix import MATRIX, STATES, pages
from tests.label.test_server import as_installed
from tests.label.test_server import server as service
from tests.season import AUBAINE, BEAUPRE

pytestmark = [pytest.mark.browser, pytest.mark.trial]
expect.set_options(timeout=PATIENCE)

# What anybody may read: each page by its name, then pages in other states, and all of the guide.
NAMES = [name for name, role in pages() if role == "anonymous"]
STATES_OF_PAGES = [address for role, address, status in STATES if (role, status) == ("anonymous", 200)]
COMPARISON = f"/annuaire/comparer/?c={AUBAINE}&c={BEAUPRE}"
PAGES = [*NAMES, *STATES_OF_PAGES, COMPARISON, *(page.address for page in guide.pages().values())]
HEAVIEST, MOST = 100_000, 10  # bytes on the wire, and requests, of a first visit
OPEN_FOLDS = "() => document.querySelectorAll('main details').forEach(fold => { fold.open = true; })"


@pytest.fixture(params=dict.fromkeys(PAGES))
def address(request, season):
    return MATRIX[request.param].address(request.param, season) if request.param in MATRIX else request.param


FOCUSED = "() => document.activeElement.matches('{what}') && document.activeElement.textContent.includes('{words}')"


def test_department_is_chosen_under_the_map_by_keyboard(visit, season):
    """The drawing is for the eye: its table, in a fold of its own, is what the keyboard walks."""
    page = visit(width=PHONE)
    page.goto("/annuaire/")
    for what, words in (("summary", "La carte de France"), ("summary", "en tableau"), ("a", "Ain (01)")):
        tab_to(page, FOCUSED.format(what=what, words=words))
        page.keyboard.press("Enter")

    page.wait_for_url("**/annuaire/?department=01")
    expect(page.locator("#found").get_by_role("link", name="Aubaine", exact=True)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_another_commune_is_added_to_a_comparison_and_taken_out(visit, season, javascript):
    page = visit(javascript=javascript)
    page.goto(f"/annuaire/{AUBAINE}/")
    page.get_by_role("link", name="Comparer avec…").click()
    page.locator("#id_q").fill("beaupre")
    page.locator("#id_q").press("Enter")
    page.get_by_role("link", name="Beaupré (01)").click()

    page.wait_for_url(f"**{COMPARISON}")
    heads = page.get_by_role("table").first.get_by_role("columnheader")
    expect(heads).to_have_count(2)
    page.get_by_role("link", name="retirer Aubaine").click()
    expect(heads).to_have_count(1)
    expect(heads).to_contain_text("Beaupré")


@pytest.mark.parametrize("javascript", [True, False])
def test_page_of_a_commune_is_printed_with_its_folds_open(visit, season, javascript):
    page = visit(javascript=javascript)
    page.goto(f"/annuaire/{AUBAINE}/")
    fold = page.locator("main details:not([open])").filter(has_text="Points de chaque axe").first
    expect(fold.locator("table").first).not_to_be_visible()
    # Read from the source: what is folded has no inner text.
    hidden = fold.locator("th[scope=row]").last.text_content().strip()

    text = " ".join(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in paper(page))

    assert "Points de chaque axe" in text
    assert text.count(hidden) >= 2


def paper(page):
    return pypdfium2.PdfDocument(page.pdf(format="A4"))


def test_filters_of_the_directory_work_without_javascript(visit, season):
    page = visit(javascript=False)
    page.goto("/annuaire/")
    page.get_by_label("Niveau").select_option("1")
    page.get_by_role("button", name="Chercher").first.click()

    page.wait_for_url("**/annuaire/?level=1")
    expect(page.locator("#found-title")).to_be_visible()


def test_page_with_open_folds_is_no_wider_than_a_phone(visit, season, address):
    page = visit(width=PHONE)
    assert page.goto(address).ok
    page.evaluate(OPEN_FOLDS)

    assert page.evaluate(TOO_WIDE, PHONE) == []


@pytest.fixture(scope="module")
def installed(season, tmp_path_factory):
    """The address of a server as an instance runs it, on the same rows: what it sends is compressed."""
    folder = tmp_path_factory.mktemp("installed")
    with service(folder / "log", **as_installed(folder)) as (port, _running):
        yield f"http://127.0.0.1:{port}"


def test_first_visit_is_light(visit, installed, address):
    page = visit()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights = []
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    answer = page.goto(installed + address, wait_until="networkidle")

    assert answer.ok
    assert 1 < len(weights) <= MOST
    assert sum(weights) <= HEAVIEST
