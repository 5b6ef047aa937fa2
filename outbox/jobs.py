"""Work due later: scheduled in the transaction of its cause, taken under a lease, finished once.

Whatever the broker loses or delivers twice, a job's effects happen once: the row is taken by a compare-and-set update,
and its effects are committed together with its end (`finish`)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from outbox.models import Job, JobState, Queue

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=240)
# A bell unanswered for so long is rung again, so many at a time: a flood of bells would be slower than the work.
SILENCE = timedelta(seconds=60)
MOST_BELLS = 200
MAX_ATTEMPTS = 5

Handler = Callable[[Job], None]
HANDLERS: dict[str, Handler] = {}


class LeaseLost(Exception):
    """Somebody else finished or took the job while we worked: our effects must not be written."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind. Imported from each app's `ready()`."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def schedule(
    *,
    kind: str,
    key: str,
    queue: Queue,
    payload: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    total: int = 0,
) -> Job:
    """Write the job in the current transaction and ring on commit. The same key again changes nothing."""
    now = timezone.now()
    due_at = due_at or now
    fields = {"kind": kind, "queue": queue, "payload": payload or {}, "due_at": due_at, "total": total}
    job, created = Job.objects.get_or_create(key=key, defaults=fields | {"rung_at": now if due_at <= now else None})
    if created and due_at <= now:
        transaction.on_commit(lambda: ring(job.pk, queue))
    return job


def ring(job_id: int, queue: str) -> None:
    """A lost bell does not matter: the sweeper rings again."""
    from outbox.tasks import run_job  # noqa: PLC0415 -- tasks import this module

    try:
        run_job.apply_async(kwargs={"job_id": job_id}, queue=queue)
    except OSError as error:
        logger.warning("the broker did not answer for job %s: %s", job_id, error)


def take(job_id: int, *, now: datetime) -> Job | None:
    """Lease the job if it is due and free; None otherwise."""
    taken = (
        Job.objects.filter(pk=job_id, state=JobState.TODO, due_at__lte=now)
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .update(lease_until=now + LEASE, attempts=F("attempts") + 1)
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
    """Say how far the work is, and keep the lease meanwhile. Not inside a transaction: nobody would see it."""
    job.done = done
    job.total = job.total if total is None else total
    Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(
        done=job.done, total=job.total, lease_until=timezone.now() + LEASE
    )


def run(job_id: int) -> None:
    """One attempt: take, do, finish. A failure waits longer each time, then becomes a dead letter."""
    job = take(job_id, now=timezone.now())
    if job is None:
        return
    try:
        HANDLERS[job.kind](job)
    except LeaseLost:
        logger.info("job %s was finished elsewhere", job.key)
    except Exception as error:
        logger.exception("job %s failed (attempt %s)", job.key, job.attempts)
        _postpone(job, error)


def _postpone(job: Job, error: Exception) -> None:
    now = timezone.now()
    dead = job.attempts >= MAX_ATTEMPTS
    Job.objects.filter(pk=job.pk, state=JobState.TODO, attempts=job.attempts).update(
        state=JobState.DEAD if dead else JobState.TODO,
        finished_at=now if dead else None,
        lease_until=None,
        rung_at=None,
        due_at=now + timedelta(seconds=5 * 3**job.attempts),
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def retry(job: Job) -> None:
    """Give a dead letter another life."""
    now = timezone.now()
    revived = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(
        state=JobState.TODO, finished_at=None, attempts=0, due_at=now, rung_at=now, error=""
    )
    if revived:
        transaction.on_commit(lambda: ring(job.pk, job.queue))


def sweep(*, now: datetime) -> int:
    """Ring again for what is due and free: a bell that was lost, a worker that was killed. Returns how many."""
    due = Job.objects.filter(state=JobState.TODO, due_at__lte=now).filter(Q(lease_until=None) | Q(lease_until__lt=now))
    # Dead without a failure of ours: the process was killed at every attempt.
    due.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.DEAD, finished_at=now, error="interrupted at every attempt"
    )
    silent = due.filter(state=JobState.TODO).filter(Q(rung_at=None) | Q(rung_at__lt=now - SILENCE))
    rows = list(silent.order_by("due_at").values_list("pk", "queue")[:MOST_BELLS])
    Job.objects.filter(pk__in=[pk for pk, _queue in rows]).update(rung_at=now)
    for pk, queue in rows:
        ring(pk, queue)
    return len(rows)
