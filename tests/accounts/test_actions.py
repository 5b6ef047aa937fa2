from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Invitation, Membership, MembershipState, Role, Token, User
from accounts.refusals import NotAllowed, NotNow
from accounts.rules.digests import digest
from outbox.jobs import mail as mails
from outbox.models import Job, JobState, Mail, MailState
from tests import work
from tests.accounts.conftest import NOW, membership

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_change_details(agent):
    actions.change_details(name="Agnès B.", function="DGS", by=agent)

    agent.refresh_from_db()
    assert (agent.name, agent.function) == ("Agnès B.", "DGS")
    assert verbs() == ["user.details_changed"]


def test_attach_again_adds_nothing_and_tells_nothing(newcomer, aubaine, organiser):
    given = {"user": newcomer, "territories": [aubaine], "role": Role.READER, "by": organiser, "now": NOW}

    assert [actions.attach(**given), actions.attach(**given)] == [1, 0]
    assert verbs() == ["membership.attached"]


# Requests


def test_request_membership_waits_and_tells_the_organiser(pending, newcomer, organiser):
    assert (pending.state, pending.role, pending.user) == (MembershipState.REQUESTED, Role.CONTRIBUTOR, newcomer)
    mail = Mail.objects.get()
    assert mail.to == organiser.email
    assert "Je remplace Paul." in mail.text
    assert f"/organisation/rattachements/{pending.pk}/" in mail.text
    assert verbs() == ["membership.requested"]


def test_request_membership_twice(pending, newcomer, aubaine):
    with pytest.raises(NotNow, match="en cours"):
        actions.request_membership(territory=aubaine, role=Role.READER, message="", by=newcomer)


def test_request_membership_already_member(agent, aubaine):
    with pytest.raises(NotNow, match="déjà partie de l’équipe"):
        actions.request_membership(territory=aubaine, role=Role.READER, message="", by=agent)


def test_request_membership_again_after_a_refusal(pending, newcomer, aubaine, organiser):
    actions.refuse_membership(membership=pending, reason="Adresse inconnue.", by=organiser)

    again = actions.request_membership(territory=aubaine, role=Role.READER, message="", by=newcomer)
    assert again.state == MembershipState.REQUESTED


def test_approve_membership(pending, newcomer, organiser):
    actions.approve_membership(membership=pending, by=organiser)

    pending.refresh_from_db()
    assert (pending.state, pending.decided_by) == (MembershipState.ACTIVE, organiser)
    assert "votre demande est acceptée" in Mail.objects.get(to=newcomer.email).text.lower()
    assert verbs()[-1] == "membership.active"


def test_refuse_membership_says_why(pending, newcomer, organiser):
    actions.refuse_membership(membership=pending, reason="Adresse inconnue de la mairie.", by=organiser)

    pending.refresh_from_db()
    assert (pending.state, pending.reason) == (MembershipState.REFUSED, "Adresse inconnue de la mairie.")
    assert "Adresse inconnue de la mairie." in Mail.objects.get(to=newcomer.email).text


def test_decide_twice(pending, organiser):
    actions.approve_membership(membership=pending, by=organiser)

    with pytest.raises(NotNow, match="déjà été traitée"):
        actions.refuse_membership(membership=pending, reason="Trop tard.", by=organiser)


def test_approve_membership_by_a_colleague(pending, signatory):
    with pytest.raises(NotAllowed):
        actions.approve_membership(membership=pending, by=signatory)


# Ends


def test_end_membership_by_oneself_sends_no_mail(agent):
    actions.end_membership(membership=membership(agent), by=agent)

    assert membership(agent).state == MembershipState.ENDED
    assert not Mail.objects.exists()


@pytest.mark.parametrize("who", ["signatory", "organiser"])
def test_end_membership_of_another_tells_them(agent, request, who):
    actions.end_membership(membership=membership(agent), by=request.getfixturevalue(who))

    assert Mail.objects.get().to == agent.email


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_end_membership_by_who_may_not(agent, request, who):
    with pytest.raises(NotAllowed, match="signe"):
        actions.end_membership(membership=membership(agent), by=request.getfixturevalue(who))


def test_end_membership_twice(agent):
    actions.end_membership(membership=membership(agent), by=agent)

    with pytest.raises(NotNow, match="déjà terminé"):
        actions.end_membership(membership=membership(agent), by=agent)


def test_end_membership_cancels_the_invitations_of_who_leaves(invite, signatory):
    invitation, _secret = invite()
    actions.end_membership(membership=membership(signatory), by=signatory)

    invitation.refresh_from_db()
    assert invitation.cancelled_at is not None


# Invitations


def test_invite_keeps_only_the_digest_of_the_secret(invite):
    invitation, secret = invite()

    invitation.refresh_from_db()
    assert invitation.secret_digest == digest(secret)
    assert secret not in str(Invitation.objects.values().get()) + str(AuditEntry.objects.values_list("detail"))
    assert invitation.expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("who", "role", "allowed"),
    [
        ("signatory", Role.SIGNATORY, True),
        ("agent", Role.SIGNATORY, False),
        ("agent", Role.CONTRIBUTOR, True),
        ("reader", Role.CONTRIBUTOR, False),
        ("reader", Role.READER, True),
        ("organiser", Role.SIGNATORY, True),
        ("stranger", Role.READER, False),
    ],
)
def test_invite_gives_no_more_than_one_has(aubaine, signatory, request, who, role, allowed):
    by = request.getfixturevalue(who)
    email = "x@aubaine.example"

    if allowed:
        assert actions.invite(territory=aubaine, email=email, role=role, by=by, now=NOW).role == role
    else:
        with pytest.raises(NotAllowed):
            actions.invite(territory=aubaine, email=email, role=role, by=by, now=NOW)


def test_invite_twice(invite):
    invite("Nouvelle@aubaine.example")

    with pytest.raises(NotNow, match="attend déjà"):
        invite("nouvelle@Aubaine.example")


def test_invite_again_after_the_first_expired(invite):
    invite()

    again, _secret = invite(now=NOW + timedelta(days=31))
    assert Invitation.objects.filter(cancelled_at=None).get() == again


def test_invite_a_colleague(invite, agent):
    with pytest.raises(NotNow, match="déjà rattachée"):
        invite(agent.email)


def test_accept_invitation_joins_in_the_role_offered(invite, newcomer, signatory):
    invitation, _secret = invite(newcomer.email, Role.SIGNATORY)
    joined = actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)

    assert (joined.role, joined.state, joined.decided_by) == (Role.SIGNATORY, MembershipState.ACTIVE, signatory)
    assert Mail.objects.filter(to=signatory.email, key__endswith="accepted").exists()


def test_accept_invitation_answers_a_pending_request(pending, invite, newcomer):
    invitation, _secret = invite(newcomer.email, Role.READER)
    joined = actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)

    assert (joined, joined.role) == (pending, Role.READER)
    assert Membership.objects.filter(user=newcomer).count() == 1


def test_accept_invitation_twice(invite, newcomer):
    invitation, _secret = invite(newcomer.email)
    actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)

    with pytest.raises(NotNow, match="déjà été acceptée"):
        actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)


def test_accept_invitation_expired(invite, newcomer):
    invitation, _secret = invite(newcomer.email)

    with pytest.raises(NotNow, match="expiré"):
        actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW + timedelta(days=30))


def test_accept_invitation_cancelled(invite, newcomer, signatory):
    invitation, _secret = invite(newcomer.email)
    actions.cancel_invitation(invitation=invitation, by=signatory, now=NOW)

    with pytest.raises(NotNow, match="annulée"):
        actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)


def test_accept_invitation_of_another_address(invite, newcomer):
    invitation, _secret = invite()

    with pytest.raises(NotAllowed, match="autre adresse"):
        actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)


def test_cancel_invitation_twice(invite, signatory):
    invitation, _secret = invite()
    actions.cancel_invitation(invitation=invitation, by=signatory, now=NOW)

    with pytest.raises(NotNow, match="plus en attente"):
        actions.cancel_invitation(invitation=invitation, by=signatory, now=NOW)


def test_register_with_an_invitation_that_expired_keeps_the_account(invite, newcomer):
    invitation, _secret = invite(newcomer.email)
    later = NOW + timedelta(days=31)
    actions.register(user=newcomer, name="Nadia", function="DGA", invitation=invitation, now=later)

    assert newcomer.function == "DGA"
    assert not newcomer.memberships.exists()


# Accounts


def test_ensure_user_creates_without_password_and_sends_a_link(organiser):
    user = actions.ensure_user(email=" Juree@X.example ", name="Judith", function="chercheuse", by=organiser)

    assert (user.email, user.name, user.function) == ("juree@x.example", "Judith", "chercheuse")
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified
    assert "/compte/mot-de-passe/choisir/" in mails.whole(Mail.objects.get(to="juree@x.example"))
    assert verbs() == ["user.created"]


def test_ensure_user_known_address_is_left_alone(agent, organiser):
    assert actions.ensure_user(email=agent.email.upper(), name="Autre", function="", by=organiser) == agent
    agent.refresh_from_db()
    assert agent.name == "Agnès"
    assert not Mail.objects.exists()


def test_create_organiser_of_a_new_address():
    user = actions.create_organiser(email="o@x.example", name="O", function="", password="une longue phrase")

    user = User.objects.get(pk=user.pk)
    assert user.is_organiser
    assert user.check_password("une longue phrase")


def test_create_organiser_of_a_known_address_keeps_the_password(agent):
    actions.create_organiser(email=agent.email, name="", function="")

    agent.refresh_from_db()
    assert agent.is_organiser
    assert agent.has_usable_password()


# Keys and tasks


def test_create_token_keeps_only_the_digest(agent):
    _token, secret = actions.create_token(name="Tableur", by=agent)

    assert Token.objects.get().digest == digest(secret)
    assert secret.startswith("aro_")
    assert verbs() == ["token.created"]


def test_revoke_token_twice_keeps_the_first_date(agent):
    token, _secret = actions.create_token(name="Tableur", by=agent)
    actions.revoke_token(token=token, by=agent, now=NOW)
    actions.revoke_token(token=token, by=agent, now=NOW + timedelta(days=1))

    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert verbs() == ["token.created", "token.revoked"]


def test_retry_jobs_gives_another_life(organiser):
    job = work.kind().schedule(key="work:1")
    Job.objects.update(state=JobState.DEAD, finished_at=timezone.now(), error="boom")

    assert actions.retry_jobs(failed=Job.objects.all(), by=organiser) == 1
    job.refresh_from_db()
    assert job.state == JobState.TODO
    assert verbs() == ["job.retried"]


def test_retry_jobs_by_an_agent(agent):
    with pytest.raises(NotAllowed):
        actions.retry_jobs(failed=[], by=agent)


def test_action_that_fails_leaves_no_trace(pending, newcomer, aubaine):
    before = AuditEntry.objects.count(), Mail.objects.count()

    with pytest.raises(NotNow):
        actions.request_membership(territory=aubaine, role=Role.READER, message="", by=newcomer)
    assert (AuditEntry.objects.count(), Mail.objects.count()) == before


# Erasure


def test_erase_takes_the_person_away_and_keeps_the_acts(agent, aubaine, invite):
    agent.memberships.update(message="Appelez-moi au 01 02 03 04 05.")
    actions.create_token(name="Tableur", by=agent)
    acts = AuditEntry.objects.filter(actor_id=agent.pk).count()
    invite("collegue@aubaine.example", by=agent)

    actions.erase_user(user=agent, by=agent, now=NOW)

    agent.refresh_from_db()
    row = (agent.email, str(agent), agent.function, agent.is_active, agent.has_usable_password())
    assert row == (f"compte-{agent.pk}@efface.invalid", "Compte effacé", "", False, False)
    assert list(agent.memberships.values_list("state", "message")) == [("ended", "")]
    assert (agent.tokens.count(), agent.emailaddress_set.count()) == (0, 0)
    assert Invitation.objects.get().cancelled_at == NOW
    assert AuditEntry.objects.filter(actor_id=agent.pk).count() > acts
    assert AuditEntry.objects.filter(verb="user.erased", object_id=str(agent.pk)).count() == 1


def test_erase_forgets_the_address_in_invitations(invite, newcomer):
    invitation, _secret = invite(newcomer.email)
    actions.accept_invitation(invitation=invitation, by=newcomer, now=NOW)
    address = newcomer.email

    actions.erase_user(user=newcomer, by=newcomer, now=NOW)

    assert not Invitation.objects.filter(email=address).exists()


def test_erase_by_the_organiser(agent, organiser):
    actions.erase_user(user=agent, by=organiser, now=NOW)

    agent.refresh_from_db()
    assert not agent.is_active


def test_erase_by_a_colleague_is_refused(agent, signatory):
    with pytest.raises(NotAllowed):
        actions.erase_user(user=agent, by=signatory, now=NOW)


def test_erase_of_the_only_organiser_is_refused(organiser):
    with pytest.raises(NotNow, match="seule personne"):
        actions.erase_user(user=organiser, by=organiser, now=NOW)


def test_erase_twice_is_refused(agent, organiser):
    actions.erase_user(user=agent, by=organiser, now=NOW)

    with pytest.raises(NotNow, match="déjà effacé"):
        actions.erase_user(user=agent, by=organiser, now=NOW)


def test_erase_forgets_what_was_written_to_the_address(agent):
    sent = mails.queue(key="sent", to=agent.email, subject="Votre lien", text="https://…/secret")
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=NOW)
    waiting = mails.queue(key="waiting", to=agent.email.upper(), subject="Votre lien", text="https://…/secret")
    address = agent.email

    actions.erase_user(user=agent, by=agent, now=NOW)

    assert not Mail.objects.filter(to__iexact=address).exclude(key__contains="erased").exists()
    assert not any("secret" in row.text for row in Mail.objects.all())
    assert mails.send.find(mail=waiting.pk).state == JobState.DONE


def test_own_data_is_given_whole_to_who_asks_again_for_the_password(agent, sign_in):
    page = sign_in(agent).get("/compte/mes-donnees.json")
    assert page.status_code == 302

    answer = sign_in(agent, confirmed=True).get("/compte/mes-donnees.json")

    kept = answer.json()
    assert kept["account"]["email"] == agent.email
    assert [row["role"] for row in kept["memberships"]] == ["contributor"]
    assert answer["Cache-Control"] == "no-store"


def test_own_data_names_nobody_else(agent, signatory, sign_in):
    answer = sign_in(agent, confirmed=True).get("/compte/mes-donnees.json").content.decode()

    assert signatory.email not in answer
    assert signatory.name not in answer
