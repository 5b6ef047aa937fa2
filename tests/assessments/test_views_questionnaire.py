import re

import pytest

from assessments import actions
from assessments.models import Answer
from assessments.pages import panels, tracing
from assessments.views.access import sheet_and_score

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/questions/mediation/"
HTMX = {"HX-Request": "true"}


def post(client, question="INC-01", page=PAGE, **data):
    headers = data.pop("headers", {})
    return client.post(f"{page}{question}/", {"seen": 0, **data}, headers=headers)


def test_answer_without_htmx_returns_to_the_question(application, agent, sign_in):
    response = post(sign_in(agent), answer="v:true")

    assert response.headers["Location"] == f"{PAGE}#INC-01"
    assert Answer.objects.get().value is True


def test_answer_with_htmx_gives_the_card_and_the_score(application, agent, sign_in):
    response = post(sign_in(agent), answer="v:true", headers=HTMX)

    assert response.status_code == 200
    assert 'id="etat-INC-01"' in response.text
    assert 'id="reponse-INC-01"' not in response.text
    assert "Enregistré à" in response.text
    assert '<div id="score" class="score" data-hx-swap-oob="true">' in response.text
    assert 'name="seen" value="1"' in response.text
    assert "<html" not in response.text


def test_answer_with_htmx_uses_at_most_eight_queries(ready, agent, sign_in, django_assert_max_num_queries):
    client = sign_in(agent)
    client.get(PAGE)

    with django_assert_max_num_queries(8):
        assert post(client, seen=1, answer="v:false", headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("question", "data", "value"),
    [
        ("INC-01", {"answer": "v:false"}, False),
        ("INC-02", {"answer": "v:0"}, 0),
        ("INC-03", {"answer": "value", "option": ["v:jeunes", "v:aines"]}, ["jeunes", "aines"]),
        ("INC-03", {"answer": "value"}, []),
        ("INC-03", {"option": ["v:aines"]}, ["aines"]),
        ("INC-03", {"answer": "unknown", "touched": "value", "option": ["v:aines"]}, ["aines"]),
        ("SER-01", {"answer": "v:personne"}, "personne"),
        ("SER-02", {"answer": "value", "number": " 1 200 "}, 1200),
        ("SER-02", {"answer": "value", "number": "-3"}, -3),
        ("SER-02", {"number": "12"}, 12),
    ],
)
def test_answer_of_each_kind_is_read(application, agent, sign_in, question, data, value):
    post(sign_in(agent), question, **data)

    row = Answer.objects.get()
    assert (row.question_id, row.state, row.value) == (question, "answered", value)


@pytest.mark.parametrize(
    ("data", "state", "reason"),
    [
        ({"answer": "unknown", "reason": "resté là"}, "unknown", ""),
        ({"answer": "not_applicable", "reason": " Pas d’accueil. "}, "not_applicable", "Pas d’accueil."),
        ({"answer": ["v:true", "cleared"]}, "cleared", ""),
    ],
)
def test_answer_that_is_no_value_is_read(application, agent, sign_in, data, state, reason):
    post(sign_in(agent), **data)

    row = Answer.objects.get()
    assert (row.state, row.value, row.reason) == (state, None, reason)


@pytest.mark.parametrize(
    ("question", "data"),
    [
        ("INC-01", {}),
        ("INC-01", {"answer": "v:peut-être"}),
        ("INC-03", {}),
        ("INC-01", {"answer": "not_applicable"}),
        ("INC-01", {"answer": "v:true", "seen": "x"}),
        ("INC-01", {"answer": "v:true", "seen": "-1"}),
        ("INC-01", {"answer": "v:true", "seen": "-2"}),
        ("INC-01", {"answer": "v:true", "seen": "-99999999999"}),
        ("INC-01", {"answer": "v:true", "seen": "9" * 17}),
        ("SER-02", {"answer": "value", "number": "beaucoup"}),
        ("SER-02", {"answer": "value", "number": "9" * 40}),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_answer_that_cannot_be_read_says_so(application, agent, sign_in, question, data, headers):
    response = post(sign_in(agent), question, **data, headers=headers)

    assert response.status_code == 422
    assert "Pas encore enregistré" in response.text
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_answer_written_by_a_colleague_meanwhile_shows_both(application, agent, signatory, sign_in, headers):
    post(sign_in(signatory), "SER-01", answer="v:personne")

    response = post(sign_in(agent), "SER-01", answer="v:agent", headers=headers)

    assert response.status_code == 409
    assert "Deux réponses différentes" in response.text
    assert "<dd>Personne</dd>" in response.text
    assert "<dd>Un agent</dd>" in response.text
    assert 'name="seen" value="1"' in response.text
    assert 'value="v:agent" checked' in response.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_answer_of_one_s_own_other_tab_is_called_so(application, agent, sign_in, headers):
    post(sign_in(agent), "SER-01", answer="v:personne")

    response = post(sign_in(agent), "SER-01", answer="v:agent", headers=headers)

    assert response.status_code == 409
    assert "dans un autre onglet" in response.text
    assert str(agent) not in response.text


def test_the_box_of_a_conflict_closes_after_one_s_choice(application, agent, signatory, sign_in):
    post(sign_in(signatory), "SER-01", answer="v:personne")
    conflict = post(sign_in(agent), "SER-01", answer="v:agent", headers=HTMX)
    assert '<input type="hidden" name="boxed" value="yes">' in conflict.text

    response = post(sign_in(agent), "SER-01", answer="v:agent", seen=1, boxed="yes", headers=HTMX)

    assert response["HX-Retarget"] == "#reponse-SER-01"
    assert 'id="reponse-SER-01"' in response.text
    assert "Deux réponses différentes" not in response.text


def test_a_refusal_is_said_to_a_script_in_a_sentence(application, reader, sign_in):
    response = post(sign_in(reader), answer="unknown", headers=HTMX)

    assert (response.status_code, response["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert response.text.startswith("Votre accès est en lecture")


def test_answer_chosen_after_a_conflict_replaces_the_other(application, agent, signatory, sign_in):
    post(sign_in(signatory), "SER-01", answer="v:personne")

    post(sign_in(agent), "SER-01", answer="v:agent", seen=1)

    assert list(Answer.objects.values_list("version", "value")) == [(1, "personne"), (2, "agent")]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_answer_once_submitted_is_refused(submitted, agent, sign_in, headers):
    response = post(sign_in(agent), seen=1, answer="v:false", headers=headers)

    assert response.status_code == 409
    assert "déposé" in response.text


def test_answer_by_a_reader_is_forbidden(application, reader, sign_in):
    response = post(sign_in(reader), answer="v:true")

    assert response.status_code == 403
    assert Answer.objects.count() == 0


def test_answer_by_a_stranger_is_not_found(application, stranger, sign_in):
    assert post(sign_in(stranger), answer="v:true").status_code == 404


def test_answer_to_an_unknown_question_is_not_found(application, agent, sign_in):
    assert post(sign_in(agent), "XXX-1", answer="v:true").status_code == 404


@pytest.mark.parametrize("page", ["INC-01/", "INC-01/historique/", "INC-01/a-plusieurs/"])
def test_a_question_of_an_unknown_part_is_not_found(application, agent, sign_in, page):
    address = f"/dossiers/01901/2027/questions/cuisine/{page}"
    posted = {"answer": "v:true", "seen": 0, "version": 1, "do": "comment", "text": "Qui sait ?"}

    assert sign_in(agent).post(address, posted).status_code == 404
    assert Answer.objects.count() == 0


def test_answer_by_get_leads_to_its_questions(application, agent, sign_in):
    assert sign_in(agent).get(f"{PAGE}INC-01/").url == PAGE


def test_questions_of_an_unknown_part_is_not_found(application, agent, sign_in):
    assert sign_in(agent).get("/dossiers/01901/2027/questions/cuisine/").status_code == 404


def test_questions_that_do_not_apply_are_folded_with_the_reason(ready, agent, sign_in):
    text = sign_in(agent).get("/dossiers/01901/2027/questions/services-publics/").text

    assert 'id="reponse-SER-02"' not in text
    assert "Ce qui ne vous concerne pas (1" in text
    assert "la population est de moins de 10\u202f000 habitants (population\u202f: 1\u202f240)" in text


def test_questions_that_wait_for_the_context_are_said(application, agent, sign_in):
    text = sign_in(agent).get(PAGE).text

    assert 'id="reponse-INC-02"' not in text
    assert "Une question dépend d’une information" in text


def test_questions_show_what_is_saved_and_by_whom(ready, agent, sign_in):
    text = sign_in(agent).get(PAGE).text

    assert 'value="v:true" checked' in text
    assert "par Agnès" in text
    assert "pas encore déposé" in text


def test_questions_for_a_reader_are_disabled(application, reader, sign_in):
    text = sign_in(reader).get(PAGE).text

    assert '<fieldset class="flow" disabled>' in text
    assert "data-hx-post" not in text


def test_questions_have_no_inline_style_nor_script(ready, agent, sign_in):
    text = sign_in(agent).get(PAGE).text

    assert " style=" not in text
    assert "<script>" not in text
    assert "{%" not in text
    assert "{{" not in text


@pytest.mark.parametrize("pieces", [1, 3])
def test_questions_use_the_same_queries(ready, agent, sign_in, now, pieces, django_assert_num_queries):
    for number in range(pieces):
        actions.add_evidence(
            application=ready, title="Page", url=f"https://a.example/{number}", questions=["INC-01"], by=agent, now=now
        )
    client = sign_in(agent)
    client.get(PAGE)

    with django_assert_num_queries(10):
        client.get(PAGE)


@pytest.mark.parametrize(
    ("question", "data"),
    [
        ("INC-01", {"answer": "cleared", "seen": 1}),
        ("INC-03", {"answer": "unknown", "touched": "value", "option": ["v:aines"]}),
    ],
)
def test_answer_that_changes_other_controls_redraws_the_whole_card(ready, agent, sign_in, question, data):
    client = sign_in(agent)
    response = post(client, question, headers=HTMX, **data)
    fresh = client.get(PAGE).text

    def controls(html):
        form = html[html.index(f'id="reponse-{question}"') :]
        lines = form[: form.index("</form>")].splitlines()
        return [line.strip() for line in lines if "<input" in line and "csrf" not in line]

    assert response.headers["HX-Retarget"] == f"#reponse-{question}"
    assert controls(response.text) == controls(fresh)


def test_answer_refused_redraws_the_whole_card(application, agent, sign_in):
    response = post(sign_in(agent), headers=HTMX)

    assert response.headers["HX-Retarget"] == "#reponse-INC-01"


def test_unknown_leads_to_advice(application, agent, sign_in):
    advice = "Qui peut le savoir : la personne ou l’entreprise qui tient votre site"
    unknown = post(sign_in(agent), "INC-03", answer="unknown", headers=HTMX).text
    known = post(sign_in(agent), "INC-03", answer="value", seen=1, headers=HTMX).text

    assert advice in unknown
    assert "/a-plusieurs/" in unknown
    assert "/annuaire/01901/exemples/INC-03/" in unknown
    assert advice not in known


def test_question_explains_its_words_and_leads_to_examples(application, agent, sign_in):
    page = sign_in(agent).get("/dossiers/01901/2027/questions/services-publics/").text

    assert "<dt>Sauvegarde</dt>" in page
    assert 'data-hx-get="/annuaire/01901/exemples/SER-03/"' in page


def test_a_page_counts_the_questions_to_answer_as_the_overview_does(ready, agent, sign_in):
    page = sign_in(agent).get(PAGE)

    tile = next(tile for tile in panels.mosaic(sheet_and_score(ready)[1]) if tile.id == "mediation")
    assert page.context["progress"] == (tile.done, tile.asked)
    assert f"<b>{tile.asked} sur {tile.asked}</b>" in page.text
    assert "<b>Initiatives</b>" in page.text
    assert 'id="repere-INI-01"' not in page.text


def test_nothing_is_chosen_where_nobody_ticked_a_box(application, agent, sign_in):
    page = sign_in(agent).get(PAGE).text

    assert 'id="INC-03-value" name="answer" value="value">' in page
    assert page.count("Aucune case cochée veut dire") == page.count("Plusieurs réponses possibles")


def test_a_question_that_counts_initiatives_says_how_many_count(ready, agent, sign_in):
    page = sign_in(agent).get(PAGE).text

    assert "1 initiative compte ici\u202f: 6 points sur 12." in page
    assert "Permanences numériques" in page


def test_a_question_without_initiative_says_so(application, agent, sign_in):
    assert "Aucune initiative ne compte encore ici\u202f: 0 point sur 12." in sign_in(agent).get(PAGE).text


def test_the_questions_of_the_axes_add_up_to_those_of_the_file(ready):
    sheet, result = sheet_and_score(ready)

    said = " ".join(axis.words for axis in tracing.axes(result, sheet))

    assert sum(int(n) for n in re.findall(r"(\d+) questions? posées?", said)) == result.answered[1]
    assert said.count("1 qui compte vos initiatives") == 2


def test_a_file_that_is_submitted_promises_no_saving(submitted, agent, sign_in):
    page = sign_in(agent).get("/dossiers/01901/2027/questions/express/").text

    assert "est enregistrée dès que vous la donnez" not in page
    assert "vous pourrez y revenir" not in page


def test_a_file_that_is_open_says_that_answers_are_saved(application, agent, sign_in):
    page = sign_in(agent).get("/dossiers/01901/2027/questions/express/").text

    assert "est enregistrée dès que vous la donnez" in page
