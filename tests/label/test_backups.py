"""A service is backed up, lost and restored: every row and every file, on the same pair or on the other."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions import audit
from accounts.jobs import erasures
from accounts.models import User
from label import backups
from outbox import jobs
from outbox.doors import files
from outbox.jobs import mail, tidying
from outbox.models import Job, JobState, Mail, MailState, StoredFile
from results.models import FileCheck
from tests.conftest import make_territory, make_user

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path / "data"
    settings.KEYS_DIR = settings.DATA_DIR / "keys"
    settings.KEYS_DIR.mkdir(parents=True)
    (settings.KEYS_DIR / "credential.key").write_bytes(b"a key")


@pytest.fixture
def service(department):
    """Some of each sort of column: text, times, bytes, documents, files."""
    commune = make_territory(department, "01001", "L’Abergement-Clémenciat", 859)
    mayor = make_user("Maire", "maire")
    audit.record(by=mayor, verb="test.done", on=commune, detail={"é": [1, None, "œ"]})
    FileCheck.objects.create(upload=b"\x00\xff%PDF", asked_at=timezone.now())
    stored = files.store(b"a proof " * 300_000, content_type="application/pdf")
    mail.queue(key="to leave", to="a@x.example", subject="Objet", text="Texte", attachments=[("a.pdf", stored)])
    sent = mail.queue(key="left", to="b@x.example", subject="Objet", text="Texte")
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=timezone.now())
    Job.objects.filter(key=f"mail:{sent.pk}").update(state=JobState.DONE, finished_at=timezone.now())


def rows():
    """What mails become is another matter."""
    kept = [each for each in backups.models_kept() if each not in (Mail, Job)]
    return {each._meta.label: list(each._base_manager.order_by("pk").values_list()) for each in kept}


def lose(settings):
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT)
    (settings.KEYS_DIR / "credential.key").unlink()


@pytest.mark.parametrize("key", ["", Fernet.generate_key().decode()], ids=["plain", "sealed"])
def test_restore_gives_every_row_and_every_file_back(service, settings, tmp_path, key):
    before = rows()
    backups.backup(tmp_path / "backup", key=key)
    lose(settings)

    backups.restore(tmp_path / "backup", key=key)

    assert rows() == before
    assert files.read(StoredFile.objects.get()) == b"a proof " * 300_000
    assert (settings.KEYS_DIR / "credential.key").read_bytes() == b"a key"


def test_restored_service_goes_on_counting(service, settings, tmp_path):
    backups.backup(tmp_path / "backup")
    lose(settings)
    backups.restore(tmp_path / "backup")

    assert make_user("Autre", "autre").pk
    assert mail.queue(key="new", to="c@x.example", subject="", text="").pk


def test_restore_holds_the_mails_that_were_to_leave(service, settings, tmp_path):
    backups.backup(tmp_path / "backup")
    lose(settings)

    backups.restore(tmp_path / "backup")

    assert dict(Mail.objects.values_list("key", "state")) == {"to leave": MailState.KEPT, "left": MailState.SENT}
    assert not Job.objects.filter(kind="mail.send").exclude(state=JobState.DONE).exists()
    assert mail.send_again(Mail.objects.get(key="to leave"))


def test_tidying_after_a_restore_deletes_nothing(service, settings, tmp_path):
    backups.backup(tmp_path / "backup")
    lose(settings)
    backups.restore(tmp_path / "backup")

    seen = tidying.tidy(now=timezone.now() + timedelta(days=2))

    assert (seen.drafts, seen.orphans, seen.expired) == ((), (), ())


def test_account_erased_since_is_erased_again(service, tmp_path, capsys):
    """The database is lost, the folder of files is not."""
    kept = make_user("Agnès", "secrétaire de mairie")
    backups.backup(tmp_path / "backup")
    mayor = User.objects.get(name="Maire")
    accounts.erase_user(user=mayor, by=mayor, now=timezone.now())
    jobs.run(Job.objects.get(kind="account.note_erased").pk)
    call_command("flush", interactive=False, verbosity=0)

    call_command("restore", str(tmp_path / "backup"))

    assert "erased again: 1." in capsys.readouterr().out
    assert dict(User.objects.values_list("pk", "is_active")) == {mayor.pk: False, kept.pk: True}
    assert not Mail.objects.filter(state=MailState.TODO).exists()


def test_account_that_has_the_number_of_another_stays(service):
    mayor = User.objects.get(name="Maire")
    accounts.erase_user(user=mayor, by=mayor, now=timezone.now())
    jobs.run(Job.objects.get(kind="account.note_erased").pk)
    User.objects.filter(pk=mayor.pk).update(is_active=True, created_at=timezone.now() + timedelta(days=1))

    assert backups.erase_again() == (0, [])


def test_only_organiser_is_left_to_be_erased_by_hand(service, organiser):
    default_storage.save(f"{files.ERASED}/{erasures._name(organiser)}", ContentFile(b"erased"))

    assert backups.erase_again() == (0, [organiser])


def test_notes_about_accounts_are_no_files_without_a_row(service, organiser):
    default_storage.save(f"{files.ERASED}/{erasures._name(organiser)}", ContentFile(b"erased"))

    assert tidying.look(now=timezone.now() + timedelta(days=2)).orphans == ()


def test_sealed_backup_shows_nothing(service, tmp_path):
    backups.backup(tmp_path / "backup", key=Fernet.generate_key().decode())

    written = [path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert [content for content in written if b"a proof" in content or b"Abergement" in content] == []


def refused(action, *args, **more):
    with pytest.raises(backups.Faulty) as caught:
        action(*args, **more)
    return str(caught.value)


def test_service_that_is_not_empty_is_not_restored_over(service, tmp_path):
    backups.backup(tmp_path / "backup")

    assert "database is not empty" in refused(backups.restore, tmp_path / "backup")


def test_service_without_its_tables_is_told_to_make_them_first(service, tmp_path):
    backups.backup(tmp_path / "backup")
    empty = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "AROBASE_DATA": str(tmp_path / "empty")}

    done = manage("restore", str(tmp_path / "backup"), check=False, **empty)

    assert done.returncode != 0
    assert done.stderr == "CommandError: The tables of this release are not there: run manage.py migrate first.\n"


def test_key_that_lies_there_is_not_written_over(service, settings, tmp_path):
    backups.backup(tmp_path / "backup")
    lose(settings)
    key = settings.KEYS_DIR / "credential.key"
    key.write_bytes(b"another")

    assert "is another key than that of the backup" in refused(backups.restore, tmp_path / "backup")
    assert key.read_bytes() == b"another"
    assert not User.objects.exists()


def test_folder_that_holds_something_takes_no_backup(tmp_path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "other").touch()

    assert "is not empty" in refused(backups.backup, tmp_path / "backup")


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-5])


def change(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [cut_off, change, Path.unlink])
@pytest.mark.parametrize("key", ["", Fernet.generate_key().decode()], ids=["plain", "sealed"])
@pytest.mark.parametrize(
    "name", ["rows/territories.Territory.jsonl", "files/*/*", "keys/keys/credential.key", "manifest.json"]
)
def test_spoilt_backup_is_refused(service, tmp_path, spoil, key, name):
    backups.backup(tmp_path / "backup", key=key)
    path = next((tmp_path / "backup").glob(name))
    spoil(path)

    assert path.name in refused(backups.verify, tmp_path / "backup", key=key)


def test_backup_without_its_key_is_refused(service, tmp_path):
    backups.backup(tmp_path / "backup", key=Fernet.generate_key().decode())

    assert "BACKUP_KEY" in refused(backups.verify, tmp_path / "backup")
    assert "not sealed with this key" in refused(
        backups.verify, tmp_path / "backup", key=Fernet.generate_key().decode()
    )


def test_backup_of_another_release_is_refused(service, tmp_path):
    backups.backup(tmp_path / "backup")
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    manifest["migrations"].append("outbox.9999_to_come")
    manifest["digest"] = backups._digest({key: value for key, value in manifest.items() if key != "digest"})
    (tmp_path / "backup" / "manifest.json").write_text(json.dumps(manifest))

    assert "another release (outbox.9999_to_come)" in refused(backups.restore, tmp_path / "backup")


def test_file_that_is_missing_where_it_is_kept_stops_the_backup(service, tmp_path):
    default_storage.delete(files.path_of(StoredFile.objects.get().sha256))

    assert "cannot be read" in refused(backups.backup, tmp_path / "backup")


def test_commands_say_what_they_did(service, settings, tmp_path, capsys):
    call_command("backup", str(tmp_path / "backup"))
    call_command("verify_backup", str(tmp_path / "backup"))
    lose(settings)
    call_command("restore", str(tmp_path / "backup"))

    said = capsys.readouterr().out
    assert [word for word in ("Backup of", "Whole:", "Restored:", "Mails that were to leave") if word not in said] == []


def test_command_refuses_in_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"holds no manifest\.json"):
        call_command("verify_backup", str(tmp_path))


def test_trial_becomes_a_server(service, settings, tmp_path):
    """From this pair into an empty SQLite, or from SQLite into this pair."""
    here, before = tmp_path / "here", rows()
    backups.backup(here)
    other = {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite3'}", "AROBASE_DATA": str(tmp_path / "other")}
    manage("migrate", "--verbosity", "0", **other)
    manage("restore", str(here), **other)
    manage("backup", str(tmp_path / "back"), **other)
    lose(settings)

    backups.restore(tmp_path / "back")

    assert rows() == before


def manage(*words, check=True, **environment):
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, check=check, capture_output=True, text=True, env=os.environ | environment)
