"""A publication while there is no room for a file: the results are there, their papers wait and are made later."""

import pytest

from outbox import jobs
from outbox.models import Job, JobState
from results import actions
from results.models import Certificate, PublishedResult
from tests import disk

pytestmark = [pytest.mark.trial, pytest.mark.both, pytest.mark.django_db(transaction=True)]


@disk.ways
def test_papers_wait_for_room(way, make_file, aubaine, edition, organiser, now, settings, run_jobs):
    make_file(aubaine)
    actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)
    with disk.mounted() as place:
        settings.MEDIA_ROOT = place / "files"
        settings.MEDIA_ROOT.mkdir()
        with way(place):
            run_jobs("edition.publish")
            paper = Job.objects.get(kind="certificate.make")
            jobs.run(paper.pk)
            paper.refresh_from_db()
            assert PublishedResult.objects.count() == 1
            assert (paper.state, paper.failures, paper.lease_until) == (JobState.TODO, 1, None)
            assert Certificate.objects.get().file is None
            assert disk.names(settings.MEDIA_ROOT) == []

        Job.objects.filter(pk=paper.pk).update(due_at=now)
        run_jobs("certificate.make")
        assert disk.names(settings.MEDIA_ROOT) == [Certificate.objects.get().file.sha256]
