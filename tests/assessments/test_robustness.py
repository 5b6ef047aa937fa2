import json
from fractions import Fraction

import pytest

from assessments.doors import scorecards
from assessments.enums import ScorecardKind
from assessments.jobs import robustness
from assessments.models import Robustness, Scorecard
from outbox.models import Job
from scoring import robustness as engine
from tests.season import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(submitted):
    return Scorecard.objects.select_related("application__framework").get(application=submitted)


@pytest.fixture
def made(card):
    work("robustness.make")
    return Robustness.objects.get()


def test_submission_asks_for_the_robustness_of_its_score(card):
    job = Job.objects.get(kind="robustness.make")
    assert (job.key, job.payload) == (
        f"robustness:{card.result_hash}",
        {"scorecard": card.pk, "result": card.result_hash},
    )


def test_worker_keeps_what_the_engine_finds(card, made):
    result = scorecards.score(card.application, json.loads(card.inputs))
    found = engine.robustness(result)
    assert made.result_hash == card.result_hash
    assert (made.document["level"], made.document["stable"]) == (card.level, found.stable)
    assert made.document["draws"] == {str(level): count for level, count in found.draws.items()}
    assert Fraction(made.document["margins"][0][2]) == engine.margins(result)[0].gap
    assert [name for name, _change in made.document["influences"]] == [
        question.id for question, _change in engine.influences(result)[:2]
    ]


def test_two_cards_of_one_result_share_the_row(card, made, submitted, now):
    again = scorecards.freeze(application=submitted, kind=ScorecardKind.EXAMINED, now=now)
    assert again.result_hash == card.result_hash
    assert (Job.objects.filter(kind="robustness.make").count(), Robustness.objects.count()) == (1, 1)


def test_incomplete_score_asks_for_nothing(application, now):
    card = scorecards.freeze(application=application, kind=ScorecardKind.DECLARED, now=now)
    assert card.level is None
    assert not Job.objects.filter(kind="robustness.make").exists()
    robustness.remake(Scorecard.objects.filter(pk=card.pk))
    assert not Robustness.objects.exists()


def test_lost_row_is_made_again(card, made):
    before = made.document
    made.delete()
    robustness.remake(Scorecard.objects.filter(pk=card.pk))
    robustness.remake(Scorecard.objects.filter(pk=card.pk))
    assert Robustness.objects.get().document == before


def test_words_of_the_nearest_threshold(framework):
    document = {
        "level": 2,
        "stable": False,
        "draws": {"3": 600, "1": 0, "2": 400},
        "margins": [[3, "services", "-1/4"], [2, None, "12"]],
        "influences": [["INC-02", "1/2"], ["INC-01", "-1/3"]],
    }
    found = robustness.firmness(document, framework.parsed)
    assert [(each.level, each.share) for each in found.draws] == [(2, Fraction(2, 5)), (3, Fraction(3, 5))]
    assert found.nearest.words == "0,3 point sous ce que demande le niveau 3, sur l’axe Services"
    assert [name for name, _text in found.questions] == ["INC-02", "INC-01"]


def test_words_of_a_threshold_that_is_held(framework):
    document = {"level": 2, "stable": True, "draws": {"2": 1000}, "margins": [[2, None, "7/2"]], "influences": []}
    words = robustness.firmness(document, framework.parsed).nearest.words
    assert words == "3,5 points au-dessus de ce que demande le niveau 2, sur l’ensemble"


def test_nothing_is_said_before_the_worker_came(framework):
    assert robustness.firmness(None, framework.parsed) is None
