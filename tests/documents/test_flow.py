"""Where pages break: nothing is left alone at the foot or at the head of one."""

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from documents.flow import SUBTITLE, Column, Flow
from documents.metadata import About
from documents.paper import A4, Paper

COLUMNS = [Column("Axe", 0.7), Column("Points", 0.3, "right")]


def pages_of(draw):
    paper = Paper(A4, About("Un papier", "Le label", "Un essai", datetime(2027, 1, 1, tzinfo=UTC)))
    draw(Flow(paper, "Un papier", simulated=False))
    return [page.get_textpage().get_text_range().splitlines() for page in pypdfium2.PdfDocument(paper.save())]


def words(page):
    """Without its foot."""
    return [line for line in page if line != "Un papier" and " / " not in line]


@pytest.mark.parametrize("above", range(0, 760, 31))
def test_heading_stands_over_what_it_heads(above):
    def draw(flow):
        flow.space(above)
        flow.heading("H2", "Un titre")
        flow.heading("H3", "Un sous-titre", SUBTITLE)
        flow.paragraph("Un texte.")

    assert [words(page)[-1] for page in pages_of(draw) if words(page)][-1] == "Un texte."
    assert not [page for page in pages_of(draw) if words(page)[-1:] in (["Un titre"], ["Un sous-titre"])]


@pytest.mark.parametrize("above", range(0, 760, 31))
def test_short_table_stays_whole_under_its_heading(above):
    def draw(flow):
        flow.space(above)
        flow.heading("H2", "Vos quatre axes")
        flow.table(COLUMNS, [["Inclusion", "1"], ["Souveraineté", "2"], ["Écologie", "3"], ["Services", "4"]])

    told = [page for page in pages_of(draw) if words(page)]
    assert len(told) == 1
    assert words(told[0])[0] == "Vos quatre axes"


@pytest.mark.parametrize("rows", range(20, 60, 3))
def test_long_table_leaves_no_row_alone_on_a_page(rows):
    pages = pages_of(lambda flow: flow.table(COLUMNS, [[f"Ligne {n}", "1"] for n in range(rows)]))

    counts = [sum(line.startswith("Ligne") for line in page) for page in pages]
    assert sum(counts) == rows
    assert min(counts) > 1


def test_pages_are_numbered_out_of_all():
    pages = pages_of(lambda flow: [flow.next_page() for _ in range(11)])

    assert [page[-1].removeprefix("Un papier ") for page in pages] == [f"{n} / 12" for n in range(1, 13)]


@pytest.mark.parametrize(("pages", "marks"), [(5, []), (6, ["Un titre", "Un autre"])])
def test_paper_of_more_than_five_pages_has_bookmarks(pages, marks):
    paper = Paper(A4, About("Un papier", "Le label", "Un essai", datetime(2027, 1, 1, tzinfo=UTC)))
    flow = Flow(paper, "Un papier", simulated=False)
    for title in ("Un titre", "Un autre"):
        flow.heading("H2", title)
        flow.paragraph("Un texte.")
    for _ in range(pages - 1):
        flow.next_page()

    with pikepdf.open(BytesIO(paper.save())) as pdf, pdf.open_outline() as outline:
        assert [mark.title for mark in outline.root] == marks
