"""The organiser's pages on a phone, with addresses and names as long as people have them: nothing runs over the edge,
nor is cut off inside a box of its own."""

from datetime import UTC, datetime

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from accounts.models import User
from outbox.models import Mail
from season.models import Guest
from territories.models import Territory
from tests.browser.conftest import NARROW, PHONE, resize
from tests.label.matrix import MATRIX, organising

pytestmark = [pytest.mark.trial, pytest.mark.browser]

# In words, the longest of the year.
LONGEST = datetime(2027, 9, 1, 20, 22, tzinfo=UTC)
# Without a place to break.
LONG = "secretariatgeneraldesservices@communautedecommunesdupays.example"
NAME = " – Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"


@pytest.fixture(scope="module")
def lengthened(season):
    User.objects.update(email=Concat(F("pk"), Value(f".{LONG}")))
    Mail.objects.update(to=LONG, created_at=LONGEST)
    Guest.objects.update(email=Concat(F("pk"), Value(f".{LONG}")))
    Territory.objects.update(name=Concat(F("name"), Value(NAME)))
    return season


@pytest.mark.parametrize("name", organising())
def test_page_fits_a_phone(visit, lengthened, name):
    page = visit(lengthened.people["organiser"])
    page.goto(MATRIX[name].address(name, lengthened))

    found = {}
    for width in (PHONE, NARROW):
        resize(page, width)
        found[width] = page.evaluate(OVER)

    assert found == {PHONE: [], NARROW: []}


def test_what_runs_over_is_told(visit, season):
    page = visit(season.people["organiser"], width=PHONE)
    page.goto("/organisation/")
    page.evaluate("() => { document.querySelector('h1').style.width = '2000px' }")
    whole = page.evaluate(OVER)
    page.evaluate("() => { document.querySelector('main').style.overflowX = 'auto' }")
    inside = page.evaluate(OVER)

    assert (bool(whole), bool(inside)) == (True, True)


# What is wider than its place: the page, or a box that would scroll by itself and is not made for it.
OVER = """() => [document.documentElement, ...document.querySelectorAll("body *")].filter(e => {
  const whole = e === document.documentElement;
  const scrolls = whole || ["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX);
  const made = e.matches("input, select, textarea, .scroll, .visually-hidden") || e.closest("svg, .visually-hidden");
  return scrolls && !made && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1;
}).map(e => `${e.scrollWidth} in ${e.clientWidth}: ${e.outerHTML.slice(0, 120)}`)"""
