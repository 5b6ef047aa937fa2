"""The demonstration built twice: the second time by processes of which more than two hundred are killed somewhere in
their work. Both times it has the same rows and files."""

import hashlib
import os
import random
import signal
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone

from label.demo import sample, season
from label.demo.files import Fate
from outbox import jobs
from outbox.models import Job, JobState, StoredFile

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

KILLS = 200
# Of one kind of work at most: the receipts alone would take them all.
EACH = 20
# Of the kinds that a demonstration works on, how many are killed at least: the shortest may end first.
KINDS = 20
# How many statements of a job are waited for before it is killed, in the mean.
DEEP = 6
# What a killed process may leave behind: a file that no row names, swept later.
BOOKKEEPING = {"outbox.Job", "outbox.Heartbeat", "outbox.StoredFile", "sessions.Session"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(sample, "FILES_BY_BAND", dict.fromkeys(sample.FILES_BY_BAND, 2))
    monkeypatch.setattr(sample, "FILES_OF_EPCI", 2)
    monkeypatch.setattr(season, "FATES", {**dict.fromkeys(Fate, 2), Fate.SUBMITTED: 0})

    with override_settings(INSTANCE={**settings.INSTANCE, "demo": True}):
        yield


def build(do):
    season.begin()
    while job := jobs.waiting(now=timezone.now()).order_by("due_at", "pk").first():
        if job.kind.startswith("demo."):
            analyze()
        do(job)
        job.refresh_from_db()
        assert (job.state, job.failures, job.error) == (JobState.DONE, 0, "")


def analyze():
    """What PostgreSQL does by itself on a service that lives longer than a test: without it, tables that were emptied
    and filled again are held to be empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def rows():
    counts = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {name: count for name, count in counts.items() if name not in BOOKKEEPING} | done()


def done():
    return dict(Counter(Job.objects.filter(state=JobState.DONE).values_list("kind", flat=True)))


class Killer:
    """Does a job in processes of its own, each killed before or after one of its first statements."""

    def __init__(self, *, seed):
        self.chance = random.Random(seed)
        self.killed = Counter()

    def __call__(self, job):
        while self.killed[job.kind] < EACH and self.chance.random() < 0.9:
            if not self._in_a_process(job):
                return
            self.killed[job.kind] += 1
            # As the start of a machine's only worker does.
            jobs.release()
        jobs.run(job.pk)

    def _in_a_process(self, job):
        """Was it killed before it had ended?"""
        at = 2 * int(self.chance.expovariate(1 / DEEP)) + self.chance.randint(0, 1)
        connections.close_all()
        if not (child := os.fork()):
            try:
                with connection.execute_wrapper(_bomb(at)):
                    jobs.run(job.pk)
            finally:
                os._exit(0)
        _pid, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)


def _bomb(at):
    """Kills this process at the n-th statement, before it is sent or when its answer is there."""
    left, after = at // 2, at % 2

    def wrapper(execute, *arguments):
        nonlocal left
        left -= 1
        if left < 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(*arguments)
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return wrapper


def test_two_hundred_kills_over_the_kinds_of_work_change_nothing():
    build(lambda job: jobs.run(job.pk))
    expected = rows()
    call_command("flush", interactive=False, verbosity=0)

    killer = Killer(seed=2027)
    build(killer)

    assert killer.killed.total() >= KILLS
    assert len(killer.killed) >= KINDS
    assert rows() == expected
    for stored in StoredFile.objects.all():
        with default_storage.open(f"{stored.sha256[:2]}/{stored.sha256}") as file:
            assert hashlib.sha256(file.read()).hexdigest() == stored.sha256
