import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from assessments import actions as files
from assessments.enums import State
from assessments.models import Robustness, Scorecard
from jury import actions
from jury.forms import asked_filters
from jury.models import Decision, Review
from jury.pages import board
from jury.pages.board import Filters
from label.demo.readings import share_out
from tests.crowd import multiply
from tests.season import work

from .conftest import accept_claim, read

pytestmark = pytest.mark.both

BOARD = "/jury/deliberation/2027/"
UNDISPUTED = BOARD + "accord/"
FILE = "/jury/01901/2027/"


def rows(juror, **filters):
    return board.page(juror, Filters(**filters))[0]


def decision(**fields):
    return {"level": "4", "reasons": "", "honours": "", "comment_to_territory": "", "waiver": "", **fields}


# --- the board


def test_board_shows_figures_of_each_file(read_twice, chair, sign_in):
    row = rows(chair)[0]
    assert (row.declared_level, row.readings, row.required, row.spread, row.claims) == (4, 2, 2, 1, 0)
    page = sign_in(chair.user).get(BOARD).content.decode()
    assert "Aubaine" in page
    assert "83,3" in page


def test_a_single_reading_is_apart_from_nothing(in_reading, jeanne, chair, now):
    read(in_reading, jeanne, now, proposed_level=3)
    assert rows(chair)[0].spread is None


def test_board_counts_claims_until_they_are_ruled_on(in_reading, jeanne, chair, now):
    assert rows(chair)[0].claims == 1
    accept_claim(in_reading, jeanne, now)
    assert rows(chair)[0].claims == 0


def test_board_shows_the_level_decided_until_it_is_reopened(decided, chair, now):
    assert rows(chair)[0].decided_level == 4
    actions.reopen(application=decided, by=chair, reason="Erreur.", now=now)
    assert rows(chair)[0].decided_level is None


def test_board_of_a_chair_who_reads_is_blind(in_reading, jeanne, chair, organiser, now, sign_in):
    actions.assign(application=in_reading, juror=chair, by=organiser, now=now)
    read(in_reading, jeanne, now, proposed_level=1)
    row = rows(chair)[0]
    assert (row.blind, row.spread) == (True, None)
    assert "<td>1</td>" not in sign_in(chair.user).get(BOARD).content.decode()


def test_board_shows_proposals_to_a_chair_who_does_not_read(in_reading, jeanne, chair, now, sign_in):
    read(in_reading, jeanne, now, proposed_level=1)
    assert 'data-label="Niveaux proposés">1</td>' in sign_in(chair.user).get(BOARD).text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "under_review"}, ["Aubaine"]),
        ({"state": "submitted"}, ["Beaupré"]),
        ({"level": 4}, ["Aubaine", "Beaupré"]),
        ({"level": 2}, []),
        ({"department": "01"}, ["Aubaine", "Beaupré"]),
        ({"department": "02"}, []),
        ({"spread": True}, ["Aubaine"]),
        ({"order": "ecart"}, ["Aubaine", "Beaupré"]),
        ({"order": "score"}, ["Aubaine", "Beaupré"]),
        ({"order": "region"}, ["Aubaine", "Beaupré"]),
        ({"order": "habitants"}, ["Beaupré", "Aubaine"]),
    ],
)
def test_board_is_filtered_and_sorted(asked, found, read_twice, other, chair):
    Review.objects.filter(assignment__juror__user__name="Jules").update(proposed_level=5)
    assert [row.territory.name for row in rows(chair, **asked)] == found


def test_board_by_spread_puts_last_what_one_reader_has_read(in_reading, other, jeanne, jules, chair, organiser, now):
    """Aubaine has one reading, which is apart from nothing; Beaupré two, which agree."""
    read(in_reading, jeanne, now)
    for juror in (jeanne, jules):
        actions.assign(application=other, juror=juror, by=organiser, now=now)
        read(other, juror, now)
    found = [(row.territory.name, row.spread) for row in rows(chair, order="ecart")]
    assert found == [("Beaupré", 0), ("Aubaine", None)]


@pytest.mark.parametrize("order", board.ORDERS)
def test_board_is_asked_in_every_order_that_it_offers(order):
    assert asked_filters(QueryDict(f"tri={order}")).order == order


def test_board_flags_the_fragile_filters_them_and_puts_them_first(in_reading, other, chair, sign_in):
    card = Scorecard.objects.get(application=other)
    assert rows(chair, fragile=True) == []
    work("robustness.make")
    Robustness.objects.filter(result_hash=card.result_hash).update(document={"stable": False})
    Robustness.objects.exclude(result_hash=card.result_hash).update(document={"stable": True})
    assert [(row.territory.name, row.fragile) for row in rows(chair)] == [("Aubaine", False), ("Beaupré", True)]
    assert [row.territory.name for row in rows(chair, order="solidite")] == ["Beaupré", "Aubaine"]
    page = sign_in(chair.user).get(BOARD + "?solidite=fragile").content.decode()
    assert "Beaupré" in page
    assert "Aubaine" not in page


def test_board_facets_count_each_state(in_reading, other, chair):
    facets = board.facets(chair)
    assert (facets.states, facets.total) == ({State.SUBMITTED: 1, State.UNDER_REVIEW: 1}, 2)
    assert facets.departments == {"01": "Ain"}


def test_board_hides_a_recused_file_and_its_counts(in_reading, other, aubaine, chair, now):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    assert [row.territory.name for row in rows(chair)] == ["Beaupré"]
    assert board.facets(chair).total == 1


def test_board_has_pages(more_files, chair, monkeypatch):
    more_files(3)
    monkeypatch.setattr(board, "PAGE", 2)
    first, more = board.page(chair, Filters())
    last, end = board.page(chair, Filters(page=2))
    assert ([row.territory.name for row in first + last], more, end) == (
        ["Commune 0", "Commune 1", "Commune 2"],
        True,
        False,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_board_query_count(more_files, jeanne, jules, chair, organiser, edition, now, count, sign_in):
    more_files(count)
    for application in [row.application for row in share_out(edition, by=organiser, now=now)]:
        read(application, jeanne, now)
    client = sign_in(chair.user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(BOARD + "?tri=ecart").status_code == 200
    assert len(seen) == 8


def test_whole_season_takes_no_more_queries(agreed, other, chair, sign_in):
    multiply([agreed, other], 1_498)
    client = sign_in(chair.user)
    for address, queries in ((BOARD, 8), (BOARD + "?tri=ecart&page=2", 8), (UNDISPUTED, 5)):
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address).content.decode()
        assert (page.count('<th scope="row"'), len(seen)) == (board.PAGE, queries)


def test_board_without_file_says_so(chair, sign_in):
    assert "Aucun dossier n’est encore arrivé" in sign_in(chair.user).get(BOARD).content.decode()


def test_board_whose_filters_find_nothing_says_so(in_reading, chair, sign_in):
    assert "Voir tous les dossiers" in sign_in(chair.user).get(BOARD + "?niveau=1").content.decode()


@pytest.mark.parametrize("query", ["?page=x&niveau=9&tri=z&etat=z", "?page=0", "?page=99999999", "?page=²"])
def test_board_with_a_strange_address_is_a_page(in_reading, chair, query, sign_in):
    assert sign_in(chair.user).get(BOARD + query).status_code == 200


@pytest.mark.parametrize("who", ["juror_user", "agent", "organiser"])
def test_board_of_who_does_not_preside_is_not_found(in_reading, who, request, sign_in):
    assert sign_in(request.getfixturevalue(who)).get(BOARD).status_code == 404


def test_board_of_who_stands_in_shows_that_file_alone(read_twice, other, aubaine, jeanne, chair, now, sign_in):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    page = sign_in(jeanne.user).get(BOARD).content.decode()
    assert ("Aubaine" in page, "Beaupré" in page) == (True, False)


# --- deciding


def test_decide_from_the_page(read_twice, chair, sign_in):
    form = decision(level="5", reasons="Un accueil exemplaire.", honours="Accueil\n\nSobriété")
    assert sign_in(chair.user).post(FILE + "decision/", form).url == BOARD
    row = Decision.objects.get()
    assert (row.level, row.reasons, row.honours) == (5, "Un accueil exemplaire.", ["Accueil", "Sobriété"])


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        (decision(level="2", reasons="Sévère."), 409, "une arobase au plus"),
        (decision(level="5"), 409, "écrivez vos raisons"),
        (decision(level=""), 422, "Un point est à corriger"),
        (decision(honours="a\nb\nc\nd"), 422, "Trois mentions au plus"),
    ],
)
def test_decide_with_a_fault_keeps_what_was_typed(read_twice, chair, form, status, words, sign_in):
    answer = sign_in(chair.user).post(FILE + "decision/", form | {"comment_to_territory": "Mot déjà écrit."})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Mot déjà écrit." in answer.content.decode()
    assert not Decision.objects.exists()


def test_decide_says_why_not_while_a_claim_awaits(in_reading, chair, sign_in):
    page = sign_in(chair.user).get(FILE).content.decode()
    assert "attend encore l’avis du jury" in page


def test_decide_offers_to_do_without_a_reading(in_reading, jeanne, chair, now, sign_in):
    read(in_reading, jeanne, now)
    accept_claim(in_reading, jeanne, now)
    client = sign_in(chair.user)
    assert "1 rendue sur 2" in client.get(FILE).content.decode()
    assert client.post(FILE + "decision/", decision()).status_code == 409
    assert client.post(FILE + "decision/", decision(waiver="Un lecteur est malade.")).status_code == 302


def test_decide_by_a_reader_is_refused(read_twice, jeanne, sign_in):
    assert sign_in(jeanne.user).post(FILE + "decision/", decision()).status_code == 403


def test_decide_twice_is_told(decided, chair, sign_in):
    assert sign_in(chair.user).post(FILE + "decision/", decision()).status_code == 409


def test_reopen_from_the_page(decided, chair, sign_in):
    client = sign_in(chair.user)
    assert client.post(FILE + "rouvrir/", {"reason": ""}).status_code == 400
    assert client.post(FILE + "rouvrir/", {"reason": "Erreur."}).status_code == 302
    decided.refresh_from_db()
    assert decided.state == State.UNDER_REVIEW


def test_reopen_a_published_file_is_refused(decided, chair, organiser, now, sign_in):
    files.move(application=decided, to=State.PUBLISHED, by=organiser, now=now)
    assert sign_in(chair.user).post(FILE + "rouvrir/", {"reason": "Erreur."}).status_code == 409
