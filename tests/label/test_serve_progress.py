"""What `manage.py serve` says of the work that is left."""

import io

import pytest

from label.management.commands import serve
from outbox import jobs
from outbox.models import Job, JobState

pytestmark = pytest.mark.django_db


def done(key):
    Job.objects.filter(key=key).update(state=JobState.DONE, finished_at="2027-01-01T00:00Z")


def test_everything_is_said_to_be_in_place_once_and_before_what_comes_last(monkeypatch, settings):
    # The test's own connection has to outlive the call.
    monkeypatch.setattr(serve.connection, "close", lambda: None)
    settings.INSTANCE = {**settings.INSTANCE, "demo": False}
    output = io.StringIO()
    command = serve.Command(stdout=output)
    jobs.named("certificate.make").schedule(certificate=1)
    jobs.named("report.make").schedule(report=1)

    for key in (None, "certificate:1", "report:1"):
        done(key)
        command._show_progress()
        command._show_progress()

    said = " ".join(output.getvalue().split())
    left = "report.make: 1 left"
    assert said == f"certificate.make: 1 left Everything is in place. Still to come, while it runs: {left}"
