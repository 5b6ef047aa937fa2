"""What Celery calls: ids in, one call each, safe twice."""

from celery import shared_task
from django.utils import timezone

from outbox import jobs
from outbox.heartbeat import beat as mark_alive


@shared_task(name="outbox.run_job")
def run_job(*, job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="outbox.sweep")
def sweep() -> None:
    jobs.sweep(now=timezone.now())


@shared_task(name="outbox.beat")
def beat() -> None:
    mark_alive("worker", now=timezone.now())
