"""Is a worker alive? It says so itself, in a row of its group, however busy its processes are; nobody pings it."""

from datetime import datetime, timedelta

from outbox.models import Heartbeat

PULSE, SILENCE = 10.0, timedelta(seconds=60)


def beat(name: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def last(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def somebody_works(*, now: datetime) -> bool:
    """Was any worker heard of in the last minute? What waits then goes on by itself."""
    return Heartbeat.objects.filter(at__gte=now - SILENCE).exists()
