"""What the clock asks for, and when it does not yet."""

import pytest
from django.utils import timezone

from outbox.models import Job, JobState
from results import tasks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "kind"), [(tasks.refresh_cards, "card.make"), (tasks.refresh_data, "data.release")])
@pytest.mark.parametrize("before", ["certificate.make", "report.make", "benchmark.publish"])
def test_what_the_public_sees_comes_after_the_papers_of_communes(published, asked, kind, before):
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
    Job.objects.filter(kind=before).update(state=JobState.TODO, finished_at=None)
    asked()
    assert not Job.objects.filter(kind=kind).exists()

    Job.objects.filter(kind=before).update(state=JobState.DONE, finished_at=timezone.now())
    asked()
    assert Job.objects.filter(kind=kind, state=JobState.TODO).exists()
