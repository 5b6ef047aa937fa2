import pytest
from django.utils import timezone

from outbox import jobs, mail, queries
from outbox.models import Job, JobState, Queue

pytestmark = pytest.mark.django_db


def job(kind, key, *, done=0, total=0, dead=False):
    made = jobs.schedule(kind=kind, key=key, queue=Queue.BULK, total=total)
    ended = {"state": JobState.DEAD, "finished_at": timezone.now()} if dead else {}
    Job.objects.filter(pk=made.pk).update(done=done, **ended)
    return made


def test_counts_by_kind():
    job("a", "a:1", done=2, total=10)
    job("a", "a:2", done=1, total=5)
    job("a", "a:3", done=1, total=5, dead=True)
    job("b", "b:1")

    assert queries.counts_by_kind() == [
        queries.KindCount("a", {"todo": 2, "done": 0, "dead": 1}, done=3, total=15),
        queries.KindCount("b", {"todo": 1, "done": 0, "dead": 0}),
    ]


def test_running_says_how_far_it_is():
    far = job("a", "a:1", done=2, total=10)
    job("a", "a:2")

    assert list(queries.running()) == [far]


def test_mails_given_up_are_failed():
    sent = mail.queue(key="test:1", to="a@x.example", subject="Un", text="")
    mail.queue(key="test:2", to="b@x.example", subject="Deux", text="")
    Job.objects.filter(key=f"mail:{sent.pk}").update(state=JobState.DEAD, finished_at=timezone.now())

    assert [row.failed for row in queries.mails().order_by("key")] == [True, False]
    assert list(queries.mails(state="failed")) == [sent]
