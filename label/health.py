"""Is the service well? Three answers: this process lives; it can serve; and what each part says of itself.

A worker that is busy is alive, and a site without workers still serves: who restarts what must not confuse them."""

import os
import shlex
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from kombu import Connection

from instance.queries import mail_transport
from outbox.doors.files import path_of
from outbox.jobs import heartbeat
from outbox.models import Job, JobState, Mail, MailState, StoredFile
from outbox.queries import database_now
from results.models import CredentialKey

Part = dict[str, Any]

UP, DOWN = "up", "down"
LATE = timedelta(minutes=10)  # a task that is due and that nobody took
UNSENT = timedelta(hours=1)  # a mail that does not leave
FREE = 0.05  # of the disk


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Before everything else: a probe asks by an address that is no name of ours, over http, and has no session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/sante/vivant/":
            return _answer(True)
        if request.path == "/sante/":
            return _answer(can_serve())
        return get_response(request)

    return middleware


def _answer(well: bool) -> HttpResponse:
    answer = HttpResponse(UP if well else DOWN, content_type="text/plain", status=200 if well else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def can_serve() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def detail() -> dict[str, Any]:
    """`status` is « up » when every part is. A part that is down says why in its own terms."""
    if not can_serve():
        return {"status": DOWN, "parts": {"database": {"state": DOWN}}}
    now = database_now()
    parts = {
        "database": {"state": UP},
        **{f"worker {group}": _heard(group, now=now) for group in settings.WORKERS},
        "beat": _heard("beat", now=now),
        **{f"queue {queue}": _queue(queue, now=now) for queues in settings.WORKERS.values() for queue in queues},
        "dead letters": _state(not (dead := Job.objects.filter(state=JobState.DEAD).count()), count=dead),
        "mail": _mail(now=now),
        "disk": _disk(),
        "storage": _tried(files_are_here),
        "broker": _tried(_ring_is_heard),
        "cache": _tried(_cache_keeps),
        "antivirus": _antivirus(),
    }
    well = all(part["state"] != DOWN for part in parts.values())
    return {"status": UP if well else DOWN, "parts": parts}


def files_are_here() -> bool:
    """The last that was kept: whoever has another folder than the other machines lacks it."""
    last = StoredFile.objects.order_by("pk").last()
    return last is None or default_storage.exists(path_of(last.sha256))


def lacks() -> str:
    """What a worker shares with those before it and finds missing: it would make other keys, and lose its files."""
    if not files_are_here():
        return "The files of this service are not here: share their folder with the other machines, or use S3_BUCKET."
    if CredentialKey.objects.exists() and not any(settings.KEYS_DIR.rglob("*")):
        return (
            f"The keys of this service are not in {settings.KEYS_DIR}: share that folder, or name it by AROBASE_KEYS."
        )
    return ""


def _state(well: bool, **more: Any) -> Part:
    return {"state": UP if well else DOWN, **more}


def _tried(check: Callable[[], bool]) -> Part:
    try:
        return _state(check())
    except Exception as error:
        return _state(False, error=type(error).__name__)


def _heard(name: str, *, now: datetime) -> Part:
    at = heartbeat.last(name)
    return _state(at is not None and now - at < heartbeat.SILENCE, heard=at and at.isoformat())


def _queue(queue: str, *, now: datetime) -> Part:
    due = Job.objects.filter(state=JobState.TODO, queue=queue, due_at__lte=now)
    seen = due.aggregate(count=Count("pk"), oldest=Min("due_at"))
    waiting = (now - seen["oldest"]).total_seconds() if seen["oldest"] else 0
    free = due.filter(lease_until=None).aggregate(oldest=Min("due_at"))["oldest"]
    return _state(free is None or now - free < LATE, due=seen["count"], oldest_seconds=round(waiting))


def _mail(*, now: datetime) -> Part:
    unsent = Mail.objects.filter(state=MailState.TODO, created_at__lt=now - UNSENT).count()
    leaves = mail_transport() is not None
    return _state(leaves and not unsent, transport=leaves, unsent_for_an_hour=unsent)


def _disk() -> Part:
    """Where files are kept: room for their bytes, places for their names (inodes), and no refusal to write."""
    disk = os.statvfs(settings.MEDIA_ROOT)
    free = {
        "free_bytes": disk.f_bavail * disk.f_frsize,
        "free_share": round(disk.f_bavail / disk.f_blocks, 3),
        # Some systems of files count none.
        "free_names_share": round(disk.f_favail / disk.f_files, 3) if disk.f_files else 1.0,
    }
    read_only = bool(disk.f_flag & os.ST_RDONLY)
    room = min(free["free_share"], free["free_names_share"]) > FREE
    return _state(room and not read_only, **free, read_only=read_only)


def _ring_is_heard() -> bool:
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "socket_connect_timeout": 2}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return bool(broker.connected)


def _cache_keeps() -> bool:
    cache.set("sante", "kept", 5)
    return bool(cache.get("sante") == "kept")


def _antivirus() -> Part:
    if not settings.SCAN_COMMAND:
        return {"state": "none"}
    return _state(shutil.which(shlex.split(settings.SCAN_COMMAND)[0]) is not None)
