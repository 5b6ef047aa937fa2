import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts import wording
from accounts.models import AuditEntry, OrganiserRole, User
from outbox.jobs import mail
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
    text = mail.whole(Mail.objects.filter(to=agent.email).latest("pk"))
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
        ("/compte/appareils/fermer/", {}),
        ("/compte/adresse/", {"email": "n@x.example", "action_add": ""}),
    ],
)
def test_borrowed_session_takes_nothing_over(agent, sign_in, path, form):
    visitor = sign_in(agent)

    answer = visitor.post(path, form)

    assert unquote(answer.url) == f"/compte/confirmer/?next={path}"
    agent.refresh_from_db()
    assert (agent.tokens.count(), agent.is_active, agent.emailaddress_set.count()) == (0, True, 1)


def test_borrowed_session_changes_no_password(agent, sign_in):
    """The page asks the former one by itself."""
    for former in ("", "pas le bon"):
        form = {"oldpassword": former, "password1": f"{PASSWORD} volé", "password2": f"{PASSWORD} volé"}
        sign_in(agent).post("/compte/mot-de-passe/", form)

    agent.refresh_from_db()
    assert check_password(PASSWORD, agent.password)


@pytest.mark.parametrize("what", ["totp", "webauthn", "recovery_codes"])
def test_borrowed_session_removes_no_second_factor(agent, client, what):
    for kind in ("totp", "webauthn", "recovery_codes"):
        Authenticator.objects.create(user=agent, type=kind, data={"kept": kind})
    key = Authenticator.objects.get(type="webauthn")
    path = {
        "totp": "/compte/second-facteur/application/arreter/",
        "webauthn": f"/compte/second-facteur/cles/{key.pk}/retirer/",
        "recovery_codes": "/compte/second-facteur/secours/refaire/",
    }[what]
    client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(path)

    assert unquote(answer.url).endswith(f"?next={path}")
    assert Authenticator.objects.filter(user=agent, type=what, data={"kept": what}).exists()


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 302)])
def test_password_of_the_sign_in_counts_for_some_minutes(agent, client, minutes, status):
    enter(client, agent)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= minutes * 60
    session.save()

    assert client.get(APPLICATION).status_code == status


def test_sign_in_by_a_provider_does_not_count(agent, client):
    """It may answer by itself for whoever holds the browser."""
    enter(client, agent)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["method"] = "socialaccount"
    session.save()

    assert client.get(APPLICATION).status_code == 302


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

    client.post("/compte/appareils/fermer/")

    assert other.get("/dossiers/").status_code == 302
    assert client.get("/dossiers/").status_code == 200


def test_one_session_is_ended_among_others(agent, client):
    lost, kept = type(client)(), type(client)()
    for browser in (lost, kept, client):
        enter(browser, agent)
    row = UserSession.objects.get(session_key=lost.session.session_key)

    client.post("/compte/appareils/fermer/", {"pk": row.pk})

    assert [browser.get("/dossiers/").status_code for browser in (lost, kept, client)] == [302, 200, 200]
    assert told()[-1][0] == "user.session_ended"


def test_nobody_ends_the_session_of_another(agent, organiser, client):
    other = type(client)()
    enter(other, organiser)
    enter(client, agent)

    client.post("/compte/appareils/fermer/", {"pk": UserSession.objects.get(user=organiser).pk})

    assert other.get("/organisation/").status_code == 200


def test_organiser_signs_somebody_out_everywhere(agent, organiser, client, sign_in):
    held = type(client)()
    enter(held, agent)

    sign_in(organiser).post(f"/organisation/personnes/{agent.pk}/deconnecter/")

    assert held.get("/dossiers/").status_code == 302


@pytest.mark.parametrize(
    ("agent_of", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox sur un ordinateur Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome sur un téléphone Android",
        ),
        ("curl/8.0", "Un navigateur sur un appareil inconnu"),
    ],
)
def test_device_is_named_as_people_know_it(agent_of, words):
    assert wording.device(agent_of) == words


# What the trail says of it


def told():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "detail"))


def test_wrong_code_stands_in_the_trail(agent, sign_in, client):
    enrol(sign_in(agent, confirmed=True))
    client.logout()
    answer = enter(client, agent)
    client.post(answer.url, {"code": "000000"})

    assert told()[-1] == ("second_factor.failed", {})


def test_sign_in_says_with_what(agent, sign_in, client):
    secret = enrol(sign_in(agent, confirmed=True))
    client.logout()
    answer = enter(client, agent)
    client.post(answer.url, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))})

    assert told()[-1] == ("user.signed_in", {"methods": "password, totp"})


@pytest.mark.django_db(transaction=True)
def test_changes_of_the_second_factor_stand_in_the_trail(agent, sign_in):
    visitor = sign_in(agent, confirmed=True)
    enrol(visitor)
    visitor.post("/compte/second-facteur/secours/refaire/")
    visitor.post("/compte/second-facteur/application/arreter/")

    verbs = [verb for verb, _detail in told()]
    assert verbs == ["second_factor.added", "second_factor.codes_made", "second_factor.removed"]
