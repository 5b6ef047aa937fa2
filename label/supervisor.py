"""The embedded default: one web process with threads, one Celery worker with its beat, stopped together.

Used by `manage.py serve`; a server with PostgreSQL and Redis runs the same two commands under its own supervisor
(`docker-compose.yml`)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# One queue would do; several let a server give each kind of work its own worker.
QUEUES = "celery,mail,papers,scores,bulk"
# A worker cut off in mid-task loses nothing: its job is taken again at the next start.
PATIENCE = 6.0


def web_command(port: int) -> list[str]:
    return [sys.executable, "-m", "label.server", "--bind", f"127.0.0.1:{port}"]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--app", "label", "worker", "--beat", "--queues", QUEUES),
        *("--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    ]


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Supervisor:
    """Starts the processes, watches them, stops them all: on Ctrl-C, on SIGTERM, or when one of them ends."""

    def __init__(self, commands: Sequence[list[str]], *, log: Path) -> None:
        self.commands, self.log = commands, log
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stopping = False

    def __enter__(self) -> "Supervisor":
        for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(asked, self._ask_to_stop)
        with self.log.open("ab") as log:
            for command in self.commands:
                # A session of its own: the terminal's Ctrl-C reaches us alone, and we stop each of them in order.
                process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 -- ours
                self.processes.append(process)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self.processes:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def watch(self, every_second: Callable[[], None]) -> bool:
        """Run until asked to stop (True) or until a process ends by itself (False)."""
        while not self.stopping:
            if any(process.poll() is not None for process in self.processes):
                return False
            every_second()
            time.sleep(1)
        return True
