from html import unescape

import pytest

from accounts.refusals import NotNow
from assessments import actions, queries, wording
from assessments.doors import scorecards
from assessments.enums import AnswerState
from assessments.jobs import plans
from assessments.models import Plan
from assessments.pages import plans as pages
from assessments.pages.plans import Step, Way
from outbox.models import Job, JobState
from scoring.plan import plan
from tests.season import work

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/plan/"
HTMX = {"HX-Request": "true"}


def way(application):
    result = scorecards.live(application)
    return pages.way(application, result, *queries.plan_of(application, result.input_hash))


def answer(application, by, now, value, seen=1):
    state = AnswerState.CLEARED if value is None else AnswerState.ANSWERED
    actions.save_answer(
        application=application, question_id="SER-01", state=state, value=value, seen=seen, by=by, now=now
    )


@pytest.fixture
def asked(ready):
    return actions.ask_plan(application=ready)


@pytest.fixture
def made(asked):
    work("plan.make")
    asked.refresh_from_db()
    return asked


def test_plan_reaches_the_next_level_when_scored(ready, made):
    found = way(ready)
    assert found.stage == plans.Stage.READY
    assert found.simulation.supposed.level >= found.level == scorecards.live(ready).level + 1
    assert [step.control.question.id for step in found.steps] == [step["question"] for step in made.document["steps"]]
    assert made.inputs == ""


def test_each_step_says_what_it_gains(ready, made):
    found = way(ready)
    earned = sum(line.earned for line in found.simulation.supposed.lines)
    before = sum(line.earned for line in found.simulation.today.lines)
    gains = [float(step.gain.replace(",", ".")) for step in found.steps]
    assert sum(gains) * 100 == earned - before
    assert [step.cost for step in found.steps] == sorted(step.cost for step in found.steps)


def test_first_steps_are_open_and_the_others_folded(ready, made, agent, sign_in, monkeypatch):
    client = sign_in(agent)
    assert "Puis encore" not in client.get(PAGE).text

    monkeypatch.setattr(pages, "FIRST", 1)
    more = {"question": "INC-01", "issue": "mediation", "answer": {"value": True, "evidence": True}, "cost": 9}
    Plan.objects.update(document={**made.document, "steps": [more, *made.document["steps"]]})
    page = client.get(PAGE).text
    [first, last] = way(ready).steps
    assert page.index(f"<h2>{first.control.text}") < page.index("Puis encore") < page.index(f"<h2>{last.control.text}")
    assert '<ol class="rows" start="2">' in page
    assert "effort soutenu" in page


def test_seven_steps_come_first():
    steps = tuple(Step(None, "", "", cost) for cost in range(9))
    found = Way(plans.Stage.READY, 2, steps)
    assert (len(found.first), found.first + found.others) == (7, steps)


@pytest.mark.parametrize(("cost", "word"), [(1, "léger"), (2, "léger"), (3, "moyen"), (5, "moyen"), (6, "soutenu")])
def test_effort_is_said_in_words(cost, word):
    assert wording.effort(cost) == word


def test_plan_that_was_made_is_not_worked_out_again(ready, made, monkeypatch):
    result = scorecards.live(ready)
    anew = plan(result)
    monkeypatch.setattr("scoring.plan.plan", None)

    found = plans.find(ready, result)

    assert (found.level, found.improvements) == (anew.level, anew.improvements)
    assert found.result.input_hash == anew.result.input_hash


def test_asking_twice_makes_one_plan_and_one_job(ready, asked):
    assert actions.ask_plan(application=ready) == asked
    assert Job.objects.filter(kind="plan.make").count() == 1


def test_another_answer_makes_the_plan_stale(ready, made, agent, now):
    answer(ready, agent, now, "personne")
    assert way(ready).stage == plans.Stage.UNASKED
    again = actions.ask_plan(application=ready)
    assert list(Plan.objects.all()) == [again]
    assert way(ready).stage == plans.Stage.WAITING


def test_back_to_earlier_answers_asks_again_and_finds_the_same(ready, made, agent, now):
    first = made.document
    answer(ready, agent, now, "personne", seen=1)
    actions.ask_plan(application=ready)
    answer(ready, agent, now, "agent", seen=2)
    actions.ask_plan(application=ready)
    work("plan.make")
    assert Plan.objects.get().document == first


def test_job_of_a_replaced_plan_does_nothing(ready, asked, agent, now):
    answer(ready, agent, now, "personne")
    actions.ask_plan(application=ready)
    work("plan.make")
    assert Plan.objects.get().document is not None
    assert not Job.objects.exclude(state=JobState.DONE).filter(kind="plan.make").exists()


def test_incomplete_file_has_no_next_level(application):
    assert way(application).stage == plans.Stage.INCOMPLETE
    with pytest.raises(NotNow):
        actions.ask_plan(application=application)


def test_highest_level_has_no_next_one(ready, agent, now):
    result = scorecards.live(ready)
    framework = result.framework
    for name, value, seen in (("INC-02", 4, 1), ("INC-03", ["aines", "jeunes"], 0), ("SER-03", True, 0)):
        actions.save_answer(
            application=ready,
            question_id=name,
            state=AnswerState.ANSWERED,
            value=value,
            seen=seen,
            by=agent,
            now=now,
        )
    actions.add_evidence(
        application=ready, title="Aide", url="https://aubaine.example/aide", questions=["INC-01"], by=agent, now=now
    )
    assert scorecards.live(ready).level == framework.levels[-1].level
    assert way(ready).stage == plans.Stage.TOP
    with pytest.raises(NotNow):
        actions.ask_plan(application=ready)


# --- the page


def test_page_asks_waits_and_shows(ready, reader, sign_in):
    client = sign_in(reader)
    assert "Calculer le chemin" in client.get(PAGE).content.decode()
    waiting = client.post(PAGE, headers=HTMX).content.decode()
    assert waiting.lstrip().startswith('<div id="plan"')
    assert 'data-hx-trigger="every 2s"' in waiting
    work("plan.make")
    shown = client.get(PAGE, headers=HTMX).content.decode()
    assert "Confirmé" in shown
    assert "every 2s" not in shown
    assert "<html" in client.get(PAGE).content.decode()


def test_page_without_javascript_comes_back_to_itself(ready, agent, sign_in):
    answer = sign_in(agent).post(PAGE)
    assert (answer.status_code, answer.url) == (302, PAGE)


def test_page_of_a_job_that_failed_offers_another_try(ready, asked, agent, sign_in):
    Job.objects.filter(kind="plan.make").update(state=JobState.DEAD, finished_at=asked.asked_at)
    client = sign_in(agent)
    assert "Relancer le calcul" in client.get(PAGE).content.decode()
    client.post(PAGE)
    assert Job.objects.get(kind="plan.make").state == JobState.TODO
    assert "se calcule" in client.get(PAGE).content.decode()


def test_page_says_when_there_is_no_way(ready, made, agent, sign_in):
    Plan.objects.update(document={"found": False, "steps": []})
    assert "Aucun chemin" in sign_in(agent).get(PAGE).content.decode()


def test_page_says_what_is_out_of_reach(ready, made, agent, sign_in):
    axis = scorecards.live(ready).framework.axes[0]
    missed = [{"axis": None, "asked": 50, "reached": "97/2"}, {"axis": axis.id, "asked": 25, "reached": "20"}]
    Plan.objects.update(document={"found": False, "steps": [], "missed": missed, "appearing": []})
    shown = unescape(sign_in(agent).get(PAGE).content.decode())
    assert "l’ensemble n’atteindrait que 48,5\u202f%, et il en faut 50,0\u202f%" in shown
    assert f"l’axe «\u202f{axis.title['fr']}\u202f» n’atteindrait que 20,0\u202f%" in shown
    Plan.objects.update(document={"found": False, "steps": [], "missed": missed, "appearing": ["SER-01"]})
    assert "fait apparaître de nouvelles questions" in sign_in(agent).get(PAGE).content.decode()


def test_each_step_shows_what_others_do(ready, made, agent, sign_in):
    page = sign_in(agent).get(PAGE).content.decode()
    for step in made.document["steps"]:
        assert f'data-hx-get="/annuaire/01901/exemples/{step["question"]}/"' in page


def test_plan_is_tried_in_the_simulation(ready, made, agent, sign_in):
    page = sign_in(agent).get("/dossiers/01901/2027/simulation/plan/").content.decode()
    assert "Ce que vous supposez" in page
    assert "Revenir au chemin" in page


def test_simulation_of_a_plan_that_is_not_made_leads_to_it(ready, agent, sign_in):
    assert sign_in(agent).get("/dossiers/01901/2027/simulation/plan/").url == PAGE
