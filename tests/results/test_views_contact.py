"""Who carries an initiative is written to without their address being told, and nobody else is."""

import pytest

from assessments.models import Edition
from outbox.models import Mail
from results.models import PublishedInitiative
from results.rules import contacts

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DATA = {"email": "voisin@commune.example", "text": "Combien d’heures par semaine ?"}


@pytest.fixture
def address(published):
    PublishedInitiative.objects.update(contact="La médiathèque, aide@a.example")
    return f"/initiatives/{PublishedInitiative.objects.get().number}/ecrire/"


def test_pages_say_who_answers_and_never_the_address(client, address):
    for page in (address, address.removesuffix("ecrire/"), "/annuaire/01901/", "/api/v1/initiatives/"):
        text = client.get(page).text
        assert "aide@a.example" not in text
    assert "La médiathèque" in client.get(address).text


def test_message_leaves_for_the_one_address_that_was_given(client, address):
    assert client.post(address, DATA).status_code == 302

    mail = Mail.objects.get()
    assert mail.to == "aide@a.example"
    assert DATA["text"] in mail.text
    assert DATA["email"] in mail.text


def test_message_sent_twice_leaves_once(client, address):
    for _time in range(2):
        client.post(address, DATA)

    assert Mail.objects.count() == 1


def test_message_without_an_address_to_answer_is_refused(client, address):
    answer = client.post(address, {**DATA, "email": "voisin"})

    assert (answer.status_code, Mail.objects.count()) == (422, 0)


def test_messages_of_one_visitor_are_limited(client, address):
    for number in range(5):
        client.post(address, {**DATA, "text": f"Message {number}"})

    assert client.post(address, DATA).status_code == 429
    assert Mail.objects.count() == 5


def test_subject_and_recipients_are_ours_whatever_is_typed(client, address):
    client.post(address, {**DATA, "text": "x\r\nBcc: tous@ailleurs.example"})

    assert (Mail.objects.get().to, "Bcc" in Mail.objects.get().subject) == ("aide@a.example", False)


def test_initiative_that_gave_no_address_cannot_be_written_to(client, address):
    PublishedInitiative.objects.update(contact="La médiathèque")

    assert client.get(address).status_code == 404
    assert client.post(address, DATA).status_code == 404


def test_initiative_under_embargo_cannot_be_written_to(client, address, now):
    Edition.objects.update(results_at=now.replace(year=now.year + 1))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("contact", "words", "address"),
    [
        ("La médiathèque, aide@a.example", "La médiathèque", "aide@a.example"),
        ("Service numérique (num@ville.example.fr)", "Service numérique", "num@ville.example.fr"),
        ("aide@a.example", "", "aide@a.example"),
        ("01 02 03 04 05", "01 02 03 04 05", ""),
    ],
)
def test_contact_is_words_and_an_address(contact, words, address):
    assert (contacts.words(contact), contacts.address(contact)) == (words, address)
