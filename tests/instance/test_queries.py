import pytest
from django.core.cache import cache

from instance import queries
from instance.models import Instance
from instance.rules import ciphers

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def row(**fields):
    cache.clear()
    return Instance.objects.create(pk=Instance.ONLY, **fields)


def test_without_a_row_the_environment_speaks(settings):
    settings.INSTANCE = {**settings.INSTANCE, "name": "Étoile", "contact": "label@x.example"}

    label = queries.current()

    assert (label.name, label.contact, label.reply_to) == ("Étoile", "label@x.example", "label@x.example")


def test_the_row_comes_first_and_leaves_what_is_empty(settings):
    settings.INSTANCE = {**settings.INSTANCE, "name": "Étoile", "organiser": "l’association"}
    row(name="Comète", sender="envoi@x.example", reply_to="label@x.example")

    label = queries.current()

    assert (label.name, label.organiser) == ("Comète", "l’association")
    assert (label.sender, label.reply_to) == ("Comète <envoi@x.example>", "label@x.example")


def test_current_is_read_once(django_assert_num_queries):
    queries.forget()
    queries.current()

    with django_assert_num_queries(0):
        queries.current()


@pytest.mark.parametrize(
    ("backend", "sends"), [("", False), ("django.core.mail.backends.dummy.EmailBackend", False), (SMTP, True)]
)
def test_mail_of_the_environment(settings, backend, sends):
    settings.MAIL_TRANSPORT = backend

    assert (queries.current().sends_mail, queries.current().mail_tried) == (sends, sends)


def test_mail_of_the_row_must_have_been_tried(settings):
    settings.MAIL_TRANSPORT = SMTP
    row(host="smtp.x.example")

    assert (queries.current().sends_mail, queries.current().mail_tried) == (True, False)


def test_mail_of_the_row_reveals_its_password_to_the_server_alone():
    row(host="smtp.x.example", port=465, security="tls", user="label", password=ciphers.hide("à garder"))

    transport = queries.mail_transport()

    assert (transport.options["password"], transport.options["use_ssl"]) == ("à garder", True)
    assert "à garder" not in repr(transport)
    assert "à garder" not in Instance.objects.get().password


def test_a_secret_of_another_key_is_not_revealed(settings):
    hidden = ciphers.hide("à garder")
    settings.SECRET_KEY = "x" * 60

    assert ciphers.reveal(hidden) is None


def test_a_secret_of_a_key_before_this_one_is(settings):
    hidden = ciphers.hide("à garder")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [settings.SECRET_KEY]

    assert ciphers.reveal(hidden) == "à garder"
    assert ciphers.reveal(ciphers.hide("nouveau")) == "nouveau"
