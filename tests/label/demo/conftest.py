"""A whole demonstration of a few files, built once by the jobs themselves."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from label.demo import sample, season
from label.demo.files import Fate
from outbox import jobs
from outbox.models import Job, JobState


def work():
    """Everything that is asked for, in order, as one worker would; what is due much later stays."""
    for _job in range(1_000):
        job = jobs.waiting(now=season.timezone.now()).order_by("due_at", "pk").first()
        if job is None:
            return
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE, job.error


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """Rows of two seasons, of 17 and 18 files; each test sees them as they were built."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(INSTANCE={**settings.INSTANCE, "demo": True}),
        transaction.atomic(),
    ):
        patch.setattr(sample, "FILES_BY_BAND", dict.fromkeys(sample.FILES_BY_BAND, 2))
        patch.setattr(sample, "FILES_OF_EPCI", 2)
        patch.setattr(season, "FATES", {**dict.fromkeys(Fate, 2), Fate.SUBMITTED: 0})
        season.begin()
        work()
        yield Job.objects
        transaction.set_rollback(True)
