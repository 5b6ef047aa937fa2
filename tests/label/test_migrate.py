"""Two migrates at once, a table in use: on a real PostgreSQL."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from label.management.commands import migrate
from label.operations import AddIndexMeanwhile
from tests.worker import database_url

needs_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="locks of PostgreSQL")


def started():
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env=os.environ | {"DATABASE_URL": database_url()},
        stderr=subprocess.PIPE,
    )


@pytest.mark.django_db(transaction=True)
def test_two_migrates_at_once_both_end_well():
    both = [started() for _time in range(2)]

    assert [process.communicate()[1] for process in both] == [b"", b""]
    assert [process.returncode for process in both] == [0, 0]


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_migrate_steps_back_from_a_table_in_use(monkeypatch):
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(migrate, "ATTEMPTS", 2)
    monkeypatch.setattr(migrate, "PAUSE", 0)
    other = connection.copy()
    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("LOCK TABLE outbox_job")
        monkeypatch.setattr(migrate.migrate.Command, "handle", lambda *_, **__: change_the_table())

        with pytest.raises(CommandError, match="stayed in use"):
            call_command("migrate", verbosity=0)
        other.rollback()
    other.close()


def change_the_table():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_job ADD COLUMN never integer")


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_another_fault_of_the_database_is_not_waited_for(monkeypatch):
    def fail(*_, **__):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(1)")

    monkeypatch.setattr(migrate.migrate.Command, "handle", fail)

    with pytest.raises(OperationalError):
        call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


@pytest.mark.django_db(transaction=True)
def test_index_is_made_meanwhile_and_taken_back():
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("sha256", models.CharField(max_length=64))]
    state.add_model(ModelState("outbox", "StoredFile", fields, {"db_table": "outbox_storedfile"}))
    operation = AddIndexMeanwhile("StoredFile", models.Index(fields=["sha256"], name="made_meanwhile"))
    migration = migrations.Migration("9999", "outbox")
    migration.operations, migration.atomic = [operation], False
    with connection.schema_editor(atomic=False) as editor:
        after = migration.apply(state.clone(), editor)
    assert "made_meanwhile" in indexes()

    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("outbox", editor, after, state)
    assert "made_meanwhile" not in indexes()


def indexes():
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, "outbox_storedfile")
