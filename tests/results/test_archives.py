import io
import zipfile

import pytest

from accounts.refusals import NotAllowed, NotNow
from outbox.doors import files
from outbox.models import Job
from results import actions
from results.models import Archive, Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(make_file, aubaine, beaupre, publish, announce, run_jobs):
    """Both communes are published, their certificates made."""
    make_file(aubaine)
    make_file(beaupre, level=4)
    publish()
    announce()
    run_jobs("certificate.make")


@pytest.fixture
def pack(edition, organiser, now, run_jobs):
    def _pack():
        actions.ask_archive(edition=edition, by=organiser, now=now)
        run_jobs("edition.archive")
        stored = Archive.objects.select_related("file").latest("pk").file
        return zipfile.ZipFile(io.BytesIO(files.read(stored)))

    return _pack


def test_archive_holds_every_certificate_as_registered(two, pack):
    with pack() as packed:
        contents = [packed.read(name) for name in packed.namelist()]

    rows = Certificate.objects.select_related("file").order_by("result__territory__code")
    assert contents == [files.read(row.file) for row in rows]


def test_archive_says_how_far_it_is(two, pack):
    pack().close()
    job = Job.objects.get(kind="edition.archive")

    assert (job.done, job.total) == (2, 2)


def test_archive_again_is_the_same_file(two, pack):
    pack().close()
    pack().close()

    first, second = Archive.objects.all()
    assert first.file == second.file


def test_archive_leaves_a_withdrawn_result_out(two, pack, organiser, now):
    result = Certificate.objects.first().result
    actions.withdraw(result=result, reason="Fausse déclaration.", by=organiser, now=now)

    with pack() as packed:
        assert len(packed.namelist()) == 1


def test_archive_waits_for_every_certificate(published, edition, organiser, now):
    with pytest.raises(NotNow, match="pas encore toutes"):
        actions.ask_archive(edition=edition, by=organiser, now=now)


def test_archive_one_at_a_time(two, edition, organiser, now):
    actions.ask_archive(edition=edition, by=organiser, now=now)

    with pytest.raises(NotNow, match="en cours de fabrication"):
        actions.ask_archive(edition=edition, by=organiser, now=now)


def test_archive_needs_the_organiser(two, edition, agent, now):
    with pytest.raises(NotAllowed):
        actions.ask_archive(edition=edition, by=agent, now=now)


def test_page_leads_from_the_request_to_the_file(two, organiser, sign_in, run_jobs):
    client, address = sign_in(organiser), "/organisation/editions/2027/attestations.zip"
    page = client.post(address, follow=True).content.decode()
    assert "L’archive est en cours de fabrication" in page

    run_jobs("edition.archive")
    assert "Télécharger l’archive" in client.get("/organisation/editions/2027/publication/").content.decode()
    given = client.get(address)
    assert b"".join(given).startswith(b"PK")
