from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from documents import fonts, vectors
from documents.vectors import Drawing, Shape

SQUARE = vectors.rectangle(10, 20, 30, 40)


def pixels(drawing, width):
    with Image.open(BytesIO(vectors.png(drawing, width))) as image:
        return image.convert("RGBA")


def test_moved_scales_then_moves():
    assert vectors.moved((("M", (1, 2)), ("Z", ())), 10, 20, 3) == (("M", (13, 26)), ("Z", ()))


def test_png_has_the_origin_at_the_bottom():
    image = pixels(Drawing(100, 100, (Shape(SQUARE, "#1F4E8C"),)), 100)
    assert image.getpixel((25, 60)) == (0x1F, 0x4E, 0x8C, 255)
    assert image.getpixel((25, 30))[3] == 0


def test_hole_of_a_letter_is_transparent():
    contours, width = vectors.lettering("O", fonts.BOLD, 100)
    image = pixels(Drawing(width, 70, (Shape(contours, "#000000"),)), 200)
    assert image.getpixel((100, image.height // 2))[3] == 0
    assert image.getbbox() is not None


def test_hole_of_the_mark_is_transparent():
    image = pixels(Drawing(1, 1, (Shape(vectors.mark(), "#000000"),)), 200)
    assert image.getpixel((97, 100))[3] == 0
    assert image.getpixel((40, 100))[3] == 0
    assert image.getpixel((12, 100))[3] == 255


def test_stroke_leaves_the_inside_empty():
    image = pixels(Drawing(100, 100, (Shape(SQUARE, "#000000", 4),)), 100)
    assert image.getpixel((10, 60))[3] == 255
    assert image.getpixel((25, 60))[3] == 0


def test_lettering_is_as_wide_as_the_font_says():
    _, width = vectors.lettering("Œuilly", fonts.REGULAR, 20)
    assert width == pytest.approx(fonts.width("Œuilly", fonts.REGULAR, 20), rel=1e-3)


def test_width_is_that_of_the_lettering():
    assert vectors.width("Œuilly", fonts.REGULAR, 20) == pytest.approx(
        vectors.lettering("Œuilly", fonts.REGULAR, 20)[1]
    )


def test_accent_is_drawn_over_its_letter():
    plain, _ = vectors.lettering("e", fonts.REGULAR, 10)
    accented, _ = vectors.lettering("é", fonts.REGULAR, 10)
    assert len(vectors.polygons(accented)) == len(vectors.polygons(plain)) + 1


def test_svg_turns_the_drawing_over():
    root = ElementTree.fromstring(vectors.svg(Drawing(100, 100, (Shape(SQUARE, "#1F4E8C"),)), 'Un "carré"'))
    assert root[0].get("d").startswith("M10.00 80.00")
    assert root.get("aria-label") == 'Un "carré"'


def test_bitmap_is_the_same_twice():
    drawing = Drawing(100, 100, (Shape(SQUARE, "#1F4E8C"),))
    assert vectors.png(drawing, 60) == vectors.png(drawing, 60)
