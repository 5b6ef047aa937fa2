"""What Celery's clock calls."""

from celery import shared_task
from django.utils import timezone

from outbox.queries import database_now
from results import actions
from results.jobs import publication


@shared_task(name="results.forget")
def forget() -> None:
    actions.forget_checks(now=timezone.now())


@shared_task(name="results.refresh_data")
def refresh_data() -> None:
    if not publication.at_work(now=database_now()):
        actions.refresh_data(now=timezone.now())


@shared_task(name="results.refresh_cards")
def refresh_cards() -> None:
    if not publication.at_work(now=database_now()):
        actions.refresh_cards()
