"""Two machines whose clocks are ten minutes ahead and ten behind share the work: leases go by the database's clock."""

import subprocess
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from outbox.jobs import heartbeat, mail
from outbox.models import Heartbeat, Mail, MailState
from outbox.queries import database_now
from tests.smtp import catcher
from tests.worker import Beat, Hands, Worker, wait

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

MAILS, PATIENCE = 60, 240.0
AHEAD, BEHIND = 600, -600  # seconds


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """What a program loads to have its clock elsewhere, without knowing of it."""
    library = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def machine(tmp_path, clock):
    """`machine(Worker, AHEAD, …)`: a process of a machine whose clock is so many seconds away; its data are its own."""

    def make(sort, offset, **environment):
        data = tmp_path / f"{sort.__name__}{offset}"
        wrong = {"LD_PRELOAD": clock, "CLOCK_OFFSET": offset}
        return sort(data.with_suffix(".log"), AROBASE_DATA=data, **wrong, **environment)

    return make


@pytest.fixture
def mails():
    for number in range(MAILS):
        mail.queue(key=f"m:{number}", to=f"mairie{number}@x.example", subject="Nouvelle", text="Bonjour")


@contextmanager
def server():
    with catcher() as (port, accepted):
        variables = {"MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        yield variables | {"EMAIL_PORT": port}, accepted


def wait_for_all():
    wait(lambda: not Mail.objects.exclude(state=MailState.SENT).exists(), seconds=PATIENCE, every=0.2)


def test_no_mail_is_lost_or_sent_twice(mails, machine):
    with server() as (transport, accepted), machine(Worker, AHEAD, **transport), machine(Worker, BEHIND, **transport):
        wait_for_all()

    assert sorted(Counter(message["To"] for message in accepted).values()) == [1] * MAILS


def test_worker_ahead_hears_a_beat_that_is_behind(mails, machine):
    with server() as (transport, accepted), machine(Hands, AHEAD, **transport), machine(Beat, BEHIND):
        wait_for_all()
        wait(lambda: Heartbeat.objects.filter(name="beat").exists(), seconds=PATIENCE, every=0.2)

        assert heartbeat.somebody_works()
        assert not Heartbeat.objects.filter(at__gt=database_now()).exists()
    assert len(accepted) == MAILS
