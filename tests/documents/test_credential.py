import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError
from PIL import Image
from pyld import jsonld

from documents import credential, emblem, vectors
from documents.credential import Award
from documents.issuer import Issuer
from tests.documents.test_emblem import DATA as EMBLEM

SITE = "https://arobase.example"
ISSUER = Issuer(SITE, "L’association organisatrice", "contact@arobase.example")
LIST = f"{SITE}/api/v1/status-lists/0/"
NOW = datetime(2025, 11, 12, 9, 30, tzinfo=UTC)
AWARD = Award(
    address=f"{SITE}/verifier/2027-7KQ4M9XWZT2/justificatif.json",
    label_name="Arobase",
    year=2027,
    level=3,
    meaning="Elle mène une politique numérique suivie.",
    criteria_address=f"{SITE}/methode/",
    image_address=f"{SITE}/verifier/2027-7KQ4M9XWZT2/justificatif.png",
    territory_address=f"{SITE}/annuaire/01901/",
    territory_name="Aubaine-l’Œuvre",
    territory_code="01901",
    code_name="insee",
    decided_on=date(2025, 11, 3),
    issued_at=NOW,
    status_list=LIST,
    status_index=5,
    simulated=False,
)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return credential.signing_key(tmp_path_factory.mktemp("keys") / "credential.key")


def web(key, *, revoked=(), others=()):
    """What the world reads of us: the keys, and the list."""
    pages = {
        f"{SITE}/.well-known/did.json": ISSUER.document([*others, credential.multikey(key)]),
        LIST: credential.status_list(LIST, revoked, ISSUER, key, NOW),
    }
    return lambda address: credential.written(pages[address])


def verify(document, download):
    """By a library that did not make it. Its own check of a list is for another kind of proof: see below."""
    verifier = OB3LdpVerifier.for_issuer_did(ISSUER.did)
    return verifier.verify(document, check_status=True, download=download, verify_status_list=False)


def issue(key, award=AWARD):
    return credential.written(credential.issue(award, ISSUER, key))


def test_credential_is_verified_by_another_library(key):
    found = verify(issue(key), web(key))

    assert (found.issuer.id, found.achievement.name) == ("did:web:arobase.example", AWARD.name)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("3\u00a0arobases", "5\u00a0arobases"),
        ("Aubaine-l’Œuvre", "Beaupré"),
        ("2025-11-12T09", "2024-11-12T09"),
        ('"statusListIndex": "5"', '"statusListIndex": "6"'),
    ],
)
def test_changed_credential_is_refused(key, said, changed):
    document = issue(key).decode()
    assert said in document

    with pytest.raises(OB3VerificationError):
        verify(document.replace(said, changed), web(key))


def test_withdrawn_credential_is_refused(key):
    with pytest.raises(OB3VerificationError, match="revocation"):
        verify(issue(key), web(key, revoked=[5]))


def test_another_withdrawn_changes_nothing(key):
    verify(issue(key), web(key, revoked=[4, 6, 131_071]))


@pytest.mark.parametrize("revoked", [[], [0, 5, 131_071]])
def test_list_is_verified_by_another_library(key, revoked):
    signed = json.loads(web(key, revoked=revoked)(LIST))
    public = resolve_verification_method(signed["proof"]["verificationMethod"], web(key))

    verify_data_integrity_proof(signed, public)
    signed["credentialSubject"]["encodedList"] = json.loads(web(key, revoked=[7])(LIST))["credentialSubject"][
        "encodedList"
    ]
    with pytest.raises(LibOpenBadgesException):
        verify_data_integrity_proof(signed, public)


def test_credential_of_an_old_key_stands_after_a_new_one(key, tmp_path):
    new = credential.signing_key(tmp_path / "credential.key")

    verify(issue(key), web(new, others=[credential.multikey(key)]))


def test_key_that_is_not_ours_is_refused(key, tmp_path):
    stranger = credential.signing_key(tmp_path / "credential.key")

    with pytest.raises(OB3VerificationError):
        verify(issue(stranger), web(key))


def test_same_award_gives_the_same_bytes(key):
    assert issue(key) == issue(key)


def test_simulated_award_says_so_in_what_is_signed(key):
    found = verify(issue(key, replace(AWARD, simulated=True)), web(key))

    assert "démonstration sans valeur" in found.achievement.name


def test_nothing_is_fetched(key):
    with pytest.raises(jsonld.JsonLdError):
        credential.signed({"@context": ["https://www.w3.org/2018/credentials/v1"], "id": SITE}, ISSUER, key, NOW)


def test_context_that_changed_is_refused(monkeypatch):
    monkeypatch.setitem(credential.CONTEXTS, credential.VC, ("credentials-v2.json", "0" * 64))
    credential._context.cache_clear()

    with pytest.raises(ValueError, match="not the context that was pinned"):
        credential._context(credential.VC)


def test_port_of_a_local_address_is_written_as_did_web_wants():
    assert Issuer("http://127.0.0.1:8000", "", "").did == "did:web:127.0.0.1%3A8000"


def test_png_carries_the_credential(key):
    plain = vectors.png(emblem.logo(EMBLEM, emblem.LOGO_INKS["couleur"]), 60)
    baked = Image.open(BytesIO(credential.bake_png(plain, issue(key))))

    baked.load()
    assert baked.text == {"openbadgecredential": issue(key).decode()}
    assert baked.tobytes() == Image.open(BytesIO(plain)).tobytes()


def test_svg_carries_the_credential(key):
    plain = vectors.svg(emblem.logo(EMBLEM, emblem.LOGO_INKS["couleur"]), EMBLEM.sentence)
    baked = ElementTree.fromstring(credential.bake_svg(plain, issue(key)))

    assert baked.findtext("{https://purl.imsglobal.org/ob/v3p0}credential") == issue(key).decode()


def test_key_is_for_its_owner_alone(tmp_path):
    credential.signing_key(tmp_path / "keys" / "credential.key")

    assert stat.S_IMODE((tmp_path / "keys" / "credential.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["credential.key"]


def test_processes_at_once_get_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = pool.map(lambda _: credential.multikey(credential.signing_key(tmp_path / "credential.key")), range(8))

    assert len(set(keys)) == 1
