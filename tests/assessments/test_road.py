from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import queries
from assessments.doors import scorecards
from assessments.enums import State
from assessments.pages import panels, road
from assessments.views.access import gaps

pytestmark = pytest.mark.django_db


def stages(application, *, signatories=1):
    result = scorecards.live(application)
    initiatives = queries.sheet(application).initiatives
    return road.road(result, gaps(application, result), initiatives=initiatives, signatories=signatories)


def test_road_of_a_new_file_starts_with_the_description(application):
    found = stages(application)

    assert [stage.state for stage in found] == ["now", "", "", "", ""]
    assert found[0].word == "à décrire"


def test_road_of_a_file_that_may_be_submitted_goes_on_with_the_questions(ready):
    found = stages(ready)

    assert [stage.state for stage in found][:3] == ["done", "done", "now"]
    assert found[2].part == panels.most_to_win(scorecards.live(ready)).id


def test_road_asks_who_signs(ready):
    assert (stages(ready, signatories=0)[-1].state, stages(ready)[-1].word) == ("late", "1 signataire")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=60), "60 jours"),
        (timedelta(days=1), "1 jour"),
        (timedelta(hours=0), ""),
        (-timedelta(days=3), ""),
    ],
)
def test_time_left_counts_the_days(ready, before, words):
    assert panels.time_left(ready, now=ready.edition.closes_at - before) == words


def test_time_left_on_the_last_day_is_the_hour(ready):
    closes = timezone.localtime(ready.edition.closes_at)
    said = panels.time_left(ready, now=closes.replace(hour=0, minute=0))

    hour = f"{closes.hour}\u00a0h\u00a0{closes.minute:02d}"
    assert said == f"jusqu’à {hour}, heure de Paris"


def test_time_left_is_not_said_once_submitted(ready):
    ready.state = State.SUBMITTED

    assert panels.time_left(ready, now=ready.edition.closes_at - timedelta(days=3)) == ""
