import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_create_organiser_prints_a_link(capsys, client):
    call_command("create_organiser", "Olga@x.example", "--name=Olga")

    out = capsys.readouterr().out
    assert "olga@x.example is an organiser." in out
    path = out.split("http://127.0.0.1:8000")[1].strip()
    assert "Choisir mon mot de passe" in client.get(path, follow=True).content.decode()
    assert User.objects.get().is_organiser


def test_create_organiser_reads_a_password(monkeypatch, client):
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("create_organiser", "olga@x.example", "--password-stdin")

    client.post("/compte/connexion/", {"login": "olga@x.example", "password": PASSWORD})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(("email", "password"), [("non", PASSWORD), ("olga@x.example", "court")])
def test_create_organiser_refuses_what_is_wrong(monkeypatch, email, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(password))

    with pytest.raises(CommandError):
        call_command("create_organiser", email, "--password-stdin")
    assert not User.objects.exists()
