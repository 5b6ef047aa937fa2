import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_people_are_found_by_a_word_only(agent, organiser, sign_in):
    client = sign_in(organiser)

    assert agent.email not in client.get("/organisation/personnes/").text
    assert agent.email in client.get("/organisation/personnes/?q=agn").text


def test_person_is_erased_by_the_organiser(agent, organiser, sign_in):
    response = sign_in(organiser).post(f"/organisation/personnes/{agent.pk}/effacer/")

    assert response.url == "/organisation/personnes/"
    assert not User.objects.get(pk=agent.pk).is_active


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
