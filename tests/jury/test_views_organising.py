import pytest

from assessments.enums import State
from jury import actions, planning
from jury.models import Assignment, Juror, Panel

from .conftest import read

PANEL = "/organisation/editions/2027/jury/"
READERS = "/organisation/editions/2027/lecteurs/"


def test_panel_opens_with_the_first_juror(edition, organiser, sign_in):
    client = sign_in(organiser)
    assert "Personne ne siège encore." in client.get(PANEL).content.decode()
    form = {"email": "nadia@jury.example", "name": "Nadia", "function": "juriste", "is_chair": "on"}
    assert client.post(PANEL, form).url == PANEL
    assert (Panel.objects.count(), Juror.objects.get().is_chair) == (1, True)
    assert "Nadia" in client.get(PANEL).content.decode()


def test_panel_with_a_fault_seats_nobody(edition, organiser, sign_in):
    assert sign_in(organiser).post(PANEL, {"email": "nadia", "name": "Nadia"}).status_code == 422
    assert not Juror.objects.exists()


def test_panel_with_a_second_chair_is_refused(chair, organiser, sign_in):
    form = {"email": "nadia@jury.example", "name": "Nadia", "function": "juriste", "is_chair": "on"}
    assert sign_in(organiser).post(PANEL, form).status_code == 409


@pytest.mark.parametrize("address", [PANEL, READERS, READERS + "01901/"])
@pytest.mark.parametrize("who", ["juror_user", "agent"])
def test_organiser_pages_of_others_are_not_found(in_reading, who, address, request, sign_in):
    assert sign_in(request.getfixturevalue(who)).get(address).status_code == 404


def test_juror_is_removed_from_the_page(jeanne, organiser, sign_in):
    assert sign_in(organiser).post(f"{PANEL}{jeanne.pk}/retirer/").url == PANEL
    jeanne.refresh_from_db()
    assert jeanne.left_at is not None


def test_register_of_a_juror_is_shown_and_written(in_reading, jeanne, organiser, sign_in):
    address = f"{PANEL}{jeanne.pk}/liens/"
    client = sign_in(organiser)
    assert "Aucun lien déclaré." in client.get(address).content.decode()
    assert client.post(address, {"territory": "01901", "nature": "élue"}).url == address
    page = client.get(address).content.decode()
    assert "élue" in page
    assert "Un lien déclaré" in page


def test_readers_page_before_the_panel_says_what_to_do(edition, organiser, sign_in):
    answer = sign_in(organiser).get(READERS)
    assert answer.status_code == 400
    assert "Composez d’abord le jury" in answer.content.decode()


def test_preview_writes_nothing_then_the_plan_is_applied(
    submitted, other, jeanne, jules, chair, panel, organiser, sign_in
):
    client = sign_in(organiser)
    page = client.get(READERS + "?apercu=1").content.decode()
    assert "Voir les 4 lectures prévues" in page
    assert not Assignment.objects.exists()
    assert client.post(READERS, {"digest": planning.plan(panel).digest}).url == READERS
    assert Assignment.objects.count() == 4


def test_plan_that_changed_since_the_preview_is_refused(submitted, jeanne, jules, panel, organiser, sign_in):
    assert sign_in(organiser).post(READERS, {"digest": "ancien"}).status_code == 409
    assert not Assignment.objects.exists()


def test_preview_says_when_there_is_nothing_to_give(in_reading, organiser, sign_in):
    assert "rien à distribuer" in sign_in(organiser).get(READERS + "?apercu=1").content.decode()


def test_preview_says_which_files_lack_readers(submitted, jeanne, organiser, sign_in):
    assert "Trop peu de membres du jury" in sign_in(organiser).get(READERS + "?apercu=1").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_readers_query_count(
    more_files, jeanne, jules, organiser, edition, now, count, sign_in, django_assert_num_queries
):
    more_files(count)
    actions.assign_all(edition=edition, by=organiser, now=now)
    client = sign_in(organiser)
    with django_assert_num_queries(10):
        assert client.get(READERS).status_code == 200


def test_file_is_given_and_taken_back_by_hand(submitted, jeanne, organiser, sign_in):
    client, address = sign_in(organiser), READERS + "01901/"
    assert client.post(address, {"juror": jeanne.pk}).url == address
    assert "Jeanne" in client.get(address).content.decode()
    assert client.post(address + "retirer/", {"juror": jeanne.pk}).url == address
    assert not Assignment.objects.exists()


def test_file_given_to_nobody_says_so(submitted, jeanne, organiser, sign_in):
    assert sign_in(organiser).post(READERS + "01901/", {"juror": ""}).status_code == 400


def test_recused_jurors_are_not_offered(submitted, aubaine, jeanne, jules, organiser, now, sign_in):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=organiser, now=now)
    page = sign_in(organiser).get(READERS + "01901/").content.decode()
    assert ("Jeanne" in page, "Jules" in page) == (False, True)


def test_file_is_declared_ineligible(submitted, panel, organiser, sign_in):
    client, address = sign_in(organiser), READERS + "01901/non-recevable/"
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "Hors délai."}).url == READERS
    submitted.refresh_from_db()
    assert submitted.state == State.INELIGIBLE


def test_organiser_never_sees_what_the_jury_thinks(in_reading, jeanne, organiser, now, sign_in):
    read(in_reading, jeanne, now)
    client = sign_in(organiser)
    for address in (READERS, READERS + "01901/", f"{PANEL}{jeanne.pk}/liens/"):
        assert "fragile" not in client.get(address).content.decode()
