from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from label import health
from outbox import jobs
from outbox.jobs import heartbeat, mail
from outbox.models import Heartbeat, Job, JobState, Mail, Queue
from tests import disk, work

pytestmark = [pytest.mark.both, pytest.mark.django_db]
TOKEN = "a token of the monitor"


@pytest.fixture
def alive(settings, db):
    """Every worker and the beat were heard of, mails leave."""
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    for name in (*settings.WORKERS, "beat"):
        heartbeat.beat(name)


def part(name):
    return health.detail()["parts"][name]


def test_process_that_lives_says_so_without_a_database(client, settings):
    with connection.execute_wrapper(refuse):
        assert client.get("/sante/vivant/").status_code == 200


def refuse(*_):
    raise OperationalError("the server is gone")


def test_service_without_workers_serves(client):
    assert client.get("/sante/").status_code == 200


def test_service_without_its_database_does_not(client):
    with connection.execute_wrapper(refuse):
        assert client.get("/sante/").status_code == 503


@pytest.mark.parametrize("path", ["/sante/vivant/", "/sante/"])
def test_probe_asks_by_an_address_over_http(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get(path, headers={"Host": "10.0.0.7"})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_every_part_of_a_service_that_works_is_up(alive):
    parts = health.detail()["parts"]

    assert {name: said for name, said in parts.items() if said["state"] == health.DOWN} == {}
    assert health.detail()["status"] == health.UP


def test_worker_that_is_silent_is_down(alive):
    Heartbeat.objects.filter(name="papers").update(at=timezone.now() - heartbeat.SILENCE * 2)

    assert [part(f"worker {group}")["state"] for group in ("mail", "papers")] == ["up", "down"]


def test_queue_whose_work_nobody_takes_is_down(alive):
    work.kind(queue=Queue.BULK).schedule(key="old", due_at=timezone.now() - health.LATE * 2)

    assert (part("queue bulk")["state"], part("queue mail")["state"]) == ("down", "up")
    assert part("queue bulk")["oldest_seconds"] >= 2 * health.LATE.total_seconds() - 1


def test_queue_whose_worker_is_busy_is_up(alive):
    job = work.kind(queue=Queue.BULK).schedule(key="old", due_at=timezone.now() - health.LATE * 2)
    jobs.take(job.pk, now=timezone.now())

    assert part("queue bulk")["state"] == "up"


def test_dead_letters_are_counted(alive):
    work.kind().schedule(key="dead")
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now())

    assert part("dead letters") == {"state": "down", "count": 1}


def test_mail_that_does_not_leave_is_down(alive):
    mail.queue(key="a", to="a@x.example", subject="", text="")
    Mail.objects.update(created_at=timezone.now() - timedelta(hours=2))

    assert part("mail") == {"state": "down", "transport": True, "unsent_for_an_hour": 1}


def test_disk_that_is_nearly_full_is_down(alive, monkeypatch):
    monkeypatch.setattr(health, "FREE", 1.0)

    assert part("disk")["state"] == "down"


@pytest.mark.trial
@disk.ways
def test_disk_that_takes_no_more_is_down(alive, way, settings):
    with disk.mounted() as place:
        settings.MEDIA_ROOT = place
        with way(place):
            assert part("disk")["state"] == "down"
        assert part("disk")["state"] == "up"


def test_broker_that_is_away_is_down(alive, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}

    assert part("broker")["state"] == "down"


@pytest.mark.parametrize(("command", "state"), [("", "none"), ("cat -", "up"), ("no-such-program -", "down")])
def test_antivirus(alive, settings, command, state):
    settings.SCAN_COMMAND = command

    assert part("antivirus")["state"] == state


def test_monitor_reads_the_parts(client, settings, alive):
    settings.MONITOR_TOKEN = TOKEN

    answer = client.get("/sante/detail/", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (answer.status_code, answer.json()["status"]) == (200, "up")


@pytest.mark.parametrize(("token", "given"), [("", ""), (TOKEN, "another"), (TOKEN, "")])
def test_nobody_else_reads_them(client, settings, token, given):
    settings.MONITOR_TOKEN = token

    assert client.get("/sante/detail/", headers={"Authorization": f"Bearer {given}"}).status_code == 302


def test_organiser_is_told_when_nobody_works(sign_in, organiser):
    assert "Rien n’avance en ce moment" in sign_in(organiser).get("/organisation/").content.decode()


def test_organiser_is_told_nothing_while_somebody_works(sign_in, organiser, alive):
    assert "Rien n’avance en ce moment" not in sign_in(organiser).get("/organisation/").content.decode()
