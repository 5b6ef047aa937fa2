"""Two commands at once on SQLite, which has one writer: the second waits, and says so when it waited in vain."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.pair import PAIR

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(PAIR != "embedded", reason="PostgreSQL has writers side by side"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("busy")
    subprocess.run(command("migrate"), cwd=ROOT, env=environment(folder), check=True, capture_output=True)
    return folder


def command(*words):
    return [sys.executable, "manage.py", *words]


def environment(data):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    return kept | {"AROBASE_DATA": str(data), "AROBASE_DEMO": "1"}


@pytest.fixture
def writer(data):
    """Another process's transaction, as the database sees it."""
    with closing(sqlite3.connect(data / "arobase.sqlite3", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def start(data, mail):
    return subprocess.Popen(
        command("create_organiser", mail), cwd=ROOT, env=environment(data), stdout=-1, stderr=-1, text=True
    )


def test_second_command_waits_for_the_first(data, writer):
    second = start(data, "attend@x.example")
    with pytest.raises(subprocess.TimeoutExpired):
        second.communicate(timeout=8)
    writer.execute("COMMIT")

    out, err = second.communicate(timeout=60)
    assert (second.returncode, err) == (0, "")
    assert "attend@x.example is an organiser." in out


def test_second_command_that_waited_in_vain_says_so_in_one_sentence(data, writer):
    second = start(data, "renonce@x.example")

    _out, err = second.communicate(timeout=120)
    assert second.returncode == 1
    assert err == "The database is busy with other work, and stayed so: try again in a minute. Nothing was changed.\n"
