import pytest

from accounts.models import AuditEntry, Role
from accounts.refusals import NotAllowed, Refused
from jury import actions, queries, visibility
from jury.actions import recusals
from jury.models import Interest, Juror, Recusal
from tests.conftest import join

pytestmark = pytest.mark.both


def declare(juror, territory, by, now, nature="élue"):
    return actions.declare_interest(juror=juror, territory=territory, nature=nature, by=by, now=now)


def test_declare_interest_writes_the_register_and_the_trail(submitted, other, aubaine, jeanne, now):
    declare(jeanne, aubaine, jeanne.user, now)
    row = Recusal.objects.get()
    assert (row.juror, row.application, row.automatic) == (jeanne, submitted, True)
    assert AuditEntry.objects.filter(verb="jury.interest_declared").count() == 1


def test_declare_interest_twice_is_harmless(submitted, aubaine, jeanne, now):
    declare(jeanne, aubaine, jeanne.user, now)
    declare(jeanne, aubaine, jeanne.user, now)
    assert (Interest.objects.count(), Recusal.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="jury.interest_declared").count() == 1


def test_declare_interest_for_a_colleague_is_refused(aubaine, jeanne, jules, now):
    with pytest.raises(NotAllowed):
        declare(jeanne, aubaine, jules.user, now)
    assert not Interest.objects.exists()


def test_declare_interest_without_nature_is_refused(aubaine, jeanne, now):
    with pytest.raises(Refused):
        declare(jeanne, aubaine, jeanne.user, now, nature=" ")


def test_remove_interest_lifts_the_automatic_recusal(submitted, aubaine, jeanne, now):
    interest = declare(jeanne, aubaine, jeanne.user, now)
    actions.remove_interest(interest=interest, by=jeanne.user, now=now)
    assert not Recusal.objects.exists()
    assert queries.may_sit_for(juror=jeanne, application=submitted)


def test_remove_interest_keeps_what_another_interest_supports(submitted, aubaine, epci, jeanne, now):
    declare(jeanne, epci, jeanne.user, now)
    actions.remove_interest(interest=declare(jeanne, aubaine, jeanne.user, now), by=jeanne.user, now=now)
    assert Recusal.objects.filter(juror=jeanne, application=submitted, automatic=True).exists()


def test_add_juror_attached_to_a_territory_is_recused(submitted, panel, juror_user, aubaine, organiser, now):
    join(juror_user, aubaine, Role.CONTRIBUTOR)
    juror = actions.add_juror(panel=panel, email=juror_user.email, name="", function="", by=organiser, now=now)
    assert Recusal.objects.get().juror == juror


def test_recuse_hides_the_file_and_empties_the_quorum(in_reading, jeanne, jules, now):
    actions.recuse(juror=jeanne, application=in_reading, reason="Un ami d’enfance.", by=jeanne.user, now=now)
    assert [row.juror for row in queries.live_assignments()] == [jules]
    assert queries.readings_of(in_reading) == {"readers": 1, "readings": 0, "required": 1, "spread": 0}
    assert set(Juror.objects.filter(visibility.jurors_recused(in_reading))) == {jeanne}


def test_recuse_twice_keeps_the_first_reason(in_reading, jeanne, now):
    for reason in ("Un ami.", "Autre chose."):
        actions.recuse(juror=jeanne, application=in_reading, reason=reason, by=jeanne.user, now=now)
    assert Recusal.objects.get().reason == "Un ami."


def test_recuse_without_reason_is_refused(in_reading, jeanne, now):
    with pytest.raises(Refused):
        actions.recuse(juror=jeanne, application=in_reading, reason="", by=jeanne.user, now=now)
    assert not Recusal.objects.exists()


def test_register_shows_every_recusal_but_those_of_who_reads_it(
    submitted, other, aubaine, jeanne, chair, agent, organiser, now, sign_in
):
    actions.recuse(juror=jeanne, application=submitted, reason="Un cousin.", by=jeanne.user, now=now)
    actions.recuse(juror=chair, application=other, reason="Un voisin.", by=chair.user, now=now)
    address = "/jury/registre/2027/"
    page = sign_in(organiser).get(address).content.decode()
    assert ("Un cousin." in page, "Un voisin." in page) == (True, True)
    page = sign_in(chair.user).get(address).content.decode()
    assert ("Un cousin." in page, "Un voisin." in page) == (True, False)
    assert sign_in(jeanne.user).get(address).status_code == 404


# --- declared by name, and followed when a territory changes


PAGE = "/jury/liens/"


def test_a_territory_is_found_by_its_name(jeanne, aubaine, sign_in):
    answer = sign_in(jeanne.user).get(PAGE, {"q": "aubaine"})
    assert 'name="territory" value="01901"' in answer.text


@pytest.mark.parametrize(
    ("posted", "nature"),
    [
        ({"nature": "voisine"}, "voisine"),
        ({"kind": "mandat", "nature": "conseillère"}, "mandat électif : conseillère"),
        ({"kind": "entreprise"}, "entreprise qui y travaille ou le souhaite"),
    ],
)
def test_an_interest_says_its_kind(jeanne, aubaine, sign_in, posted, nature):
    sign_in(jeanne.user).post(PAGE, {"territory": "01901", **posted})
    assert " ".join(jeanne.interests.get().nature.split()) == nature


def test_an_interest_without_a_word_is_asked_again(jeanne, aubaine, sign_in):
    answer = sign_in(jeanne.user).post(PAGE, {"territory": "01901", "q": "aubaine"})
    assert (answer.status_code, 'value="01901"' in answer.text) == (422, True)


def test_the_chair_is_shown_what_a_change_moved(submitted, jeanne, chair, aubaine, beaupre, now, sign_in):
    """Beaupré became part of Aubaine: Jeanne, elected in the former, is recused from the file of the latter."""
    actions.declare_interest(juror=jeanne, territory=beaupre, nature="élue", by=jeanne.user, now=now)
    recusals.follow(old=beaupre, new=aubaine, now=now)
    client = sign_in(chair.user)
    assert "suit Beaupré" in client.get("/jury/registre/2027/").text
    [seat] = client.get("/jury/").context["seats"]
    assert [todo.what for todo in seat["todos"]] == ["1 lien a suivi un changement de commune"]
