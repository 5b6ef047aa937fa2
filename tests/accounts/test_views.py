import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, MembershipState, Role, Token
from outbox.models import Mail
from tests.accounts.conftest import membership
from tests.conftest import join, make_territory, make_user

pytestmark = pytest.mark.django_db

ACCOUNT, JOIN = "/compte/", "/compte/rattachement/"


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", [ACCOUNT, JOIN, "/compte/equipe/01901/"])
def test_pages_ask_to_sign_in_first(client, aubaine, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url == f"/compte/connexion/?next={path}"


def test_account_shows_details_territories_and_keys(agent, sign_in):
    actions.create_token(name="Tableur", by=agent)
    page = text(sign_in(agent).get(ACCOUNT))

    assert agent.email in page
    assert "Aubaine" in page
    assert "Tableur" in page


def test_account_of_who_has_nothing_yet(newcomer, sign_in):
    assert "Aucune collectivité ne vous est encore rattachée" in text(sign_in(newcomer).get(ACCOUNT))


def test_account_saves_details(agent, sign_in):
    answer = sign_in(agent).post(ACCOUNT, {"name": "Agnès B.", "function": "DGS"}, follow=True)

    agent.refresh_from_db()
    assert agent.function == "DGS"
    assert "Vos coordonnées sont enregistrées." in text(answer)


def test_account_empty_details_keep_what_was_typed(agent, sign_in):
    answer = sign_in(agent).post(ACCOUNT, {"name": "", "function": "DGS"})

    assert answer.status_code == 422
    assert 'value="DGS"' in text(answer)
    agent.refresh_from_db()
    assert agent.function == "secrétaire de mairie"


@pytest.mark.parametrize("rows", [1, 3])
def test_account_query_count(department, sign_in, django_assert_num_queries, rows):
    user = make_user("Nadia", "DGS")
    for number in range(rows):
        join(user, make_territory(department, f"0195{number}", f"Lieu {number}", 100), Role.READER)
        actions.create_token(name=f"Clé {number}", by=user)
    client = sign_in(user)

    with django_assert_num_queries(7):
        assert client.get(ACCOUNT).status_code == 200


def test_create_token_shows_its_secret_once(agent, sign_in):
    client = sign_in(agent, confirmed=True)
    answer = client.post("/compte/cles/", {"name": "Tableur", "scope": "read", "days": "30"})

    assert answer.status_code == 201
    assert "aro_" in text(answer)
    assert answer["Cache-Control"] == "no-store, private"
    assert "aro_" not in text(client.get(ACCOUNT))


def test_create_token_without_name(agent, sign_in):
    assert sign_in(agent, confirmed=True).post("/compte/cles/", {"name": " "}).status_code == 422
    assert not Token.objects.exists()


def test_token_opens_the_api_until_revoked(agent, sign_in):
    token, secret = actions.create_token(name="Tableur", by=agent)
    client = sign_in(agent)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/territories/", headers=headers).status_code == 200

    client.post(f"/compte/cles/{token.pk}/revoquer/")
    assert client.get("/api/v1/territories/", headers=headers).status_code == 401


def test_revoke_token_of_another(agent, stranger, sign_in):
    token, _secret = actions.create_token(name="Tableur", by=agent)

    assert sign_in(stranger).post(f"/compte/cles/{token.pk}/revoquer/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize("path", ["/compte/cles/", "/compte/cles/1/revoquer/", "/compte/rattachements/1/terminer/"])
def test_visiting_a_form_leads_to_the_account(agent, sign_in, path):
    assert sign_in(agent).get(path).url == "/compte/"


# Join


def test_join_searches_without_script(newcomer, aubaine, sign_in):
    page = text(sign_in(newcomer).get(JOIN, {"q": "aubaine"}))

    assert 'value="01901"' in page


def test_join_nothing_found_suggests(newcomer, aubaine, sign_in):
    page = text(sign_in(newcomer).get(JOIN, {"q": "aubene"}))

    assert "Vouliez-vous dire" in page
    assert 'value="01901"' in page


def test_join_sends_the_request(newcomer, aubaine, organiser, sign_in):
    answer = sign_in(newcomer).post(
        JOIN, {"territory": "01901", "role": "contributor", "message": "Bonjour"}, follow=True
    )

    assert membership(newcomer).state == MembershipState.REQUESTED
    assert "Votre demande pour Aubaine est enregistrée" in text(answer)
    assert Mail.objects.get().to == organiser.email


@pytest.mark.parametrize("territory", ["", "99999"])
def test_join_without_a_territory_of_the_list(newcomer, aubaine, sign_in, territory):
    answer = sign_in(newcomer).post(JOIN, {"territory": territory, "role": "reader", "message": "Gardez-moi"})

    assert answer.status_code == 422
    assert "Gardez-moi" in text(answer)
    assert not Membership.objects.filter(user=newcomer).exists()


def test_join_twice_says_so(pending, newcomer, sign_in):
    answer = sign_in(newcomer).post(JOIN, {"territory": "01901", "role": "reader"})

    assert answer.status_code == 409
    assert "déjà en cours d’examen" in text(answer)
    assert 'value="01901"' in text(answer)


def test_join_reading_writes_nothing(newcomer, aubaine, sign_in, django_assert_num_queries):
    sign_in(newcomer).get(JOIN, {"q": "aubaine", "territory": "01901", "role": "reader"})

    assert not Membership.objects.filter(user=newcomer).exists()


# End


def end(user):
    return reverse("accounts:end_membership", args=[membership(user).pk])


def test_end_own_membership(agent, sign_in):
    answer = sign_in(agent).post(end(agent))

    assert answer.url == ACCOUNT
    assert membership(agent).state == MembershipState.ENDED


def test_end_membership_of_a_colleague(agent, signatory, sign_in):
    answer = sign_in(signatory).post(end(agent))

    assert answer.url == "/compte/equipe/01901/"


def test_end_membership_by_a_reader(agent, reader, sign_in):
    answer = sign_in(reader).post(end(agent))

    assert answer.status_code == 403
    assert "Seule une personne qui signe" in text(answer)


def test_end_membership_by_a_stranger(agent, stranger, sign_in):
    assert sign_in(stranger).post(end(agent)).status_code == 404
    assert membership(agent).state == MembershipState.ACTIVE


def test_end_membership_twice(agent, sign_in):
    client = sign_in(agent)
    client.post(end(agent))

    assert client.post(end(agent)).status_code == 409


def test_member_who_left_loses_the_team(agent, sign_in):
    client = sign_in(agent)
    assert client.get("/compte/equipe/01901/").status_code == 200
    Membership.objects.update(state=MembershipState.ENDED, decided_at=timezone.now())

    assert client.get("/compte/equipe/01901/").status_code == 404
