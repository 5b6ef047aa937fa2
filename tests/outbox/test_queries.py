from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import jobs, queries
from outbox.jobs import mail
from outbox.models import Job, JobState, Queue
from tests import work

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def bulk(kind):
    return work.kind(kind, queue=Queue.BULK)


def job(kind, key, *, done=0, total=0, dead=False):
    made = bulk(kind).schedule(key=key, total=total)
    ended = {"state": JobState.DEAD, "finished_at": timezone.now()} if dead else {}
    Job.objects.filter(pk=made.pk).update(done=done, **ended)
    return made


def done(kind, key, *, ago):
    made = bulk(kind).schedule(key=key)
    Job.objects.filter(pk=made.pk).update(state=JobState.DONE, finished_at=timezone.now() - ago)


def test_work_counts_each_kind_by_state():
    first = job("a", "a:1")
    job("a", "a:2", dead=True)
    bulk("a").schedule(key="a:3", due_at=timezone.now() + timedelta(days=1))
    done("a", "a:4", ago=timedelta(minutes=1))
    done("a", "a:5", ago=timedelta(minutes=30))
    done("a", "a:6", ago=timedelta(days=1))
    other = job("b", "b:1")

    for due in (first, other):
        due.refresh_from_db()
    assert queries.work(now=timezone.now()) == [
        queries.Work("a", "bulk", due=1, later=1, done=3, dead=1, recent=2, lately=1, oldest=first.due_at),
        queries.Work("b", "bulk", due=1, later=0, done=0, dead=0, recent=0, lately=0, oldest=other.due_at),
    ]


def test_work_says_its_rate_and_what_is_left():
    moving = queries.Work("a", "papers", due=31, later=0, done=90, dead=0, recent=69, lately=50)

    assert (moving.total, moving.rate, moving.minutes_left) == (100, 10, 4)


def test_work_at_a_standstill_promises_nothing():
    still = queries.Work("a", "papers", due=31, later=0, done=90, dead=0, recent=0, lately=0)

    assert still.minutes_left is None


def test_running_says_how_far_it_is():
    far = job("a", "a:1", done=2, total=10)
    job("a", "a:2")

    assert list(queries.running()) == [far]


def test_mails_given_up_are_failed():
    failed = mail.queue(key="test:1", to="a@x.example", subject="Un", text="")
    other = mail.queue(key="test:2", to="b@x.example", subject="Deux", text="")
    jobs.give_up(mail.send.find(mail=failed.pk), error="550 no such user")

    assert list(queries.mails(state="failed")) == [failed]
    assert list(queries.mails(state="todo")) == [other]


def test_mails_given_another_life_are_to_send():
    failed = mail.queue(key="test:1", to="a@x.example", subject="Un", text="")
    job = mail.send.find(mail=failed.pk)
    jobs.give_up(job, error="550 no such user")

    jobs.retry(job)

    assert list(queries.mails(state="todo")) == [failed]
