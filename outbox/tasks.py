"""What Celery calls: short arguments, one call each, safe twice."""

import logging
import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import DatabaseError, connection
from django.utils import timezone

from outbox import jobs
from outbox.jobs import tidying
from outbox.jobs.heartbeat import PULSE
from outbox.jobs.heartbeat import beat as mark_alive
from outbox.queries import database_now

logger = logging.getLogger(__name__)


@shared_task(name="outbox.drain")
def drain(*, queue: str) -> None:
    jobs.drain(queue, until=database_now() + jobs.TURN)


@shared_task(name="outbox.sweep")
def sweep() -> None:
    jobs.sweep(now=database_now())


@shared_task(name="outbox.tidy")
def tidy() -> None:
    done = tidying.tidy(now=timezone.now())
    if done.doubt:
        logger.error("tidy left %s files without a row where they are: %s", len(done.orphans), done.doubt)


@shared_task(name="outbox.beat")
def beat() -> None:
    """Rung by the beat, done by a worker: both are alive."""
    mark_alive("beat")


@worker_ready.connect
def begin(sender: Any, **_: Any) -> None:
    """A worker that starts says so, however busy its processes are, and takes up what its predecessor left."""
    group = sender.hostname.partition("@")[0]
    threading.Thread(target=_live, args=(group,), daemon=True).start()
    sweep.apply_async()


def _live(group: str) -> None:
    while True:
        try:
            mark_alive(group)
        except DatabaseError:
            logger.warning("the worker %s cannot say that it lives: the database does not answer", group)
        connection.close()  # no process that is forked meanwhile must inherit it
        time.sleep(PULSE)


@worker_shutting_down.connect
def give_back(**_: Any) -> None:
    jobs.stop()
