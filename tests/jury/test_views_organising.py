import pytest

from assessments.enums import State
from jury import actions
from jury.jobs import planning
from jury.models import Assignment, Juror, Panel, Proposal
from label.demo.readings import share_out
from outbox import jobs
from outbox.models import Job
from tests.conftest import make_user

from .conftest import read, seat

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
    answer = sign_in(organiser).post(PANEL, form)
    assert answer.status_code == 409
    assert "déjà une présidence" in answer.text
    assert "nadia@jury.example" in answer.text


@pytest.mark.parametrize("address", [PANEL, READERS, READERS + "01901/"])
@pytest.mark.parametrize("who", ["juror_user", "agent"])
def test_organiser_pages_of_others_are_not_found(in_reading, who, address, request, sign_in):
    assert sign_in(request.getfixturevalue(who)).get(address).status_code == 404


@pytest.mark.parametrize(("typed", "status", "kept"), [("2", 302, 2), ("4", 400, 3), ("0", 400, 3), ("", 400, 3)])
def test_quorum_is_set_from_the_page(typed, status, kept, panel, jeanne, jules, chair, organiser, sign_in):
    client = sign_in(organiser)
    assert 'name="quorum" value="3"' in client.get(PANEL).content.decode()
    assert client.post(f"{PANEL}quorum/", {"quorum": typed}).status_code == status
    assert Panel.objects.get().quorum == kept


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


@pytest.fixture
def propose(organiser, sign_in):
    """`propose()` asks from the page, does the worker's part, and returns the page."""

    def _propose():
        client = sign_in(organiser)
        assert client.post(READERS + "proposer/").url == READERS
        assert "le calcul est en cours" in client.get(READERS).content.decode()
        jobs.run(Job.objects.get(kind="jury.propose").pk)
        return client.get(READERS).content.decode()

    return _propose


def test_proposal_is_shown_then_confirmed(submitted, other, jeanne, jules, chair, propose, organiser, sign_in):
    page = propose()
    assert "Voir ou changer les 4 lectures prévues" in page
    assert not Assignment.objects.exists()
    assert sign_in(organiser).post(READERS, {"digest": planning.digest(Proposal.objects.get())}).url == READERS
    assert Assignment.objects.count() == 4


def test_proposal_that_changed_since_it_was_shown_is_refused(submitted, jeanne, jules, propose, organiser, sign_in):
    propose()
    assert sign_in(organiser).post(READERS, {"digest": "ancien"}).status_code == 409
    assert not Assignment.objects.exists()


def test_confirmation_without_proposal_is_refused(submitted, panel, organiser, sign_in):
    assert sign_in(organiser).post(READERS, {"digest": ""}).status_code == 409


def test_proposal_says_when_there_is_nothing_to_give(in_reading, propose):
    assert "rien à distribuer" in propose()


def test_proposal_says_which_files_lack_readers(submitted, jeanne, propose):
    assert "Trop peu de membres du jury" in propose()


def test_proposal_out_of_date_says_so(submitted, jeanne, jules, propose, organiser, now, sign_in):
    propose()
    actions.recuse(juror=jules, application=submitted, reason="Un ami.", by=jules.user, now=now)
    page = sign_in(organiser).get(READERS).content.decode()
    assert "préparez une nouvelle répartition" in page
    assert "Confier ces dossiers" not in page


def test_proposal_is_adjusted_from_the_page_of_the_file(
    submitted, jeanne, jules, chair, panel, propose, organiser, now, sign_in
):
    nadia = seat(panel, make_user("Nadia", "juriste"), organiser, now)
    propose()
    gone = Proposal.objects.get().pairs[0][1]
    instead = ({jeanne.pk, jules.pk, nadia.pk} - {juror for _file, juror in Proposal.objects.get().pairs}).pop()
    client, address = sign_in(organiser), READERS + "01901/"
    assert "Lu plutôt par" in client.get(address).content.decode()
    assert client.post(address + "proposition/", {"juror": gone, "instead": instead}).url == READERS
    assert [submitted.pk, instead] in Proposal.objects.get().pairs


@pytest.mark.parametrize("count", [1, 3])
def test_readers_query_count(
    more_files, jeanne, jules, organiser, edition, now, count, sign_in, django_assert_num_queries
):
    more_files(count)
    share_out(edition, by=organiser, now=now)
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


def test_file_whose_commune_never_answers_is_ended(in_reading, jeanne, panel, organiser, now, sign_in):
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Précisez.", parts=["INC-02"], now=now)
    client, address = sign_in(organiser), READERS + "01901/"
    assert address + "non-recevable/" in client.get(address).text

    assert client.post(address + "non-recevable/", {"reason": "Sans réponse."}).url == READERS
    in_reading.refresh_from_db()
    assert (in_reading.state, in_reading.complement) == (State.INELIGIBLE, None)
    assert address + "non-recevable/" not in client.get(address).text


def test_organiser_never_sees_what_the_jury_thinks(in_reading, jeanne, organiser, now, sign_in):
    read(in_reading, jeanne, now)
    client = sign_in(organiser)
    for address in (READERS, READERS + "01901/", f"{PANEL}{jeanne.pk}/liens/"):
        assert "fragile" not in client.get(address).content.decode()
