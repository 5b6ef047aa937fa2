import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from outbox.doors import files

pytestmark = [pytest.mark.both, pytest.mark.django_db]
CONTENT = b"an attestation"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def store(content=CONTENT):
    return files.store(content, content_type="text/plain")


def names(folder):
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_store_keeps_the_bytes_under_their_digest(folder):
    stored = store()

    assert (stored.sha256, stored.size, stored.content_type) == (DIGEST, len(CONTENT), "text/plain")
    assert files.read(stored) == CONTENT
    assert names(folder) == [DIGEST]


def test_store_twice_keeps_one_file_and_one_row(folder):
    assert store() == store()
    assert names(folder) == [DIGEST]


def test_store_mends_a_file_that_has_no_row(folder):
    path = folder / files.path_of(DIGEST)
    path.parent.mkdir()
    path.write_bytes(b"an attes")

    assert files.read(store()) == CONTENT


def test_store_writes_anew_the_bytes_that_an_erasure_cut_short_took(folder):
    (folder / files.path_of(store().sha256)).unlink()

    assert files.read(store()) == CONTENT


def test_store_writes_no_bytes_that_were_just_put(folder):
    files.put(CONTENT)
    path = folder / files.path_of(DIGEST)
    written = path.stat().st_ino

    stored = files.store(CONTENT, content_type="text/plain", was_put=True)

    assert path.stat().st_ino == written
    assert files.read(stored) == CONTENT


def test_store_writes_anew_what_was_put_and_swept_since(folder):
    files.put(CONTENT)
    (folder / files.path_of(DIGEST)).unlink()

    assert files.read(files.store(CONTENT, content_type="text/plain", was_put=True)) == CONTENT


def test_store_is_for_its_owner_alone(folder):
    store()

    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")} == {"0o600", "0o700"}


def test_killed_in_mid_write_leaves_nothing_under_the_name(folder):
    script = (
        "import os, signal, sys; import django; django.setup();"
        "from outbox.doors.files import Folder; from django.core.files.base import ContentFile;"
        "content = ContentFile(b'');"
        "content.chunks = lambda: (os.kill(os.getpid(), signal.SIGKILL) if part else b'an at' for part in (0, 1));"
        "Folder(location=sys.argv[1]).save('ab/abcd', content)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "label.settings"}
    root = Path(__file__).parents[2]

    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=root, env=environment)

    assert done.returncode == -signal.SIGKILL
    assert len(names(folder)) == 1
    assert not (folder / "ab" / "abcd").exists()


def test_failed_write_leaves_no_draft(folder):
    content = files.ContentFile(b"")
    content.chunks = lambda: (part or 1 / 0 for part in (b"an at", b""))

    with pytest.raises(ZeroDivisionError):
        default_storage.save(files.path_of(DIGEST), content)

    assert names(folder) == []


def test_store_open_keeps_a_file_in_pieces(db, tmp_path):
    content = b"0123456789" * 20_000
    path = tmp_path / "large"
    path.write_bytes(content)
    with path.open("rb") as file:
        stored = files.store_open(file, content_type="application/zip")

    assert (files.read(stored), stored.size) == (content, len(content))
    assert files.store(content, content_type="application/zip") == stored
