from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from documents import conversion
from documents.pages import HEIC, JPEG, TIFF, Undrawable
from tests.documents.test_pages import picture


def turned(size):
    """A photograph held upright: the file says so, its pixels lie on their side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture(size, "JPEG", exif=exif)


def test_a_large_photograph_becomes_a_smaller_one_the_right_way_up():
    content, content_type = conversion.convert(turned((6_000, 4_500)), JPEG)
    assert (content_type, Image.open(BytesIO(content)).size) == (JPEG, (3_072, 4_096))


def test_what_opens_everywhere_is_left_as_it_is():
    assert conversion.convert(turned((400, 300)), JPEG) is None


def test_a_photograph_of_a_telephone_becomes_a_jpeg():
    pillow_heif.register_heif_opener()
    content, content_type = conversion.convert(picture((64, 48), "HEIF"), HEIC)
    assert (content_type, Image.open(BytesIO(content)).format) == (JPEG, "JPEG")


@pytest.mark.parametrize("content_type", [HEIC, TIFF, JPEG])
def test_what_cannot_be_opened_says_so(content_type):
    assert not conversion.opens(b"nothing", content_type)
    with pytest.raises(Undrawable):
        conversion.convert(b"nothing", content_type)


def test_a_scan_without_end_is_refused():
    written = BytesIO()
    sheets = [Image.new("1", (8, 8)) for _page in range(conversion.MOST_PAGES + 1)]
    sheets[0].save(written, "TIFF", save_all=True, append_images=sheets[1:])
    with pytest.raises(Undrawable, match="60 pages"):
        conversion.convert(written.getvalue(), TIFF)
