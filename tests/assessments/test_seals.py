import shutil
import stat
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pytest
from asn1crypto import pem, tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from assessments.doors import seals
from documents import authority, certificate, seal
from documents.seal import Level
from documents.verify import Answer, Entry, verify
from tests.documents.samples import CERTIFICATE
from tests.documents.seals import time_stamper

ADDRESS = "https://arobase.example/verifier/2027-7KQ4M9XWZT2/"
PAPER = certificate.render(CERTIFICATE)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def apply():
    return seals.apply(PAPER, address=ADDRESS, reason="Attestation 2027-7KQ4M9XWZT2")


def answer(pdf):
    entries = {ADDRESS: Entry("2027-7KQ4M9XWZT2")}
    return verify(
        pdf, by_digest=lambda _: None, by_address=entries.get, roots=seals.roots(), now=datetime.now(UTC)
    ).answer


@contextmanager
def stamping_service(folder):
    """A time-stamping authority over HTTP: its address, and its certificate as a file."""
    stamper = time_stamper()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            given = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(given)

        def log_message(self, *_):
            """Say nothing."""

    root = folder / "tsa.pem"
    root.write_bytes(pem.armor("CERTIFICATE", stamper.tsa_cert.dump()))
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", root
        server.shutdown()
        thread.join()


def test_first_seal_makes_a_demonstration_authority(keys):
    assert answer(apply().pdf) == Answer.IN_FORCE
    assert stat.S_IMODE((keys / "seal" / "seal.key").stat().st_mode) == 0o600


def test_seal_names_the_one_who_seals():
    assert apply().by == "Cachet de démonstration, sans valeur (l’association organisatrice)"


def test_second_seal_is_another_by_the_same_authority():
    assert apply().pdf != apply().pdf
    assert len(seals.roots()) == 1


@pytest.mark.parametrize("level", [level for level in Level if level != Level.BASIC])
def test_time_stamp_comes_from_the_service_of_the_settings(level, settings, tmp_path):
    with stamping_service(tmp_path) as (url, root):
        settings.SEAL_LEVEL, settings.SEAL_TIMESTAMP_URL, settings.SEAL_ROOTS = level, url, [str(root)]
        sealed = apply().pdf

    signature = PdfFileReader(BytesIO(sealed)).embedded_regular_signatures[0]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=list(seals.roots()), allow_fetching=False))
    assert (status.bottom_line, status.timestamp_validity.valid) == (True, True)
    assert answer(sealed) == Answer.IN_FORCE


def make_pkcs12(folder, since=None):
    """Another authority's key and certificate in one file, and its root."""
    made = authority.demonstration(folder / "real", "L’association", since or datetime.now(UTC))
    key = serialization.load_pem_private_key(made.key.read_bytes(), None)
    issued = load_pem_x509_certificate(made.certificate.read_bytes())
    encryption = serialization.BestAvailableEncryption("mot de passe é".encode())
    archive = folder / "seal.p12"
    archive.write_bytes(pkcs12.serialize_key_and_certificates(b"cachet", key, issued, None, encryption))
    return archive, made.root


def test_real_certificate_comes_from_the_settings(settings, keys, tmp_path):
    archive, root = make_pkcs12(tmp_path)
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE, settings.SEAL_ROOTS = str(archive), "mot de passe é", [str(root)]

    sealed = apply()

    assert (sealed.by.endswith("(L’association)"), answer(sealed.pdf)) == (True, Answer.IN_FORCE)
    assert not keys.exists()


def test_wrong_passphrase_seals_nothing(settings, tmp_path):
    archive, _root = make_pkcs12(tmp_path)
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE = str(archive), "faux"

    with pytest.raises(ValueError, match="PKCS#12"):
        apply()


def test_any_signer_of_the_toolkit_comes_from_the_settings(settings, tmp_path, monkeypatch):
    made = authority.demonstration(tmp_path / "remote", "Un service distant", datetime.now(UTC))
    monkeypatch.setattr(f"{__name__}.signer", lambda: seal.from_authority(made).signer, raising=False)
    settings.SEAL_SIGNER, settings.SEAL_ROOTS = f"{__name__}.signer", [str(made.root)]

    sealed = apply()

    assert (sealed.by.endswith("(Un service distant)"), answer(sealed.pdf)) == (True, Answer.IN_FORCE)


def test_old_papers_stand_after_the_key_was_changed(keys):
    old = apply().pdf
    # As docs/seals.md says.
    (keys / "seal").rename(keys / "seal-2027")
    (keys / "seal-2027" / "seal.key").unlink()
    new = apply().pdf

    assert [answer(old), answer(new)] == [Answer.IN_FORCE, Answer.IN_FORCE]


def test_authority_no_longer_trusted_proves_nothing(keys):
    old = apply().pdf
    shutil.rmtree(keys / "seal")
    apply()

    assert answer(old) == Answer.ALTERED


def test_address_of_a_paper_names_its_row():
    assert seals.paper_at(seals.paper("receipt", 12)) == ("receipt", 12)


@pytest.mark.parametrize(
    "change", [lambda said: said.replace(":12:", ":13:"), lambda said: said.partition("#")[0], str.upper]
)
def test_address_of_a_paper_that_we_did_not_write_names_nothing(change):
    assert seals.paper_at(change(seals.paper("receipt", 12))) is None
