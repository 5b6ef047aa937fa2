from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Scope
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LIST = "/api/v1/applications/"


def key(user, **fields):
    token, secret = actions.create_token(name="Tableur", by=user, **fields)
    return token, {"Authorization": f"Bearer {secret}"}


def test_key_that_reads_writes_nothing(agent, client):
    _token, header = key(agent, scope=Scope.READ)

    answer = client.put("/api/v1/applications/01901/2027/answers/X/", {}, "application/json", headers=header)

    assert client.get(LIST, headers=header).status_code == 200
    assert (answer.status_code, "sans écrire" in answer.content.decode()) == (403, True)


def test_key_that_reads_does_what_everybody_may(agent, client):
    _token, header = key(agent, scope=Scope.READ)

    assert client.post("/api/v1/simulations/", {}, "application/json", headers=header).status_code == 400


def test_key_ends_at_its_day(agent, client):
    _token, header = key(agent, expires_at=timezone.now())

    assert client.get(LIST, headers=header).status_code == 401


def test_key_says_when_it_last_served(agent, client):
    token, header = key(agent, expires_at=timezone.now() + timedelta(days=1))

    client.get(LIST, headers=header)

    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("way", ["changed", "chosen by mail"])
def test_keys_end_with_the_password(agent, client, sign_in, way):
    _token, header = key(agent)
    new = f"{PASSWORD} nouveau"
    if way == "changed":
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        sign_in(agent, confirmed=True).post("/compte/mot-de-passe/", form)
    else:
        actions.change_password(user=agent, password=new, now=timezone.now())

    assert client.get(LIST, headers=header).status_code == 401
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["user.password_changed", "token.revoked"]
