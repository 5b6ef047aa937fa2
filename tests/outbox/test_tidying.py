import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from outbox import tasks
from outbox.doors import files
from outbox.doors.files import BIN
from outbox.jobs import tidying
from outbox.models import StoredFile

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MANY = 40
TWO_DAYS = timedelta(days=2)
MONTH = tidying.KEPT_IN_BIN + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Forty files that rows name."""
    settings.MEDIA_ROOT = tmp_path
    for number in range(MANY):
        store(f"file {number}")
    return tmp_path


@pytest.fixture
def now():
    """Two days after the files were written."""
    return timezone.now() + TWO_DAYS


def store(text):
    return files.store(text.encode(), content_type="text/plain")


def lose(text="lost"):
    """A file whose row never came. Returns its name."""
    stored = store(text)
    stored.delete()
    return stored.sha256


def paths(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def age(folder, by):
    for path in folder.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - by.total_seconds()
            os.utime(path, (then, then))


def test_tidy_puts_a_file_without_a_row_in_the_bin(folder, now):
    name = lose()

    tidying.tidy(now=now)

    assert paths(folder) >= {f"{BIN}/{name}"}
    assert files.path_of(name) not in paths(folder)
    assert len(paths(folder)) == MANY + 1


def test_tidy_empties_the_bin_after_a_month(folder, now):
    tidying.tidy(now=now) if lose() else None
    assert len(paths(folder)) == MANY + 1

    tidying.tidy(now=timezone.now() + MONTH)

    assert len(paths(folder)) == MANY


def test_tidy_keeps_the_bin_for_a_month(folder, now):
    lose()
    tidying.tidy(now=now)

    tidying.tidy(now=now + MONTH - 2 * TWO_DAYS)

    assert len(paths(folder)) == MANY + 1


def test_tidy_takes_back_from_the_bin_what_a_row_names_again(folder, now):
    name = lose()
    tidying.tidy(now=now)
    row = StoredFile.objects.create(sha256=name, size=4, content_type="text/plain")

    tidying.tidy(now=now + MONTH)

    assert files.read(row) == b"lost"
    assert f"{BIN}/{name}" not in paths(folder)


def test_tidy_leaves_a_young_file_whose_row_may_come(folder, now):
    lose()

    assert tidying.tidy(now=timezone.now() + tidying.ROW_MAY_COME - timedelta(minutes=1)).orphans == ()


def test_tidy_deletes_the_draft_of_a_killed_process(folder, now):
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / "draft-1").touch()

    tidying.tidy(now=now)

    assert len(paths(folder)) == MANY


def test_tidy_does_nothing_when_the_database_is_empty(folder, now):
    before = paths(folder)
    StoredFile.objects.all().delete()

    assert tidying.tidy(now=now).doubt == "the database names no file at all"
    assert paths(folder) == before


def test_tidy_does_nothing_when_the_database_is_younger_than_the_files(folder, now):
    lose()
    before = paths(folder)
    MigrationRecorder.Migration.objects.update(applied=timezone.now())
    age(folder, TWO_DAYS)

    assert "older than the database" in tidying.tidy(now=now).doubt
    assert paths(folder) == before


def test_tidy_does_nothing_above_a_share(folder, now):
    for number in range(3):
        lose(f"lost {number}")
    before = paths(folder)

    assert "3 files of 43" in tidying.tidy(now=now).doubt
    assert paths(folder) == before


def test_tidy_in_doubt_keeps_the_bin(folder, now):
    lose()
    tidying.tidy(now=now)
    before = paths(folder)
    StoredFile.objects.all().delete()

    tidying.tidy(now=now + MONTH)

    assert paths(folder) == before


def test_daily_tidying_says_its_doubt(folder, caplog):
    age(folder, TWO_DAYS)
    StoredFile.objects.all().delete()

    tasks.tidy()

    assert "tidy left 40 files without a row where they are" in caplog.text


def test_command_prints_and_touches_nothing(folder, capsys):
    name = lose()
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - 2 * TWO_DAYS)
    age(folder, TWO_DAYS)
    before = paths(folder)

    call_command("tidy")

    printed = capsys.readouterr().out
    assert f"put in the bin {files.path_of(name)}: no row names it" in printed
    assert "Nothing was touched" in printed
    assert paths(folder) == before


def test_command_does_it_when_asked(folder, capsys):
    name = lose()
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - 2 * TWO_DAYS)
    age(folder, TWO_DAYS)

    call_command("tidy", "--apply")

    assert f"{BIN}/{name}" in paths(folder)


def test_command_says_its_doubt(folder, capsys):
    age(folder, TWO_DAYS)
    StoredFile.objects.all().delete()

    call_command("tidy", "--apply")

    assert (
        "In doubt, nothing is deleted nor put in the bin: the database names no file at all." in capsys.readouterr().out
    )
