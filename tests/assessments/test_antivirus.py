"""A real program beside the service decides: the EICAR string stands for a virus, as everywhere."""

import shlex
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.refusals import Refused
from assessments.doors import antivirus
from assessments.models import Evidence
from outbox.models import StoredFile

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
