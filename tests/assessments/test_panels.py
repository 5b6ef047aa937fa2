import pytest

from assessments import actions
from assessments.doors import scorecards
from assessments.enums import AnswerState
from assessments.pages import panels

pytestmark = pytest.mark.django_db


def save(application, by, now, question_id, value=None, state=AnswerState.ANSWERED):
    actions.save_answer(
        application=application, question_id=question_id, state=state, value=value, seen=0, by=by, now=now
    )


def test_leads_are_what_the_best_answer_would_add(application, agent, now):
    """An open question answered at its best, with evidence, raises the overall score by just its gain."""
    actions.fill(
        application=application,
        document={"context": {"has_website": True, "desks": 1, "network": "fibre"}},
        by=agent,
        now=now,
    )
    before = scorecards.live(application)
    lead = next(lead for lead in panels.leads(before, most=20) if lead.question.id == "INC-02")

    save(application, agent, now, "INC-02", 4)

    link = {"title": "Page", "url": "https://aubaine.example", "questions": ["INC-02"]}
    actions.fill(application=application, document={"evidence": [link]}, by=agent, now=now)
    assert scorecards.live(application).overall - before.overall == lead.gain


def test_leads_come_strongest_first_without_what_is_answered(ready):
    found = panels.leads(scorecards.live(ready))

    assert [lead.gain for lead in found] == sorted((lead.gain for lead in found), reverse=True)
    assert "INC-01" not in {lead.question.id for lead in found}
    # « Je ne sais pas » still has its points to win.
    assert "INC-02" in {lead.question.id for lead in found}


@pytest.mark.parametrize(
    ("asked", "done", "points", "icon", "word"),
    [
        (3, 0, (0, 900), "todo", "à commencer"),
        (3, 0, (9, 900), "todo", "0 sur 3"),
        (3, 2, (0, 900), "pencil", "2 sur 3"),
        (3, 3, (299, 900), "warning", "point faible"),
        (3, 3, (300, 900), "ok", "complet"),
        (0, 0, (900, 900), "minus", "initiatives"),
    ],
)
def test_tile_tells_coverage_and_weak_spots(asked, done, points, icon, word):
    tile = panels.Tile("mediation", "Médiation", asked, done, points)
    assert (tile.icon, tile.word) == (icon, word)


def test_tile_not_begun_shows_no_share():
    assert not panels.Tile("mediation", "Médiation", 3, 0, (0, 900)).begun
    assert panels.Tile("mediation", "Médiation", 3, 0, (9, 900)).begun
