"""Signing in with an OpenID Connect provider, a real one on this machine."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts import actions
from accounts.models import AuditEntry, User
from tests import openid
from tests.accounts.conftest import NOW

pytestmark = pytest.mark.django_db
LOGIN = "/compte/connexion/agent/"


@pytest.fixture
def provider(settings):
    with openid.running() as running:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "agent",
                        "name": "ProConnect",
                        "client_id": openid.CLIENT,
                        "secret": openid.SECRET,
                        "settings": {
                            "server_url": running.issuer,
                            "scope": ["openid", "email", "given_name", "usual_name"],
                            "token_auth_method": "client_secret_post",
                        },
                    }
                ],
            }
        }
        yield running


@pytest.fixture
def come_in(client, provider):
    """Press the button, sign in there, come back: the answer of the page that one comes back to."""

    def _come_in():
        away = client.post(LOGIN)
        assert away.status_code == 302
        back = requests.get(away["Location"], allow_redirects=False, timeout=10)
        parts = urlsplit(back.headers["Location"])
        return client.get(f"{parts.path}?{parts.query}")

    return _come_in


def signed_in(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("signed", [True, False])
def test_who_has_an_account_with_that_address_finds_it(come_in, provider, client, agent, signed):
    provider.signed = signed
    provider.person["email"] = agent.email

    come_in()

    assert signed_in(client) == str(agent.pk)
    assert SocialAccount.objects.get().user == agent
    assert AuditEntry.objects.filter(verb="user.signed_in", actor_id=agent.pk).exists()


def test_next_time_the_account_is_known_by_its_number_not_by_its_address(come_in, provider, client, agent):
    provider.person["email"] = agent.email
    come_in()
    client.logout()
    provider.person["email"] = "agnes@ailleurs.example"

    come_in()

    assert signed_in(client) == str(agent.pk)


def test_address_that_the_provider_did_not_confirm_opens_nothing(come_in, provider, client, agent):
    provider.person |= {"email": agent.email, "email_verified": False}

    come_in()

    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()


def test_address_that_was_never_confirmed_here_opens_nothing(come_in, provider, client, agent):
    EmailAddress.objects.filter(user=agent).update(verified=False)
    provider.person["email"] = agent.email

    come_in()

    assert signed_in(client) is None


def test_who_comes_first_says_what_they_do(come_in, provider, client):
    provider.person["email"] = "nouvelle@aubaine.example"

    assert come_in()["Location"] == "/compte/connexion/inscription/"
    form = client.get("/compte/connexion/inscription/").content.decode()
    assert "Agnès Martin" in form
    sent = {"email": "nouvelle@aubaine.example", "name": "Agnès Martin", "function": "secrétaire de mairie"}
    client.post("/compte/connexion/inscription/", sent)

    user = User.objects.get(email="nouvelle@aubaine.example")
    assert (user.name, user.function, user.has_usable_password()) == ("Agnès Martin", "secrétaire de mairie", False)
    assert signed_in(client) == str(user.pk)


def test_second_factor_is_asked_all_the_same(come_in, provider, client, agent):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(agent, generate_totp_secret())
    provider.person["email"] = agent.email

    answer = come_in()

    assert answer["Location"].startswith("/compte/connexion/second-facteur/")
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda provider: provider.id_claims.update(nonce="another"),
        lambda provider: provider.id_claims.update(aud="another client"),
        lambda provider: provider.id_claims.update(iss="https://autre.example"),
        lambda provider: provider.id_claims.update(exp=1),
        lambda provider: provider.info_claims.update(sub="43"),
        lambda provider: provider.info_claims.update(aud="another client"),
        lambda provider: provider.info_claims.update(iss="https://autre.example"),
        lambda provider: setattr(provider, "info_key", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    ],
    ids=["nonce", "audience", "issuer", "too old", "somebody else", "info audience", "info issuer", "info signature"],
)
def test_answer_that_does_not_hold_opens_nothing(come_in, provider, client, agent, spoil):
    provider.person["email"] = agent.email
    spoil(provider)

    answer = come_in()

    assert signed_in(client) is None
    assert "La connexion n’a pas abouti" in answer.content.decode()


def test_answer_to_another_browser_opens_nothing(client, provider, agent):
    provider.person["email"] = agent.email
    away = client.post(LOGIN)
    back = urlsplit(requests.get(away["Location"], allow_redirects=False, timeout=10).headers["Location"])
    client.cookies.clear()

    client.get(f"{back.path}?{back.query}")

    assert signed_in(client) is None


def test_sign_in_page_offers_it_and_only_when_there_is_one(client, provider, settings):
    assert "Me connecter avec ProConnect" in client.get("/compte/connexion/").content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {}}

    assert "ProConnect" not in client.get("/compte/connexion/").content.decode()
    assert client.post(LOGIN).status_code == 404


def test_erasure_unties_the_provider(come_in, provider, agent):
    provider.person["email"] = agent.email
    come_in()

    actions.erase_user(user=agent, by=agent, now=NOW)

    assert not SocialAccount.objects.exists()
