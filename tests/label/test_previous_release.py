"""For some minutes at each upgrade, and after a rollback, the previous release runs on the tables of this one: its rows
are written and read there, and its own matrix of every address and every role holds."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from label import upgrades
from tests import season
from tests.pair import PAIR

ROOT = Path(__file__).resolve().parents[2]
EACH = 20  # rows of a table


@pytest.fixture
def former(db):
    """The tables as the previous release knows them, full of what this one wrote there."""
    season.build()
    state = MigrationLoader(connection).project_state(list(upgrades.RELEASED.items()))
    models = state.apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.app_label in upgrades.RELEASED]


@pytest.mark.both
def test_previous_release_reads_and_writes_every_table(former):
    empty = [model._meta.label for model in former if not _written_again(model)]

    # References are checked at the end, as the previous release's commit would.
    connection.check_constraints()
    assert len(empty) < len(former) / 5, empty


def _written_again(model):
    """Rows that it reads, takes away and inserts as it would: without the columns that it does not know."""
    rows = list(model._base_manager.order_by("pk")[:EACH])
    for row in rows:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s', [row.pk])
            row.save(force_insert=True)
    return rows


@pytest.fixture
def tree(tmp_path):
    """The files of the previous release."""
    folder = tmp_path / "previous"
    folder.mkdir()
    archive = subprocess.run(["git", "archive", upgrades.RELEASED_AT], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip("the history does not reach the previous release")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


@pytest.mark.trial
@pytest.mark.skipif(PAIR != "servers", reason="SQLite knows no two releases at once: `serve` stops before it migrates")
def test_previous_release_answers_every_address_on_the_new_tables(tree, tmp_path, transactional_db):
    """Its own tests of every address and every role, on a database that this release made."""
    url = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS test_previous")
        cursor.execute("CREATE DATABASE test_previous")
    environment = os.environ | {"AROBASE_DATA": str(tmp_path / "data")}
    made = url._replace(path="/test_previous").geturl()
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=environment | {"DATABASE_URL": made},
        check=True,
    )

    # pytest-django finds « test_ » and the name, and keeps it: there is nothing left to migrate.
    options = ["-q", "--reuse-db", "-p", "no:cacheprovider", "-o", "addopts=", "-o", "filterwarnings="]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/label/test_matrix.py"],
        cwd=tree,
        env=environment | {"DATABASE_URL": url._replace(path="/previous").geturl()},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-5000:]
