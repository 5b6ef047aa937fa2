"""A real Celery worker, or its beat, on the test's database, broker and files, in a process group of its own: to be
killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from label.supervisor import beat_command, worker_command
from outbox.models import Mail


def database_url() -> str:
    """The test's own database, as the variable of a process names it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Worker:
    """`with Worker(log, NAME=value)`: the variables join the environment. Then `kill()` and `start()` at will."""

    command = (*worker_command(*settings.WORKERS), "--beat")

    def __init__(self, log: Path, **environment: Any) -> None:
        # A clock of its own: what an earlier test's beat last rang would be due at once.
        own = {"DATABASE_URL": database_url(), "AROBASE_BEAT": str(log.with_suffix(".beat"))}
        self.environment = os.environ | own | {k: str(v) for k, v in environment.items()}
        self.log = log.open("ab")

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.log.close()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """The whole group at once, with -9: no process has the time to put anything in order."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Hands(Worker):
    """Without a beat."""

    command = Worker.command[:-1]


class Beat(Worker):
    """Alone, as a server runs it."""

    command = tuple(beat_command())


def asked_for() -> QuerySet[Mail]:
    """All mails but the mark of the trail, which leaves by the clock of the beat, whoever is killed."""
    return Mail.objects.exclude(key__startswith="trail:")


def wait(until: Callable[[], Any], *, seconds: float, every: float = 0.02) -> Any:
    """Its first true value. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := until():
            return value
        time.sleep(every)
    raise TimeoutError(f"nothing came in {seconds} s")
