"""Another version of a questionnaire: measured, then adopted, and nothing answered is lost."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from accounts.refusals import NotNow, Refused
from assessments import actions, queries
from assessments.doors import frameworks, scorecards
from assessments.jobs import impact
from assessments.models import Answer, Application, Edition, FrameworkImpact
from outbox import jobs
from outbox.jobs import mail
from outbox.models import JobState, Mail
from tests.assessments.conftest import QUESTIONNAIRE

pytestmark = pytest.mark.django_db

GONE = QUESTIONNAIRE.replace("{id: SER-01,", "{id: SER-09,")
FEWER = QUESTIONNAIRE.replace("{id: agent, credit: 100", "{id: mairie, credit: 100")
MEANING = QUESTIONNAIRE.replace("Qui répond ?", "Qui décroche ?")


@pytest.fixture
def load(edition):
    return lambda text: frameworks.load(text)


@pytest.fixture
def second(ready, agent, now):
    """Of the second level, thanks to SER-01."""
    actions.fill(application=ready, document={"answers": {"INC-02": {"value": 4}}}, by=agent, now=now)
    return ready


@pytest.fixture
def measure(edition, organiser):
    def _measure(framework):
        job = actions.measure_impact(edition=edition, framework=framework, by=organiser)
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.DONE, "")
        return queries.impact(edition, framework)

    return _measure


@pytest.fixture
def adopt(edition, organiser, now, measure):
    def _adopt(framework, reason="Une question visait à côté."):
        measure(framework)
        return actions.change_framework(edition=edition, framework=framework, reason=reason, by=organiser, now=now)

    return _adopt


def test_measure_tells_questions_levels_and_why(second, load, measure):
    told = measure(load(GONE)).document

    assert ([each["id"] for each in told["gone"]], [each["id"] for each in told["new"]]) == (["SER-01"], ["SER-09"])
    assert (told["changed"], told["meanings"], told["files"], told["parked"]) == ([], [], 1, 1)
    assert sum(count for _before, _after, count in told["levels"]) == 1
    (file,) = told["moved"]
    assert (file["name"], file["level"]) == ("Aubaine", [2, 1])
    assert {change["id"]: change["what"] for change in file["changes"]} == {"SER-01": "gone", "SER-09": "new"}
    assert file["axes"]["services"] == [[500, 2000], [0, 2000]]


def test_measure_reads_what_was_frozen_once_submitted(submitted, framework):
    Answer.objects.filter(question_id="SER-01").update(value="personne")

    found = impact.of_file(submitted, framework.parsed)

    assert found.before.result_hash == submitted.scorecards.get().result_hash


def test_measure_leaves_out_who_withdrew(submitted, signatory, measure, load, now):
    actions.withdraw(application=submitted, by=signatory, reason="Une autre année.", now=now)

    assert measure(load(GONE)).document["files"] == 0


def test_measure_asked_twice_is_one_job_until_done(ready, edition, organiser, load, measure):
    version = load(GONE)
    first = actions.measure_impact(edition=edition, framework=version, by=organiser)

    assert actions.measure_impact(edition=edition, framework=version, by=organiser) == first
    measure(version)
    assert actions.measure_impact(edition=edition, framework=version, by=organiser) != first


def test_measure_again_replaces_the_first(ready, load, measure):
    version = load(GONE)
    measure(version)
    measure(version)

    assert FrameworkImpact.objects.count() == 1


def test_change_parks_an_answer_without_question(ready, organiser, load, adopt):
    adopt(load(GONE))

    file = queries.applications().get()
    sheet = queries.sheet(file)
    assert file.framework == file.edition.framework == load(GONE)
    assert "SER-01" not in sheet.answers
    assert queries.parked(file, sheet.latest)["SER-01"].value == "agent"
    assert [row.state for row in Answer.objects.filter(question_id="SER-01")] == ["answered", "cleared"]
    assert scorecards.live(file, sheet=sheet).framework.hash == load(GONE).hash
    assert AuditEntry.objects.get(verb="edition.framework_changed").actor_id == organiser.pk


def test_what_proved_a_question_that_is_gone_stops_no_complement(
    ready, agent, signatory, organiser, sign_in, load, adopt, now
):
    fields = {"title": "accueil", "url": "https://aubaine.example/", "questions": ["SER-01", "INC-01"]}
    piece = actions.add_evidence(application=ready, **fields, by=agent, now=now)
    adopt(load(GONE))
    file = queries.applications().get()
    actions.fill(application=file, document={"answers": {"SER-09": {"value": "agent"}}}, by=agent, now=now)
    actions.submit(application=file, by=signatory, now=now)
    actions.ask_complement(application=file, reason="Où ?", parts=["INC-01"], by=organiser, now=now)

    assert sign_in(agent).get("/dossiers/01901/2027/preuves/").status_code == 200
    piece.application = file
    actions.remove_evidence(evidence=piece, by=agent, now=now)


def test_a_link_to_a_question_that_is_gone_says_so(ready, agent, client, load, adopt, now):
    actions.ask(application=ready, question_id="SER-01", email="mediathèque@aubaine.example", by=agent, now=now)
    text = mail.whole(Mail.objects.latest("pk"))
    adopt(load(GONE))

    page = client.get("/repondre/" + text.split("/repondre/")[1].split()[0])

    assert (page.status_code, "le questionnaire a changé" in page.text) == (409, True)


def test_change_parks_an_answer_that_no_longer_fits(ready, load, adopt):
    adopt(load(FEWER))

    file = queries.applications().get()
    assert "SER-01" not in scorecards.inputs(file)["answers"]
    assert list(queries.parked(file, queries.sheet(file).latest)) == ["SER-01"]


def test_change_leaves_the_answers_that_fit(ready, load, adopt):
    before = scorecards.inputs(ready)["answers"]
    adopt(load(GONE))

    after = scorecards.inputs(queries.applications().get())["answers"]
    assert after == {name: answer for name, answer in before.items() if name != "SER-01"}


def test_change_back_says_the_parked_answer_again(ready, framework, load, adopt):
    before = scorecards.inputs(ready)
    adopt(load(GONE))
    adopt(framework)

    file = queries.applications().get()
    assert scorecards.inputs(file) == before
    assert queries.parked(file, queries.sheet(file).latest) == {}
    assert [row.version for row in Answer.objects.filter(question_id="SER-01")] == [1, 2, 3]


def test_change_keeps_a_name_of_the_context_that_is_no_longer_asked(ready, load, adopt):
    adopt(load(QUESTIONNAIRE.replace(", network: string", "")))

    file = queries.applications().get()
    assert file.declared_context["network"] == "fibre"
    assert "network" not in scorecards.inputs(file)["context"]


def test_change_is_refused_without_a_measure(ready, edition, organiser, load, now):
    with pytest.raises(NotNow, match="Mesurez"):
        actions.change_framework(edition=edition, framework=load(GONE), reason="Une.", by=organiser, now=now)


def test_change_is_refused_when_an_id_changed_meaning(ready, load, adopt):
    with pytest.raises(NotNow, match="sens"):
        adopt(load(MEANING))


def test_change_is_refused_once_a_file_is_submitted(submitted, edition, load, adopt):
    with pytest.raises(NotNow, match="déposé"):
        adopt(load(GONE))

    assert Edition.objects.get().framework == edition.framework
    assert Application.objects.get().framework == edition.framework


def test_change_needs_a_reason(ready, load, adopt):
    with pytest.raises(Refused, match="pourquoi"):
        adopt(load(GONE), reason="  ")


def test_change_to_the_version_of_another_year_is_refused(ready, edition, organiser, load, now):
    other = load(QUESTIONNAIRE.replace("edition: 2027", "edition: 2028"))

    with pytest.raises(Refused, match="autre édition"):
        actions.measure_impact(edition=edition, framework=other, by=organiser)


def test_owner_sees_what_was_put_aside(ready, agent, sign_in, load, adopt):
    assert "mises de côté" not in sign_in(agent).get("/dossiers/01901/2027/").content.decode()
    adopt(load(GONE))
    page = sign_in(agent).get("/dossiers/01901/2027/").content.decode()

    assert "Réponses mises de côté" in page
    assert "Qui répond ?" in page
    assert "Un agent" in page


def test_command_tells_who_would_change_level(second, framework, tmp_path):
    path, out = tmp_path / "new.yaml", StringIO()
    path.write_text(GONE, encoding="utf-8")

    call_command("framework_impact", framework.hash[:8], str(path), stdout=out)

    told = out.getvalue().splitlines()
    assert told[:4] == ["gone SER-01", "new SER-09", "1 files, 1 answers put aside", "  2 -> 1: 1"]
    assert told[4] == "01901 Aubaine: 2 -> 1"
    assert not FrameworkImpact.objects.exists()


def test_command_refuses_a_version_it_does_not_know(framework):
    with pytest.raises(CommandError, match="no loaded version"):
        call_command("framework_impact", "ffff", framework.hash)
