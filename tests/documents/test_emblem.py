import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image

from documents import emblem, vectors
from documents.emblem import EmblemData
from tests.documents.samples import LONG_EPCI
from tests.documents.structure import elements, faults

DATA = EmblemData(
    title="Arobase",
    subtitle="le label numérique des communes",
    territory_name="Lormont",
    year=2027,
    level=3,
    issued_at=datetime(2027, 11, 12, 12, tzinfo=UTC),
    organiser_name="L’organisateur du label",
    simulated=False,
)
DEMONSTRATION = replace(DATA, simulated=True)


def inside(shape, width, height):
    points = [point for contour in vectors.polygons(shape.commands) for point in contour]
    return all(0 <= x <= width and 0 <= y <= height for x, y in points)


@pytest.mark.parametrize("data", [DATA, DEMONSTRATION])
def test_sign_is_a_sound_paper(data):
    assert faults(emblem.road_sign(data)) == []


def test_sign_has_its_real_size_and_its_bleed():
    with pikepdf.open(BytesIO(emblem.road_sign(DATA))) as pdf:
        trim, bleed = ([float(edge) * 25.4 / 72 for edge in pdf.pages[0][box]] for box in ("/TrimBox", "/BleedBox"))
    assert trim[2] - trim[0] == pytest.approx(600, abs=0.01)
    assert trim[3] - trim[1] == pytest.approx(400, abs=0.01)
    assert trim[0] - bleed[0] == pytest.approx(5, abs=0.01)


def test_sign_is_outlined():
    with pikepdf.open(BytesIO(emblem.road_sign(DATA))) as pdf:
        operators = {str(operator) for _, operator in pikepdf.parse_content_stream(pdf.pages[0])}
    assert not operators & {"Tj", "TJ", "'", '"'}


def test_sign_has_no_font(tmp_path):
    (tmp_path / "s.pdf").write_bytes(emblem.road_sign(DATA))
    said = subprocess.run(["pdffonts", tmp_path / "s.pdf"], capture_output=True, text=True, check=True).stdout
    assert len(said.splitlines()) == 2


def test_cutting_marks_stay_out_of_the_bleed():
    width, height = emblem.SIGN_WIDTH + 2 * emblem.SLUG, emblem.SIGN_HEIGHT + 2 * emblem.SLUG
    edge = emblem.SLUG - emblem.BLEED
    points = [
        point for shape in emblem._cutting_marks() for contour in vectors.polygons(shape.commands) for point in contour
    ]
    assert len(points) == 16
    assert all(not (edge < x < width - edge and edge < y < height - edge) for x, y in points)


def test_words_of_the_sign_hold_in_its_frame():
    long = replace(
        DATA, title="Le label des communes numériques", subtitle="un sous-titre " * 10, territory_name=LONG_EPCI
    )
    assert all(inside(shape, emblem.SIGN_WIDTH, emblem.SIGN_HEIGHT) for shape in emblem.sign(long).shapes[1:])


@pytest.mark.parametrize("level", [1, 5])
def test_words_of_the_logo_hold_in_it(level):
    drawing = emblem.logo(replace(DEMONSTRATION, level=level), emblem.ON_BLUE)
    assert all(inside(shape, drawing.width, drawing.height) for shape in drawing.shapes)


def test_demonstration_is_written_on_the_sign():
    letters = emblem.sign(DEMONSTRATION).shapes[-2].commands
    assert len(letters) > 1.5 * len(emblem.sign(DATA).shapes[-2].commands)


def test_sign_and_logo_name_the_territory():
    for draw in (emblem.sign, lambda data: emblem.logo(data, emblem.ON_BLUE)):
        assert draw(DATA) != draw(replace(DATA, territory_name="Ailleurs"))


def test_demonstration_is_said_to_screen_readers():
    with pikepdf.open(BytesIO(emblem.road_sign(DEMONSTRATION))) as pdf:
        figure = next(element for element in elements(pdf) if element.S == "/Figure")
        assert str(figure.Alt).endswith("démonstration sans valeur")


def test_logo_pack_has_each_colour_in_each_format():
    names = sorted(emblem.logo_pack(DATA))
    assert len(names) == 9
    assert names[0] == "label-2027-3-arobases-blanc-courriel.png"


def test_logos_of_a_demonstration_say_it_in_their_names():
    assert all("demonstration" in name for name in emblem.logo_pack(DEMONSTRATION))


def test_logos_are_transparent_bitmaps_of_the_size_of_their_use():
    files = emblem.logo_pack(DATA)
    with Image.open(BytesIO(files["label-2027-3-arobases-couleur-web.png"])) as image:
        assert (image.width, image.mode) == (1200, "RGBA")
        assert image.getpixel((0, 0))[3] == 0


def test_logos_are_svg_that_say_the_level():
    root = ElementTree.fromstring(emblem.logo_pack(DATA)["label-2027-3-arobases-couleur.svg"])
    assert root.get("aria-label").split()[-5:] == [":", "3", "arobases", "sur", "5"]


def test_emblems_are_the_same_twice():
    assert emblem.road_sign(DATA) == emblem.road_sign(DATA)
    assert emblem.logo_pack(DATA) == emblem.logo_pack(DATA)
