"""A hundred certificates and their mails, through publication, with the worker killed with -9 twenty times."""

import hashlib
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db.models import Sum

from accounts.models import Role
from outbox.models import Job, JobState, Mail, MailState, Rank, StoredFile
from results import actions
from results.models import Certificate, PublishedResult
from tests.conftest import join, make_territory, make_user
from tests.results import conftest as room
from tests.smtp import catcher
from tests.worker import Worker, asked_for, wait

pytestmark = [pytest.mark.trial, pytest.mark.both, pytest.mark.django_db(transaction=True)]

DOCUMENTS, KILLS = 100, 20
PATIENCE = 60.0
now, edition, chair, make_file = room.now, room.edition, room.chair, room.make_file


@pytest.fixture
def due(make_file, department, edition, organiser, now):
    """A hundred decided files; their publication, its certificates and its mails are the worker's."""
    mayor = make_user("Maire", "maire")
    for number in range(DOCUMENTS):
        commune = make_territory(department, f"01{number:03}", f"Commune {number}", 400 + number)
        join(mayor, commune, Role.SIGNATORY)
        make_file(commune)
    edition.results_at = now + timedelta(seconds=1)
    edition.save(update_fields=["results_at"])
    actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)


def attempts():
    return Job.objects.aggregate(sum=Sum("attempts"))["sum"]


def unfinished():
    """Reports come after all the rest, by the same road, and take as long as ten certificates: not waited for."""
    return Job.objects.filter(rank=Rank.USUAL).exclude(state=JobState.DONE)


def test_kill_at_any_moment_loses_nothing_and_repeats_nothing(due, tmp_path):
    chance = random.Random(2027)
    before = set(Path(default_storage.location).rglob("*"))
    with catcher() as (port, accepted):
        environment = {"MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        with Worker(tmp_path / "log", EMAIL_PORT=port, JOB_LEASE=2, **environment) as worker:
            for _kill in range(KILLS):
                # Somewhere in the next few jobs, wherever that is inside them.
                more = attempts() + chance.randint(1, 12)
                wait(lambda more=more: attempts() >= more, seconds=PATIENCE)
                time.sleep(chance.uniform(0, 0.03))
                assert unfinished().exists()
                worker.kill()
                worker.start()
            while unfinished().exists():
                # However slow the machine: it goes on, or it is held to hang.
                seen = attempts()
                wait(lambda seen=seen: attempts() > seen or not unfinished().exists(), seconds=PATIENCE, every=0.2)

    assert PublishedResult.objects.count() == DOCUMENTS
    check_certificates(before)
    check_mails(accepted)


def check_certificates(before):
    certificates = list(Certificate.objects.select_related("file"))
    assert len({certificate.number for certificate in certificates}) == DOCUMENTS
    assert len({certificate.file.sha256 for certificate in certificates}) == DOCUMENTS
    for stored in StoredFile.objects.all():
        with default_storage.open(f"{stored.sha256[:2]}/{stored.sha256}") as file:
            content = file.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (stored.sha256, stored.size)
    # Half a file is never under a digest's name.
    new = [path for path in set(Path(default_storage.location).rglob("*")) - before if path.is_file()]
    whole = [path for path in new if not path.name.startswith("draft-")]
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in whole} == {path.name for path in whole}


def check_mails(accepted):
    assert asked_for().count() == DOCUMENTS, Counter(asked_for().values_list("key", flat=True))
    sent = {mail.message_id for mail in Mail.objects.filter(state=MailState.SENT)}
    received = Counter(message["Message-ID"] for message in accepted)
    assert len(sent) == Mail.objects.count()
    assert set(received) == sent
    assert sum(received.values()) - len(received) <= KILLS
