"""What Celery's clock calls."""

from celery import shared_task
from django.utils import timezone

from results import actions


@shared_task(name="results.forget")
def forget() -> None:
    actions.forget_checks(now=timezone.now())


@shared_task(name="results.refresh_data")
def refresh_data() -> None:
    actions.refresh_data(now=timezone.now())


@shared_task(name="results.refresh_cards")
def refresh_cards() -> None:
    actions.refresh_cards()
