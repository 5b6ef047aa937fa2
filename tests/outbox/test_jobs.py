from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from outbox import jobs
from outbox.models import Job, JobState, Queue, Rank
from tests import work
from tests.worker import wait

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def kind(monkeypatch):
    calls = []

    def work_once(job):
        with jobs.finish(job):
            calls.append(job.key)

    monkeypatch.setitem(jobs.KINDS, "test.work", work.kind(do=work_once))
    return calls


def schedule(key="work:1", *, rank=Rank.USUAL, **fields):
    return work.kind(rank=rank).schedule(key=key, **fields)


def schedule_mail():
    return work.kind(queue=Queue.MAIL).schedule(key="mail:1")


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
    monkeypatch.setitem(jobs.KINDS, "test.work", work.kind(do=lambda job: 1 / 0))
    job = schedule()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.TODO, "ZeroDivisionError: division by zero")
    assert job.due_at > timezone.now()


def test_failure_at_the_last_attempt_is_a_dead_letter(monkeypatch):
    monkeypatch.setitem(jobs.KINDS, "test.work", work.kind(do=lambda job: 1 / 0))
    job = schedule()
    Job.objects.update(failures=len(jobs.WAITS))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DEAD


def test_retry_gives_a_dead_letter_another_life(kind):
    job = schedule()
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now())

    jobs.retry(job)
    jobs.run(job.pk)

    assert kind == ["work:1"]


def test_retry_keeps_a_worker_of_the_former_life_out():
    job = schedule()
    slow = jobs.take(job.pk, now=timezone.now())
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now(), lease_until=None)
    jobs.retry(job)
    jobs.take(job.pk, now=timezone.now())

    with pytest.raises(jobs.LeaseLost), jobs.finish(slow):
        pytest.fail("the effects of a lost lease must not run")


@pytest.fixture
def bells(monkeypatch):
    rung = []
    monkeypatch.setattr(jobs, "ring", rung.append)
    return rung


def test_schedule_rings_on_commit(bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
        assert bells == []

    assert bells == [Queue.SCORES]


def test_schedule_where_work_waits_does_not_ring_again(bells, django_capture_on_commit_callbacks):
    schedule("work:1")

    with django_capture_on_commit_callbacks(execute=True):
        schedule("work:2")

    assert bells == []


def test_schedule_where_work_is_in_hand_rings(bells, django_capture_on_commit_callbacks):
    jobs.take(schedule("work:1").pk, now=timezone.now())

    with django_capture_on_commit_callbacks(execute=True):
        schedule("work:2")

    assert bells == [Queue.SCORES]


def test_schedule_for_later_does_not_ring(bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        schedule(due_at=timezone.now() + timedelta(hours=1))

    assert bells == []


def test_ring_without_a_broker_is_a_warning(monkeypatch, caplog):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)

    jobs.ring(Queue.SCORES)

    assert "the broker did not answer for the queue scores" in caplog.text


def test_drain_does_all_that_is_due_oldest_first(kind):
    now = timezone.now()
    schedule("work:1", due_at=now - timedelta(hours=1))
    schedule("work:2", due_at=now - timedelta(hours=2))
    schedule("work:3", due_at=now + timedelta(hours=1))
    schedule_mail()

    jobs.drain(Queue.SCORES, until=now + jobs.TURN)

    assert kind == ["work:2", "work:1"]


def test_drain_leaves_for_the_end_what_comes_last(kind):
    schedule("work:1", rank=Rank.LAST, due_at=timezone.now() - timedelta(hours=1))
    schedule("work:2")

    jobs.drain(Queue.SCORES, until=timezone.now() + jobs.TURN)

    assert kind == ["work:2", "work:1"]


@pytest.mark.parametrize(("rank", "done"), [(Rank.USUAL, 2), (Rank.LAST, 1)])
def test_drain_gives_way_from_what_comes_last_when_another_queue_waits(kind, bells, rank, done):
    schedule("work:1", rank=rank)
    schedule("work:2", rank=rank)
    schedule_mail()

    jobs.drain(Queue.SCORES, until=timezone.now() + jobs.TURN)

    assert (len(kind), bells) == (done, [] if rank == Rank.USUAL else [Queue.SCORES])


def test_drain_goes_on_after_a_failure(monkeypatch, kind):
    fault = work.kind("test.fault", do=lambda job: 1 / 0)
    monkeypatch.setitem(jobs.KINDS, "test.fault", fault)
    fault.schedule(key="fault")
    schedule("work:1")

    jobs.drain(Queue.SCORES, until=timezone.now() + jobs.TURN)

    assert kind == ["work:1"]


def test_drain_rings_for_what_is_left_when_its_turn_ends(kind, bells):
    schedule()

    jobs.drain(Queue.SCORES, until=timezone.now())

    assert (kind, bells) == ([], [Queue.SCORES])


def test_sweep_rings_once_for_a_queue(bells):
    schedule("work:1")
    schedule("work:2")
    schedule_mail()

    assert jobs.sweep(now=timezone.now()) == bells == [Queue.MAIL, Queue.SCORES]


def test_sweep_rings_what_has_come_due(bells):
    schedule(due_at=timezone.now() + timedelta(hours=1))

    jobs.sweep(now=timezone.now() + timedelta(hours=2))

    assert bells == [Queue.SCORES]


def test_sweep_leaves_what_is_not_due(bells):
    schedule(due_at=timezone.now() + timedelta(hours=1))

    jobs.sweep(now=timezone.now())

    assert bells == []


def test_sweep_leaves_what_is_in_hand(bells):
    jobs.take(schedule().pk, now=timezone.now())

    jobs.sweep(now=timezone.now())

    assert bells == []


def test_sweep_rings_for_what_a_killed_worker_held(bells):
    jobs.take(schedule().pk, now=timezone.now())

    jobs.sweep(now=timezone.now() + jobs.LEASE + timedelta(seconds=1))

    assert bells == [Queue.SCORES]


def test_sweep_after_too_many_interruptions_is_a_dead_letter(bells):
    job = schedule()
    now = timezone.now()
    for attempt in range(jobs.MAX_INTERRUPTIONS + 1):
        jobs.take(job.pk, now=now + (jobs.LEASE + timedelta(seconds=1)) * attempt)

    jobs.sweep(now=now + (jobs.LEASE + timedelta(seconds=1)) * (attempt + 1))

    job.refresh_from_db()
    assert (job.state, bells) == (JobState.DEAD, [])


def test_release_is_not_an_interruption():
    job = schedule()
    jobs.take(job.pk, now=timezone.now())

    jobs.release()

    again = jobs.take(job.pk, now=timezone.now())
    assert (again.attempts, again.interruptions) == (2, 0)


def test_later_is_not_a_failure():
    job = schedule()
    moment = timezone.now() + timedelta(hours=1)

    jobs.later(jobs.take(job.pk, now=timezone.now()), due_at=moment)

    job.refresh_from_db()
    assert (job.state, job.failures, job.due_at, job.lease_until) == (JobState.TODO, 0, moment, None)


@pytest.fixture
def stopping(monkeypatch):
    monkeypatch.setattr(jobs, "_stopping", bytearray(1))
    return jobs.stop


def test_worker_that_stops_gives_back_what_it_holds(monkeypatch, stopping):
    def be_asked_to_stop(job):
        stopping()
        jobs.progress(job, done=1)
        pytest.fail("a worker that stops goes on")

    monkeypatch.setitem(jobs.KINDS, "test.work", work.kind(do=be_asked_to_stop))
    job = schedule(total=2)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.lease_until, job.failures, job.done) == (JobState.TODO, None, 0, 1)
    assert jobs.take(job.pk, now=timezone.now()).interruptions == 0


def test_worker_that_stops_takes_nothing_more(kind, stopping):
    schedule()
    stopping()

    jobs.drain(Queue.SCORES, until=timezone.now() + jobs.TURN)

    assert kind == []


@pytest.mark.django_db(transaction=True)
def test_lease_is_renewed_while_its_holder_lives(monkeypatch):
    leases = []

    def see_two_leases(job):
        wait(lambda: leases.append(Job.objects.get().lease_until) or len(set(leases)) > 2, seconds=60)
        with jobs.finish(job):
            pass

    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.2))
    monkeypatch.setitem(jobs.KINDS, "test.work", work.kind(do=see_two_leases))

    jobs.run(schedule().pk)

    assert Job.objects.get().state == JobState.DONE
    assert leases == sorted(leases)


@pytest.mark.parametrize("minutes", [10, -10])
def test_worker_whose_clock_is_wrong_takes_nothing_of_another_s(monkeypatch, kind, minutes):
    if connection.vendor != "postgresql":
        pytest.skip("one machine, one clock")
    held = jobs.take(schedule().pk, now=jobs.database_now())
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=minutes))

    jobs.run(held.pk)
    jobs.drain(Queue.SCORES, until=jobs.database_now() + jobs.TURN)
    jobs.sweep(now=jobs.database_now())

    held.refresh_from_db()
    assert (kind, held.attempts) == ([], 1)


@pytest.mark.parametrize("minutes", [10, -10])
def test_job_written_by_a_clock_that_is_wrong_is_due_at_once(monkeypatch, kind, minutes):
    if connection.vendor != "postgresql":
        pytest.skip("one machine, one clock")
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(minutes=minutes))

    schedule()
    jobs.drain(Queue.SCORES, until=jobs.database_now() + jobs.TURN)

    assert kind == ["work:1"]
