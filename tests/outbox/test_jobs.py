from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import jobs
from outbox.models import Job, JobState, Queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    calls = []

    def work(job):
        with jobs.finish(job):
            calls.append(job.key)

    monkeypatch.setitem(jobs.HANDLERS, "test.work", work)
    return calls


def schedule(key="work:1", **fields):
    return jobs.schedule(kind="test.work", key=key, queue=Queue.SCORES, **fields)


def test_schedule_same_key_makes_one_row():
    schedule()
    schedule()

    assert Job.objects.count() == 1


def test_run_does_the_work_once(kind):
    job = schedule()

    jobs.run(job.pk)
    jobs.run(job.pk)

    assert kind == ["work:1"]


def test_run_ends_the_job(kind):
    job = schedule()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease_until) == (JobState.DONE, 1, None)


def test_take_before_due_gives_nothing():
    job = schedule(due_at=timezone.now() + timedelta(hours=1))

    assert jobs.take(job.pk, now=timezone.now()) is None


def test_take_leased_gives_nothing():
    job = schedule()
    jobs.take(job.pk, now=timezone.now())

    assert jobs.take(job.pk, now=timezone.now()) is None


def test_take_after_the_lease_gives_it_again():
    job = schedule()
    jobs.take(job.pk, now=timezone.now())

    again = jobs.take(job.pk, now=timezone.now() + jobs.LEASE + timedelta(seconds=1))

    assert again.attempts == 2


def test_finish_after_another_took_it_writes_nothing():
    job = schedule()
    slow = jobs.take(job.pk, now=timezone.now())
    jobs.take(job.pk, now=timezone.now() + jobs.LEASE + timedelta(seconds=1))

    with pytest.raises(jobs.LeaseLost), jobs.finish(slow):
        pytest.fail("the effects of a lost lease must not run")


def test_failure_waits_and_tells_why(monkeypatch):
    monkeypatch.setitem(jobs.HANDLERS, "test.work", lambda job: 1 / 0)
    job = schedule()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.TODO, "ZeroDivisionError: division by zero")
    assert job.due_at > timezone.now()


def test_failure_at_the_last_attempt_is_a_dead_letter(monkeypatch):
    monkeypatch.setitem(jobs.HANDLERS, "test.work", lambda job: 1 / 0)
    job = schedule()
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DEAD


def test_retry_gives_a_dead_letter_another_life(kind):
    job = schedule()
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now())

    jobs.retry(job)
    jobs.run(job.pk)

    assert kind == ["work:1"]


@pytest.fixture
def bells(monkeypatch):
    rung = []
    monkeypatch.setattr(jobs, "ring", lambda pk, queue: rung.append(pk))
    return rung


def test_sweep_rings_what_nobody_answered(bells):
    due = schedule()

    jobs.sweep(now=timezone.now() + jobs.SILENCE + timedelta(seconds=1))

    assert bells == [due.pk]


def test_sweep_leaves_a_fresh_bell_alone(bells):
    schedule()

    jobs.sweep(now=timezone.now())

    assert bells == []


def test_sweep_rings_once_a_silence(bells):
    due = schedule()
    late = timezone.now() + jobs.SILENCE + timedelta(seconds=1)

    jobs.sweep(now=late)
    jobs.sweep(now=late + timedelta(seconds=5))

    assert bells == [due.pk]


def test_sweep_rings_what_has_come_due(bells):
    due = schedule(due_at=timezone.now() + timedelta(hours=1))

    jobs.sweep(now=timezone.now() + timedelta(hours=2))

    assert bells == [due.pk]


def test_sweep_leaves_what_is_not_due(bells):
    schedule(due_at=timezone.now() + timedelta(hours=1))

    jobs.sweep(now=timezone.now())

    assert bells == []


def test_sweep_after_too_many_kills_is_a_dead_letter(bells):
    job = schedule()
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS, lease_until=timezone.now())

    jobs.sweep(now=timezone.now() + timedelta(hours=1))

    job.refresh_from_db()
    assert (job.state, bells) == (JobState.DEAD, [])
