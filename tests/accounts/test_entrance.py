import re
from collections import Counter

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import AuditEntry, User
from outbox.jobs import mail as sending
from outbox.models import Mail
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "nina@x.example"
SIGN_UP = {"email": NEW, "password1": PASSWORD, "name": "Nina", "function": "maire"}


@pytest.fixture(autouse=True)
def _mails_are_rows(settings):
    # Django's tests swap the backend; here the one of the site is under test.
    settings.EMAIL_BACKEND = "outbox.jobs.mail.OutboxBackend"


def text(answer):
    return answer.content.decode()


def link_in(mail):
    """The path of the personal link that a mail carries, which is on our own host."""
    return re.search(re.escape(settings.SITE_URL) + r"(/compte/\S+)", sending.whole(mail))[1]


@pytest.fixture
def signed_up(client):
    client.post("/compte/inscription/", SIGN_UP)
    return User.objects.get(email=NEW)


def test_sign_up_asks_the_name_of_a_person(client, db):
    page = text(client.get("/compte/inscription/"))

    assert "Prénom et nom" in page
    assert "clé" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "path",
    [
        "connexion/",
        "inscription/",
        "suspendu/",
        "adresse/a-confirmer/",
        "adresse/confirmer/x/",
        "mot-de-passe/oublie/",
        "mot-de-passe/oublie/envoye/",
        "mot-de-passe/choisir/1-x/",
        "mot-de-passe/choisi/",
    ],
)
def test_entrance_pages_are_ours_and_in_french(client, path):
    answer = client.get(f"/compte/{path}")

    assert answer.status_code == 200
    assert 'lang="fr"' in text(answer)
    assert answer.templates[0].origin.name.startswith(str(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", ["deconnexion/", "adresse/", "mot-de-passe/"])
def test_account_pages_are_ours(agent, sign_in, path):
    answer = sign_in(agent).get(f"/compte/{path}")

    assert answer.status_code == 200
    assert answer.templates[0].origin.name.startswith(str(settings.BASE_DIR / "templates"))


def test_sign_up_labels_stand_outside_their_fields(client):
    page = text(client.get("/compte/inscription/"))

    assert ">Adresse électronique" in page
    assert "placeholder" not in page


def test_sign_up_waits_for_the_address(client, signed_up):
    assert (signed_up.name, signed_up.function) == ("Nina", "maire")
    assert "_auth_user_id" not in client.session
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (NEW, "Confirmez votre adresse pour Arobase")
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["user.details_changed"]


def test_address_is_confirmed_by_a_button_not_by_opening_the_link(client, signed_up):
    link = link_in(Mail.objects.get())
    client.get(link)
    assert not signed_up.emailaddress_set.get().verified

    client.post(link)
    assert signed_up.emailaddress_set.get().verified
    assert "déjà servi" in text(client.get(link)) or "Me connecter" in text(client.get(link))


def test_link_of_somebody_else_signs_nobody_out(client, signed_up, stranger, sign_in):
    link = link_in(Mail.objects.get())
    sign_in(stranger).get(link)

    assert client.session["_auth_user_id"] == str(stranger.pk)


def test_sign_in_before_the_address_is_confirmed_sends_the_link_again(client, signed_up):
    client.logout()
    answer = client.post("/compte/connexion/", {"login": NEW, "password": PASSWORD})

    assert answer.url == "/compte/adresse/a-confirmer/"
    assert "_auth_user_id" not in client.session


def test_sign_up_of_a_known_address_tells_nobody(client, agent):
    answer = client.post("/compte/inscription/", SIGN_UP | {"email": agent.email})

    assert answer.url == "/compte/adresse/a-confirmer/"
    assert User.objects.filter(email=agent.email).get().name == "Agnès"
    assert "Vous en avez déjà un" in Mail.objects.get(to=agent.email).text


@pytest.mark.parametrize("wrong", [{"password1": "court"}, {"name": ""}, {"function": ""}, {"email": "non"}])
def test_sign_up_wrong_keeps_what_was_typed(client, wrong):
    page = text(client.post("/compte/inscription/", SIGN_UP | wrong))

    assert "error-summary" in page
    assert not User.objects.exists()


def test_sign_in_leads_once_to_another_password(client):
    assert text(client.get("/compte/connexion/")).count('href="/compte/mot-de-passe/oublie/"') == 1


def test_sign_in(client, agent):
    answer = client.post("/compte/connexion/", {"login": agent.email.upper(), "password": PASSWORD})

    assert answer.url == "/depart/"
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_sign_in_leads_back_but_never_elsewhere(client, agent):
    credentials = {"login": agent.email, "password": PASSWORD}
    assert client.post("/compte/connexion/", credentials | {"next": "/compte/"}).url == "/compte/"
    client.logout()

    assert client.post("/compte/connexion/", credentials | {"next": "https://x.example/"}).url == "/depart/"


def test_sign_in_wrong_password(client, agent):
    page = text(client.post("/compte/connexion/", {"login": agent.email, "password": "faux"}))

    assert "error-summary" in page
    assert "L’adresse électronique ou le mot de passe ne sont pas les bons." in page
    assert "_auth_user_id" not in client.session


def test_sign_in_wrong_too_often_is_slowed(client, agent):
    for _attempt in range(6):
        client.post("/compte/connexion/", {"login": agent.email, "password": "faux"})
    client.post("/compte/connexion/", {"login": agent.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_sign_out_by_a_button(agent, sign_in):
    client = sign_in(agent)
    client.get("/compte/deconnexion/")
    assert "_auth_user_id" in client.session

    client.post("/compte/deconnexion/")
    assert "_auth_user_id" not in client.session


def choose(client, link, password):
    answer = client.get(link, follow=True)
    return client.post(answer.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def test_password_forgotten_is_chosen_again_once(client, agent):
    client.post("/compte/mot-de-passe/oublie/", {"email": agent.email})
    link = link_in(Mail.objects.get())
    choose(client, link, "encore un mot de passe")

    agent.refresh_from_db()
    assert agent.check_password("encore un mot de passe")
    assert "expiré ou a déjà servi" in text(client.get(link, follow=True))


def test_password_forgotten_of_an_unknown_address_answers_the_same(client, agent):
    answers = [client.post("/compte/mot-de-passe/oublie/", {"email": email}) for email in (agent.email, NEW)]

    assert {answer.url for answer in answers} == {"/compte/mot-de-passe/oublie/envoye/"}
    assert "Aucun compte" in Mail.objects.get(to=NEW).text


def test_password_first_chosen_by_who_was_invited(client, organiser):
    user = actions.ensure_user(email=NEW, name="Nina", function="chercheuse", by=organiser)
    choose(client, link_in(Mail.objects.get(to=NEW)), PASSWORD)

    answer = client.post("/compte/connexion/", {"login": NEW, "password": PASSWORD})
    assert answer.url == "/depart/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_password_changed(agent, sign_in):
    details = {"oldpassword": PASSWORD, "password1": "tout nouveau mot", "password2": "tout nouveau mot"}
    answer = sign_in(agent).post("/compte/mot-de-passe/", details)

    assert answer.url == "/compte/"
    agent.refresh_from_db()
    assert agent.check_password("tout nouveau mot")


def test_address_changed_once_confirmed(agent, sign_in):
    client = sign_in(agent, confirmed=True)
    client.post("/compte/adresse/", {"email": NEW, "action_add": ""})
    agent.refresh_from_db()
    assert agent.email != NEW

    client.post(link_in(Mail.objects.get(to=NEW)))
    agent.refresh_from_db()
    assert agent.email == NEW


# The answer takes as long whoever exists: the same work is done


class Counted(MD5PasswordHasher):
    algorithm = "counted"
    made = 0

    def encode(self, password, salt):
        Counted.made += 1
        return super().encode(password, salt)


@pytest.fixture
def work(settings, client, agent):
    """`work(path, form)`: what a post costs, and what it answers."""
    settings.PASSWORD_HASHERS = ["tests.accounts.test_entrance.Counted"]
    agent.set_password(PASSWORD)
    agent.save()

    def _work(path, form):
        hashes, mails = Counted.made, Mail.objects.count()
        browser = type(client)()
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(path, form)
        kinds = Counter(query["sql"].split()[0] for query in asked if "SAVEPOINT" not in query["sql"])
        reads = kinds.pop("SELECT") + kinds.pop("DECLARE", 0)
        shown = re.sub(r'\S+@\S+|value="[^"]*"', "", text(answer))
        done = Counted.made - hashes, Mail.objects.count() - mails, kinds
        return reads, done, (answer.status_code, answer.get("Location"), shown)

    return _work


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        ("/compte/inscription/", SIGN_UP, "email"),
        ("/compte/mot-de-passe/oublie/", {}, "email"),
        ("/compte/connexion/", {"password": "pas le bon du tout"}, "login"),
    ],
)
def test_same_work_whoever_exists(work, agent, path, form, field):
    known, unknown = (work(path, form | {field: email}) for email in (agent.email, "personne@x.example"))

    assert known[1:] == unknown[1:]
    # Each read is of one row, by its key.
    assert abs(known[0] - unknown[0]) <= 2
