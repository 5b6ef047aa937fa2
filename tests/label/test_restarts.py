"""PostgreSQL stops, in order or at once, and Redis is stopped for a minute and flushed, while agents save and mails
leave: what was acknowledged is there, once; who was not heard is told that the service comes back."""

import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.utils import timezone
from redis import Redis

from outbox.jobs import mail
from outbox.models import Mail, MailState
from tests import load, pair, season
from tests.label.test_server import as_installed, server
from tests.smtp import catcher
from tests.worker import Beat, Hands, database_url, wait

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(pair.PAIR != "servers", reason="SQLite and the file system do not stop"),
    pytest.mark.django_db(transaction=True),
]
AGENTS, SAVES, MAILS = 8, 3, 40
# Seconds. Caches ask every five whether Redis is back, workers at longer and longer intervals, up to half a minute.
ABSENCE = 60
KEPT = """
    SELECT application_id, question_id, version, value FROM assessments_answer
    JOIN accounts_user ON accounts_user.id = author_id WHERE email LIKE %s
"""
LEFT = "SELECT id FROM outbox_mail WHERE state <> 'sent'"
STOPS = ("fast", "immediate")
SILENT = "cannot say that it lives"  # a worker whose database does not answer


class OwnRedis:
    """Of one test, which stops it."""

    def __init__(self, folder):
        self.folder, self.port = folder, pair.free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.running = pair.start_redis(self.folder, self.port)

    def stop(self):
        self.running.terminate()
        self.running.wait()

    def flush(self):
        with Redis(port=self.port) as client:
            client.flushall()


def a_minute_passes():
    time.sleep(ABSENCE)


@dataclass
class Service:
    """A web server on a PostgreSQL and a Redis of its own, and people who save there."""

    folder: Path
    database: str
    port: int
    agents: list[load.Agent]
    written: list[load.Save] = field(default_factory=list)
    refused: list[load.Asked] = field(default_factory=list)

    def goes_through(self, *events):
        """Everybody saves before, between and after them. What who asked for a page without data saw meanwhile."""
        over = threading.Event()

        def saves(agent):
            def work():
                while not over.is_set():
                    if saved := agent.save():
                        self.written.append(saved)
                    else:
                        self.refused.append(agent.asked[-1])

            return work

        def happen():
            try:
                self.everybody_saves()
                for event in events:
                    event()
                    self.everybody_saves()
            finally:
                over.set()

        return load.together(self.port, [saves(agent) for agent in self.agents], happen)

    def everybody_saves(self):
        wanted = {agent.number: agent.version + SAVES for agent in self.agents}
        wait(lambda: all(agent.version >= wanted[agent.number] for agent in self.agents), seconds=load.PATIENCE)

    def restarts_postgres(self, how):
        def event():
            before = len(self.refused)
            pair.postgres_ctl(self.folder, "-m", how, "stop")
            wait(lambda: len(self.refused) >= before + AGENTS, seconds=load.PATIENCE)
            pair.start_postgres(self.folder, urlsplit(self.database).port)

        return event

    def kept(self):
        return {tuple(row[:3]): row[3] for row in ask(self.database, KEPT, f"agent%{load.CROWD}")}


@pytest.fixture
def folder():
    parent = Path(tempfile.mkdtemp(prefix="arobase-restarts-"))  # reached by who is unprivileged
    yield pair.servers_folder(parent)
    shutil.rmtree(parent)


@pytest.fixture
def redis(folder):
    own = OwnRedis(folder)
    yield own
    own.stop()


@pytest.fixture
def database(folder):
    """Its address: of a server that the test stops."""
    yield pair.start_postgres(folder, pair.free_port())
    pair.postgres_ctl(folder, "-m", "immediate", "stop")


@pytest.fixture
def pool():
    """How many connections to PostgreSQL the threads of a web process share; 0: each has its own."""
    return 0


@pytest.fixture
def service(tmp_path, folder, database, redis, pool):
    own = {"DATABASE_URL": database, "DATABASE_POOL": str(pool), "REDIS_URL": redis.url, "WEB_PROCESSES": "2"}
    with server(tmp_path / "log", **as_installed(tmp_path) | own) as (port, _running):
        agents = load.agents(port, season.build(), AGENTS)
        fill(database)
        yield Service(folder, database, port, agents)


def fill(database):
    """With what the test's own holds."""
    dump = subprocess.run([pair.program("pg_dump"), database_url()], check=True, capture_output=True).stdout
    read = [pair.program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", database]
    subprocess.run(read, input=dump, check=True, stdout=subprocess.DEVNULL)


def statuses(asked):
    return Counter(each.status for each in asked)


def acknowledged(written):
    return {(save.file, save.question, save.version): save.value for save in written}


@pytest.mark.parametrize("pool", [0, 3])
def test_postgresql_restarted_under_load_loses_and_doubles_nothing(service):
    floor = service.goes_through(*map(service.restarts_postgres, STOPS))

    assert statuses(service.refused).keys() == {HTTPStatus.SERVICE_UNAVAILABLE}
    assert [each.text for each in service.refused if "ne répond pas pour le moment" not in each.text] == []
    assert statuses(floor).keys() <= {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}
    assert len(acknowledged(service.written)) == len(service.written)
    assert service.kept() == acknowledged(service.written)


def test_redis_stopped_and_flushed_under_load_is_seen_by_nobody(service, redis):
    floor = service.goes_through(redis.stop, a_minute_passes, redis.start, redis.flush)

    assert statuses([*service.refused, *floor]).keys() == {HTTPStatus.OK}
    assert service.kept() == acknowledged(service.written)


@contextmanager
def hands(tmp_path, **variables):
    """A worker of every group, the beat, and what they sent."""
    with catcher() as (port, accepted):
        variables |= {"MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        with (
            Hands(tmp_path / "worker", EMAIL_PORT=port, **variables) as worker,
            Beat(tmp_path / "beat", **variables) as beat,
        ):
            yield accepted
            assert (worker.process.poll(), beat.process.poll()) == (None, None)


def test_worker_finds_redis_again_and_sends_each_mail_once(tmp_path, redis):
    with hands(tmp_path, REDIS_URL=redis.url) as accepted:
        mails_leave(redis.stop, a_minute_passes, redis.start)
        mails_leave(redis.flush)
        mails_leave()

    sent = Mail.objects.values_list("message_id", flat=True)
    assert Counter(message["Message-ID"] for message in accepted) == dict.fromkeys(sent, 1)


def mails_leave(*events):
    """Some are written before each event and after the last: all leave in the end."""
    for event in (*events, lambda: None):
        write_mails(Mail.objects.count())
        event()
    wait(lambda: not Mail.objects.exclude(state=MailState.SENT).exists(), seconds=load.PATIENCE, every=0.2)


def write_mails(first=0, **due):
    for number in range(first, first + MAILS):
        mail.queue(key=f"m:{number}", to=f"mairie{number}@x.example", subject="Nouvelle", text="Bonjour", **due)


def test_worker_finds_postgresql_again_and_loses_no_mail(tmp_path, folder, database, redis):
    write_mails(due_at=timezone.now() + timedelta(days=1))
    fill(database)
    log = tmp_path / "worker"
    with hands(tmp_path, DATABASE_URL=database, REDIS_URL=redis.url) as accepted:
        for number, how in enumerate(STOPS):
            # Half of them are due; PostgreSQL goes as soon as one has left.
            ask(database, "UPDATE outbox_job SET due_at = now() WHERE id %% 2 = %s", number)
            seen = len(accepted)
            wait(lambda seen=seen: len(accepted) > seen, seconds=load.PATIENCE)
            pair.postgres_ctl(folder, "-m", how, "stop")
            told = log.read_text().count(SILENT)
            wait(lambda told=told: log.read_text().count(SILENT) > told, seconds=load.PATIENCE, every=0.2)
            pair.start_postgres(folder, urlsplit(database).port)
        wait(lambda: not ask(database, LEFT), seconds=load.PATIENCE, every=0.2)

    # A mail in hand when the server died may leave again, by the same name; each of the others left once.
    times = Counter(message["Message-ID"] for message in accepted)
    assert times.keys() == set(Mail.objects.values_list("message_id", flat=True))
    assert times.total() - len(times) <= len(STOPS)


def ask(database, query, *params):
    """The rows of a SELECT."""
    with psycopg.connect(database) as connection:
        done = connection.execute(query, params)
        return done.fetchall() if done.description else []
