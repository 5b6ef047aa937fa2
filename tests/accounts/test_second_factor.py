import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts.models import OrganiserRole, User
from outbox.models import Mail
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
APPLICATION = "/compte/second-facteur/application/"


@pytest.fixture(autouse=True)
def _mails_are_rows(settings):
    settings.EMAIL_BACKEND = "outbox.jobs.mail.OutboxBackend"


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrol(visitor):
    """Returns the secret that the telephone keeps."""
    page = visitor.get(APPLICATION)
    secret = re.search(r"<code>(\w+)</code>", page.content.decode())[1]
    answer = visitor.post(APPLICATION, {"code": code(secret)})
    assert (answer.status_code, answer.url) == (302, "/compte/second-facteur/secours/")
    return secret


def enter(client, user, password=PASSWORD):
    return client.post("/compte/connexion/", {"login": user.email, "password": password})


def test_enrolment_asks_the_password_again(agent, sign_in):
    visitor = sign_in(agent)

    answer = visitor.get(APPLICATION)
    assert unquote(answer.url) == f"/compte/confirmer/?next={APPLICATION}"
    assert "redonnez votre mot de passe" in visitor.get(answer.url).content.decode()
    assert visitor.post(answer.url, {"password": "pas le bon", "next": APPLICATION}).status_code == 200
    assert visitor.post(answer.url, {"password": PASSWORD, "next": APPLICATION}).url == APPLICATION
    assert visitor.get(APPLICATION).status_code == 200


def test_enrolled_person_enters_with_the_code_alone_after_the_password(agent, sign_in, client):
    secret = enrol(sign_in(agent, confirmed=True))
    client.logout()

    answer = enter(client, agent)

    assert answer.url == "/compte/connexion/second-facteur/"
    assert client.get("/dossiers/").status_code == 302
    assert "recopiez le code" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    # The code that enrolled is spent: the next one is asked.
    later = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))
    assert client.post(answer.url, {"code": later}).status_code == 302
    assert client.get("/dossiers/").status_code == 200


def test_recovery_code_opens_once(agent, sign_in, client):
    visitor = sign_in(agent, confirmed=True)
    enrol(visitor)
    kept = re.findall(r"<code>(\d+)</code>", visitor.get("/compte/second-facteur/secours/").content.decode())
    assert len(kept) == 10
    opened = []
    for _ in range(2):
        client.logout()
        enter(client, agent)
        opened.append(client.post("/compte/connexion/second-facteur/", {"code": kept[0]}).status_code)

    assert opened == [302, 200]


def test_password_chosen_by_mail_skips_no_second_factor(agent, sign_in, client):
    enrol(sign_in(agent, confirmed=True))
    client.logout()
    client.post("/compte/mot-de-passe/oublie/", {"email": agent.email})
    text = Mail.objects.filter(to=agent.email).latest("pk").text
    link = re.search(r"http://[^/]+(/compte/mot-de-passe/choisir/\S+)", text)[1]
    choose = client.get(link, follow=True).request["PATH_INFO"]
    new = f"{PASSWORD} nouveau"
    client.post(choose, {"password1": new, "password2": new})

    assert enter(client, agent, new).url == "/compte/connexion/second-facteur/"


def test_secret_of_the_application_is_not_kept_in_clear(agent, sign_in):
    secret = enrol(sign_in(agent, confirmed=True))

    assert secret not in str(Authenticator.objects.get(type="totp").data)


@pytest.mark.django_db(transaction=True)
def test_enrolment_is_told_by_mail(agent, sign_in):
    enrol(sign_in(agent, confirmed=True))

    assert list(Mail.objects.values_list("to", "subject")) == [(agent.email, "Second facteur en service")]


@pytest.mark.parametrize(
    "path",
    [
        "second-facteur/",
        "second-facteur/application/",
        "second-facteur/secours/",
        "second-facteur/secours/refaire/",
        "second-facteur/cles/",
        "second-facteur/cles/ajouter/",
        "appareils/",
        "confirmer/",
        "confirmer/code/",
    ],
)
def test_pages_are_ours_and_in_french(agent, sign_in, settings, path):
    visitor = sign_in(agent, confirmed=True)
    if path != "second-facteur/application/":
        enrol(visitor)

    answer = visitor.get(f"/compte/{path}")

    assert answer.status_code == 200
    assert answer.templates[0].origin.name.startswith(str(settings.BASE_DIR / "templates"))
    assert " style=" not in answer.content.decode()


# Who must have one


def due(user, days):
    User.objects.filter(pk=user.pk).update(second_factor_by=timezone.now() + timedelta(days=days))


def test_days_begin_when_the_role_first_signs_in(organiser, client):
    enter(client, organiser)

    organiser.refresh_from_db()
    assert timedelta(days=13) < organiser.second_factor_by - timezone.now() < timedelta(days=15)
    assert client.get("/organisation/").status_code == 200


def test_days_begin_for_no_agent(agent, client):
    enter(client, agent)

    agent.refresh_from_db()
    assert agent.second_factor_by is None


def test_role_waits_for_its_second_factor_once_the_days_are_over(organiser, sign_in):
    due(organiser, -1)
    visitor = sign_in(organiser, confirmed=True)

    assert visitor.get("/organisation/").url == "/compte/second-facteur/"
    assert "Votre rôle demande un second facteur" in visitor.get("/compte/second-facteur/").content.decode()
    enrol(visitor)
    assert visitor.get("/organisation/").status_code == 200


def test_role_is_free_until_the_days_are_over(organiser, sign_in):
    due(organiser, 1)

    assert sign_in(organiser).get("/organisation/").status_code == 200


def test_support_must_have_one_too(agent, client):
    User.objects.filter(pk=agent.pk).update(desk=OrganiserRole.SUPPORT)

    enter(client, agent)

    agent.refresh_from_db()
    assert agent.second_factor_by is not None


# What touches the account


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/compte/cles/", {"name": "Tableur", "scope": "read", "days": "30"}),
        ("/compte/effacer/", {"sure": "yes"}),
        ("/compte/adresse/", {"email": "n@x.example", "action_add": ""}),
    ],
)
def test_borrowed_session_takes_nothing_over(agent, sign_in, path, form):
    visitor = sign_in(agent)

    answer = visitor.post(path, form)

    assert unquote(answer.url) == f"/compte/confirmer/?next={path}"
    agent.refresh_from_db()
    assert (agent.tokens.count(), agent.is_active, agent.emailaddress_set.count()) == (0, True, 1)


def test_what_was_asked_is_done_once_confirmed(agent, sign_in):
    visitor = sign_in(agent)
    way = visitor.post("/compte/cles/", {"name": "Tableur", "scope": "read", "days": "30"}).url

    answer = visitor.post(way, {"password": PASSWORD, "next": "/compte/cles/"})

    assert answer.status_code == 201
    assert agent.tokens.get().name == "Tableur"


def test_change_of_password_is_told(agent, sign_in):
    form = {"oldpassword": PASSWORD, "password1": f"{PASSWORD} neuf", "password2": f"{PASSWORD} neuf"}
    sign_in(agent, confirmed=True).post("/compte/mot-de-passe/", form)

    agent.refresh_from_db()
    assert check_password(f"{PASSWORD} neuf", agent.password)
    assert Mail.objects.filter(to=agent.email, subject="Votre mot de passe a changé").exists()


def test_sessions_are_listed_and_ended(agent, client):
    other = type(client)()
    enter(other, agent)
    enter(client, agent)
    page = client.get("/compte/appareils/").content.decode()
    assert page.count("Ouvert le") == 2

    client.post("/compte/appareils/")

    assert other.get("/dossiers/").status_code == 302
    assert client.get("/dossiers/").status_code == 200
