import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from outbox import jobs
from outbox.doors import files
from outbox.models import Job, JobState, StoredFile
from results import actions
from results.jobs import credentials
from results.models import Credential, CredentialKey, PublishedResult
from tests.results.test_publication import uphold

pytestmark = pytest.mark.django_db

SITE = "https://label.example"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR, settings.SITE_URL = tmp_path / "keys", SITE
    return settings.KEYS_DIR


@pytest.fixture
def made(published, run_jobs):
    run_jobs("credential.issue", "credential.status")
    return Credential.objects.get()


@pytest.fixture
def verify(client):
    """`verify(document)` with what our own pages answer, and nothing else."""

    def download(address):
        assert address.startswith(SITE)
        answer = client.get(address.removeprefix(SITE))
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
        return b"".join(answer)

    def _verify(document):
        verifier = OB3LdpVerifier.for_issuer_did("did:web:label.example")
        return verifier.verify(document, check_status=True, download=download, verify_status_list=False)

    return _verify


def fetch(client, number, kind="json"):
    return b"".join(client.get(f"/verifier/{number}/justificatif.{kind}"))


def test_credential_is_verified_from_our_pages_alone(client, made, published, verify):
    found = verify(fetch(client, published.certificate.number))

    assert found.achievement.name.startswith("Arobase 2027")
    assert found.issuer.id == client.get("/api/v1/issuer/").json()["id"]


def test_withdrawal_flips_the_status(client, made, published, verify, organiser, now, run_jobs):
    document = fetch(client, published.certificate.number)
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)
    run_jobs("credential.status")

    with pytest.raises(OB3VerificationError, match="revocation"):
        verify(document)
    page = client.get(f"/verifier/{published.certificate.number}/justificatif.json")
    assert page["Location"] == f"/verifier/{published.certificate.number}/"


def test_replacement_flips_the_status_of_the_old_one_alone(client, made, published, signatory, chair, verify, run_jobs):
    old = fetch(client, published.certificate.number)
    jobs.run(uphold(published.application, signatory, chair).pk)
    run_jobs("credential.issue", "credential.status")

    published.refresh_from_db()
    verify(fetch(client, published.replaced_by.certificate.number))
    with pytest.raises(OB3VerificationError, match="revocation"):
        verify(old)


def test_withdrawal_before_the_announcement_is_told_after_it(published, edition, organiser, now, run_jobs, announce):
    edition.results_at = now.replace(year=now.year + 1)
    edition.save(update_fields=["results_at"])
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)
    run_jobs("credential.issue", "credential.status")
    place = published.certificate.pk % credentials.LIST_LENGTH

    assert credentials.ended_indexes(0, now) == []
    announce()
    Job.objects.filter(kind="edition.announce").update(due_at=now)
    assert "credential.status" in run_jobs("edition.announce", "credential.status")
    assert credentials.ended_indexes(0, timezone.now()) == [place]


def test_images_carry_the_same_credential(client, made, published):
    document = fetch(client, published.certificate.number)

    assert document in fetch(client, published.certificate.number, "png")
    assert json.loads(document)["proof"]["proofValue"].encode() in fetch(client, published.certificate.number, "svg")


def test_issue_twice_keeps_the_same_files(made, run_jobs):
    before = set(StoredFile.objects.all())
    Job.objects.filter(kind="credential.issue").update(state=JobState.TODO, finished_at=None, lease_until=None)
    run_jobs("credential.issue")

    assert (Credential.objects.get(), set(StoredFile.objects.all())) == (made, before)


def test_old_keys_are_shown_after_a_new_one(client, made, published, verify, keys):
    document = files.read(made.json)
    (keys / "credential.key").unlink()
    jobs.run(credentials._list_again(0, because="test").pk)

    assert CredentialKey.objects.count() == 2
    assert len(client.get("/.well-known/did.json").json()["verificationMethod"]) == 2
    verify(document)


def test_stolen_key_is_believed_no_more_and_all_is_signed_again(client, made, published, verify, run_jobs):
    stolen = files.read(made.json)
    call_command("replace_stolen_key", stdout=StringIO())

    assert set(run_jobs("credential.issue", "credential.status")) == {"credential.issue", "credential.status"}
    verify(fetch(client, published.certificate.number))
    with pytest.raises(OB3VerificationError):
        verify(stolen)


def test_key_that_never_signed_is_not_forgotten(made):
    with pytest.raises(CommandError, match="n’a rien signé"):
        call_command("replace_stolen_key", "z6Mkother")


def test_credential_being_made_says_so(client, published):
    answer = client.get(f"/verifier/{published.certificate.number}/justificatif.json")

    assert answer.status_code == 409
    assert "en cours de fabrication" in answer.content.decode()


def test_other_files_are_unknown(client, made, published):
    assert client.get(f"/verifier/{published.certificate.number}/justificatif.exe").status_code == 404
    assert client.get("/api/v1/status-lists/7/").status_code == 404


def test_simulated_result_says_so(made, published):
    PublishedResult.objects.update(simulated=True)
    published.certificate.refresh_from_db()

    assert "démonstration sans valeur" in credentials.award(published.certificate).name
