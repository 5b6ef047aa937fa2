"""Files that a commune shows to the public: only those that it named, cleaned, and gone as soon as it says so."""

from io import BytesIO

import pytest
from PIL import Image

from accounts.models import AuditEntry
from assessments import actions as territory
from assessments.jobs import pictures
from assessments.models import Evidence, EvidenceUse
from outbox.doors import files
from outbox.models import StoredFile
from results.jobs.copies import copy_of
from tests.documents.test_conversion import camera

pytestmark = pytest.mark.django_db

PAGE = "/annuaire/01901/"


def join(file, *questions, content=None, content_type="image/jpeg", name="photo.jpg", public=True):
    stored = files.store(content or camera(), content_type=content_type)
    piece = Evidence.objects.create(application=file, title="L’atelier", file=stored, file_name=name, public=public)
    EvidenceUse.objects.bulk_create(EvidenceUse(evidence=piece, question_id=question) for question in questions)
    return piece


@pytest.fixture
def shown(make_file, aubaine, publish, announce, run_jobs):
    """A photograph beside INC-01, announced."""
    piece = join(make_file(aubaine), "INC-01")
    pictures.schedule_cleaning(piece)
    run_jobs("evidence.clean")
    publish()
    announce()
    piece.refresh_from_db()
    return piece


def address(piece):
    return f"{PAGE}2027/preuves/{piece.pk}/"


def test_the_public_gets_a_copy_without_place_nor_camera(shown, client):
    assert f"{address(shown)}" in client.get(PAGE).text

    response = client.get(address(shown))

    content = b"".join(response.streaming_content)
    assert dict(Image.open(BytesIO(content)).getexif()) == {}
    assert response.headers["Content-Disposition"].endswith('filename="photo.jpg"')
    assert response.headers["Cache-Control"] == "private, no-store"


def test_before_the_announcement_nothing_is_shown(make_file, aubaine, publish, run_jobs, client):
    piece = join(make_file(aubaine), "INC-01")
    pictures.schedule_cleaning(piece)
    run_jobs("evidence.clean")
    publish()

    assert client.get(address(piece)).status_code == 404


def test_a_file_that_is_not_cleaned_is_not_named(make_file, aubaine):
    file = make_file(aubaine)
    join(file, "INC-01")

    assert "preuves" not in str(copy_of(application=file, decision=file.decisions.get())["lines"])


@pytest.mark.parametrize(("questions", "public"), [(["INC-01", "SOV-02"], True), (["INC-01"], False)])
def test_a_file_that_proves_a_confidential_answer_or_is_for_the_jury_is_not_named(
    make_file, aubaine, questions, public, run_jobs
):
    file = make_file(aubaine)
    piece = join(file, *questions, public=public)
    Evidence.objects.filter(pk=piece.pk).update(cleaned=piece.file)

    assert "preuves" not in str(copy_of(application=file, decision=file.decisions.get())["lines"])


def test_the_commune_takes_it_out_at_once_and_the_trail_says_so(shown, client, signatory, sign_in, run_jobs):
    cleaned = shown.cleaned
    client.get(PAGE)

    response = sign_in(signatory).post(f"/dossiers/01901/2027/preuves/{shown.pk}/cacher/")

    assert response.headers["Location"] == "/dossiers/01901/2027/preuves/"
    assert client.get(address(shown)).status_code == 404
    assert address(shown) not in client.get(PAGE).text
    assert {"evidence.withheld", "result.proof_withheld"} <= set(AuditEntry.objects.values_list("verb", flat=True))
    run_jobs("evidence.clean", "file.erase")
    assert not StoredFile.objects.filter(pk=cleaned.pk).exists()
    assert files.read(Evidence.objects.get(pk=shown.pk).file) == camera()


def test_a_link_is_taken_out_as_well(make_file, aubaine, publish, announce, client, signatory, sign_in):
    file = make_file(aubaine)
    piece = Evidence.objects.create(application=file, title="L’aide", url="https://aubaine.example/aide", public=True)
    piece.uses.create(question_id="INC-01")
    publish()
    announce()
    assert piece.url in client.get(PAGE).text

    sign_in(signatory).post(f"/dossiers/01901/2027/preuves/{piece.pk}/cacher/")

    assert piece.url not in client.get(PAGE).text


@pytest.mark.parametrize("person", ["reader", "stranger", "organiser"])
def test_others_take_nothing_out(shown, person, request, client, sign_in):
    who = sign_in(request.getfixturevalue(person))

    assert who.post(f"/dossiers/01901/2027/preuves/{shown.pk}/cacher/").status_code in (403, 404)
    response = client.get(address(shown))
    response.close()
    assert response.status_code == 200


def test_withheld_twice_is_harmless(shown, signatory, sign_in):
    client = sign_in(signatory)
    for _time in range(2):
        assert client.post(f"/dossiers/01901/2027/preuves/{shown.pk}/cacher/").status_code == 302


def test_a_file_published_while_it_is_withheld_keeps_no_copy(shown, signatory, run_jobs):
    territory.withhold_evidence(evidence=shown, by=signatory)
    run_jobs("evidence.clean")

    shown.refresh_from_db()
    assert (shown.public, shown.cleaned) == (False, None)
