from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import MembershipState, Role
from outbox.models import Mail
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

LIST = "/organisation/rattachements/"


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("who", ["agent", "signatory", "stranger", "juror_user"])
@pytest.mark.parametrize(
    "path", [LIST, LIST + "1/", "/organisation/courriels/", "/organisation/courriels/1/", "/organisation/taches/"]
)
def test_organiser_s_pages_unknown_to_others(sign_in, request, who, path):
    assert sign_in(request.getfixturevalue(who)).get(path).status_code == 404


def test_organiser_s_pages_ask_to_sign_in(client, db):
    assert client.get(LIST).url == f"/compte/connexion/?next={LIST}"


def test_requests_that_wait(pending, organiser, sign_in):
    page = text(sign_in(organiser).get(LIST))

    assert "Nadia" in page
    assert f"{LIST}{pending.pk}/" in page


def test_requests_none_waits(organiser, sign_in):
    assert "Aucune demande n’attend" in text(sign_in(organiser).get(LIST))


def test_requests_by_state(pending, organiser, sign_in):
    actions.refuse_membership(membership=pending, reason="Non.", by=organiser)
    client = sign_in(organiser)

    assert "Nadia" not in text(client.get(LIST))
    assert "Nadia" in text(client.get(LIST, {"etat": "refused"}))
    assert "Aucun rattachement dans cet état" in text(client.get(LIST, {"etat": "ended"}))


def test_requests_unknown_state_shows_those_that_wait(pending, organiser, sign_in):
    assert "Nadia" in text(sign_in(organiser).get(LIST, {"etat": "x", "page": "nulle"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_requests_query_count(aubaine, organiser, sign_in, django_assert_num_queries, rows):
    for number in range(rows):
        user = make_user(f"Agent{number}", "agent")
        actions.request_membership(territory=aubaine, role=Role.READER, message="", by=user)
    client = sign_in(organiser)

    with django_assert_num_queries(6):
        assert client.get(LIST).status_code == 200


def test_request_shows_the_message(pending, organiser, sign_in):
    page = text(sign_in(organiser).get(f"{LIST}{pending.pk}/"))

    assert "Je remplace Paul." in page
    assert "premier rattachement" in page


def test_request_approved(pending, newcomer, organiser, sign_in):
    answer = sign_in(organiser).post(f"{LIST}{pending.pk}/", {"decision": "approve"})

    pending.refresh_from_db()
    assert answer.url == LIST
    assert pending.state == MembershipState.ACTIVE
    assert Mail.objects.filter(to=newcomer.email).count() == 1


def test_request_refused_with_a_reason(pending, organiser, sign_in):
    client = sign_in(organiser)
    client.post(f"{LIST}{pending.pk}/", {"decision": "refuse", "reason": "Inconnu de la mairie."})

    pending.refresh_from_db()
    assert (pending.state, pending.reason) == (MembershipState.REFUSED, "Inconnu de la mairie.")
    assert "Inconnu de la mairie." in text(client.get(f"{LIST}{pending.pk}/"))


def test_request_refused_without_a_reason(pending, organiser, sign_in):
    answer = sign_in(organiser).post(f"{LIST}{pending.pk}/", {"decision": "refuse", "reason": " "})

    assert answer.status_code == 422
    pending.refresh_from_db()
    assert pending.state == MembershipState.REQUESTED


def test_request_without_a_decision(pending, organiser, sign_in):
    assert sign_in(organiser).post(f"{LIST}{pending.pk}/").status_code == 422


def test_request_decided_twice(pending, organiser, sign_in):
    client = sign_in(organiser)
    client.post(f"{LIST}{pending.pk}/", {"decision": "approve"})
    answer = client.post(f"{LIST}{pending.pk}/", {"decision": "refuse", "reason": "Trop tard."})

    assert answer.status_code == 409
    assert "déjà été traitée" in text(answer)


def test_request_unknown(organiser, sign_in):
    assert sign_in(organiser).get(f"{LIST}9/").status_code == 404


def test_requests_refuse_a_post(organiser, sign_in):
    assert sign_in(organiser).post(LIST).status_code == 405


def test_request_of_a_day_before_comes_first(pending, aubaine, organiser, sign_in):
    user = make_user("Zoé", "agent")
    first = actions.request_membership(territory=aubaine, role=Role.READER, message="", by=user)
    first.requested_at = timezone.now() - timedelta(days=1)
    first.save()
    page = text(sign_in(organiser).get(LIST))

    assert page.index("Zoé") < page.index("Nadia")
