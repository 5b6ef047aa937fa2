from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from assessments.models import Edition
from jury import actions
from jury.models import Appeal, Recusal
from outbox.models import Mail
from tests.conftest import make_user

from .conftest import announced, read, seat

PAGE = "/dossiers/01901/2027/reexamen/"


@pytest.fixture
def published(decided, organiser, now):
    return announced(decided, organiser, now)


@pytest.fixture
def filed(published, signatory, now):
    return actions.file_appeal(application=published, by=signatory, grounds="Une preuve mal lue.", now=now)


def test_appeal_is_filed_by_the_signatory(published, signatory, sign_in):
    client = sign_in(signatory)
    assert client.post(PAGE, {"grounds": "Une preuve mal lue."}).url == PAGE
    assert "Le jury n’a pas encore répondu." in client.get(PAGE).content.decode()


def test_appeal_without_grounds_says_so(published, signatory, sign_in):
    assert sign_in(signatory).post(PAGE, {"grounds": ""}).status_code == 422
    assert not Appeal.objects.exists()


def test_appeal_by_a_colleague_is_refused(published, agent, sign_in):
    client = sign_in(agent)
    assert "Seule une personne qui signe" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"grounds": "Une preuve mal lue."}).status_code == 403


def test_appeal_of_a_stranger_is_not_found(published, stranger, sign_in):
    assert sign_in(stranger).get(PAGE).status_code == 404


def test_appeal_twice_is_refused(filed, signatory, sign_in):
    assert sign_in(signatory).post(PAGE, {"grounds": "Encore."}).status_code == 409


def test_appeal_before_the_announcement_tells_nothing(decided, signatory, sign_in):
    assert "après l’annonce des résultats" in sign_in(signatory).get(PAGE).content.decode()


def test_appeals_are_listed_and_answered_by_the_chair(filed, chair, signatory, sign_in):
    client = sign_in(chair.user)
    assert "Aubaine" in client.get("/jury/reexamens/").content.decode()
    form = {"upheld": "oui", "new_level": "5", "answer": "La preuve est bonne."}
    assert client.post(f"/jury/reexamens/{filed.pk}/", form).url == "/jury/reexamens/"
    page = sign_in(signatory).get(PAGE).content.decode()
    assert "La preuve est bonne." in page
    assert "5\N{NO-BREAK SPACE}arobases" in page


def test_a_file_is_read_anew_before_the_answer(filed, panel, chair, organiser, now, sign_in):
    nora = seat(panel, make_user("Nora", "juriste"), organiser, now)
    page, client = f"/jury/reexamens/{filed.pk}/", sign_in(chair.user)
    assert f'value="{nora.pk}" checked' in client.get(page).content.decode()
    assert client.post(f"{page}lecture/", {}).status_code == 400
    assert client.post(f"{page}lecture/", {"juror": nora.pk}).url == page
    assert "lecture attendue" in client.get(page).content.decode()
    client = sign_in(nora.user)
    assert "1 lecture à rendre" in client.get("/jury/").content.decode()
    file = client.get("/jury/01901/2027/").content.decode()
    assert ("Une preuve mal lue." in file, "Rendre ma lecture" in file) == (True, True)
    assert "Entre nous, le dossier est fragile." not in file
    read(filed.application, nora, now)
    assert "Entre nous, le dossier est fragile." in client.get("/jury/01901/2027/").content.decode()
    assert "Envoyer la réponse" in sign_in(chair.user).get(page).content.decode()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"upheld": "oui", "new_level": "", "answer": "Oui."}, 422),
        ({"upheld": "oui", "new_level": "4", "answer": "Oui."}, 422),
        ({"upheld": "", "answer": "Oui."}, 422),
        ({"upheld": "non", "answer": ""}, 422),
    ],
)
def test_answer_with_a_fault_writes_nothing(filed, chair, form, status, sign_in):
    assert sign_in(chair.user).post(f"/jury/reexamens/{filed.pk}/", form).status_code == status
    assert Appeal.objects.get().state == "filed"


@pytest.mark.parametrize(("decided", "offered"), [(3, [4, 5]), (4, [5]), (5, [])])
def test_answer_offers_the_levels_that_the_jury_may_give(
    read_twice, signatory, chair, organiser, now, sign_in, decided, offered
):
    """Above the one decided, within one of the examined one, 4; when there is none the answer may only be no."""
    actions.decide(application=read_twice, level=decided, reasons="Le jury l’a dit.", by=chair, now=now)
    row = actions.file_appeal(
        application=announced(read_twice, organiser, now), by=signatory, grounds="Une preuve mal lue.", now=now
    )

    form = sign_in(chair.user).get(f"/jury/reexamens/{row.pk}/").context["form"]

    levels = form.fields["new_level"].choices if offered else [("", "—")]
    assert [level for level, _words in levels[1:]] == offered
    assert [value for value, _words in form.fields["upheld"].choices] == ["non", "oui"][: 1 + bool(offered)]


def test_answer_twice_is_told(filed, chair, sign_in):
    client = sign_in(chair.user)
    form = {"upheld": "non", "new_level": "", "answer": "Relue, la preuve ne suffit pas."}
    client.post(f"/jury/reexamens/{filed.pk}/", form)
    assert client.post(f"/jury/reexamens/{filed.pk}/", form).status_code == 409
    assert "Il a déjà été répondu" in client.get(f"/jury/reexamens/{filed.pk}/").content.decode()


def test_answer_by_a_reader_is_not_found(filed, jeanne, sign_in):
    client = sign_in(jeanne.user)
    assert client.get(f"/jury/reexamens/{filed.pk}/").status_code == 404
    assert "Aucune demande" in client.get("/jury/reexamens/").content.decode()


def test_appeals_of_who_does_not_sit_are_not_found(filed, agent, sign_in):
    assert sign_in(agent).get("/jury/reexamens/").status_code == 404


HTMX = {"HTTP_HX_REQUEST": "true"}


def test_file_page_leads_to_the_appeal(published, agent, sign_in):
    assert PAGE in sign_in(agent).get("/dossiers/01901/2027/").text


def test_way_to_the_appeal_says_until_when(published, signatory, sign_in):
    line = sign_in(signatory).get(PAGE, **HTMX).text

    assert "Demander un réexamen, jusqu’au" in line
    assert "<html" not in line


def test_way_to_the_appeal_says_that_it_is_too_late(published, signatory, sign_in):
    long_ago = published.edition.results_at - timedelta(days=200)
    Edition.objects.update(
        opens_at=long_ago - timedelta(days=9), closes_at=long_ago, results_at=long_ago, published_at=long_ago
    )

    assert "jours est passé" in sign_in(signatory).get(PAGE, **HTMX).text


def test_way_to_the_appeal_says_that_the_answer_waits(filed, signatory, sign_in):
    assert "attend la réponse du jury" in sign_in(signatory).get(PAGE, **HTMX).text


def test_organiser_opens_the_page_that_the_mail_names(filed, organiser, sign_in):
    mail = Mail.objects.get(to=organiser.email)
    page = sign_in(organiser).get(urlsplit(next(word for word in mail.text.split() if word.startswith("http"))).path)

    assert "Une preuve mal lue." in page.text


def test_organiser_recused_from_a_file_learns_nothing_of_its_appeal(
    published, panel, organiser, signatory, sign_in, now
):
    juror = seat(panel, organiser, organiser, now)
    Recusal.objects.create(juror=juror, application=published, at=now)
    actions.file_appeal(application=published, by=signatory, grounds="Une preuve mal lue.", now=now)

    assert "Une preuve mal lue." not in sign_in(organiser).get("/organisation/editions/2027/reexamens/").text
    assert not Mail.objects.filter(to=organiser.email, key__startswith="appeal-filed").exists()
