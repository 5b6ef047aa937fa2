"""What a browser puts on paper."""

import pypdfium2
import pytest

from tests.season import AUBAINE, YEAR

pytestmark = pytest.mark.browser

PAGE = f"/dossiers/{AUBAINE}/{YEAR}/papier/"


def test_no_question_is_printed_on_two_pages(visit, season):
    page = visit(season.people["agent"])
    page.goto(PAGE)
    asked = page.locator(".asked")
    # What begins and ends each question is marked, to be found again on the paper.
    asked.evaluate_all(
        "all => all.forEach((one, n) => { one.prepend(`(${n}:`); one.append(`:${n})`); })",
    )

    pages = [sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(page.pdf(format="A4"))]

    assert len(pages) > 3
    for n in range(asked.count()):
        begun, ended = ([number for number, text in enumerate(pages) if mark in text] for mark in (f"({n}:", f":{n})"))
        assert set(begun) & set(ended), n
    assert "Relire et déposer" not in "".join(pages)
