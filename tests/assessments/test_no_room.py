"""No room for a file, or in the database: the person reads it, nothing is half-written, the rest goes on, and all works
again once there is room."""

import os
import pwd
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import AuditEntry
from assessments.models import Answer, Evidence
from outbox.models import StoredFile
from tests import disk
from tests.assessments.test_uploads import whole_pdf

pytestmark = [pytest.mark.trial, pytest.mark.both, pytest.mark.django_db(transaction=True)]

PIECES = "/dossiers/01901/2027/preuves/"
QUESTIONS = "/dossiers/01901/2027/questions/mediation/"


@pytest.fixture
def visitor(agent, sign_in):
    """Sees the page of a fault, as people do, rather than its exception."""
    client = sign_in(agent)
    client.raise_request_exception = False
    return client


@disk.ways
def test_a_piece_without_room_is_refused_in_words_and_leaves_nothing(way, application, visitor, settings):
    with disk.mounted() as place:
        settings.MEDIA_ROOT = place / "files"
        settings.MEDIA_ROOT.mkdir()
        with way(place):
            refused = add_piece(visitor)
            assert (refused.status_code, disk.NO_ROOM in refused.text) == (507, True)
            assert Evidence.objects.count() == StoredFile.objects.count() == 0
            assert disk.names(settings.MEDIA_ROOT) == []
            assert [visitor.get(path).status_code for path in (PIECES, QUESTIONS, "/annuaire/")] == [200] * 3

        assert add_piece(visitor).status_code == 302
        assert disk.names(settings.MEDIA_ROOT) == [StoredFile.objects.get().sha256]


def add_piece(visitor):
    upload = SimpleUploadedFile("plan.pdf", whole_pdf(), content_type="application/pdf")
    return visitor.post(f"{PIECES}ajouter/?question=INC-01", {"upload": upload})


def test_an_answer_without_room_in_the_database_is_refused_in_words(application, visitor):
    kept = Answer.objects.count()
    with no_room_in_the_database():
        while (answer := save(visitor, seen=kept)).status_code == 302:
            kept += 1
            assert kept < 1_000
        traced = AuditEntry.objects.count()
        assert (answer.status_code, disk.NO_ROOM in answer.text) == (507, True)
        assert save(visitor, seen=kept).status_code == 507
        assert (Answer.objects.count(), AuditEntry.objects.count()) == (kept, traced)
        assert visitor.get(QUESTIONS).status_code == 200

    assert save(visitor, seen=kept).status_code == 302
    assert Answer.objects.count() == kept + 1


def save(visitor, *, seen):
    return visitor.post(f"{QUESTIONS}INC-01/", {"seen": seen, "answer": "v:false" if seen % 2 else "v:true"})


@contextmanager
def no_room_in_the_database():
    """SQLite has a limit of its own; a table of PostgreSQL goes to a disk that is full."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            yield
            cursor.execute("PRAGMA max_page_count = 4294967294")
        return
    with disk.mounted() as place, connection.cursor() as cursor:
        data = place / "data"
        data.mkdir()
        if not os.geteuid():
            os.chown(data, pwd.getpwnam("nobody").pw_uid, -1)
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{data}'")
        try:
            cursor.execute("ALTER TABLE assessments_answer SET TABLESPACE small")
            with disk.full(place):
                yield
        finally:
            cursor.execute("ALTER TABLE assessments_answer SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE small")
