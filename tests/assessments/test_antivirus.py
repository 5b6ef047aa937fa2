"""A real program beside the service decides: the EICAR string stands for a virus, as everywhere."""

import shlex
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.refusals import Refused
from assessments import actions
from assessments.actions.pictures import add_picture
from assessments.doors import antivirus
from assessments.models import Evidence
from outbox.doors import files
from outbox.models import StoredFile
from tests.assessments.test_uploads import png

# In two parts, so that no antivirus takes this file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCANNER = "import sys\ndata = sys.stdin.buffer.read()\nsys.exit(1 if b'EICAR-' + b'STANDARD' in data else 0)\n"
ADD = "/dossiers/01901/2027/preuves/ajouter/?question=INC-01"


@pytest.fixture
def scanner(tmp_path, settings):
    """`scanner(program)` puts it in place."""

    def _scanner(program=SCANNER, seconds=20):
        path = tmp_path / "scanner.py"
        path.write_text(program)
        settings.SCAN_COMMAND = shlex.join([sys.executable, str(path)])
        settings.SCAN_SECONDS = seconds

    return _scanner


def test_without_a_command_nothing_is_looked_at(settings):
    assert settings.SCAN_COMMAND == ""
    antivirus.check(EICAR)


def test_an_infected_file_is_refused_and_a_clean_one_is_not(scanner):
    scanner()
    antivirus.check(b"Bonjour")
    with pytest.raises(Refused, match="malveillant"):
        antivirus.check(EICAR)


@pytest.mark.parametrize("program", ["import sys; sys.exit(2)", "import time; time.sleep(60)", None])
def test_no_verdict_is_a_refusal(scanner, settings, program):
    scanner(program or "", seconds=2)
    if program is None:
        settings.SCAN_COMMAND = "/nowhere/scanner -"
    with pytest.raises(Refused, match="ne répond pas"):
        antivirus.check(b"Bonjour")


def test_the_scanner_learns_no_secret_of_ours(scanner, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s" * 50)
    scanner("import os, sys; sys.stdin.read(); sys.exit(1 if 'SECRET_KEY' in os.environ else 0)")
    antivirus.check(b"Bonjour")


def test_an_infected_file_leaves_nothing_behind(client, scanner, ready, agent):
    scanner()
    client.force_login(agent)
    upload = SimpleUploadedFile("notes.txt", b"Voir ci-dessous. " + EICAR)
    answer = client.post(ADD, {"title": "Notes", "upload": upload})
    assert answer.status_code == 422
    assert "programme malveillant" in answer.content.decode()
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_clean_file_is_kept_whole(client, scanner, ready, agent):
    scanner()
    client.force_login(agent)
    assert (
        client.post(ADD, {"title": "Notes", "upload": SimpleUploadedFile("notes.txt", b"Bonjour")}).status_code == 302
    )
    assert Evidence.objects.get().file.size == len(b"Bonjour")


@pytest.mark.parametrize("name", ["plan.txt", "vue.png"])
def test_an_action_scans_what_it_keeps(scanner, application, agent, now, name):
    """Whoever calls it: a page, the API, a command."""
    scanner()
    kept = {"title": "", "questions": ["INC-01"], "by": agent, "now": now}
    with pytest.raises(Refused, match="malveillant"):
        actions.add_evidence(application=application, upload=(name, _infected(name)), **kept)
    assert not StoredFile.objects.exists()


def test_a_replacement_is_scanned_before_it_is_kept(scanner, application, agent, now):
    old = actions.add_evidence(
        application=application, title="", url="https://a.example/", questions=["INC-01"], by=agent, now=now
    )
    scanner()
    with pytest.raises(Refused, match="malveillant"):
        actions.replace_evidence(evidence=old, title="", upload=("plan.txt", _infected("plan.txt")), by=agent, now=now)
    assert (Evidence.objects.get(), StoredFile.objects.count()) == (old, 0)


def _infected(name):
    whole = png()
    return EICAR if name.endswith("txt") else whole[:-12] + EICAR + whole[-12:]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["add", "replace", "picture"])
def test_no_lock_is_held_while_a_file_is_scanned_and_stored(application, agent, now, what, monkeypatch):
    began = []

    def watched(content, *, content_type):
        began.append(connection.in_atomic_block)
        return store(content, content_type=content_type)

    store = files.store
    monkeypatch.setattr(files, "store", watched)
    by = {"by": agent, "now": now}
    upload = {"title": "", "upload": ("vue.png", png())}
    if what == "add":
        actions.add_evidence(application=application, questions=["INC-01"], **upload, **by)
    elif what == "replace":
        old = actions.add_evidence(
            application=application, title="", url="https://a.example/", questions=["INC-01"], **by
        )
        actions.replace_evidence(evidence=old, **upload, **by)
    else:
        row = actions.save_initiative(
            application=application, initiative=None, fields={"title": "Un café"}, seen=0, **by
        )
        add_picture(initiative=row, alternative="La salle", upload=("vue.png", png()), **by)
    assert began == [False]
