import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments import actions
from assessments.doors import spreadsheets
from assessments.enums import AnswerState
from assessments.models import Answer, Framework
from outbox.models import Job
from tests.assessments.test_spreadsheets import SMALL, edited, row_of
from tests.assessments.test_uploads import whole_pdf
from tests.season import work

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/tableur/"


@pytest.fixture
def agents(client, application, agent):
    client.force_login(agent)
    return client


def send(client, content, name="reponses.xlsx"):
    return client.post(PAGE, {"workbook": SimpleUploadedFile(name, content)})


def filled_in(content, answers):
    """A workbook with answers typed in, by question."""
    return edited(content, **{f"C{row_of(content, name)}": text for name, text in answers.items()})


def downloaded(client):
    response = client.get(f"{PAGE}reponses.xlsx")
    assert response["Content-Disposition"].startswith("attachment")
    return response.content


def confirm(client, preview, *names):
    return client.post(f"{PAGE}enregistrer/", {"proposals": preview.context["proposals"], "take": names})


def test_a_round_trip_shows_what_changes_writes_nothing_then_only_what_is_kept(agents, application):
    content = filled_in(downloaded(agents), {"INC-01": "Oui", "SER-01": "Un agent", "has_website": "Oui"})

    preview = send(agents, content)

    assert [change.name for change in preview.context["preview"].changes] == ["has_website", "INC-01", "SER-01"]
    assert Answer.objects.count() == 0
    answer = confirm(agents, preview, "INC-01", "has_website")
    application.refresh_from_db()
    assert answer.status_code == 302
    assert list(Answer.objects.values_list("question_id", "value", "version")) == [("INC-01", True, 1)]
    assert application.declared_context == {"has_website": True}


def test_a_blank_workbook_filled_in_before_starting_is_taken(agents):
    preview = send(agents, filled_in(spreadsheets.blank(SMALL), {"INC-01": "Je ne sais pas"}))

    confirm(agents, preview, "INC-01")

    assert Answer.objects.get().state == AnswerState.UNKNOWN


def test_an_answer_given_since_the_export_stays_unless_it_is_replaced_on_purpose(agents, application, signatory, now):
    content = filled_in(downloaded(agents), {"INC-01": "Oui"})
    actions.save_answer(
        application=application,
        question_id="INC-01",
        state=AnswerState.ANSWERED,
        value=False,
        seen=0,
        by=signatory,
        now=now,
    )

    preview = send(agents, content)

    assert [change.name for change in preview.context["preview"].conflicts] == ["INC-01"]
    assert b'value="INC-01" checked' not in preview.content
    confirm(agents, preview)
    assert Answer.objects.count() == 1
    confirm(agents, preview, "INC-01")
    assert Answer.objects.get(version=2).value is True


def test_an_answer_given_during_the_preview_is_shown_again_and_nothing_is_written(agents, application, signatory, now):
    preview = send(agents, filled_in(downloaded(agents), {"INC-01": "Oui", "SER-01": "Un agent"}))
    actions.save_answer(
        application=application,
        question_id="INC-01",
        state=AnswerState.ANSWERED,
        value=False,
        seen=0,
        by=signatory,
        now=now,
    )

    again = confirm(agents, preview, "INC-01", "SER-01")

    assert again.status_code == 409
    assert [change.name for change in again.context["preview"].conflicts] == ["INC-01"]
    assert [change.name for change in again.context["preview"].changes] == ["SER-01"]
    assert f"Dans le classeur (C{row_of(downloaded(agents), 'INC-01')})" in again.text
    assert Answer.objects.count() == 1
    assert confirm(agents, again, "INC-01", "SER-01").status_code == 302


def test_faults_are_named_and_the_rest_can_be_kept(agents):
    content = filled_in(downloaded(agents), {"INC-01": "Oui", "SER-01": "=1+1"})

    preview = send(agents, content)

    assert f"Cellule C{row_of(content, 'SER-01')}" in preview.content.decode()
    assert [change.name for change in preview.context["preview"].changes] == ["INC-01"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("note.pdf", whole_pdf(), "Enregistrer sous"), ("reponses.xlsx", b"%PDF-1.7", "abîmé"), ("a.xlsx", b"", "vide")],
)
def test_a_file_that_is_no_workbook_is_refused_beside_its_field(agents, name, content, words):
    response = send(agents, content, name)

    assert response.status_code == 422
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "proposals",
    [
        "",
        "[]",
        "{",
        '{"INC-01": 3}',
        '{"INC-01": [{}, 0]}',
        '{"INC-01": [3, 0, ""]}',
        '{"INC-01": [{}, 0, ""]}',
        '{"has_website": [{"state": "x"}, 0, ""]}',
    ],
)
def test_a_confirmation_that_was_tampered_with_writes_nothing(agents, proposals):
    response = agents.post(f"{PAGE}enregistrer/", {"proposals": proposals, "take": ["INC-01", "has_website"]})

    assert response.status_code == 400
    assert Answer.objects.count() == 0


def test_a_confirmed_answer_is_judged_like_any_other(agents):
    proposals = json.dumps({"INC-01": [{"value": "beaucoup"}, 0, "C3"]})

    response = agents.post(f"{PAGE}enregistrer/", {"proposals": proposals, "take": ["INC-01"]})

    assert response.status_code == 400
    assert Answer.objects.count() == 0


def test_a_submitted_file_takes_nothing(agents, submitted):
    response = agents.get(PAGE)

    assert "Ce dossier ne se modifie pas" in response.content.decode()


def test_anyone_downloads_the_questionnaire_once_the_worker_made_it(client, edition):
    assert client.get("/questionnaire/2027.pdf").status_code == 409

    work("booklet.make")

    for extension, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        response = client.get(f"/questionnaire/2027.{extension}")
        assert b"".join(response).startswith(start)
        assert response["Cache-Control"] == "public, max-age=3600"
    assert client.get("/questionnaire/2031.pdf").status_code == 404


def test_the_questionnaire_made_twice_is_stored_once(edition):
    work("booklet.make")
    first = Framework.objects.values_list("pdf", "workbook").get()
    Job.objects.update(state="todo", finished_at=None)

    work("booklet.make")

    assert Framework.objects.values_list("pdf", "workbook").get() == first


def test_paper_asks_what_concerns_the_territory_alone(agents, application):
    application.declared_context = {"has_website": False}
    application.save()

    page = agents.get("/dossiers/01901/2027/papier/").text

    assert "INC-01." in page
    assert "INC-02." not in page
    assert "Avez-vous un site internet" not in page


def test_paper_asks_once_what_concerns_the_territory_and_how(agents, application):
    page = agents.get("/dossiers/01901/2027/papier/").text

    assert page.count("Votre réponse (nombre)") == 1
    assert page.count("Votre réponse (en quelques mots)") == 1
    assert page.count("<li>Je ne sais pas</li>") == page.count('class="asked"') - 2


@pytest.mark.parametrize(("population", "asked"), [(300, False), (12_000, True)])
def test_anyone_has_the_questions_of_a_size_on_paper(client, edition, population, asked):
    answer = client.get("/questionnaire/2027/papier/", {"kind": "commune", "population": population})

    assert ("SER-02." in answer.text, "INC-01." in answer.text) == (asked, True)
    assert "à remplir si" in answer.text


def test_paper_of_a_size_asks_for_it_first(client, edition):
    page = client.get("/questionnaire/2027/papier/")
    assert (page.status_code, 'class="asked"' in page.text) == (200, False)
    assert client.get("/questionnaire/2027/papier/", {"kind": "ville"}).status_code == 422
    assert client.get("/questionnaire/2026/papier/", {"kind": "commune", "population": 1}).status_code == 404


def test_what_the_territory_does_not_know_comes_and_goes_by_the_workbook(agents, application):
    names = ("has_website", "desks", "network")
    preview = send(agents, filled_in(downloaded(agents), dict.fromkeys(names, "je ne sais pas")))
    assert confirm(agents, preview, *names).status_code == 302
    application.refresh_from_db()
    assert application.declared_context == dict.fromkeys(names, "unknown")

    again = send(agents, filled_in(downloaded(agents), {"INC-01": "Oui"}))

    assert [change.name for change in again.context["preview"].changes] == ["INC-01"]
    assert confirm(agents, again, "INC-01").status_code == 302
    assert Answer.objects.get().value is True
