"""Is a worker alive? It says so itself, in a row of its group, however busy its processes are; nobody pings it.

By the clock of the database, which all machines share."""

from datetime import datetime, timedelta

from django.db.models.functions import Now

from outbox.models import Heartbeat

PULSE, SILENCE = 10.0, timedelta(seconds=60)


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": Now()})


def last(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def somebody_works() -> bool:
    """Was any worker heard of in the last minute? What waits then goes on by itself."""
    return Heartbeat.objects.filter(at__gte=Now() - SILENCE).exists()
