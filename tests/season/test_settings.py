import re

import pytest

from accounts.models import AuditEntry
from instance import queries
from instance.models import Instance
from tests.smtp import catcher

pytestmark = pytest.mark.django_db
WORDS, MAIL = "/organisation/reglages/", "/organisation/reglages/courriel/"
WARNING = "Aucun courriel ne part de ce site"


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def text(answer):
    return answer.content.decode()


def set_server(page, port, **fields):
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "envoi@x.example", **fields}
    return page.post(MAIL, given, follow=True)


def test_words_are_said_everywhere_at_once(page, client, django_capture_on_commit_callbacks):
    queries.current()
    with django_capture_on_commit_callbacks(execute=True):
        page.post(WORDS, {"name": "Comète", "organiser": "la ligue"})

    assert "Comète" in text(client.get("/"))
    assert AuditEntry.objects.get(verb="instance.changed").detail["changed"] == ["name", "organiser"]


def test_words_wrong_address_keeps_what_was_typed(page):
    answer = page.post(WORDS, {"name": "Comète", "contact": "pas une adresse"})

    assert answer.status_code == 422
    assert "Comète" in text(answer)
    assert not Instance.objects.exists()


def test_mail_password_is_hidden_and_stays(page):
    set_server(page, 25, secret="à garder")
    answer = set_server(page, 26)
    queries.forget()

    assert "à garder" not in text(answer)
    assert queries.mail_transport().options["password"] == "à garder"
    assert "à garder" not in str([entry.detail for entry in AuditEntry.objects.all()])


@pytest.mark.parametrize("port", [0, 65_536, 70_000, -1])
def test_a_port_that_is_none_is_refused(page, port):
    assert set_server(page, port).status_code == 422
    assert not Instance.objects.exists()


def test_sender_is_read_as_people_write_it_and_sent_as_servers_do(page, django_capture_on_commit_callbacks):
    with catcher() as (port, accepted), django_capture_on_commit_callbacks(execute=True):
        page.post(WORDS, {"name": "Comète, le label"})
        set_server(page, port)
        page.post(f"{MAIL}essai/", {"to": "olivia@x.example"})

    assert "&quot;Comète, le label&quot; &lt;envoi@x.example&gt;" in text(page.get(MAIL))
    assert accepted[0]["From"].addresses[0].display_name == "Comète, le label"


def test_mail_needs_a_sender(page):
    assert "Donnez l’adresse d’expédition" in text(set_server(page, 25, sender=""))


def test_every_page_of_the_organiser_warns_until_a_trial_arrived(page, django_capture_on_commit_callbacks):
    assert WARNING in text(page.get("/organisation/personnes/"))
    with catcher() as (port, accepted), django_capture_on_commit_callbacks(execute=True):
        set_server(page, port)
        page.post(f"{MAIL}essai/", {"to": "olivia@x.example"})
    code = re.search(r"\d{6}", accepted[0].get_content())[0]
    assert "n’a pas encore été essayé" in text(page.get("/organisation/personnes/"))

    with django_capture_on_commit_callbacks(execute=True):
        page.post(f"{MAIL}recu/", {"code": code})

    assert 'class="wrap no-mail"' not in text(page.get("/organisation/personnes/"))


def test_trial_wrong_code(page):
    with catcher() as (port, _accepted):
        set_server(page, port)
        page.post(f"{MAIL}essai/", {"to": "olivia@x.example"})

    answer = page.post(f"{MAIL}recu/", {"code": "000"})

    assert (answer.status_code, Instance.objects.get().trial_arrived_at) == (422, None)


def test_trial_says_what_the_server_answered(page):
    with catcher({"plein@x.example": 552}) as (port, _accepted):
        set_server(page, port)
        refused = page.post(f"{MAIL}essai/", {"to": "plein@x.example"})
    gone = page.post(f"{MAIL}essai/", {"to": "olivia@x.example"})

    assert "refuse l’adresse du destinataire" in text(refused)
    assert "552" in text(refused)
    assert "injoignable" in text(gone)


def test_another_server_must_be_tried_again(page, django_capture_on_commit_callbacks):
    Instance.objects.create(pk=Instance.ONLY, host="a", trial_arrived_at="2027-01-01T00:00Z")

    with django_capture_on_commit_callbacks(execute=True):
        set_server(page, 25)

    assert not queries.current().mail_tried
