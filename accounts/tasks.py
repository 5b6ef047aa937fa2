"""What Celery's clock calls."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.jobs import sealing


@shared_task(name="accounts.seal")
def seal() -> None:
    now = timezone.now()
    sealing.schedule(now=now)
    sealing.schedule_head(now=now)


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Those that have run out: each visit of a stranger who signs in leaves one."""
    call_command("clearsessions")
