import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Invitation, MembershipState, Role, User
from outbox.models import Mail
from tests.accounts.conftest import membership
from tests.conftest import PASSWORD, join, make_user

pytestmark = pytest.mark.django_db

TEAM = "/compte/equipe/01901/"
NEW = "nouvelle@aubaine.example"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def open_invite(invite):
    def _open(email=NEW, **how):
        invitation, secret = invite(email, now=timezone.now(), **how)
        return invitation, f"/compte/invitations/{secret}/"

    return _open


# The team


@pytest.mark.parametrize("who", ["agent", "signatory", "reader", "organiser"])
def test_team_seen_by_its_members_and_the_organiser(agent, sign_in, request, who):
    assert "Agnès" in text(sign_in(request.getfixturevalue(who)).get(TEAM))


@pytest.mark.parametrize("who", ["stranger", "juror_user"])
def test_team_unknown_to_strangers(aubaine, sign_in, request, who):
    assert sign_in(request.getfixturevalue(who)).get(TEAM).status_code == 404


def test_team_of_who_only_asked(pending, newcomer, sign_in):
    assert sign_in(newcomer).get(TEAM).status_code == 404


def test_team_nobody_yet(aubaine, organiser, sign_in):
    assert "n’a encore personne dans son équipe" in text(sign_in(organiser).get(TEAM))


def test_team_invites(signatory, sign_in):
    answer = sign_in(signatory).post(TEAM, {"email": NEW, "role": "contributor"}, follow=True)

    assert "aucun courriel ne part encore de ce site" in text(answer)
    assert "Invitations en attente" in text(answer)
    assert Mail.objects.get().to == NEW


def test_team_invites_where_mails_leave(signatory, sign_in, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    answer = sign_in(signatory).post(TEAM, {"email": NEW, "role": "contributor"}, follow=True)

    assert f"L’invitation part à {NEW}" in text(answer)


def test_team_invites_above_one_s_own_rights(agent, signatory, sign_in):
    answer = sign_in(agent).post(TEAM, {"email": NEW, "role": "signatory"})

    assert answer.status_code == 403
    assert "plus de droits que vous n’en avez" in text(answer)
    assert NEW in text(answer)


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("signatory", ["signatory", "contributor", "reader"]),
        ("agent", ["contributor", "reader"]),
        ("reader", ["reader"]),
        ("organiser", ["signatory", "contributor", "reader"]),
    ],
)
def test_team_offers_what_one_may_give(agent, signatory, sign_in, request, who, offered):
    page = text(sign_in(request.getfixturevalue(who)).get(TEAM))

    assert re.findall(r'name="role" value="(\w+)"', page) == offered
    assert ("Pour signer, la personne est invitée" in page) is ("signatory" not in offered)


def test_team_where_nobody_signs_offers_to_invite_who_will(agent, sign_in):
    assert 'name="role" value="signatory"' in text(sign_in(agent).get(TEAM))


def test_team_says_what_ending_does(agent, signatory, sign_in):
    page = text(sign_in(signatory).get(TEAM))

    assert "Oui, quitter Aubaine" in page
    assert "Oui, retirer cette personne" in page


def test_team_invites_twice(open_invite, signatory, sign_in):
    open_invite()
    answer = sign_in(signatory).post(TEAM, {"email": NEW, "role": "reader"})

    assert answer.status_code == 409
    assert "attend déjà une réponse" in text(answer)


def test_team_invites_a_wrong_address(signatory, sign_in):
    assert sign_in(signatory).post(TEAM, {"email": "pas une adresse", "role": "reader"}).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_team_query_count(aubaine, organiser, sign_in, django_assert_num_queries, rows):
    for number in range(rows):
        join(make_user(f"Agent{number}", "agent"), aubaine, Role.READER)
        actions.invite(
            territory=aubaine, email=f"{number}@x.example", role=Role.READER, by=organiser, now=timezone.now()
        )
    client = sign_in(organiser)

    with django_assert_num_queries(9):
        assert client.get(TEAM).status_code == 200


def test_invitation_s_own_page_signs_up_and_leads_to_the_file(client, open_invite, aubaine):
    _invitation, link = open_invite(role=Role.SIGNATORY)
    arrival = "/depart/?collectivite=01901"
    assert f'value="{arrival}"' in text(client.get(link))

    details = {"email": NEW, "password1": PASSWORD, "name": "Nina", "function": "maire", "next": arrival}
    answer = client.post(link, details)

    assert answer.url == arrival
    assert User.objects.get(email=NEW).memberships.get().role == Role.SIGNATORY


def test_invitation_s_own_page_says_what_is_wrong(client, open_invite):
    _invitation, link = open_invite()

    answer = client.post(link, {"email": NEW, "password1": "court", "name": "Nina", "function": "maire"})

    assert "12 caractères" in text(answer)
    assert not User.objects.filter(email=NEW).exists()


def test_cancel_invitation(open_invite, signatory, sign_in):
    invitation, _link = open_invite()
    sign_in(signatory).post(f"/compte/invitations/{invitation.pk}/annuler/")

    invitation.refresh_from_db()
    assert invitation.cancelled_at


def test_cancel_invitation_by_a_reader_is_forbidden(open_invite, reader, sign_in):
    invitation, _link = open_invite()
    client = sign_in(reader)

    assert "Annuler" not in text(client.get("/compte/equipe/01901/"))
    assert client.post(f"/compte/invitations/{invitation.pk}/annuler/").status_code == 403
    invitation.refresh_from_db()
    assert invitation.cancelled_at is None


def test_cancel_invitation_by_a_contributor(open_invite, agent, sign_in):
    invitation, _link = open_invite()
    sign_in(agent).post(f"/compte/invitations/{invitation.pk}/annuler/")

    invitation.refresh_from_db()
    assert invitation.cancelled_at


def test_cancel_invitation_by_a_stranger(open_invite, stranger, sign_in):
    invitation, _link = open_invite()

    assert sign_in(stranger).post(f"/compte/invitations/{invitation.pk}/annuler/").status_code == 404


def test_cancel_invitation_twice(open_invite, signatory, sign_in):
    invitation, _link = open_invite()
    client = sign_in(signatory)
    client.post(f"/compte/invitations/{invitation.pk}/annuler/")

    assert client.post(f"/compte/invitations/{invitation.pk}/annuler/").status_code == 409


def test_cancel_invitation_by_get(open_invite, signatory, sign_in):
    invitation, _link = open_invite()

    assert sign_in(signatory).get(f"/compte/invitations/{invitation.pk}/annuler/").url.startswith("/compte/")


# The page that the link opens


def test_invitation_opened_by_a_robot_changes_nothing(client, open_invite):
    invitation, link = open_invite()
    trail = AuditEntry.objects.count()
    answer = client.get(link)

    assert answer.status_code == 200
    assert "Créer mon compte et rejoindre" in text(answer)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert AuditEntry.objects.count() == trail
    assert "session" not in client.cookies


def test_invitation_unknown_secret(client, db):
    assert client.get("/compte/invitations/inconnu/").status_code == 404


def test_invitation_new_person_signs_up_and_joins(client, open_invite):
    _invitation, link = open_invite(role=Role.SIGNATORY)
    answer = client.post(link, follow=True)
    assert answer.request["PATH_INFO"] == "/compte/inscription/"
    assert f'value="{NEW}"' in text(answer)

    details = {"email": NEW, "password1": PASSWORD, "name": "Nina", "function": "maire"}
    answer = client.post("/compte/inscription/", details)
    user = User.objects.get(email=NEW)
    assert answer.status_code == 302
    assert (user.name, user.function) == ("Nina", "maire")
    assert (membership(user).role, membership(user).state) == (Role.SIGNATORY, MembershipState.ACTIVE)
    assert user.emailaddress_set.get().verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_invitation_sign_up_with_another_address_proves_only_the_invited_one(client, open_invite):
    invitation, link = open_invite()
    client.post(link)
    details = {"email": "autre@x.example", "password1": PASSWORD, "name": "Nina", "function": "maire"}
    client.post("/compte/inscription/", details)

    user = User.objects.get(name="Nina")
    assert dict(user.emailaddress_set.values_list("email", "verified")) == {NEW: True, "autre@x.example": False}
    assert not user.memberships.exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_invitation_known_person_signs_in_first(client, open_invite, newcomer):
    _invitation, link = open_invite(newcomer.email)
    assert "Me connecter pour accepter" in text(client.get(link))

    assert unquote(client.post(link).url) == f"/compte/connexion/?next={link}"


def test_invitation_accepted_by_a_button(open_invite, newcomer, sign_in):
    _invitation, link = open_invite(newcomer.email)
    client = sign_in(newcomer)
    assert "Accepter et rejoindre" in text(client.get(link))

    assert client.post(link).url == "/depart/?collectivite=01901"
    assert membership(newcomer).state == MembershipState.ACTIVE


def test_invitation_twice(open_invite, newcomer, sign_in):
    _invitation, link = open_invite(newcomer.email)
    client = sign_in(newcomer)
    client.post(link)

    for answer in [client.get(link), client.post(link)]:
        assert answer.status_code == 409
        assert "déjà été acceptée" in text(answer)
        assert "Vous faites bien partie de l’équipe" in text(answer)


def test_invitation_expired(client, open_invite):
    invitation, link = open_invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    for answer in [client.get(link), client.post(link)]:
        assert answer.status_code == 409
        assert "a expiré" in text(answer)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_invitation_cancelled(client, open_invite):
    _invitation, link = open_invite()
    Invitation.objects.update(cancelled_at=timezone.now())

    assert "a été annulée" in text(client.get(link))


def test_invitation_of_another_address(open_invite, newcomer, sign_in):
    _invitation, link = open_invite()
    client = sign_in(newcomer)

    for answer in [client.get(link), client.post(link)]:
        assert answer.status_code == 403
        assert "autre adresse" in text(answer)
    assert not newcomer.memberships.exists()


def test_invitation_refuses_other_methods(client, open_invite):
    _invitation, link = open_invite()

    assert client.put(link).status_code == 405
