"""The service as its operator starts it: the real command, its processes, its own data folder, nothing else around."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

from tests.worker import wait

ROOT = Path(__file__).parents[1]
PATIENCE = 300  # seconds: after them the site is held to hang, not to be slow


class Site:
    """`manage.py serve` on its own data; these variables, and none of ours, are its environment."""

    def __init__(self, data: Path, port: int, **variables: str) -> None:
        self.data, self.port = data, port
        self.environment = {"AROBASE_DATA": str(data), **variables}
        self.url = f"http://127.0.0.1:{port}"
        self.output = data.with_suffix(".out")

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command(self.port), cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )

    def is_well(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/sante/", timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def answers(self) -> bool:
        wait(self.is_well, seconds=PATIENCE, every=0.1)
        return True

    def says(self, words: str) -> str:
        """All that it printed, once these words are among it."""
        wait(lambda: words in self.output.read_text(), seconds=PATIENCE, every=0.1)
        return self.output.read_text()

    def left(self) -> list[str]:
        """Processes that live on this data folder."""
        mark = f"AROBASE_DATA={self.data}".encode()
        return [pid for pid in os.listdir("/proc") if pid.isdigit() and mark in _variables(pid)]

    def stop(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """Asked first: a worker that has renamed itself shows no variables, and only who started it knows it."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=PATIENCE)
        for pid in self.left():
            os.kill(int(pid), signal.SIGKILL)
        self.process.wait()

    def counts(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.data / "arobase.sqlite3")) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def command(port: int) -> list[str]:
    return [sys.executable, "manage.py", "serve", "--port", str(port)]


def _variables(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
