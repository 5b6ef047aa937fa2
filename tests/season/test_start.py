import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from instance.models import Instance
from season.actions import start

pytestmark = pytest.mark.django_db

PERSON = {
    "name": "Olivia Martin",
    "function": "déléguée générale",
    "email": "Olivia@label.example",
    "password": "quatre mots sans lien",
    "again": "quatre mots sans lien",
}


def text(answer):
    return answer.content.decode()


@pytest.fixture
def address(db):
    return start.new_first_address().removeprefix("http://127.0.0.1:8000")


def test_the_address_makes_the_first_organiser_and_opens_the_assistant(client, address):
    answer = client.post(address, PERSON, follow=True)

    user = User.objects.get()
    assert (user.email, user.is_organiser, user.check_password(PERSON["password"])) == (
        "olivia@label.example",
        True,
        True,
    )
    assert answer.redirect_chain[-1][0] == "/organisation/demarrage/"
    assert "Démarrer le label" in text(answer)


def test_the_address_serves_once(client, address):
    client.post(address, PERSON)

    assert client.get(address).status_code == client.post(address, PERSON).status_code == 404


def test_the_last_address_alone_serves(client, address):
    start.new_first_address()

    assert client.get(address).status_code == 404


def test_nobody_becomes_organiser_where_somebody_organises(client, address, organiser):
    assert client.post(address, PERSON).status_code == 404
    assert start.new_first_address() is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"again": "autre chose"}, "Les deux mots de passe diffèrent"),
        ({"password": "court", "again": "court"}, "12 caractères"),
        ({"email": "rien"}, "adresse"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(client, address, wrong, said):
    answer = client.post(address, PERSON | wrong)

    assert answer.status_code == 422
    assert said in text(answer)
    assert "Olivia Martin" in text(answer)
    assert not User.objects.exists()


def test_the_secret_is_kept_nowhere(address):
    secret = address.split("/")[2]

    assert secret not in str(Instance.objects.values()) + str(AuditEntry.objects.values())


def test_command_prints_an_address_that_serves(client, capsys):
    call_command("first_address")

    assert client.get(capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_command_where_somebody_organises(organiser):
    with pytest.raises(CommandError, match="organises already"):
        call_command("first_address")


def test_assistant_says_what_is_left(organiser, sign_in):
    Instance.objects.create(pk=Instance.ONLY, name="Comète")

    page = text(sign_in(organiser).get("/organisation/demarrage/"))

    assert page.count("fait") >= 1
    assert [words in page for words in ("Donner les mots", "Régler le courrier", "Choisir le référentiel")] == [
        False,
        True,
        True,
    ]
