import json

import pytest

from assessments.doors import scorecards
from assessments.models import Evidence, EvidenceUse
from jury.models import Juror, Ruling
from results.jobs.copies import copy_of
from results.models import PublishedResult
from scoring import model
from tests.results.conftest import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(make_file, aubaine):
    application = make_file(aubaine, level=4)
    return copy_of(application=application, decision=application.decisions.get())


def line(document, question):
    return next(line for line in document["lines"] if line["id"] == question)


def test_copy_holds_the_three_levels_and_why_they_differ(document):
    assert document["level"] == {"declared": 3, "examined": 3, "granted": 4}
    assert document["reasons"] == "L’atelier sert tout le canton."


def test_copy_without_difference_gives_no_reasons(make_file, aubaine):
    application = make_file(aubaine, level=3)
    application.decisions.update(reasons="Entre nous.")

    assert copy_of(application=application, decision=application.decisions.get())["reasons"] == ""


def test_copy_says_nothing_of_confidential_questions(document):
    written = json.dumps(document, ensure_ascii=False)

    assert SECRET not in written
    assert "SOV-02" not in written


def test_copy_gives_one_subtotal_of_confidential_points_an_axis(document):
    subtotals = {axis["id"]: axis["confidential"] for axis in document["axes"]}

    assert subtotals["sovereignty"] == {"earned": 0, "possible": 400}
    assert subtotals["inclusion"] == {"earned": 0, "possible": 0}


def test_copy_lines_and_confidential_points_sum_to_each_axis(document):
    for axis in document["axes"]:
        lines = [line for line in document["lines"] if line["axis"] == axis["id"]]
        for points in ("earned", "possible"):
            assert sum(line[points] for line in lines) + axis["confidential"][points] == axis[points]


def test_copy_counts_issues_and_obligations_over_public_questions(document):
    innovation = next(issue for issue in document["issues"] if issue["id"] == "innovation")

    assert innovation["possible"] == 600 + 500 + 500
    assert document["obligations"] == [1, 1]
    assert document["completeness"] == [4, 4]


def test_copy_writes_answers_in_words(document):
    words = {line["id"]: line["words"] for line in document["lines"]}

    assert words == {
        "INC-01": "En place",
        "INC-02": "1 initiative comptée",
        "SOV-01": "Oui",
        "ECO-01": "6 ans",
        "SER-01": "La cantine",
    }


def test_copy_freezes_who_the_territory_was(document):
    who = document["territory"]

    assert (who["name"], who["population"], who["epci"]["name"]) == ("Aubaine", 1_240, "CC du Val d’Aubaine")


def test_copy_replays_without_the_confidential_answers(make_file, aubaine, publish):
    application = make_file(aubaine)
    publish()

    document = PublishedResult.objects.get().document
    card = application.decisions.get().scorecard
    again = scorecards.score(application, document["replay"]["application"])
    assert document["framework_hash"] == card.framework_hash == again.framework.hash
    assert "SOV-02" in json.loads(card.inputs)["answers"]
    assert "SOV-02" not in json.dumps(document)
    assert (document["replay"]["input_hash"], document["replay"]["result_hash"]) == (
        again.input_hash,
        again.result_hash,
    )
    assert {name: list(cells) for name, cells in again.questions.items() if name != "SOV-02"} == {
        line["id"]: [line["state"], line["credit"], line["earned"], line["possible"]] for line in document["lines"]
    }


def test_copy_holds_no_hash_of_confidential_answers(make_file, aubaine, publish):
    application = make_file(aubaine)
    publish()

    written = json.dumps(PublishedResult.objects.get().document)
    for card in application.scorecards.all():
        assert card.input_hash not in written
        assert card.result_hash not in written


def test_words_exist_for_every_nature():
    from assessments.wording import NATURES

    assert set(NATURES) == set(model.NATURES)


@pytest.fixture
def joined(make_file, aubaine, now):
    """`joined("INC-01", …, public=True)`: the links that the copy shows beside INC-01, once a piece proves these."""

    def _joined(*questions, refused=False, **fields):
        file = make_file(aubaine)
        fields = {"url": "https://aubaine.example/aide", "public": True, **fields}
        piece = Evidence.objects.create(application=file, title="La page d’aide", **fields)
        EvidenceUse.objects.bulk_create(EvidenceUse(evidence=piece, question_id=name) for name in questions)
        if refused:
            juror = Juror.objects.get()
            Ruling.objects.create(application=file, evidence=piece, accepted=False, reason="Hors sujet.", by=juror)
        return line(copy_of(application=file, decision=file.decisions.get()), "INC-01")["links"]

    return _joined


def test_copy_shows_a_public_link_beside_its_question(joined):
    assert joined("INC-01") == [{"title": "La page d’aide", "url": "https://aubaine.example/aide"}]


def test_copy_shows_no_link_that_is_kept_for_the_jury(joined):
    assert joined("INC-01", public=False) == []


def test_copy_shows_no_link_that_was_taken_away(joined, now):
    assert joined("INC-01", removed_at=now) == []


def test_copy_shows_no_link_that_also_proves_a_confidential_question(joined):
    assert joined("INC-01", "SOV-02") == []


def test_copy_shows_no_link_that_the_jury_refused(joined):
    assert joined("INC-01", refused=True) == []
