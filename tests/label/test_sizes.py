import pytest
from django.core.management import call_command
from django.db import connection

from outbox.doors import files

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def lines(capsys):
    call_command("sizes")
    return capsys.readouterr().out.splitlines()


def test_files_are_told_by_kind_and_for_one_application(capsys, aubaine):
    files.store(b"a proof", content_type="text/plain")
    files.store(b"another proof", content_type="text/plain")

    said = lines(capsys)

    assert said[0].startswith("0 applications, 2 territories.")
    assert [line.split()[:4] for line in said if line.startswith("files text")] == [["files", "text/plain", "2", "20"]]
    assert said[-1].split()[:4] == ["files,", "all", "2", "20"]


def test_whole_database_is_told(capsys):
    [line] = [line for line in lines(capsys) if line.startswith("the database, whole")]

    assert int(line.split()[3].replace(",", "")) > 100_000


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite does not tell the tables apart")
def test_large_tables_are_told_with_their_indexes(capsys):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_storedfile (sha256, size, content_type, created_at)"
            " SELECT lpad(n::text, 64, '0'), 1, 'text/plain', now() FROM generate_series(1, 2000) n"
        )

    [line] = [line for line in lines(capsys) if line.startswith("outbox_storedfile")]
    assert line.split()[1] == "2000"
    assert int(line.split()[2].replace(",", "")) > 2000 * 64
