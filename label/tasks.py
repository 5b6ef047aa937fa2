"""What Celery's clock calls."""

from celery import shared_task
from django.utils import timezone

from label import ends


@shared_task(name="label.purge")
def purge() -> None:
    ends.purge(now=timezone.now())
