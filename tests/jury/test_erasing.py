"""A piece that its commune takes back: its bytes and what was drawn of them go, its digest and the jury's word stay."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments import actions as territory
from assessments.models import Evidence
from documents.pages import Page, Pages
from jury import actions
from jury.jobs import previews
from jury.models import Preview, Ruling
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, StoredFile
from tests import season
from tests.documents.test_pages import picture
from tests.jury.test_previews import attach

CONTENT = picture((40, 30))


@pytest.fixture
def judged(in_reading, jeanne, now):
    """Drawn, refused by the jury, then open to the commune again."""
    piece = attach(in_reading, CONTENT)
    previews.keep(piece, Pages((Page(picture((4, 3)), 4, 3),), total=1))
    actions.rule(application=in_reading, on=piece, accepted=False, reason="Illisible.", by=jeanne, now=now)
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-02"], now=now)
    piece.application = in_reading
    return piece


def erase(piece):
    jobs.run(Job.objects.get(key=f"erase:{piece.pk}").pk)
    season.work("file.erase")


def addresses(piece):
    """Each address that has a number of the piece."""
    return [
        reverse("assessments:download_evidence", args=["01901", 2027, piece.pk]),
        reverse("assessments:thumbnail", args=["01901", 2027, piece.pk]),
        reverse("jury:evidence", args=["01901", 2027, piece.pk]),
        reverse("jury:pages", args=["01901", 2027, piece.pk]),
        reverse("jury:page", args=["01901", 2027, piece.pk, 1]),
    ]


def test_nobody_reads_it_by_its_number_from_the_moment_it_is_taken_back(
    judged, signatory, jeanne, chair, organiser, sign_in, now
):
    territory.remove_evidence(evidence=judged, by=signatory, now=now)

    for person in (signatory, jeanne.user, chair.user, organiser):
        client = sign_in(person)
        assert {client.get(address).status_code for address in addresses(judged)} == {404}


def test_bytes_and_pages_leave_the_store_and_the_database(judged, signatory, now):
    held = [judged.file.sha256, Preview.objects.get().pages.get().file.sha256]
    territory.remove_evidence(evidence=judged, by=signatory, now=now)

    erase(judged)

    assert not Preview.objects.exists()
    assert not StoredFile.objects.filter(sha256__in=held).exists()
    assert [default_storage.exists(files.path_of(sha256)) for sha256 in held] == [False, False]


def test_its_digest_and_the_ruling_stay(judged, signatory, now):
    territory.remove_evidence(evidence=judged, by=signatory, now=now)

    erase(judged)

    row = Evidence.objects.get(pk=judged.pk)
    assert (row.title, row.file_name, row.digest) == ("Le plan", "plan.png", hashlib.sha256(CONTENT).hexdigest())
    assert Ruling.objects.get(evidence=row).reason == "Illisible."


def test_a_replaced_piece_is_erased_as_well(judged, signatory, now):
    territory.replace_evidence(evidence=judged, title="", url="https://a.example/", by=signatory, now=now)

    erase(judged)

    assert not default_storage.exists(files.path_of(hashlib.sha256(CONTENT).hexdigest()))


def test_what_another_piece_still_holds_stays_readable(judged, other, signatory, now):
    same = attach(other, CONTENT)
    territory.remove_evidence(evidence=judged, by=signatory, now=now)

    erase(judged)

    assert files.read(Evidence.objects.get(pk=same.pk).file) == CONTENT


def test_erasing_twice_is_harmless(judged, signatory, now):
    territory.remove_evidence(evidence=judged, by=signatory, now=now)
    for _time in range(2):
        Job.objects.filter(key=f"erase:{judged.pk}").update(state="todo", finished_at=None, lease_until=None)
        erase(judged)

    assert Evidence.objects.get(pk=judged.pk).digest == hashlib.sha256(CONTENT).hexdigest()


def test_a_piece_that_stands_is_never_erased(judged):
    jobs.named("evidence.erase").schedule(evidence=judged.pk)

    erase(judged)

    assert files.read(Evidence.objects.get(pk=judged.pk).file) == CONTENT


def test_pages_drawn_too_late_are_not_kept(judged, signatory, now):
    Preview.objects.all().delete()
    territory.remove_evidence(evidence=judged, by=signatory, now=now)

    assert previews.keep(judged, Pages((Page(b"late", 4, 3),), total=1)) is None
    assert not StoredFile.objects.filter(sha256=hashlib.sha256(b"late").hexdigest()).exists()
