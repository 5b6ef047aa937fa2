"""Is a worker alive? It says so itself, in a row; nobody pings it."""

from datetime import datetime, timedelta

from outbox.models import Heartbeat

SILENCE = timedelta(seconds=60)


def beat(name: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def is_alive(name: str, *, now: datetime) -> bool:
    """Heard of in the last minute."""
    return Heartbeat.objects.filter(name=name, at__gte=now - SILENCE).exists()
