from datetime import UTC, datetime

import pytest

from accounts import actions
from accounts.models import Membership, Role
from outbox.jobs import mail
from outbox.models import Mail

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def newcomer(db):
    from tests.conftest import make_user

    return make_user("Nadia", "directrice de cabinet")


@pytest.fixture
def pending(newcomer, aubaine, organiser):
    return actions.request_membership(
        territory=aubaine, role=Role.CONTRIBUTOR, message="Je remplace Paul.", by=newcomer
    )


@pytest.fixture
def invite(signatory, aubaine):
    """`invite(email)` sends an invitation and returns it with the secret that its mail carries."""

    def _invite(email="nouvelle@aubaine.example", role=Role.CONTRIBUTOR, by=signatory, now=NOW):
        invitation = actions.invite(territory=aubaine, email=email, role=role, by=by, now=now)
        text = mail.whole(Mail.objects.get(key=f"invitation:{invitation.pk}"))
        return invitation, text.split("/compte/invitations/")[1].split("/")[0]

    return _invite


def membership(user):
    return Membership.objects.get(user=user)
