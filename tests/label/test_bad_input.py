"""What no form of ours sends: every address answers it in words, never with a fault."""

import logging
import re

import pytest
from django.db import connection, transaction

from accounts.models import AuditEntry
from label.logs import WithoutSecrets
from outbox.jobs import mail
from tests.conftest import PASSWORD
from tests.label.matrix import MATRIX

pytestmark = pytest.mark.django_db

NUL, DIGITS, DEEP = "a\0b", "9" * 5_000, "[" * 5_000
ODD = {"NUL": NUL, "digits": DIGITS, "number": "9" * 25, "deep": DEEP}


@pytest.fixture
def ask(season, visitors):
    def _ask(name, method, value):
        row = MATRIX[name]
        address = row.address(name, season)
        keys = {*row.data, "q", "page", "etat", "code", "name", "email", "text", "reason", "decision", "pk"}
        role = next(iter(row.post), None) or next((role for role, status in row.get.items() if status == 200), "agent")
        by_key = visitors[role].headers if address.startswith("/api/") else None
        form = dict.fromkeys(keys, value)
        with transaction.atomic():
            response = getattr(visitors[role].client(), method)(address, form, headers=by_key)
            b"".join(response)
            transaction.set_rollback(True)
        return response.status_code

    return _ask


@pytest.mark.trial
@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", MATRIX)
def test_odd_values_are_never_a_fault(ask, name, method, kind):
    assert ask(name, method, ODD[kind]) < 500


@pytest.mark.parametrize(
    ("method", "path", "data", "status"),
    [
        ("get", "/annuaire/%00/", None, 404),
        ("get", "/annuaire/?q=a%00b", None, 400),
        ("post", "/compte/connexion/", {"login": NUL, "password": NUL}, 400),
        ("get", "/api/v1/territories/?q=%00", None, 400),
    ],
)
def test_nul_is_refused(client, method, path, data, status):
    assert getattr(client, method)(path, data).status_code == status


@pytest.mark.parametrize("body", ['{"answers": "\\u0000"}', '{"answers": "\0"}'])
def test_nul_in_a_document_is_refused(client, body):
    assert client.post("/api/v1/simulations/", body, content_type="application/json").status_code == 400


def test_wrong_method_has_a_page_of_ours(agent, sign_in):
    answer = sign_in(agent).post("/accessibilite/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "Cette adresse ne s’ouvre pas ainsi" in answer.content.decode()


SECRETS = [
    "/compte/invitations/PLANTED/",
    "/compte/mot-de-passe/choisir/1-PLANTED/",
    "/compte/adresse/confirmer/PLANTED/",
    "/compte/courriels/arreter/PLANTED/",
    "/invite/PLANTED/",
    "/rappels/arreter/PLANTED/",
    "/repondre/PLANTED/",
    "/demarrer/PLANTED/",
    "/verifier/fichier/PLANTED/",
]


@pytest.mark.parametrize("path", SECRETS)
def test_secret_of_an_address_is_not_logged(path):
    try:
        raise ValueError(f"no page at {path}")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, "Not Found: %s", (path,), trace)

    WithoutSecrets().filter(record)

    written = logging.Formatter("%(message)s").format(record)
    assert "PLANTED" not in written
    assert "Not Found: /" in written


@pytest.mark.parametrize("path", SECRETS)
def test_page_with_a_secret_in_its_address_is_kept_nowhere(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", [path for path in SECRETS if not path.startswith("/invite/")])
def test_page_with_a_secret_in_its_address_asks_for_help_without_it(client, path):
    answer = client.get(path, follow=True)

    assert 'href="/besoin-d-aide/?page=' in answer.content.decode()
    assert "PLANTED" not in "".join(re.findall(r'href="(/besoin-d-aide/[^"]*)"', answer.content.decode()))


def test_mail_at_rest_is_not_readable(aubaine, signatory, agent):
    mail.queue(key="planted", to=agent.email, subject="Essai", text="https://x.example/compte/invitations/PLANTED/")

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM outbox_mail")
        assert "PLANTED" not in str(cursor.fetchall())


def test_sign_ins_stand_in_the_trail(client, agent):
    for password in ("pas le bon", PASSWORD):
        client.post("/compte/connexion/", {"login": agent.email, "password": password})

    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", "object_id"))
    assert verbs == [("user.sign_in_failed", str(agent.pk)), ("user.signed_in", str(agent.pk))]
