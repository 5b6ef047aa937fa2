"""Processes that end by themselves: they come back, and what they started goes with them."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from label import supervisor
from label.supervisor import Kept
from tests.worker import wait

SLEEP = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "PAUSES", (0.0,))
    one = Kept([sys.executable, "-c", SLEEP], log=tmp_path / "log")
    yield one
    one.kill()
    one.process.wait()


def pids(kept):
    return [int(line) for line in kept.log.read_text().split()]


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_killed_process_comes_back_and_leaves_no_orphan(kept):
    [orphan] = wait(lambda: pids(kept), seconds=60)
    first = kept.process.pid
    os.kill(first, signal.SIGKILL)
    kept.process.wait()

    wait(lambda: kept.watch() or kept.process.pid != first, seconds=60)

    assert kept.is_alive()
    wait(lambda: not is_alive(orphan), seconds=60)


def test_process_that_ends_again_and_again_is_waited_for_longer(kept, monkeypatch):
    monkeypatch.setattr(supervisor, "PAUSES", (0.0, 1_000.0))
    os.kill(kept.process.pid, signal.SIGKILL)
    kept.process.wait()

    kept.watch()
    kept.watch()

    assert not kept.is_alive()
    assert kept.due > time.monotonic() + 500


WRITE = "import sys, time; [(print('a line', flush=True), time.sleep(0.01)) for _ in iter(int, 1)]"


def test_log_that_is_too_long_begins_again_while_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_LOG", 70)
    one = Kept([sys.executable, "-c", WRITE], log=tmp_path / "log")
    try:
        wait(lambda: one.log.stat().st_size > 70, seconds=60)
        supervisor.shorten(one.log)
        wait(lambda: one.log.stat().st_size, seconds=60)
    finally:
        one.kill()
        one.process.wait()

    assert set((tmp_path / "log.1").read_text().split("\n")) == {"a line", ""}
    # Appended from the new beginning, not where the old end was.
    assert b"\0" not in one.log.read_bytes()


def test_log_that_is_short_goes_on(tmp_path):
    (tmp_path / "log").write_text("a line")

    supervisor.shorten(tmp_path / "log")

    assert [path.name for path in tmp_path.iterdir()] == ["log"]
