"""Work due later: scheduled in the transaction of its cause, taken under a lease, finished once.

Whatever the broker loses or delivers twice, a job's effects happen once: the row is taken by a compare-and-set update,
and its effects are committed together with its end (`finish`). A bell only says « this queue has work »: who hears it
does all that is due there, so that a broker slower than the work does not matter."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from mmap import mmap
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Now
from django.utils import timezone
from django_stubs_ext import StrOrPromise
from kombu.exceptions import KombuError

from instance import queries as instance
from outbox.doors.log import telling
from outbox.models import Job, JobState, Queue, Rank
from outbox.queries import database_now

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE)
# Failures are ours and come back at every attempt: a longer wait after each, then none. A process that was killed is
# mostly not the job's fault: this bound is for the job that kills its process each time (memory, a fault in a library).
WAITS = (15.0, 45.0, 135.0, 405.0)  # seconds
MAX_INTERRUPTIONS = 25
# After so long the other queues have their turn.
TURN = timedelta(seconds=20)

Handler = Callable[[Job], None]


class LeaseLost(Exception):
    """Somebody else finished or took the job while we worked: our effects must not be written."""


class Stopping(Exception):
    """This worker was asked to stop: it gives back what it holds."""


# One byte, shared by a worker and its processes, forked from it.
_stopping = mmap(-1, 1)


def stop() -> None:
    """From a worker that was asked to stop, to all its processes."""
    _stopping[0] = 1


def is_stopping() -> bool:
    return bool(_stopping[0])


@dataclass(frozen=True)
class Kind:
    """One kind of work, all that is known of it. Call it to do a job; tests and workers do."""

    name: str
    key: str  # « certificate:{certificate} », filled from the payload: one job for the same work
    queue: Queue
    words: StrOrPromise  # what the organiser reads
    rank: Rank
    handler: Handler
    waits: Sequence[float] = WAITS
    # Writes what else is to be known when such a job is given up, or gets another life: in the same transaction.
    told: Callable[[Job, JobState], None] = lambda job, state: None

    def __call__(self, job: Job) -> None:
        self.handler(job)

    def schedule(self, *, due_at: datetime | None = None, total: int = 0, **payload: Any) -> Job:
        """Write the job in the current transaction and ring on commit. The same key again changes nothing."""
        fields = {"kind": self.name, "queue": self.queue, "rank": self.rank, "payload": payload}
        # At once by the clock that leases go by: that of the database, not of this machine.
        fields |= {"due_at": due_at or Now(), "total": total}
        job, created = Job.objects.get_or_create(key=self.key_of(**payload), defaults=fields)
        if created and due_at is None:
            job.due_at = timezone.now()
            transaction.on_commit(lambda: _ring_for(job))
        return job

    def find(self, **payload: Any) -> Job | None:
        return Job.objects.filter(key=self.key_of(**payload)).first()

    def key_of(self, **payload: Any) -> str:
        return self.key.format(**payload)


KINDS: dict[str, Kind] = {}


def kind(
    name: str, *, key: str, queue: Queue, words: StrOrPromise, rank: Rank = Rank.USUAL, **more: Any
) -> Callable[[Handler], Kind]:
    """Make the decorated function the handler of a kind. Its module is imported from its app's `ready()`."""

    def register(handler: Handler) -> Kind:
        KINDS[name] = Kind(name, key, queue, words, rank, handler, **more)
        return KINDS[name]

    return register


def named(name: str) -> Kind:
    """The kind that a room above does, for a room that may not import it."""
    return KINDS[name]


def words(name: str) -> str:
    """A kind in French; one that an earlier version left, as it is written."""
    return str(KINDS[name].words) if name in KINDS else name


def _ring_for(job: Job) -> None:
    """Where other work waits, somebody was rung for it already and will go on to this."""
    if not waiting(now=database_now()).filter(queue=job.queue).exclude(pk=job.pk).exists():
        ring(job.queue)


def ring(queue: str) -> None:
    """A lost bell does not matter: the sweeper rings again. An old one is forgotten by the broker."""
    try:
        current_app.send_task("outbox.drain", kwargs={"queue": queue}, queue=queue, expires=settings.BELL_EXPIRES)
    except (OSError, KombuError) as error:
        logger.warning("the broker did not answer for the queue %s: %s", queue, error)


def waiting(*, now: datetime) -> QuerySet[Job]:
    """What is due and in nobody's hands."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return Job.objects.filter(free, state=JobState.TODO, due_at__lte=now)


def drain(queue: str, *, until: datetime) -> None:
    """Do what is due in this queue, by rank, oldest first; ring again for what is left when the time is up, or when
    only what comes last is left here while another queue waits."""
    while not is_stopping() and (job := _next(queue)):
        if database_now() >= until:
            return ring(queue)
        run(job.pk)
        if job.rank == Rank.LAST and _others_wait(queue):
            return ring(queue)
    return None


def _next(queue: str) -> Job | None:
    return waiting(now=database_now()).filter(queue=queue).order_by("rank", "due_at", "pk").first()


def _others_wait(queue: str) -> bool:
    return waiting(now=database_now()).filter(rank=Rank.USUAL).exclude(queue=queue).exists()


def take(job_id: int, *, now: datetime) -> Job | None:
    """Lease the job if it is due and free; None otherwise. A lease that ran out was an interruption."""
    # In a transaction, though it is one statement: SQLite makes who begins one wait less (`label.sqlite`).
    with transaction.atomic(savepoint=False):
        taken = (
            waiting(now=now)
            .filter(pk=job_id)
            .update(
                lease_until=now + LEASE,
                attempts=F("attempts") + 1,
                interruptions=Case(When(lease_until=None, then=F("interruptions")), default=F("interruptions") + 1),
            )
        )
    return Job.objects.get(pk=job_id) if taken else None


@contextmanager
def finish(job: Job) -> Iterator[None]:
    """The effects written inside are committed with the job's end, or not at all."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(
            state=JobState.DONE, finished_at=timezone.now(), lease_until=None, error=""
        )
        if not ended:
            raise LeaseLost(job.key)
        yield


def progress(job: Job, *, done: int, total: int | None = None) -> None:
    """Say how far the work is. Not inside a transaction: nobody would see it. Raises Stopping when it is to go on
    elsewhere."""
    job.done = done
    job.total = job.total if total is None else total
    with transaction.atomic(savepoint=False):
        Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(done=job.done, total=job.total)
    if is_stopping():
        raise Stopping


def later(job: Job, *, due_at: datetime) -> None:
    """Give the job back undone: nothing failed, what it waits for has not come."""
    Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(due_at=due_at, lease_until=None)


def run(job_id: int) -> None:
    """One attempt: take, do, finish. A failure waits longer each time, then becomes a dead letter."""
    job = take(job_id, now=database_now())
    if job is None:
        return
    instance.forget()
    with telling(job=job.pk, kind=job.kind):
        _do(job)


def _do(job: Job) -> None:
    began = time.perf_counter()
    try:
        with _held(job):
            KINDS[job.kind](job)
        logger.info("done", extra={"facts": {"milliseconds": round((time.perf_counter() - began) * 1000)}})
    except Stopping:
        later(job, due_at=database_now())
    except LeaseLost:
        logger.info("job %s was finished elsewhere", job.key)
    except Exception as error:
        logger.exception("job %s failed (attempt %s)", job.key, job.attempts)
        _postpone(job, error)


def _postpone(job: Job, error: Exception) -> None:
    failures, why = job.failures + 1, f"{type(error).__name__}: {error}"
    waits = KINDS[job.kind].waits
    if failures > len(waits):
        give_up(job, error=why, failures=failures)
        return
    due_at = database_now() + timedelta(seconds=waits[failures - 1])
    Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(
        failures=failures, lease_until=None, due_at=due_at, error=why[:2000]
    )


@contextmanager
def _held(job: Job) -> Iterator[None]:
    """The lease is renewed by a thread for as long as this process lives: a short one is enough, and who is killed
    leaves the job to others within seconds."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(job: Job, done: threading.Event) -> None:
    mine = Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts)
    try:
        while not done.wait(LEASE.total_seconds() / 3):
            # The next try may find the database again; the lease runs on till then.
            with suppress(DatabaseError), transaction.atomic(savepoint=False):
                mine.filter(lease_until__isnull=False).update(lease_until=database_now() + LEASE)
    finally:
        connection.close()  # this thread's own


def give_up(job: Job, *, error: str, **changes: int) -> None:
    """A dead letter, for the organiser to see and to revive."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts)
    ended = {"state": JobState.DEAD, "finished_at": timezone.now(), "lease_until": None, "error": error[:2000]}
    with transaction.atomic():
        if mine.update(**ended, **changes):
            logger.error("job %s is given up: %s", job.key, error)
            _tell(job, JobState.DEAD)


def _tell(job: Job, state: JobState) -> None:
    if job.kind in KINDS:
        KINDS[job.kind].told(job, state)


def retry(job: Job) -> None:
    """Give a dead letter another life."""
    _revive(job, [JobState.DEAD])


def again(job: Job) -> bool:
    """Do over what was finished or given up; False when it is still due."""
    return _revive(job, [JobState.DEAD, JobState.DONE])


def _revive(job: Job, states: list[JobState]) -> bool:
    """`attempts` goes on: a worker of its former life must not end this one."""
    fresh = {"state": JobState.TODO, "finished_at": None, "failures": 0, "interruptions": 0, "done": 0, "error": ""}
    with transaction.atomic():
        revived = Job.objects.filter(pk=job.pk, state__in=states).update(due_at=Now(), **fresh)
        if revived:
            _tell(job, JobState.TODO)
            transaction.on_commit(lambda: ring(job.queue))
    return bool(revived)


def release() -> None:
    """Free what is taken. Only for who knows that no worker runs: the start of a machine's only one."""
    Job.objects.filter(state=JobState.TODO).update(lease_until=None)


def sweep(*, now: datetime) -> list[str]:
    """Ring for every queue where something waits: a bell was lost, a worker killed, an hour has come. Returns them."""
    # Dead without a failure of ours: the process was killed at every attempt.
    for job in waiting(now=now).filter(interruptions__gte=MAX_INTERRUPTIONS):
        give_up(job, error="interrupted at every attempt")
    queues = sorted(waiting(now=now).values_list("queue", flat=True).distinct())
    for queue in queues:
        ring(queue)
    return queues
