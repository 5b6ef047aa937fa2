"""Where nobody signs yet, who writes the file invites the person who will; the organiser confirms."""

import pytest
from django.utils import timezone

from accounts import actions, queries
from accounts.models import Invitation, Membership, MembershipState, Role
from accounts.permissions import check_can_consent, check_can_end
from accounts.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def mayor(aubaine, agent, signatory, stranger):
    """Somebody else of the town hall; the one who signed has left."""
    Membership.objects.filter(user=signatory).delete()
    return stranger


def invited(aubaine, mayor, by):
    now = timezone.now()
    invitation = actions.invite(territory=aubaine, email=mayor.email, role=Role.SIGNATORY, by=by, now=now)
    return actions.accept_invitation(invitation=invitation, by=mayor, now=now)


def test_a_contributor_invites_who_will_sign(aubaine, mayor, agent):
    membership = invited(aubaine, mayor, agent)

    assert (membership.role, membership.state, membership.to_confirm) == (Role.SIGNATORY, MembershipState.ACTIVE, True)
    assert list(queries.signatures_to_confirm()) == [membership]


def test_not_where_somebody_signs(aubaine, agent, signatory, stranger):
    with pytest.raises(NotAllowed, match="plus de droits"):
        invited(aubaine, stranger, agent)
    assert Invitation.objects.count() == 0


def test_a_reader_invites_nobody_to_sign(aubaine, mayor, reader):
    with pytest.raises(NotAllowed):
        invited(aubaine, mayor, reader)


def test_a_signature_to_confirm_changes_no_right_of_others(aubaine, mayor, agent):
    own = invited(aubaine, mayor, agent)

    with pytest.raises(NotAllowed):
        check_can_end(user=mayor, own=own, membership=queries.membership_of(user=agent, territory=aubaine))
    with pytest.raises(NotAllowed):
        check_can_consent(own)


def test_the_organiser_confirms_once_and_for_all(aubaine, mayor, agent, organiser):
    membership = invited(aubaine, mayor, agent)

    for _ in range(2):
        actions.confirm_signature(membership=membership, by=organiser)

    assert not queries.signatures_to_confirm().exists()
    with pytest.raises(NotAllowed):
        actions.confirm_signature(membership=membership, by=agent)


def test_whoever_signs_for_sure_vouches_for_another(aubaine, signatory, stranger):
    assert invited(aubaine, stranger, signatory).to_confirm is False


def test_the_page_of_requests_lists_and_confirms(aubaine, mayor, agent, organiser, sign_in):
    membership = invited(aubaine, mayor, agent)
    client = sign_in(organiser)
    assert "Signatures à confirmer" in client.get("/organisation/rattachements/").text

    client.post(f"/organisation/rattachements/{membership.pk}/confirmer/")

    assert "Signatures à confirmer" not in client.get("/organisation/rattachements/").text
