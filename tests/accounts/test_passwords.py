import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.rules.passwords import NotTooFrench
from tests.conftest import PASSWORD

WEAK = [
    "motdepasse123",
    "azertyuiop12",
    "Mot-de-passe-2027",
    "MAIRIEMAIRIE",
    "Bonjour2026!!",
    "m@irie.de.p4ris75",
    "123456789012",
    "000000000000",
    "Février2027!!",
    "qsdfghjklm1234",
]


@pytest.mark.parametrize("password", WEAK)
def test_password_that_is_tried_first_is_refused(password):
    with pytest.raises(ValidationError, match="essaie en premier"):
        NotTooFrench().validate(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "brouette tangible cirque", "xK9-fTq2-pLw7", "le chat du maire boit jeudi"]
)
def test_password_of_one_s_own_is_taken(password):
    NotTooFrench().validate(password)


def test_length_alone_is_asked_of_a_password():
    """No sign, figure or capital; twelve characters, or as many as a book has."""
    validate_password("mille renard")
    validate_password("mille renards " * 290)

    with pytest.raises(ValidationError):
        validate_password("mille loups")


@pytest.mark.django_db
def test_sign_up_refuses_a_weak_password(client):
    answer = client.post(
        "/compte/inscription/",
        {"email": "nina@x.example", "password1": "motdepasse123", "name": "Nina", "function": "maire"},
    )

    assert "essaie en premier" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["nina", "motdepasse", "123456"])
def test_one_password_has_one_reason(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, User(email="nina@x.example", name="Nina"))

    assert refusal.value.messages == ["Ce mot de passe est trop court. Il doit contenir au minimum 12 caractères."]


def test_what_a_password_needs_is_said_once():
    assert password_validators_help_texts() == [
        "Douze caractères au moins, sans votre nom ni votre adresse. Trois ou quatre mots sans rapport entre eux "
        "conviennent bien."
    ]
