from io import BytesIO

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from documents import conversion
from documents.pages import HEIC, JPEG, PDF, TIFF, Undrawable, draw
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


SECRETS = (b"Agn\xc3\xa8s", b"Agnes Martin", b"Appareil de la mairie")


def camera(size=(60, 40)):
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la mairie"
    exif.get_ifd(0x8825)[2] = (45.0, 45.0, 0.0)
    return picture(size, "JPEG", exif=exif)


def noted_pdf():
    """A photograph on a page, with all that programs and people note beside: author, program, remark, place."""
    image, written = camera(), BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        stream = pikepdf.Stream(made, image)
        for key, value in {
            "/Type": "/XObject",
            "/Subtype": "/Image",
            "/ColorSpace": "/DeviceRGB",
            "/Filter": "/DCTDecode",
        }.items():
            stream[key] = pikepdf.Name(value)
        stream.Width, stream.Height, stream.BitsPerComponent = 60, 40, 8
        stream.Metadata = pikepdf.Stream(made, b"<x:xmpmeta>Agnes Martin</x:xmpmeta>")
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=stream))
        page.Contents = pikepdf.Stream(made, b"q 100 0 0 100 0 0 cm /Photo Do Q")
        remark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T="Agnes Martin", Contents="À revoir"
        )
        page.Annots = pikepdf.Array([made.make_indirect(remark)])
        made.docinfo["/Author"] = "Agnes Martin"
        with made.open_metadata() as notes:
            notes["dc:creator"] = ["Agnes Martin"]
        made.save(written, compress_streams=False)
    return written.getvalue()


def test_the_public_copy_of_a_photograph_tells_neither_place_nor_camera():
    content, content_type = conversion.clean(camera(), JPEG)
    shown = Image.open(BytesIO(content))
    assert (content_type, shown.size, dict(shown.getexif())) == (JPEG, (60, 40), {})


def test_the_public_copy_of_a_pdf_tells_neither_author_nor_place_and_shows_the_same():
    sent = noted_pdf()
    assert b"Appareil de la mairie" in sent
    content, content_type = conversion.clean(sent, PDF)
    with pikepdf.open(BytesIO(content)) as document:
        assert "/Info" not in document.trailer
        assert "/Metadata" not in document.Root
        assert "/T" not in document.pages[0].Annots[0]
        assert str(document.pages[0].Annots[0].Contents) == "À revoir"
        photograph = document.pages[0].Resources.XObject.Photo
        assert not dict(Image.open(BytesIO(photograph.read_raw_bytes())).getexif())
    assert not any(secret in content for secret in SECRETS)
    assert content_type == PDF
    before, after = (draw(pdf, PDF).pages[0].content for pdf in (sent, content))
    assert before == after


def test_the_public_copy_of_a_restricted_pdf_is_not_locked():
    sent = BytesIO()
    with pikepdf.open(BytesIO(noted_pdf())) as document:
        document.save(sent, encryption=pikepdf.Encryption(owner="secret", user=""))
    content, _type = conversion.clean(sent.getvalue(), PDF)
    with pikepdf.open(BytesIO(content)) as document:
        assert not document.is_encrypted


def test_what_cannot_be_cleaned_says_so():
    with pytest.raises(Undrawable):
        conversion.clean(b"nothing", PDF)
