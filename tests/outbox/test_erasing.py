import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from outbox.doors import files
from outbox.jobs import erasing, mail
from outbox.models import Job, JobState, MailFile, StoredFile

pytestmark = [pytest.mark.both, pytest.mark.django_db]
CONTENT = b"a proof that was taken back"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stored():
    return files.store(CONTENT, content_type="text/plain")


def is_on_disk(stored):
    return default_storage.exists(files.path_of(stored.sha256))


def erase_what_was_asked():
    for job in Job.objects.filter(kind=erasing.erase.name, state=JobState.TODO):
        erasing.erase(job)


def hold(stored):
    return mail.queue(
        key="m", to="mairie@x.example", subject="Objet", text="Texte", attachments=[("proof.txt", stored)]
    )


def test_row_and_bytes_go(stored):
    erasing.ask(stored)
    erase_what_was_asked()

    assert not StoredFile.objects.exists()
    assert not is_on_disk(stored)


def test_a_transaction_that_is_undone_keeps_the_bytes(stored):
    with transaction.atomic():
        erasing.ask(stored)
        transaction.set_rollback(True)

    erase_what_was_asked()
    assert files.read(stored) == CONTENT


def test_what_something_else_holds_stays(stored):
    hold(stored)

    erasing.ask(stored)
    erase_what_was_asked()

    assert files.read(stored) == CONTENT


def test_what_something_else_held_goes_once_it_lets_go(stored):
    hold(stored)
    erasing.ask(stored)
    erase_what_was_asked()
    MailFile.objects.all().delete()

    erasing.ask(stored)
    erase_what_was_asked()

    assert not is_on_disk(stored)


def test_nothing_to_erase_asks_for_nothing(stored):
    erasing.ask(None)

    assert not Job.objects.exists()


def test_asked_twice_is_erased_once(stored):
    erasing.ask(stored, stored)
    erase_what_was_asked()

    assert Job.objects.get(kind=erasing.erase.name).state == JobState.DONE
