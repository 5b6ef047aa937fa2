import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.refusals import Refused
from assessments import actions, forms
from assessments.doors import scorecards
from assessments.enums import AnswerState
from assessments.pages.simulation import Simulation, weakest
from scoring import parts
from tests.queries import writes

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/simulation/"
HTMX = {"HX-Request": "true"}


def posted(**fields):
    """`INC_01="v:true"`: the answer to a question that the page held."""
    query = QueryDict(mutable=True)
    for name, value in fields.items():
        name = name.replace("_", "-")
        if name.startswith("proof-"):
            query[f"proof:{name[6:]}"] = value
            continue
        query.appendlist("question", name)
        query.setlist(f"answer:{name}", value if isinstance(value, list) else [value])
    return query


@pytest.fixture
def suppose(ready):
    """`suppose(INC_01="v:false")`: the file today and as supposed."""

    def _suppose(**fields):
        today = scorecards.live(ready)
        inputs = forms.read_supposed(today.framework, posted(**fields), today.application.inputs)
        return Simulation(today, scorecards.score(ready, inputs))

    return _suppose


def test_nothing_changed_is_the_file_itself(suppose):
    same = suppose(INC_01="v:true", INC_02="", INC_03=[], SER_01="v:agent", INI_01="1")
    assert same.supposed.input_hash == same.today.input_hash
    assert same.changed == []


def test_supposed_score_is_the_one_that_saving_gives(suppose, ready, agent, now):
    supposed = suppose(INC_01="v:false", INC_02="v:3", INC_03=["v:jeunes", "v:aines"], SER_01="").supposed
    for name, state, value, seen in (
        ("INC-01", AnswerState.ANSWERED, False, 1),
        ("INC-02", AnswerState.ANSWERED, 3, 1),
        ("INC-03", AnswerState.ANSWERED, ["jeunes", "aines"], 0),
        ("SER-01", AnswerState.CLEARED, None, 1),
    ):
        actions.save_answer(application=ready, question_id=name, state=state, value=value, seen=seen, by=agent, now=now)
    saved = scorecards.live(ready)
    assert (saved.level, saved.overall, saved.questions) == (supposed.level, supposed.overall, supposed.questions)


def test_evidence_is_supposed_where_it_counts(suppose):
    with_proof = suppose(INC_01="v:true", proof_INC_01="yes")
    assert with_proof.controls["INC-01"].said_supposed == "Oui, avec preuve"
    assert (with_proof.controls["INC-01"].earned_today, with_proof.controls["INC-01"].earned) == ("5", "10")


def test_initiatives_are_supposed_by_issue(suppose):
    two = suppose(INI_01="2")
    assert [(each.question.id, each.said_supposed) for each in two.changed] == [("INI-01", "2 initiatives comptées")]
    assert suppose(INI_01="").supposed.application.inputs["initiatives"] == {}


def test_number_that_is_none_is_refused(suppose):
    with pytest.raises(Refused):
        suppose(INI_01="beaucoup")


def test_unknown_questions_and_values_are_left_aside(suppose):
    assert suppose(NON_99="v:true", SER_01="v:personne-du-tout").controls["SER-01"].supposed.answer is None


def test_page_of_a_part_keeps_what_is_supposed_elsewhere(suppose, framework):
    shown = suppose(SER_01="v:personne")
    own, elsewhere = shown.page(parts.part(framework.parsed, "inclusion"))
    assert [each.question.id for each in own] == ["INC-01", "INC-02", "INC-03", "INI-01"]
    assert [each.question.id for each in elsewhere] == ["SER-01"]


def test_weakest_axis_comes_first(suppose):
    assert weakest(suppose().today) == "services"
    assert weakest(suppose(SER_01="v:agent", SER_03="v:true", INI_02="9", INC_01="v:false").supposed) == "inclusion"


# --- the page


def test_page_shows_today_beside_what_is_supposed_and_writes_nothing(ready, reader, sign_in):
    client = sign_in(reader)
    with CaptureQueriesContext(connection) as seen:
        page = client.post(f"{PAGE}services/", dict(posted(SER_03="v:true", INI_02="2").lists())).content.decode()
    assert writes(seen) == []
    assert "Questions qui se poseraient" not in page
    assert "Sans réponse → <b>Oui</b>" in page
    assert "0 → 3" in page


def test_htmx_gets_the_effect_alone(ready, agent, sign_in):
    text = sign_in(agent).post(f"{PAGE}services/", dict(posted(SER_03="v:true").lists()), headers=HTMX).content.decode()
    assert text.lstrip().startswith('<div id="effet"')
    assert 'id="bilan" class="supposed cluster" data-hx-swap-oob="true"' in text
    assert "<form" not in text


def test_page_without_a_part_starts_from_the_weakest_axis(ready, agent, sign_in):
    assert "<h2>Services</h2>" in sign_in(agent).get(PAGE).content.decode()


def test_page_of_an_unknown_part_is_not_found(ready, agent, sign_in):
    assert sign_in(agent).get(f"{PAGE}rien/").status_code == 404
