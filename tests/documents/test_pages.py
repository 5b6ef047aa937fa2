from io import BytesIO

import pytest
from PIL import Image

from documents import pages
from documents.pages import Undrawable, draw
from documents.receipt import render
from tests.documents.samples import RECEIPT


def picture(size, kind="PNG", **fields):
    drawn = BytesIO()
    Image.new("RGB", size, "white").save(drawn, kind, **fields)
    return drawn.getvalue()


def blank_pdf(count):
    drawn = BytesIO()
    sheets = [Image.new("RGB", (60, 80), "white") for _number in range(count)]
    sheets[0].save(drawn, "PDF", save_all=True, append_images=sheets[1:])
    return drawn.getvalue()


def test_a_pdf_is_drawn_page_by_page():
    drawn = draw(render(RECEIPT), pages.PDF)
    assert drawn.total == len(drawn.pages) >= 1
    first = Image.open(BytesIO(drawn.pages[0].content))
    assert (first.format, first.size) == ("WEBP", (drawn.pages[0].width, drawn.pages[0].height))
    assert drawn.pages[0].width == pages.WIDTH


def test_only_the_first_thirty_pages_are_drawn():
    drawn = draw(blank_pdf(32), pages.PDF)
    assert (drawn.total, len(drawn.pages)) == (32, 30)


def test_an_image_is_drawn_smaller_and_without_what_it_carried():
    drawn = draw(picture((2_200, 1_000), "JPEG", comment=b"secret"), "image/jpeg")
    assert [(page.width, page.height) for page in drawn.pages] == [(1_100, 500)]
    assert b"secret" not in drawn.pages[0].content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.7 nothing else", pages.PDF),
        (b"not a picture", "image/png"),
        (picture((10, 10)), pages.PDF),
        (b"a,b", "text/csv"),
    ],
)
def test_what_cannot_be_drawn_says_so(content, content_type):
    with pytest.raises(Undrawable):
        draw(content, content_type)


def test_drawing_is_bounded_in_time():
    with pytest.raises(Undrawable, match=r"0\.01 s"):
        draw(render(RECEIPT), pages.PDF, seconds=0.01)


def test_a_picture_of_too_many_pixels_is_not_drawn():

    bomb = BytesIO()
    Image.new("1", (30_000, 12_000)).save(bomb, "PNG")
    with pytest.raises(Undrawable):
        draw(bomb.getvalue(), "image/png")


def test_an_image_is_drawn_as_wide_as_wanted():
    assert draw(picture((800, 400)), "image/png", width=320).pages[0].width == 320


def test_a_webp_is_drawn():
    assert draw(picture((8, 4), "WEBP"), "image/webp").pages[0].height == 4
