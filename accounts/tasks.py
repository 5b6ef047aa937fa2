"""What Celery's clock calls."""

from celery import shared_task
from django.utils import timezone

from accounts.jobs import sealing


@shared_task(name="accounts.seal")
def seal() -> None:
    now = timezone.now()
    sealing.schedule(now=now)
    sealing.schedule_head(now=now)
