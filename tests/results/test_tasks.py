"""What the clock asks for, and when it does not yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Job, JobState
from results import tasks

pytestmark = pytest.mark.django_db


CLOCK = [(tasks.refresh_cards, "card.make"), (tasks.refresh_data, "data.release")]


def leave_due(kind, *, since=timedelta()):
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
    Job.objects.filter(kind=kind).update(
        state=JobState.TODO, finished_at=None, due_at=timezone.now() - since - timedelta(seconds=1)
    )


@pytest.mark.parametrize(("asked", "kind"), CLOCK)
@pytest.mark.parametrize("before", ["certificate.make", "credential.issue", "report.make", "benchmark.publish"])
def test_what_the_public_sees_comes_after_the_papers_of_communes(published, asked, kind, before):
    leave_due(before)
    asked()
    assert not Job.objects.filter(kind=kind).exists()

    Job.objects.filter(kind=before).update(state=JobState.DONE, finished_at=timezone.now())
    asked()
    assert Job.objects.filter(kind=kind, state=JobState.TODO).exists()


@pytest.mark.parametrize(("asked", "kind"), CLOCK)
@pytest.mark.parametrize(
    ("before", "since"),
    [("booklet.make", timedelta()), ("certificate.make", timedelta(hours=2))],
    ids=["other", "stuck"],
)
def test_what_the_public_sees_waits_for_no_other_work_and_not_for_ever(published, asked, kind, before, since):
    leave_due(before, since=since)
    asked()
    assert Job.objects.filter(kind=kind, state=JobState.TODO).exists()


def test_who_asks_for_open_data_meanwhile_is_told_when_to_come_back(published, client):
    leave_due("report.make")
    busy = client.get("/donnees/catalogue.jsonld")
    leave_due("booklet.make")
    calm = client.get("/donnees/catalogue.jsonld")

    assert [(answer.status_code, answer["Retry-After"]) for answer in (busy, calm)] == [(503, "300"), (503, "20")]
    assert "dans quelques minutes" in busy.content.decode()
    assert "dans 20 secondes" in calm.content.decode()
