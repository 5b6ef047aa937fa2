"""The embedded default: one web process with threads, the Celery workers and their beat, stopped together.

Used by `manage.py serve`; a server with PostgreSQL and Redis runs the same commands under its own supervisor
(`docker-compose.yml`)."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# A worker cut off in mid-task loses nothing: its job is taken again at the next start.
LONGEST_STOP = 6.0  # seconds
# Seconds before a process that ended by itself is started again; one that lived for long is started at once.
PAUSES = (0.0, 1.0, 5.0, 15.0, 60.0)
LONG = 120.0
# Octets of the log. Above them it begins again; what it held is kept beside, until the next time.
LONGEST_LOG = 20 * 1024 * 1024


def web_command(port: int) -> list[str]:
    return [sys.executable, "-m", "label.server", "--bind", f"127.0.0.1:{port}"]


def worker_command(*groups: str) -> list[str]:
    """One worker for the queues of these groups, with as many processes as they have."""
    queues = ",".join(queue for group in groups for queue in settings.WORKERS[group])
    processes = sum(settings.WORKER_PROCESSES[group] for group in groups)
    return [
        *(sys.executable, "-m", "celery", "--app", "label", "worker", "--hostname", f"{groups[0]}@%h"),
        *("--queues", queues, "--concurrency", str(processes), "--loglevel", settings.LOG_LEVEL),
        *("--without-gossip", "--without-mingle"),
    ]


def beat_command() -> list[str]:
    """A process of its own: inside a worker, it would outlive one that is killed."""
    return [
        *(sys.executable, "-m", "celery", "--app", "label", "beat"),
        *("--loglevel", settings.LOG_LEVEL, "--pidfile", ""),
    ]


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def shorten(log: Path) -> None:
    """A log that has grown too long. Whoever writes to it appends, and goes on at its new end."""
    with suppress(OSError):  # a full disk: the next second tries again
        if log.stat().st_size > LONGEST_LOG:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


class Kept:
    """One process, started again when it ends by itself."""

    def __init__(self, command: list[str], *, log: Path) -> None:
        self.command, self.log = command, log
        self.ended = 0
        self.due: float | None = None  # when it is to be started again
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            # A session of its own: the terminal's Ctrl-C reaches us alone, and we stop each of them in order.
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 -- ours
        self.born, self.due = time.monotonic(), None

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def watch(self) -> None:
        now = time.monotonic()
        if self.is_alive():
            return
        if self.due is None:
            # Its own processes must not go on without it.
            self.kill()
            self.ended = 0 if now - self.born > LONG else self.ended + 1
            self.due = now + PAUSES[min(self.ended, len(PAUSES) - 1)]
        elif now >= self.due:
            self.start()

    def stop(self, *, deadline: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        self.kill()
        self.process.wait()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Starts the processes, starts again those that end, stops them all on Ctrl-C or on SIGTERM."""

    def __init__(self, commands: Sequence[list[str]], *, log: Path) -> None:
        self.commands, self.log = commands, log
        self.processes: list[Kept] = []
        self.stopping = False

    def __enter__(self) -> "Supervisor":
        for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(asked, self._ask_to_stop)
        self.processes = [Kept(command, log=self.log) for command in self.commands]
        return self

    def __exit__(self, *_: object) -> None:
        for kept in self.processes:
            if kept.is_alive():
                kept.process.terminate()
        deadline = time.monotonic() + LONGEST_STOP
        for kept in self.processes:
            kept.stop(deadline=deadline)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def watch(self, every_second: Callable[[], None]) -> None:
        while not self.stopping:
            for kept in self.processes:
                kept.watch()
            shorten(self.log)
            every_second()
            time.sleep(1)
