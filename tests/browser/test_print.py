"""What a browser puts on paper."""

import pypdfium2
import pytest

from assessments.models import Initiative
from tests.season import AUBAINE, BEAUPRE, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

FILE = f"/dossiers/{AUBAINE}/{YEAR}"
SIZE = f"/questionnaire/{YEAR}/papier/?kind=commune&population="
# Who prints, and what: a file's own questions, those of a village and of a city before they have a file.
PAPERS = pytest.mark.parametrize(
    ("role", "address"), [("agent", f"{FILE}/papier/"), (None, f"{SIZE}300"), (None, f"{SIZE}60000")]
)
# Each axis has a fold.
FOLDED = f"{FILE}/score/"
CLOSED = "() => document.querySelectorAll('main details:not([open]):not(.menu, .confirm)').length"


def printed(page, **options):
    return pypdfium2.PdfDocument(page.pdf(format="A4", **options))


def words(paper):
    return [sheet.get_textpage().get_text_range() for sheet in paper]


@PAPERS
def test_no_question_is_printed_on_two_pages(visit, season, role, address):
    page = visit(season.people.get(role))
    page.goto(address)
    asked = page.locator(".asked")
    # What begins and ends each question is marked, to be found again on the paper.
    asked.evaluate_all(
        "all => all.forEach((one, n) => { one.prepend(`(${n}:`); one.append(`:${n})`); })",
    )

    pages = words(printed(page))

    assert len(pages) > 3
    for n in range(asked.count()):
        begun, ended = ([number for number, text in enumerate(pages) if mark in text] for mark in (f"({n}:", f":{n})"))
        assert set(begun) & set(ended), n
    assert "Relire et déposer" not in "".join(pages)


@PAPERS
def test_paper_has_no_background(visit, season, role, address):
    page = visit(season.people.get(role))
    page.goto(address)

    for sheet in printed(page, print_background=True):
        picture = sheet.render(scale=0.25).to_pil().convert("L")
        shades = picture.histogram()
        # Ink is little of a page; all the rest is the paper itself.
        assert sum(shades[250:]) > 0.75 * sum(shades)
        assert {picture.getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, picture.height - 1)} == {255}


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_folds_are_printed_open(visit, season, javascript):
    page = visit(season.people["agent"], javascript=javascript)
    page.goto(FOLDED)
    fold = page.locator("main details.fold:not([open])").first
    code = fold.locator("a.code").first
    assert not code.is_visible()

    assert code.text_content() in "".join(words(printed(page)))


def test_a_browser_that_styles_no_folds_opens_them_by_the_script_and_closes_them_again(visit, season):
    page = visit(season.people["agent"])
    page.add_init_script("CSS.supports = () => false")
    page.goto(FOLDED)
    closed = page.evaluate(CLOSED)
    assert closed

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(CLOSED) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(CLOSED) == closed


# What one does on a file, beside what it says: those folds are forms.
FORMS = {"Donner un avis", "Revoir cet avis", "La compter ailleurs"}


def test_whole_file_is_open_on_screen_and_on_paper(visit, season):
    page = visit(season.people["juror"])
    page.goto(f"/jury/{BEAUPRE}/{YEAR}/?tout=oui")
    closed = page.locator("#main details.fold:not([open]) > summary")
    assert {text.strip() for text in closed.all_inner_texts()} <= FORMS

    paper = " ".join(" ".join(words(printed(page))).split())
    for row in Initiative.objects.filter(application=season.files[BEAUPRE], removed_at=None):
        assert row.title.split()[0] in paper
    assert not [said for said in ("Rendre ma lecture", "Raison, que", "À quoi sert-elle") if said in paper]
