import subprocess
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate

from documents import authority, certificate, seal
from documents.seal import Level
from tests.documents.samples import CERTIFICATE
from tests.documents.seals import ADDRESS, NOW, sealed, sealer
from tests.documents.structure import faults

PAPER = certificate.render(CERTIFICATE)


@pytest.mark.parametrize("level", Level)
def test_sealed_paper_keeps_the_rules_of_structure(level, tmp_path):
    assert faults(sealed(PAPER, sealer(tmp_path, level))) == []


def test_seal_is_an_incremental_update(tmp_path):
    assert sealed(PAPER, sealer(tmp_path)).startswith(PAPER)


def test_seal_certifies_that_nothing_may_change(tmp_path):
    with pikepdf.open(BytesIO(sealed(PAPER, sealer(tmp_path)))) as pdf:
        signature = pdf.Root.Perms.DocMDP
        assert signature.Reference[0].TransformParams.P == 1
        assert str(signature.ContactInfo) == ADDRESS
        assert signature.SubFilter == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("level", Level)
def test_sealed_paper_stays_of_the_version_that_its_claims_rest_on(level, tmp_path):
    """PDF/A-2 and PDF/UA-1 are subsets of PDF 1.7: neither a later version nor an extension of one in the catalogue."""
    with pikepdf.open(BytesIO(sealed(PAPER, sealer(tmp_path, level)))) as pdf:
        assert pdf.pdf_version == "1.7"
        assert str(pdf.Root.get("/Version", "/1.7")) == "/1.7"
        extensions = pdf.Root.get("/Extensions", {})
        assert [name for name, each in extensions.items() if str(each.BaseVersion) != "/1.7"] == []


def test_field_has_a_name_for_people(tmp_path):
    with pikepdf.open(BytesIO(sealed(PAPER, sealer(tmp_path)))) as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].TU) == "Cachet électronique du label"


@pytest.mark.parametrize("level", [Level.LONG_TERM, Level.ARCHIVED])
def test_long_term_levels_carry_their_proofs(level, tmp_path):
    with pikepdf.open(BytesIO(sealed(PAPER, sealer(tmp_path, level)))) as pdf:
        assert len(pdf.Root.DSS.CRLs) >= 1
        assert len(pdf.Root.DSS.Certs) >= 2


def test_level_above_basic_needs_a_time_stamp(tmp_path):
    basic = sealer(tmp_path)
    with pytest.raises(ValueError, match="time stamp"):
        seal.Sealer(basic.signer, Level.TIMESTAMPED)


def test_real_certificate_comes_from_a_pkcs12_file(tmp_path):
    made = authority.demonstration(tmp_path / "seal", "L’organisateur", NOW)
    key = serialization.load_pem_private_key(made.key.read_bytes(), None)
    encryption = serialization.BestAvailableEncryption(b"secret")
    archive = tmp_path / "seal.p12"
    issued = load_pem_x509_certificate(made.certificate.read_bytes())
    archive.write_bytes(pkcs12.serialize_key_and_certificates(b"cachet", key, issued, None, encryption))
    from_file = seal.from_pkcs12(archive, b"secret", roots=seal.certificates(made.root))
    assert sealed(PAPER, from_file).startswith(PAPER)


@pytest.mark.parametrize("level", [Level.BASIC, Level.TIMESTAMPED])
def test_pdfsig_calls_the_whole_file_signed(level, tmp_path):
    (tmp_path / "c.pdf").write_bytes(sealed(PAPER, sealer(tmp_path, level)))
    said = subprocess.run(["pdfsig", tmp_path / "c.pdf"], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Not total" not in said


@pytest.mark.parametrize("level", Level)
def test_qpdf_finds_no_fault_in_a_sealed_paper(level, tmp_path):
    (tmp_path / "c.pdf").write_bytes(sealed(PAPER, sealer(tmp_path, level)))
    said = subprocess.run(["qpdf", "--check", tmp_path / "c.pdf"], capture_output=True, text=True, check=True).stdout
    assert "No syntax or stream encoding errors" in said
