"""A second factor as people meet it: a key of the device, an application, a code on paper, a session ended elsewhere;
and a provider instead of a password."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import expect

from tests import openid
from tests.browser.conftest import PATIENCE
from tests.browser.conftest import shoot as picture
from tests.browser.test_axe import faults
from tests.season import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.trial]
expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def _alone(season):
    yield
    Authenticator.objects.all().delete()


def enter(page, person, password=PASSWORD):
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(person.email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Me connecter", exact=True).click()


def confirm(page, password=PASSWORD):
    """The password is asked again before what touches the account, unless it was given a moment ago."""
    if page.get_by_role("heading", name="Confirmez que c’est vous").count():
        page.locator("[name=password]").fill(password)
        page.locator("main form button[type=submit]").click()


def device(page):
    """A virtual authenticator of this window: what a telephone or a laptop answers with."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def shoot(page, name):
    """Its picture, and what axe, a phone and the keyboard say of it."""
    picture(page, name)
    assert faults(page) == {}


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_passkey_is_enrolled_and_opens_the_account(visit, season):
    signatory, page = season.people["signatory"], visit()
    device(page)
    enter(page, signatory)
    expect(page).not_to_have_url(re.compile("connexion"))
    page.goto("/compte/second-facteur/")
    shoot(page, "second-factor/index")
    page.goto("/compte/second-facteur/cles/ajouter/")
    confirm(page)
    shoot(page, "second-factor/key")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("main")).to_contain_text(re.compile("secours|Mon téléphone"))
    assert Authenticator.objects.filter(user=signatory, type="webauthn").count() == 1
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    enter(page, signatory)

    expect(page).to_have_url(re.compile("second-facteur"))
    shoot(page, "second-factor/asked")
    page.get_by_role("button", name=re.compile("clé", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("/dossiers/"))


def test_key_alone_opens_the_account(visit, season):
    signatory, page = season.people["signatory"], visit()
    device(page)
    enter(page, signatory)
    expect(page).not_to_have_url(re.compile("connexion"))
    page.goto("/compte/second-facteur/cles/ajouter/")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_label("Entrer avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator("main")).to_contain_text(re.compile("secours|Mon téléphone"))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.goto("/compte/")
    page.get_by_role("link", name="Entrer avec une clé").click()
    shoot(page, "second-factor/key-alone")
    page.get_by_role("button", name="Utiliser ma clé").click()

    expect(page.get_by_role("heading", name="Mon compte", level=1)).to_be_visible()


def test_application_and_code_on_paper(visit, season):
    signatory, page = season.people["signatory"], visit()
    enter(page, signatory)
    expect(page).not_to_have_url(re.compile("connexion"))
    page.goto("/compte/second-facteur/application/")
    confirm(page)
    shoot(page, "second-factor/application")
    secret = page.locator("main code").first.inner_text()
    page.get_by_label("Code").fill(code(secret))
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("secours")
    shoot(page, "second-factor/paper")
    paper = re.findall(r"\b[0-9]{8}\b", page.locator("main").inner_text())[0]
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    enter(page, signatory)
    expect(page).to_have_url(re.compile("second-facteur"))
    page.get_by_label("Code").fill(paper)
    page.locator("main form button[type=submit]").first.click()

    expect(page).to_have_url(re.compile("/dossiers/"))


def test_session_ended_elsewhere(visit, season):
    signatory, here, there = season.people["signatory"], visit(), visit()
    for page in (here, there):
        enter(page, signatory)
        expect(page).not_to_have_url(re.compile("connexion"))
    here.goto("/compte/appareils/")
    shoot(here, "second-factor/devices")
    here.get_by_role("button", name=re.compile("autres", re.IGNORECASE)).click()
    ended = here.get_by_text(re.compile("appareils? (est|sont) déconnecté"))
    expect(ended.or_(here.get_by_role("heading", name="Confirmez que c’est vous"))).to_be_visible()
    confirm(here)
    expect(ended).to_be_visible()

    there.goto("/compte/")

    expect(there).to_have_url(re.compile("connexion"))
    here.goto("/compte/")
    expect(here).to_have_url(re.compile("/compte/$"))


def test_provider_instead_of_a_password(visit, season):
    agent = season.people["agent"]
    with openid.running() as provider, override_settings(SOCIALACCOUNT_PROVIDERS=configured(provider)):
        provider.person["email"] = agent.email
        page = visit()
        # The policy of contents of a site so configured names the provider; here it is not known at the start.
        page.route("**/compte/connexion/", without_policy)
        page.goto("/compte/connexion/")
        shoot(page, "second-factor/provider")

        page.get_by_role("button", name="Me connecter avec ProConnect").click()

        expect(page).to_have_url(re.compile("/dossiers/"))


def configured(provider):
    app = {"provider_id": "agent", "name": "ProConnect", "client_id": openid.CLIENT, "secret": openid.SECRET}
    app["settings"] = {
        "server_url": provider.issuer,
        "scope": ["openid", "email"],
        "token_auth_method": "client_secret_post",
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def without_policy(route):
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=headers)
