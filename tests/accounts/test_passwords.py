import pytest
from django.core.exceptions import ValidationError

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


@pytest.mark.django_db
def test_sign_up_refuses_a_weak_password(client):
    answer = client.post(
        "/compte/inscription/",
        {"email": "nina@x.example", "password1": "motdepasse123", "name": "Nina", "function": "maire"},
    )

    assert "essaie en premier" in answer.content.decode()
