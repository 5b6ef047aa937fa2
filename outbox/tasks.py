"""What Celery calls: short arguments, one call each, safe twice."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from outbox import jobs, tidying
from outbox.heartbeat import beat as mark_alive

logger = logging.getLogger(__name__)


@shared_task(name="outbox.drain")
def drain(*, queue: str) -> None:
    jobs.drain(queue, until=timezone.now() + jobs.TURN)


@shared_task(name="outbox.sweep")
def sweep() -> None:
    jobs.sweep(now=timezone.now())


@shared_task(name="outbox.tidy")
def tidy() -> None:
    done = tidying.tidy(now=timezone.now())
    if done.doubt:
        logger.error("tidy left %s files without a row where they are: %s", len(done.orphans), done.doubt)


@shared_task(name="outbox.beat")
def beat() -> None:
    mark_alive("worker", now=timezone.now())


@worker_ready.connect
def catch_up(**_: Any) -> None:
    """A worker that starts says so, and takes up what its predecessor left, without waiting for the clock."""
    beat.apply_async()
    sweep.apply_async()
