"""The wait for SQLite's one writer, on a database of its own."""

import threading
import time

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(tmp_path):
    """Makes connections to one file, each as another process would; `timeout` in seconds."""
    made = []

    def connect(timeout):
        options = {"transaction_mode": "IMMEDIATE", "timeout": timeout, "init_command": "PRAGMA journal_mode=WAL"}
        handler = ConnectionHandler({"default": {"ENGINE": "label.sqlite", "NAME": tmp_path / "x", "OPTIONS": options}})
        connection = handler["default"]
        connection.inc_thread_sharing()
        made.append(connection)
        return connection

    yield connect
    for connection in made:
        connection.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_transaction_begins_once_the_other_has_ended(database):
    first, second = database(60), database(60)
    begin(first)
    waiting = threading.Thread(target=begin, args=[second])
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()

    first.commit()
    waiting.join(60)
    assert not waiting.is_alive()
    assert second.in_atomic_block is False
    assert second.connection.in_transaction


def test_wait_ends_with_the_error_of_the_database(database):
    first, second = database(60), database(0.1)
    begin(first)
    before = time.monotonic()
    with pytest.raises(OperationalError, match="database is locked"):
        begin(second)
    assert time.monotonic() - before >= 0.1


def test_what_writes_without_a_transaction_waits_as_long(database):
    connection = database(7)
    begin(connection)
    connection.commit()
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (7000,)


def test_what_else_is_wrong_is_told_at_once(database):
    connection = database(60)
    begin(connection)
    with pytest.raises(OperationalError, match="within a transaction"):
        connection._start_transaction_under_autocommit()
