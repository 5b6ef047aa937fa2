import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessments.doors import scorecards
from documents import evaluation
from jury.models import Assignment, Decision, Juror, Panel, Review
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, JobState
from results.jobs import reports
from results.models import PublishedResult, Report
from territories.models import PopulationBand
from tests.conftest import make_territory
from tests.results.conftest import SECRET
from tests.results.test_publication import uphold

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(published, run_jobs):
    """Aubaine's, made."""
    run_jobs("report.make")
    return Report.objects.select_related("result__certificate", "file").get()


@pytest.fixture
def page(report, agent, sign_in):
    return lambda path: sign_in(agent).get(f"/dossiers/{report.result.territory.code}/2027/{path}")


def test_make_keeps_the_content_and_the_paper(report):
    assert files.read(report.file).startswith(b"%PDF-")
    assert evaluation.read(report.content) == reports.data(report.result)


def test_answers_are_those_of_the_overview(report, page, agent, sign_in):
    told = evaluation.read(report.content)
    assert told.answered == scorecards.live(report.result.application).answered == (5, 5)
    assert told.answers in page("rapport/").content.decode()
    assert "5 sur 5" in page("").content.decode()


def test_report_of_an_earlier_release_counts_no_answers(report):
    before = {name: value for name, value in report.content.items() if name != "answered"}
    assert evaluation.read(before).answers == ""


def test_make_twice_keeps_one_paper(report, run_jobs):
    Job.objects.filter(kind="report.make").update(state=JobState.TODO, finished_at=None, lease_until=None)
    run_jobs("report.make")

    assert Report.objects.get().file == report.file


def test_make_names_the_peers_and_their_medians(make_file, aubaine, department, publish, run_jobs):
    make_file(aubaine)
    for number in range(5):
        make_file(make_territory(department, f"0195{number}", f"Commune {number}", 900))
    publish()
    jobs.run(Job.objects.get(key=f"report:{Report.objects.get(result__territory=aubaine).pk}").pk)

    said = evaluation.read(Report.objects.get(result__territory=aubaine).content)
    assert said.peers == f"5 autres communes ({PopulationBand.of(900).label})"
    assert {axis.name: axis.peers for axis in said.axes} == {axis.name: axis.share for axis in said.axes}


def test_make_tells_the_confidential_lines(report):
    assert any(SECRET in line["question"] for line in report.content["trace"])


def test_make_gives_every_line_of_the_calculation(report):
    framework = report.result.application.framework.parsed
    assert len(report.content["trace"]) == len(framework.questions)


def test_make_points_of_the_lines_sum_to_those_of_the_axes(report):
    def number(text):
        return float(text.replace(",", "."))

    points = [line["points"].split(" / ")[0] for line in report.content["trace"]]
    earned = sum(number(each) for each in points if each != "–")
    axes = sum(number(axis["points"].split(" sur ")[0]) for axis in report.content["axes"])
    assert earned == pytest.approx(axes)


def test_make_says_the_way_to_the_next_level(report):
    assert report.content["plan_level"] == report.result.level + 1
    assert report.content["plan"]
    assert "donnent" in report.content["plan_note"]


@pytest.mark.parametrize(
    ("level", "title", "told"),
    [(2, "Vers 3", "Le calcul donne déjà ce niveau"), (4, "Garder 4", "Le jury vous a accordé ce niveau")],
)
def test_make_when_the_jury_moved_the_level(make_file, aubaine, publish, announce, run_jobs, level, title, told):
    make_file(aubaine, level=level)
    publish()
    announce()
    run_jobs("report.make")

    said = evaluation.read(Report.objects.get().content)
    assert said.plan_title.replace("\xa0", " ").startswith(title)
    assert said.plan_note.startswith(told)
    assert said.reasons.startswith(f"Le calcul donne 3 sur 5, le jury accorde {level} sur 5.")


def test_make_gives_the_comments_of_the_jury(make_file, aubaine, publish, announce, run_jobs, chair, now):
    application = make_file(aubaine)
    Decision.objects.update(comment_to_territory="Bravo pour l’atelier.")
    for number, (comment, submitted) in enumerate([("Une lecture.", now), ("Un brouillon.", None)]):
        juror = chair if not number else Juror.objects.create(panel=Panel.objects.get(), user=application.submitted_by)
        assignment = Assignment.objects.create(juror=juror, application=application)
        Review.objects.create(
            assignment=assignment, comment_to_territory=comment, submitted_at=submitted, proposed_level=3
        )
    publish()
    announce()
    run_jobs("report.make")

    texts = [comment["text"] for comment in Report.objects.get().content["comments"]]
    assert texts == ["Bravo pour l’atelier.", "Une lecture."]


def test_appeal_upheld_makes_another_report(published, signatory, chair, run_jobs):
    uphold(published.application, signatory, chair)
    run_jobs("result.republish", "report.make")

    assert sorted(report.content["level"] for report in Report.objects.all()) == [3, 4]


def test_interrupted_report_is_still_to_make(published, monkeypatch):
    monkeypatch.setattr(reports, "data", lambda result: 1 / 0)
    jobs.run(Job.objects.get(kind="report.make").pk)

    assert (Job.objects.get(kind="report.make").state, Report.objects.get().file) == (JobState.TODO, None)


def test_page_says_what_the_paper_says(report, page):
    said = page("rapport/").content.decode()
    data = evaluation.read(report.content)

    texts = [data.meaning, data.plan_note, data.legend, data.reasons, *data.strengths, evaluation.REPLAY]
    texts += [share.words for share in (*data.axes, *data.issues)]
    texts += [text for line in data.trace for text in (line.question, line.answer, line.points)]
    plain = said.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    assert [text for text in texts if text not in plain] == []


def test_papers_are_offered_once_made(report, page):
    said = page("documents/").content.decode()

    assert "Lire le rapport" in said
    assert report.result.certificate.number in said


def test_demonstration_seal_is_said_where_papers_are_given(report, page, settings):
    said = [page(where).content.decode() for where in ("documents/", "rapport/")]
    settings.SEAL_PKCS12 = "cachet.p12"
    own = [page(where).content.decode() for where in ("documents/", "rapport/")]

    assert all("Cachet de démonstration" in text for text in said)
    assert not any("Cachet de démonstration" in text for text in own)


def test_papers_before_the_announcement_say_nothing_of_the_level(make_file, aubaine, publish, run_jobs, agent, sign_in):
    make_file(aubaine)
    publish()
    run_jobs("report.make")
    client = sign_in(agent)
    answer = client.get(f"/dossiers/{aubaine.code}/2027/documents/")

    assert "paraîtront ici à l’annonce" in answer.content.decode()
    assert "3 arobases" not in answer.content.decode()
    assert client.get(f"/dossiers/{aubaine.code}/2027/rapport/").status_code == 404
    assert client.get(f"/dossiers/{aubaine.code}/2027/rapport/rapport.pdf").status_code == 404


def test_papers_ask_again_while_the_report_is_being_made(published, agent, sign_in):
    client = sign_in(agent)
    address = f"/dossiers/{published.territory.code}/2027/documents/"

    assert "data-hx-trigger" in client.get(address).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "en cours de fabrication" in fragment
    assert "<html" not in fragment


def test_replay_file_gives_the_result_again(report, page, client, tmp_path):
    (tmp_path / "dossier.json").write_bytes(page("rapport/dossier.json").content)
    framework = client.get(f"/api/v1/frameworks/{report.content['framework_hash']}/document/")
    (tmp_path / "referentiel.yaml").write_bytes(b"".join(framework))
    code = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, *evaluation.COMMAND.split()[1:]],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(ran.stdout)["input_hash"] == report.content["input_hash"]


def test_stranger_finds_no_report(report, stranger, sign_in):
    for path in ("documents/", "rapport/", "rapport/rapport.pdf", "rapport/dossier.json"):
        assert sign_in(stranger).get(f"/dossiers/{report.result.territory.code}/2027/{path}").status_code == 404


def test_no_public_page_links_to_a_report(report, client):
    said = client.get(f"/annuaire/{report.result.territory.code}/").content.decode()

    assert "/rapport/" not in said


def test_retry_gives_a_dead_report_another_life(published, edition, organiser, now):
    from results import actions

    Job.objects.filter(kind="report.make").update(state=JobState.DEAD, finished_at=now, error="OSError: full")

    assert actions.retry_failed(edition=edition, by=organiser) == 1
    assert PublishedResult.objects.get().report.file is None
