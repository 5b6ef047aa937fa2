import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jury import actions
from jury.models import Ballot, Decision, Vote
from label.demo.readings import share_out

from .conftest import accept_claim, read

pytestmark = pytest.mark.both

SESSION = "/jury/seance/2027/"
FRAGMENT = "/jury/seance/2027/votes/"
UNDISPUTED = "/jury/deliberation/2027/accord/"
FILE = "/jury/01901/2027/"


@pytest.fixture
def ballot(read_twice, chair, now):
    return actions.open_ballot(application=read_twice, by=chair, now=now)


def test_session_shows_the_vote_and_how_many_voted(ballot, jeanne, jules, now, sign_in):
    actions.vote(ballot=ballot, choice=3, by=jules, now=now)
    page = sign_in(jeanne.user).get(SESSION).content.decode()
    assert "Aubaine" in page
    assert "1 voix sur 3" in page
    assert "Clore le vote" not in page


def test_session_never_says_what_was_voted_while_it_is_open(ballot, jeanne, jules, chair, now, sign_in):
    actions.vote(ballot=ballot, choice=5, by=jules, now=now)
    assert "5 arobases : " not in sign_in(chair.user).get(SESSION).content.decode()


def test_session_hides_the_vote_from_the_recused(ballot, aubaine, jeanne, now, sign_in):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    client = sign_in(jeanne.user)
    assert "Aubaine" not in client.get(SESSION).content.decode()
    assert client.post(reverse("jury:vote", args=[ballot.pk]), {"choice": "3"}).status_code == 404


def test_vote_close_and_decide_from_the_pages(ballot, jeanne, jules, chair, sign_in):
    for juror, choice in ((jeanne, "3"), (jules, "3"), (chair, "blanc")):
        assert sign_in(juror.user).post(reverse("jury:vote", args=[ballot.pk]), {"choice": choice}).url == SESSION
    client = sign_in(chair.user)
    assert client.post(reverse("jury:close_ballot", args=[ballot.pk])).url == SESSION
    page = client.get(FILE).content.decode()
    assert "3 arobases : 2 voix, 1 abstention" in page.replace("\u202f", " ")
    assert 'value="3" required id="id_level_2" checked' in " ".join(page.split())


def test_vote_opens_the_file_to_who_does_not_read_it(read_twice, panel, organiser, chair, now, sign_in):
    late = actions.add_juror(panel=panel, email="n@jury.example", name="N", function="juriste", by=organiser, now=now)
    actions.declare(juror=late, by=late.user, now=now)
    client = sign_in(late.user)
    assert client.get(FILE).status_code == 404
    actions.open_ballot(application=read_twice, by=chair, now=now)
    assert "fragile" in client.get(FILE).content.decode()


def test_open_a_vote_on_a_mention_proposed_by_a_reader(in_reading, jeanne, jules, chair, now, sign_in):
    read(in_reading, jeanne, now, honour="Accueil des aînés")
    read(in_reading, jules, now)
    accept_claim(in_reading, jeanne, now)
    client = sign_in(chair.user)
    assert "La mention" in client.get(FILE).content.decode()
    assert client.post(FILE + "vote/", {"honour": "Accueil des aînés"}).url == SESSION
    assert Ballot.objects.get().honour == "Accueil des aînés"


def test_call_off_from_the_page(ballot, chair, sign_in):
    assert (
        sign_in(chair.user).post(reverse("jury:call_off", args=[ballot.pk]), {"reason": "Une pièce manque."}).url
        == SESSION
    )
    assert "Vote annulé" in sign_in(chair.user).get(SESSION).text


@pytest.mark.parametrize("how", ["called off", "sent back", "reopened"])
def test_a_vote_that_ends_uncounted_says_why_and_leads_to_no_closed_door(
    ballot, read_twice, panel, jeanne, jules, organiser, chair, now, sign_in, how
):
    """Whoever does not read the file could open it as long as the vote stood."""
    late = actions.add_juror(panel=panel, email="n@jury.example", name="N", function="juriste", by=organiser, now=now)
    actions.declare(juror=late, by=late.user, now=now)
    if how == "called off":
        actions.call_off(ballot=ballot, reason="Une pièce manque.", by=chair, now=now)
    elif how == "sent back":
        actions.return_to_applicant(
            application=read_twice, by=chair, reason="Une date manque.", parts=["INC-01"], now=now
        )
    else:
        for juror in (jeanne, jules, chair):
            actions.vote(ballot=ballot, choice=4, by=juror, now=now)
        actions.close_ballot(ballot=ballot, by=chair, now=now)
        actions.decide(application=read_twice, level=4, by=chair, now=now)
        actions.reopen(application=read_twice, by=chair, reason="Une erreur.", now=now)

    told = sign_in(late.user).get(SESSION).text

    why = {"called off": "Une pièce manque.", "sent back": "Un complément est demandé", "reopened": "est rouvert"}[how]
    assert ("Vote annulé" in told, why in told, FILE in told) == (True, True, False)
    assert FILE in sign_in(chair.user).get(SESSION).text


@pytest.mark.parametrize("choice", ["", "7", "x"])
def test_vote_for_nonsense_is_refused(ballot, jeanne, choice, sign_in):
    assert sign_in(jeanne.user).post(reverse("jury:vote", args=[ballot.pk]), {"choice": choice}).status_code == 400
    assert not Vote.objects.exists()


def test_fragment_says_when_nothing_moved(ballot, jeanne, jules, now, sign_in):
    client = sign_in(jeanne.user)
    tag = client.get(FRAGMENT)["ETag"]
    assert client.get(FRAGMENT, headers={"If-None-Match": tag}).status_code == 304
    actions.vote(ballot=ballot, choice=3, by=jules, now=now)
    assert client.get(FRAGMENT, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_fragment_query_count(read_twice, jeanne, chair, now, count, sign_in):
    for number in range(count):
        actions.open_ballot(application=read_twice, honour=f"Mention {number}", by=chair, now=now)
    client = sign_in(jeanne.user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(FRAGMENT).status_code == 200
    assert len(seen) == 5


# --- undisputed files


def test_undisputed_files_are_decided_together(agreed, chair, sign_in):
    client = sign_in(chair.user)
    assert 'value="01901:4" checked' in client.get(UNDISPUTED).content.decode()
    assert client.post(UNDISPUTED, {"file": ["01901:4"]}).url == UNDISPUTED
    assert Decision.objects.get().level == 4
    assert "Aucun dossier n’est prêt" in client.get(UNDISPUTED).content.decode()


@pytest.mark.parametrize("posted", ["01901:3", "01901:5"])
def test_undisputed_with_another_level_is_left_out_and_said(agreed, chair, posted, sign_in):
    answer = sign_in(chair.user).post(UNDISPUTED, {"file": [posted]}, follow=True)
    assert "relisez-le" in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("posted", [[], ["x"], ["99999:4"], ["01901:9"]])
def test_undisputed_without_a_file_is_refused(agreed, chair, posted, sign_in):
    assert sign_in(chair.user).post(UNDISPUTED, {"file": posted}).status_code == 400


def test_undisputed_of_a_reader_is_not_found(agreed, jeanne, sign_in):
    assert sign_in(jeanne.user).get(UNDISPUTED).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_undisputed_query_count(more_files, jeanne, jules, chair, organiser, edition, now, count, sign_in):
    files = more_files(count)
    share_out(edition, by=organiser, now=now)
    for application in files:
        for juror in (jeanne, jules):
            read(application, juror, now, proposed_level=4)
        accept_claim(application, jeanne, now)
    client = sign_in(chair.user)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(UNDISPUTED).content.decode()
    assert (page.count('name="file"'), len(seen)) == (count, 5)
