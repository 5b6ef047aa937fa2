import pytest
from allauth.mfa.models import Authenticator

from accounts.models import AuditEntry, User
from outbox.models import Mail
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_people_are_found_by_a_word_only(agent, organiser, sign_in):
    client = sign_in(organiser)

    assert agent.email not in client.get("/organisation/personnes/").text
    assert agent.email in client.get("/organisation/personnes/?q=agn").text


def test_person_is_erased_by_the_organiser(agent, organiser, sign_in):
    response = sign_in(organiser).post(f"/organisation/personnes/{agent.pk}/effacer/")

    assert response.url == "/organisation/personnes/"
    assert not User.objects.get(pk=agent.pk).is_active


@pytest.fixture
def lost(agent):
    return Authenticator.objects.create(user=agent, type="totp", data={})


def test_lost_second_factor_is_taken_away(agent, organiser, sign_in, client):
    held = type(client)()
    held.post("/compte/connexion/", {"login": agent.email, "password": PASSWORD})
    assert held.get("/compte/").status_code == 200
    Authenticator.objects.create(user=agent, type="totp", data={})
    visitor = sign_in(organiser, confirmed=True)
    assert "Retirer son second facteur" in visitor.get("/organisation/personnes/?q=agn").text

    visitor.post(f"/organisation/personnes/{agent.pk}/second-facteur/")

    assert not Authenticator.objects.exists()
    assert held.get("/compte/").status_code == 302
    assert list(Mail.objects.values_list("to", "subject")) == [(agent.email, "Votre second facteur a été retiré")]
    line = AuditEntry.objects.get(verb="second_factor.removed")
    assert (line.actor_id, line.detail) == (organiser.pk, {"methods": "totp"})
    assert "Retirer son second facteur" not in visitor.get("/organisation/personnes/?q=agn").text


def test_second_factor_of_another_is_taken_away_by_who_gives_the_password_again(agent, lost, organiser, sign_in):
    answer = sign_in(organiser).post(f"/organisation/personnes/{agent.pk}/second-facteur/")

    assert answer.url.startswith("/compte/confirmer/")
    assert Authenticator.objects.exists()


def test_nothing_is_taken_away_from_who_has_no_second_factor(agent, organiser, sign_in):
    visitor = sign_in(organiser, confirmed=True)

    assert visitor.post(f"/organisation/personnes/{agent.pk}/second-facteur/").status_code == 409
    assert not Mail.objects.exists()


def test_erased_account_keeps_no_second_factor(agent, lost, organiser, sign_in):
    sign_in(organiser).post(f"/organisation/personnes/{agent.pk}/effacer/")

    assert not Authenticator.objects.exists()


def test_own_account_is_erased_once_the_box_is_ticked(agent, sign_in):
    client = sign_in(agent, confirmed=True)
    assert client.post("/compte/effacer/").status_code == 400

    response = client.post("/compte/effacer/", {"sure": "yes"})

    assert response.url == "/"
    assert client.get("/compte/").url.startswith("/compte/connexion/")
    assert not User.objects.get(pk=agent.pk).is_active


def test_erased_account_cannot_come_back_by_an_open_session(agent, organiser, client):
    from accounts import actions

    client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    actions.erase_user(user=agent, by=organiser, now=agent.created_at)

    assert client.get("/compte/").url.startswith("/compte/connexion/")
