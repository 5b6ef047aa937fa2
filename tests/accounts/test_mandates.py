from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import actions
from accounts.actions import mandates
from accounts.models import AuditEntry, Helper, Membership, MembershipState, Role
from accounts.refusals import NotAllowed, NotNow
from outbox.models import Mail
from tests.accounts.conftest import NOW
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

SIREN = "250000010"
LATER = NOW + timedelta(days=10)


@pytest.fixture
def technician(db):
    return make_user("Thaïs", "technicienne")


@pytest.fixture
def helper(technician, organiser):
    return mandates.add_to_helper(siren=SIREN, name="Le syndicat", email=technician.email, by=organiser, now=NOW)


@pytest.fixture
def asked(helper, aubaine, technician, signatory):
    return mandates.ask_mandate(helper=helper, territory=aubaine, by=technician, now=NOW)


@pytest.fixture
def granted(helper, aubaine, signatory):
    return mandates.grant_mandate(helper=helper, territory=aubaine, by=signatory, now=NOW)


def rights(person):
    rows = Membership.objects.filter(user=person, state=MembershipState.ACTIVE)
    return [(row.territory.code, row.role) for row in rows]


def test_ask_mandate_opens_nothing_and_tells_who_signs(asked, technician, signatory):
    mail = Mail.objects.get(key=f"mandate:{asked.pk}:requested:{signatory.pk}")

    assert rights(technician) == []
    assert (mail.to, "/compte/equipe/01901/" in mail.text) == (signatory.email, True)


def test_ask_mandate_twice(asked, helper, aubaine, technician):
    with pytest.raises(NotNow, match="existe déjà"):
        mandates.ask_mandate(helper=helper, territory=aubaine, by=technician, now=LATER)


def test_ask_mandate_for_the_helper_of_others(helper, aubaine, agent):
    with pytest.raises(NotAllowed, match="cette structure"):
        mandates.ask_mandate(helper=helper, territory=aubaine, by=agent, now=NOW)


def test_accepted_mandate_lets_contribute_and_never_sign(asked, technician, signatory):
    mandates.answer_mandate(mandate=asked, accepted=True, by=signatory, now=LATER)

    assert rights(technician) == [("01901", Role.CONTRIBUTOR)]
    assert Mail.objects.filter(key=f"mandate:{asked.pk}:decided:{technician.pk}").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=technician).update(role=Role.SIGNATORY)


def test_refused_mandate_opens_nothing_and_may_be_asked_again(asked, helper, aubaine, technician, signatory):
    mandates.answer_mandate(mandate=asked, accepted=False, by=signatory, now=LATER)

    assert rights(technician) == []
    assert mandates.ask_mandate(helper=helper, territory=aubaine, by=technician, now=LATER).pk != asked.pk


def test_answer_twice(asked, signatory):
    mandates.answer_mandate(mandate=asked, accepted=False, by=signatory, now=LATER)

    with pytest.raises(NotNow, match="déjà reçu une réponse"):
        mandates.answer_mandate(mandate=asked, accepted=True, by=signatory, now=LATER)


@pytest.mark.parametrize("who", ["agent", "technician", "organiser"])
def test_only_who_signs_consents(asked, helper, aubaine, who, request):
    by = request.getfixturevalue(who)

    with pytest.raises(NotAllowed, match="signe"):
        mandates.answer_mandate(mandate=asked, accepted=True, by=by, now=LATER)
    with pytest.raises(NotAllowed, match="signe"):
        mandates.grant_mandate(helper=helper, territory=aubaine, by=by, now=LATER)


@pytest.mark.parametrize(("who", "told"), [("signatory", "technician"), ("technician", "signatory")])
def test_either_side_ends_at_once(granted, technician, who, told, request):
    mandates.end_mandate(mandate=granted, by=request.getfixturevalue(who), now=LATER)

    assert rights(technician) == []
    assert Mail.objects.filter(to=request.getfixturevalue(told).email, key__contains=":ended:").count() == 1
    assert AuditEntry.objects.filter(verb="membership.ended", detail__mandate=granted.pk).count() == 1


def test_leaving_a_territory_tells_the_mandate_that_it_was_helped_by(granted, technician):
    actions.end_membership(membership=technician.memberships.get(), by=technician)

    assert AuditEntry.objects.get(verb="membership.ended").detail == {"territory": "01901", "mandate": granted.pk}


def test_agent_of_the_territory_does_not_end_a_mandate(granted, agent):
    with pytest.raises(NotAllowed, match="signe"):
        mandates.end_mandate(mandate=granted, by=agent, now=LATER)


def test_end_mandate_twice(granted, signatory):
    mandates.end_mandate(mandate=granted, by=signatory, now=LATER)

    with pytest.raises(NotNow, match="déjà terminé"):
        mandates.end_mandate(mandate=granted, by=signatory, now=LATER)


def test_people_of_the_helper_come_and_go_with_its_mandates(granted, helper, organiser):
    other = make_user("Théo", "chargé de mission")
    mandates.add_to_helper(siren=SIREN, name="Autre nom", email=other.email, by=organiser, now=LATER)
    assert (rights(other), Helper.objects.get().name) == ([("01901", Role.CONTRIBUTOR)], "Le syndicat")

    mandates.remove_from_helper(helper=helper, person=other, by=organiser, now=LATER)
    assert rights(other) == []


def test_colleague_is_not_removed_from_a_helper(helper, organiser, technician, agent):
    with pytest.raises(NotAllowed):
        mandates.remove_from_helper(helper=helper, person=technician, by=agent, now=NOW)


def test_mandate_leaves_a_membership_of_the_team_alone(helper, aubaine, agent, signatory, organiser):
    mandates.add_to_helper(siren=SIREN, name="", email=agent.email, by=organiser, now=NOW)
    granted = mandates.grant_mandate(helper=helper, territory=aubaine, by=signatory, now=NOW)
    mandates.end_mandate(mandate=granted, by=signatory, now=LATER)

    assert rights(agent) == [("01901", Role.CONTRIBUTOR)]


def test_helper_does_not_invite(granted, technician, aubaine):
    with pytest.raises(NotAllowed, match="par un mandat"):
        actions.invite(territory=aubaine, email="a@b.example", role=Role.READER, by=technician, now=LATER)


def test_helper_invited_by_the_territory_joins_its_team(granted, technician, invite, signatory):
    invitation, _secret = invite(technician.email, role=Role.SIGNATORY)
    actions.accept_invitation(invitation=invitation, by=technician, now=LATER)
    mandates.end_mandate(mandate=granted, by=signatory, now=LATER)

    assert rights(technician) == [("01901", Role.SIGNATORY)]


def test_erased_person_helps_no_more(granted, helper, technician, organiser):
    actions.erase_user(user=technician, by=organiser, now=LATER)

    assert (rights(technician), helper.people.count()) == ([], 0)


# Pages


def test_a_mandate_from_the_request_to_its_end(helper, aubaine, technician, signatory, sign_in):
    client = sign_in(technician)
    assert "Le syndicat" in client.get("/compte/").text
    assert "Aubaine" in client.get(f"/compte/structures/{SIREN}/?q=aubaine").text
    client.post(f"/compte/structures/{SIREN}/", {"territory": "01901"})
    assert "demandé" in client.get(f"/compte/structures/{SIREN}/").text
    mandate = helper.mandates.get()

    team = sign_in(signatory).get("/compte/equipe/01901/").text
    assert "Accepter" in team
    client.post(f"/compte/mandats/{mandate.pk}/", {"do": "accept"})
    assert "par mandat, pour Le syndicat" in client.get("/compte/equipe/01901/").text

    assert "Inviter une personne" not in sign_in(technician).get("/compte/equipe/01901/").text
    client.post(f"/compte/mandats/{mandate.pk}/", {"do": "end"})
    assert client.get("/compte/equipe/01901/").status_code == 404


def test_team_page_grants_a_mandate(helper, aubaine, signatory, technician, sign_in):
    sign_in(signatory).post("/compte/equipe/01901/mandats/", {"helper": SIREN})

    assert rights(technician) == [("01901", Role.CONTRIBUTOR)]


def test_organiser_declares_a_helper(organiser, sign_in):
    client = sign_in(organiser)
    form = {"siren": SIREN, "name": "Le syndicat", "email": "ligia@syndicat.example"}

    assert client.post("/organisation/structures/", form | {"siren": "12"}).status_code == 422
    client.post("/organisation/structures/", form)
    assert "ligia@syndicat.example" in client.get("/organisation/structures/").text
