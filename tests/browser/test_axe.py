import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, PHONE, WIDE, resize, shoot
from tests.label.matrix import MATRIX, STATES, pages

pytestmark = [pytest.mark.trial, pytest.mark.browser]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# One role is enough for what a page looks like; the other states show the rest.
PAGES = list({name: (name, role) for name, role in reversed(list(pages()))}.values())


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_page_is_accessible(visit, season, name, role):
    page = visit(season.people.get(role))
    page.goto(MATRIX[name].address(name, season))
    shoot(page, f"pages/{name.replace(':', '-')}-{role}")

    assert faults(page) == {}


@pytest.mark.parametrize(("role", "address", "status"), STATES)
def test_page_in_another_state_is_accessible(visit, season, role, address, status):
    page = visit(season.people.get(role))
    page.goto(address)
    shoot(page, f"states/{role}{address.replace('/', '_')}")

    assert faults(page) == {}


def test_a_bad_page_is_told(visit, season):
    page = visit()
    page.goto("/")
    page.evaluate(SPOIL)

    assert set(faults(page)) == {f"axe at {WIDE}", f"axe at {PHONE}", "overflow", "keyboard"}


SPOIL = """() => {
  document.querySelector("h1").insertAdjacentHTML("afterend", "<img src='/static/images/favicon.svg'><p id=wide>x</p>");
  document.getElementById("wide").style.width = "2000px";
  document.querySelector(".skip").remove();
}"""


def faults(page):
    """What is wrong with the page that is open, by the rule."""
    found = {f"axe at {width}": violations(page, width) for width in (WIDE, PHONE)}
    resize(page, NARROW)
    found["overflow"] = page.evaluate(TOO_WIDE, NARROW)
    resize(page, WIDE, 900)
    found["keyboard"] = walk(page)
    return {rule: fault for rule, fault in found.items() if fault}


def violations(page, width):
    # As tall as the page: what a bar that stays covers at one moment of the scrolling is not what axe should measure.
    resize(page, width, 900)
    resize(page, width, page.evaluate("document.documentElement.scrollHeight"))
    # Of what passes, one node of each rule is kept: pages with a thousand rows answer in a third of the time.
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:240]})"
        for rule in results.response["violations"]
        for node in rule["nodes"][:3]
    ]


# What makes the page wider than the window; an element that scrolls by itself may.
TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] :
  [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 1)
  .slice(-3).map(e => e.outerHTML.slice(0, 120))"""

FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {what: e.outerHTML.slice(0, 120), href: e.getAttribute("href"),
          seen: box.width > 0 && box.height > 0,
          outlined: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2};
}"""


def walk(page):
    """The first Tab reaches the way to the content; each of the first stops shows the focus."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0) }")
    stops = []
    for _stop in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    wrong = [stop["what"] for stop in stops if not (stop["seen"] and stop["outlined"])]
    return wrong if stops[0]["href"] == "#main" else [f"first: {stops[0]['what']}", *wrong]
