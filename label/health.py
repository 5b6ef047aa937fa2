"""Is the service well? Each part answers for itself; one that is down makes the whole 503."""

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from kombu import Connection
from kombu.exceptions import OperationalError

from outbox.heartbeat import is_alive


class Health(TypedDict):
    status: str
    parts: dict[str, str]


UP, DOWN = "up", "down"


def health(*, now: datetime) -> Health:
    """`status` is « up » when every part is."""
    parts = {
        "database": _state(_database),
        "broker": _state(_broker),
        "worker": _state(lambda: is_alive("worker", now=now)),
        "storage": _state(_storage),
    }
    return {"status": UP if set(parts.values()) == {UP} else DOWN, "parts": parts}


def _state(check: Callable[[], bool]) -> str:
    try:
        return UP if check() else DOWN
    except (DatabaseError, OperationalError, OSError):
        return DOWN


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker() -> bool:
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_connect_timeout": 2}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return bool(broker.connected)


def _storage() -> bool:
    default_storage.listdir("")
    return True
