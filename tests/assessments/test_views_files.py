import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as people
from accounts.actions import mandates
from accounts.models import Helper, Membership, Role
from accounts.refusals import Refused
from assessments import actions
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Application
from assessments.rules import zones
from territories.models import Department, Territory
from tests.queries import writes

CONTEXT = "/dossiers/01901/2027/contexte/"

pytestmark = pytest.mark.django_db

PAGES = ["", "contexte/", "questions/express/", "questions/mediation/", "questions/inclusion/", "initiatives/",
         "initiatives/nouvelle/", "preuves/", "preuves/ajouter/?question=INC-01", "score/", "depot/"]  # fmt: skip


def url(page=""):
    return f"/dossiers/01901/2027/{page}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", ["agent", "signatory", "reader"])
def test_page_of_a_colleague_works(request, application, sign_in, page, person):
    response = sign_in(request.getfixturevalue(person)).get(url(page))

    assert response.status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "accuse/", "accuse.pdf", "retrait/", "preuves/1/", "initiatives/1/"])
def test_page_of_a_stranger_is_not_found(application, sign_in, stranger, page):
    assert sign_in(stranger).get(url(page)).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "accuse/", "retrait/"])
def test_page_without_an_account_asks_to_sign_in(application, client, page):
    assert client.get(url(page)).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_page_never_writes_on_get(ready, sign_in, agent, page):
    client = sign_in(agent)

    with CaptureQueriesContext(connection) as queries:
        client.get(url(page))

    assert writes(queries) == []


def test_applications_without_a_membership_says_how_to_join(sign_in, organiser):
    response = sign_in(organiser).get("/dossiers/")

    assert "Aucune collectivité ne vous est encore rattachée" in response.text
    assert 'href="/compte/rattachement/"' in response.text


def test_applications_without_an_open_edition_says_so(sign_in, agent):
    assert "Aucune édition n’est ouverte" in sign_in(agent).get("/dossiers/").text


def test_applications_says_the_hour_of_paris_and_that_of_the_territory(edition, sign_in, agent, aubaine):
    there = Department.objects.create(code="974", name="La Réunion", region=aubaine.department.region, overseas=True)
    here = sign_in(agent).get("/dossiers/").text
    Territory.objects.filter(pk=aubaine.pk).update(department=there)

    assert ("heure de Paris" in here, "à La Réunion)" in here) == (True, False)
    assert zones.deadline(edition.closes_at, "974") in html.unescape(sign_in(agent).get("/dossiers/").text)


@pytest.mark.parametrize("count", [1, 3])
def test_applications_uses_the_same_queries(edition, department, agent, sign_in, now, count, django_assert_num_queries):
    from tests.conftest import join, make_territory

    for number in range(count):
        place = make_territory(department, f"0180{number}", f"Lieu {number}", 900)
        join(agent, place, "contributor")
        actions.start(edition=edition, territory=place, by=agent, now=now)
    client = sign_in(agent)

    with django_assert_num_queries(8):
        client.get("/dossiers/")


@pytest.fixture
def helper(juror_user):
    helper = Helper.objects.create(siren="250000010", name="Syndicat d’essai")
    helper.people.add(juror_user)
    return helper


def test_applications_of_a_helper_without_a_mandate_leads_to_its_page(sign_in, juror_user, helper):
    page = sign_in(juror_user).get("/dossiers/").text

    assert 'href="/compte/structures/250000010/"' in page
    assert "Vous n’êtes rattaché" not in page
    assert 'href="/dossiers/" aria-current="page">Mes dossiers' in page


def test_applications_of_a_helper_says_that_a_mandate_waits(application, sign_in, juror_user, helper, aubaine, now):
    mandates.ask_mandate(helper=helper, territory=aubaine, by=juror_user, now=now)
    page = sign_in(juror_user).get("/dossiers/").text

    assert ("Aubaine" in page, "mandat demandé le" in page) == (True, True)
    assert 'href="/dossiers/01901/' not in page


def test_applications_of_a_helper_opens_the_files_of_its_mandates(
    application, sign_in, juror_user, helper, signatory, aubaine, now
):
    mandates.grant_mandate(helper=helper, territory=aubaine, by=signatory, now=now)
    page = sign_in(juror_user).get("/dossiers/").text

    assert page.count(f'href="{url()}"') == 1
    assert "Commencer le dossier" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_applications_of_a_helper_uses_the_same_queries(
    edition, department, sign_in, juror_user, helper, now, count, django_assert_num_queries
):
    from tests.conftest import join, make_territory, make_user

    for number in range(count):
        place = make_territory(department, f"0180{number}", f"Lieu {number}", 900)
        signs = join(make_user(f"Maire {number}", "maire"), place, "signatory")
        mandates.grant_mandate(helper=helper, territory=place, by=signs, now=now)
    client = sign_in(juror_user)

    with django_assert_num_queries(9):
        assert client.get("/dossiers/").text.count("Commencer le dossier") == count


def test_start_makes_the_file_and_asks_the_context(edition, aubaine, agent, sign_in):
    response = sign_in(agent).post("/dossiers/commencer/", {"territory": "01901"})

    assert response.headers["Location"] == url("contexte/")
    assert Application.objects.get().territory == aubaine


def test_start_twice_shows_the_file_of_the_first(ready, signatory, sign_in):
    response = sign_in(signatory).post("/dossiers/commencer/", {"territory": "01901"})

    assert response.headers["Location"] == url()
    assert Application.objects.count() == 1


def test_start_for_another_commune_is_not_found(edition, beaupre, agent, sign_in):
    assert sign_in(agent).post("/dossiers/commencer/", {"territory": "01902"}).status_code == 404


def test_start_by_a_reader_is_forbidden(edition, reader, sign_in):
    response = sign_in(reader).post("/dossiers/commencer/", {"territory": "01901"})

    assert response.status_code == 403
    assert "lecture" in response.text


def test_start_by_get_leads_to_the_files(agent, sign_in):
    assert sign_in(agent).get("/dossiers/commencer/").url == "/dossiers/"


def test_start_without_an_open_edition_is_refused(agent, sign_in):
    assert sign_in(agent).post("/dossiers/commencer/", {"territory": "01901"}).status_code == 409


def test_context_is_saved(application, agent, sign_in):
    data = {"seen": actions.context_version(application), "has_website": "no", "desks": "2", "network": "fibre"}

    response = sign_in(agent).post(url("contexte/"), data)

    application.refresh_from_db()
    assert response.headers["Location"] == url("questions/express/")
    assert application.declared_context == {"has_website": False, "desks": 2, "network": "fibre"}


def test_context_corrected_later_returns_to_the_file(ready, agent, sign_in):
    data = {"seen": actions.context_version(ready), "has_website": "no", "desks": "2", "network": "fibre"}

    assert sign_in(agent).post(url("contexte/"), data).headers["Location"] == url()


def test_context_changed_by_a_colleague_is_refused(ready, agent, sign_in):
    response = sign_in(agent).post(url("contexte/"), {"seen": "vieux", "has_website": "no"})

    ready.refresh_from_db()
    assert response.status_code == 409
    assert ready.declared_context["has_website"] is True


def test_context_with_a_wrong_value_says_so(application, agent, sign_in):
    response = sign_in(agent).post(url("contexte/"), {"seen": "x", "desks": "beaucoup"})

    assert response.status_code == 422


def test_overview_once_submitted_shows_the_receipt(submitted, agent, sign_in):
    text = sign_in(agent).get(url()).text

    assert "Le dossier est déposé" in text
    assert url("accuse/") in text


@pytest.mark.parametrize("state", [State.RETURNED, State.INELIGIBLE])
def test_overview_says_why(submitted, organiser, agent, sign_in, now, state):
    actions.move(application=submitted, to=state, by=organiser, reason="Il manque la délibération.", now=now)

    assert "Il manque la délibération." in sign_in(agent).get(url()).text


def test_withdrawal_needs_the_box_ticked(ready, signatory, sign_in):
    assert sign_in(signatory).post(url("retrait/"), {}).status_code == 400

    ready.refresh_from_db()
    assert ready.state == State.DRAFT


def test_withdrawal_by_who_signs_works(ready, signatory, sign_in):
    response = sign_in(signatory).post(url("retrait/"), {"sure": "yes"})

    ready.refresh_from_db()
    assert response.headers["Location"] == url()
    assert ready.state == State.WITHDRAWN


def test_withdrawal_by_an_agent_is_forbidden(ready, agent, sign_in):
    assert sign_in(agent).post(url("retrait/"), {"sure": "yes"}).status_code == 403


def test_membership_ended_closes_the_file(application, agent, sign_in, now):
    Membership.objects.filter(user=agent).update(state="ended", decided_at=now)

    assert sign_in(agent).get(url()).status_code == 404


def test_applications_says_what_a_request_waits_for(edition, juror_user, beaupre, sign_in):
    people.request_membership(territory=beaupre, role=Role.CONTRIBUTOR, message="", by=juror_user)
    page = sign_in(juror_user).get("/dossiers/").text
    assert "Beaupré" in page
    assert "L’organisateur vérifie chaque demande" in page
    assert "Aucune collectivité ne vous est encore rattachée" not in page


def test_applications_says_that_a_signature_is_to_be_confirmed(application, signatory, sign_in):
    client = sign_in(signatory)
    assert "Votre signature est à confirmer" not in client.get("/dossiers/").text
    signatory.memberships.update(to_confirm=True)
    assert "Vous pouvez déposer dès maintenant" in client.get("/dossiers/").text


def test_who_will_sign_is_asked_at_the_start(application, agent, sign_in):
    client = sign_in(agent)
    assert "Qui signera" in client.get(CONTEXT).text
    address = "/dossiers/01901/2027/depot/signataire/"

    response = client.post(address, {"email": "maire@aubaine.example", "retour": "contexte"}, follow=True)

    assert response.redirect_chain == [(CONTEXT, 302)]
    assert "maire@aubaine.example a une invitation" in response.text


def test_who_will_sign_is_not_asked_when_somebody_does(application, agent, signatory, sign_in):
    assert "Qui signera" not in sign_in(agent).get(CONTEXT).text


def test_context_names_in_place_what_lacks_for_the_deposit(application, agent, sign_in, now):
    client = sign_in(agent)
    page = client.get(CONTEXT).text
    assert "Chacune demande une réponse avant le dépôt" in page
    assert "facultatif" not in page
    assert "il manque encore" not in page
    seen = actions.context_version(application)
    actions.set_context(application=application, values={"desks": 1}, seen=seen, by=agent, now=now)
    page = client.get(CONTEXT).text
    assert "Pour déposer, il manque encore" in page
    assert page.count('href="#id_') == 2


UNKNOWN_SITE = {"has_website": "unknown", "desks": "1", "network": "fibre"}


def tell(client, application, **values):
    seen = actions.context_version(application)
    return client.post(CONTEXT, {**UNKNOWN_SITE, **values, "seen": seen})


def test_not_to_know_a_fact_is_an_answer_that_does_not_stop_the_deposit(ready, agent, sign_in, now):
    client = sign_in(agent)
    assert "« Je ne sais pas » n’empêche pas de déposer" in client.get(CONTEXT).text

    assert tell(client, ready).status_code == 302

    page = client.get(CONTEXT).text
    assert "il manque encore" not in page
    assert "checked" in page.partition('value="unknown"')[2][:120]
    assert "Votre collectivité est décrite" in client.get("/dossiers/01901/2027/depot/").text
    assert "Je ne sais pas" in client.get("/dossiers/01901/2027/relecture/").text


def test_what_follows_from_an_unknown_fact_is_asked(ready, agent, sign_in):
    """INC-02 is asked of who has a site."""
    client = sign_in(agent)
    tell(client, ready)

    ready.refresh_from_db()
    assert ready.declared_context["has_website"] == "unknown"
    assert scorecards.context(ready)["has_website"] is True
    assert scorecards.live(ready).undecided == ()


def test_a_number_and_a_word_may_be_unknown_as_well(ready, agent, sign_in):
    client = sign_in(agent)

    tell(client, ready, **{"desks": "", "desks-unknown": "on", "network": "", "network-unknown": "on"})

    ready.refresh_from_db()
    assert ready.declared_context == {"has_website": "unknown", "desks": "unknown", "network": "unknown"}
    page = client.get(CONTEXT).text
    assert "il manque encore" not in page
    assert page.count('type="checkbox"') == page.count("checked") - 1 == 2
    assert scorecards.live(ready).undecided == ()


def test_a_number_says_more_than_the_box_beside_it(ready, agent, sign_in):
    tell(sign_in(agent), ready, **{"desks": "1 200", "desks-unknown": "on"})

    ready.refresh_from_db()
    assert ready.declared_context["desks"] == 1200


@pytest.mark.parametrize(
    ("field", "value"), [("desks", "3"), ("network", 3), ("network", "x" * 201), ("has_website", 1)]
)
def test_a_fact_of_another_kind_is_refused(ready, agent, now, field, value):
    values = {"has_website": True, "desks": 1, "network": "fibre"} | {field: value}
    with pytest.raises(Refused):
        actions.set_context(application=ready, values=values, seen=actions.context_version(ready), by=agent, now=now)
