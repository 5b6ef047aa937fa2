from dataclasses import replace

import pypdfium2
import pytest

from documents.booklet import Item, render
from tests.documents.samples import BOOKLET

LONG = Item(
    "INC-09",
    "Une longue question",
    "Inclusion",
    "Une aide. " * 30,
    "Le bilan.",
    tuple(f"La réponse numéro {n}" for n in range(9)),
    several=True,
)


@pytest.mark.parametrize("times", [1, 3, 8])
def test_no_question_is_on_two_pages(times):
    part = replace(BOOKLET.parts[0], items=(LONG, *BOOKLET.parts[0].items))

    pdf = pypdfium2.PdfDocument(render(replace(BOOKLET, parts=(part,) * times)))

    pages = [page.get_textpage().get_text_range() for page in pdf]
    begun, ended = ([page.count(words) for page in pages] for words in ("INC-09. Une", "numéro 8"))
    assert begun == ended
    assert sum(begun) == times
    assert [page.count("INC-02.") for page in pages] == [page.count("Les aînés") for page in pages]
