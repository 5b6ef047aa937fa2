import re
import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from documents import certificate
from documents.certificate import Signatory
from tests.documents.samples import CERTIFICATE, CERTIFICATES
from tests.documents.structure import elements


def alternatives(data):
    with pikepdf.open(BytesIO(data)) as pdf:
        return [str(element.Alt) for element in elements(pdf) if "/Alt" in element]


@pytest.mark.parametrize("resolution", [72, 150])
@pytest.mark.parametrize("name", ["level-3", "long-address"])
def test_qr_code_read_from_the_page_gives_the_address(name, resolution, tmp_path):
    data = CERTIFICATES[name]
    (tmp_path / "c.pdf").write_bytes(certificate.render(data))
    subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-png", "-singlefile", tmp_path / "c.pdf", tmp_path / "c"], check=True
    )
    with Image.open(tmp_path / "c.png") as image:
        assert [code.text for code in zxingcpp.read_barcodes(image)] == [data.verify_url]


def test_address_is_a_tagged_link():
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        link = next(element for element in elements(pdf) if element.S == "/Link")
        annotation = next(kid.Obj for kid in link.K if kid.get("/Type") == "/OBJR")
        assert str(annotation.A.URI) == CERTIFICATE.verify_url
        assert str(annotation.Contents) == "Vérifier l’attestation numéro 2027-7KQ4M9XWZT2"


@pytest.mark.parametrize(("level", "words"), [(1, "1 arobase sur 5"), (5, "5 arobases sur 5")])
def test_arobases_are_said_in_words(level, words):
    alternative = alternatives(certificate.render(replace(CERTIFICATE, level=level)))[0]
    assert re.sub(r"\s", " ", alternative) == words


def test_territory_is_the_main_heading():
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        assert [str(e.S) for e in elements(pdf) if str(e.S).startswith("/H")] == ["/H1"]
        assert "Lormont" in str(pdf.docinfo["/Title"])


def test_demonstration_is_said_in_the_title():
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        assert "résultat simulé, sans valeur" in str(pdf.docinfo["/Title"])


def test_real_certificate_does_not_speak_of_demonstration():
    with pikepdf.open(BytesIO(certificate.render(replace(CERTIFICATE, simulated=False)))) as pdf:
        assert "monstration" not in str(pdf.docinfo["/Title"])


def test_date_of_the_file_is_the_decision():
    with pikepdf.open(BytesIO(certificate.render(CERTIFICATE))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20271112")


@pytest.mark.parametrize(
    "fault", [{"level": 0}, {"level": 6}, {"kind": "région"}, {"signatories": (Signatory("Le jury"),) * 4}]
)
def test_impossible_data_is_refused(fault):
    with pytest.raises(ValueError, match=r"level|kind|room"):
        replace(CERTIFICATE, **fault)
