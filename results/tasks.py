"""What Celery's clock calls."""

from celery import shared_task
from django.utils import timezone

from outbox.models import Job, JobState, Queue
from outbox.queries import database_now
from results import actions
from results.jobs import cards, opendata


@shared_task(name="results.forget")
def forget() -> None:
    actions.forget_checks(now=timezone.now())


@shared_task(name="results.refresh_data")
def refresh_data() -> None:
    if not _papers_are_due():
        actions.refresh_data(now=timezone.now())


@shared_task(name="results.refresh_cards")
def refresh_cards() -> None:
    if not _papers_are_due():
        actions.refresh_cards()


def _papers_are_due() -> bool:
    """A publication is at work. Communes wait for certificates and reports: open data and images, which take minutes of
    a processor, come after them."""
    due = Job.objects.filter(state=JobState.TODO, queue__in=[Queue.PAPERS, Queue.BULK], due_at__lte=database_now())
    return due.exclude(kind__in=[cards.make.name, opendata.make.name]).exists()
