import io

import pikepdf
import pypdfium2

from documents import dossier
from tests.documents.samples import DOSSIERS


def pages(pdf):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_the_contents_say_on_which_page_each_part_begins():
    data = DOSSIERS["several-pages"]
    said = pages(dossier.render(data))

    number = int(said[0].splitlines()[-1].rpartition(f"{dossier.INITIATIVES} ")[2])
    assert any(line.strip() == dossier.INITIATIVES for line in said[number - 1].splitlines())


def test_each_part_is_a_bookmark():
    with (
        pikepdf.open(io.BytesIO(dossier.render(DOSSIERS["several-pages"]))) as document,
        document.open_outline() as tree,
    ):
        titles = [item.title for item in tree.root]
    assert titles == [dossier.CONTENTS, dossier.TERRITORY, *["Médiation numérique"] * 8, dossier.INITIATIVES]


def test_a_draft_says_that_it_is_one():
    said = "".join(pages(dossier.render(DOSSIERS["draft"])))
    assert "En préparation" in said
    assert "Déposé le" not in said
