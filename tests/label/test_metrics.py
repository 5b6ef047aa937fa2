from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from label import metrics
from outbox.jobs import mail
from outbox.models import Job, JobState
from tests import work
from tests.label.test_health import refuse

pytestmark = pytest.mark.django_db
TOKEN = "a token of the monitor"


def read(text):
    """Each sample by its name and its labels."""
    families = text_string_to_metric_families(text)
    return {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}


def told():
    return read(metrics.written().decode())


def test_request_is_counted_by_route_and_status(client):
    key = ("arobase_requests_total", "200", "GET", "accessibility")
    before = told().get(key, 0)

    client.get("/accessibilite/")

    assert told()[key] == before + 1
    assert told()["arobase_request_seconds_count", "accessibility"] >= 1


def test_work_is_told_by_kind_and_age():
    work.kind().schedule(key="due", due_at=timezone.now() - timedelta(hours=1))
    work.kind().schedule(key="later", due_at=timezone.now() + timedelta(hours=1))
    work.kind().schedule(key="dead")
    Job.objects.filter(key__contains="dead").update(state=JobState.DEAD, finished_at=timezone.now())

    samples, kind = told(), work.kind().name
    assert {state: samples["arobase_jobs", *sorted((kind, state))] for state in ("due", "later", "dead")} == {
        "due": 1,
        "later": 1,
        "dead": 1,
    }
    assert samples["arobase_job_oldest_seconds", kind] >= 3600


def test_mails_are_told_by_state():
    mail.queue(key="a", to="a@x.example", subject="", text="")

    assert told()["arobase_mails", "todo"] == 1


def test_connections_to_the_database_are_told_with_their_bound():
    samples = told()

    assert 0 < samples["arobase_database_connections",] < samples["arobase_database_connections_max",]


def test_parts_are_told_as_their_page_says(settings):
    settings.SCAN_COMMAND = "no-such-program"

    samples = told()
    assert (samples["arobase_up", "database"], samples["arobase_up", "antivirus"]) == (1, 0)


def test_database_that_is_away_is_told():
    with connection.execute_wrapper(refuse):
        samples = told()

    assert samples["arobase_up", "database"] == 0


def test_monitor_reads_them(client, settings):
    settings.MONITOR_TOKEN = TOKEN

    answer = client.get("/sante/mesures/", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert ("arobase_up", "database") in read(answer.content.decode())


@pytest.mark.parametrize("given", ["", "another"])
def test_nobody_else_reads_them(client, settings, given):
    settings.MONITOR_TOKEN = TOKEN

    assert client.get("/sante/mesures/", headers={"Authorization": f"Bearer {given}"}).status_code == 302
