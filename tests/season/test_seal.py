"""The organiser learns from a page which seal papers bear, and what lacks; the key stays with workers."""

from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
import yaml

from assessments.doors import seals
from instance import queries
from instance.models import Instance
from season.actions.settings import try_seal
from tests.assessments.test_seals import PAPER, make_pkcs12
from tests.season import work

pytestmark = pytest.mark.django_db
PAGE, START = "/organisation/reglages/cachet/", "/organisation/demarrage/"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def own(settings, tmp_path):
    """The settings of a bought certificate."""
    archive, root = make_pkcs12(tmp_path)
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE, settings.SEAL_ROOTS = str(archive), "mot de passe é", [str(root)]
    return settings


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def text(answer):
    return unescape(answer.content.decode())


def tried(page):
    """The page once a worker has tried."""
    page.post(PAGE)
    queries.forget()
    assert "Un essai est en cours" in text(page.get(PAGE))
    work("seal.trial")
    return text(page.get(PAGE))


def test_nothing_was_tried_yet(page):
    said = text(page.get(PAGE))

    assert "Le cachet n’a pas encore été essayé" in said
    assert "ne se pose pas" not in said


def test_demonstration_seal_is_tried_and_said_to_be_one(page):
    said = tried(page)

    assert "Cachet de démonstration, sans valeur" in said
    assert "cachet fabriqué par ce site" in said
    assert not queries.current().own_seal


def test_own_seal_is_named_with_its_end(page, own):
    said = tried(page)

    assert "Les documents portent le cachet de l’organisation" in said
    assert str(Instance.objects.get().seal_until.year) in said
    assert "cachet fabriqué par ce site" not in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SEAL_PKCS12": "/keys/absent.p12"}, "Le fichier /keys/absent.p12 est introuvable."),
        ({"SEAL_PASSPHRASE": "faux"}, "ne s’ouvre pas avec la phrase de SEAL_PASSPHRASE"),
        ({"SEAL_SIGNER": "absent.signer"}, "SEAL_SIGNER ne se charge pas"),
        ({"SEAL_ROOTS": ["/keys/racine.pem"]}, "Le fichier /keys/racine.pem est introuvable."),
    ],
)
def test_what_stops_the_seal_is_said_with_its_setting(page, own, wrong, words):
    for name, value in wrong.items():
        setattr(own, name, value)

    assert words in tried(page)
    assert not Instance.objects.get().seals


def test_certificate_that_ended_is_a_fault(page, own, tmp_path):
    archive, _root = make_pkcs12(tmp_path / "old", since=datetime(1990, 1, 1, tzinfo=UTC))
    own.SEAL_PKCS12 = str(archive)

    assert "n’est plus valable depuis le" in tried(page)


def test_step_of_the_first_start_is_done_by_a_trial_that_seals(page):
    assert "Pour l’instant un cachet fabriqué par ce site" in text(page.get(START))
    assert "Essayer le cachet" in text(page.get(START))

    tried(page)

    assert "Essayer le cachet" not in text(page.get(START))


def test_one_trial_at_a_time(page, organiser, now):
    try_seal(by=organiser, now=now)

    assert "Un essai du cachet est déjà demandé." in text(page.post(PAGE, follow=True))


def test_web_server_without_the_settings_says_what_the_worker_found(page, own):
    tried(page)
    own.SEAL_PKCS12 = ""
    queries.forget()

    assert "cachet fabriqué par ce site" not in text(page.get(START))


def test_worker_without_the_seal_that_was_found_seals_nothing(page, own):
    tried(page)
    own.SEAL_PKCS12 = ""

    with pytest.raises(LookupError, match="seal of its own"):
        seals.apply(PAPER, address="https://arobase.example/", reason="Attestation")


def test_trial_without_the_seal_goes_back_to_the_demonstration(page, own):
    tried(page)
    own.SEAL_PKCS12 = ""

    assert "cachet fabriqué par ce site" in tried(page)


def test_what_the_page_has_written_is_what_the_composition_reads(page):
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker-papers"]

    said = text(page.get(PAGE))

    assert (worker["environment"]["AROBASE_KEYS"], "keys:/keys" in worker["volumes"]) == ("/keys", True)
    assert ".env.worker" in [file["path"] for file in worker["env_file"]]
    assert [words in said for words in ("SEAL_PKCS12=/keys/", "worker-papers", ".env.worker")] == [True] * 3
