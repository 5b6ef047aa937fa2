import json

import pytest
from django.core.management import call_command

from assessments.doors import scorecards
from assessments.doors.replay import replay
from assessments.enums import ScorecardKind
from assessments.models import Scorecard


@pytest.fixture
def card(application, now):
    return scorecards.freeze(application=application, kind=ScorecardKind.DECLARED, now=now)


def test_replay_of_a_frozen_scorecard_gives_the_same(card):
    assert [(row.scorecard, row.differs) for row in replay()] == [(card, ())]


@pytest.mark.parametrize(
    ("field", "value"),
    [("result_hash", "0" * 64), ("input_hash", "0" * 64), ("framework_hash", "0" * 64), ("result", "{}")],
)
def test_replay_names_what_was_altered(card, field, value):
    Scorecard.objects.update(**{field: value})

    assert [row.differs for row in replay()] == [(field,)]


def test_replay_with_altered_inputs_differs(card):
    inputs = json.loads(card.inputs)
    inputs["initiatives"] = {"mediation": 2}
    Scorecard.objects.update(inputs=json.dumps(inputs))

    assert "input_hash" in next(replay()).differs


def test_replay_of_another_edition_is_empty(card):
    assert list(replay(1999)) == []


def test_command_says_how_many(card, capsys):
    call_command("replay")

    assert capsys.readouterr().out == "1 scorecards replayed, 0 differ\n"


def test_command_fails_when_one_differs(card, capsys):
    Scorecard.objects.update(result_hash="0" * 64)

    with pytest.raises(SystemExit) as stopped:
        call_command("replay", "2027")

    assert stopped.value.code == 1
    assert capsys.readouterr().err == "Aubaine 2027 declared 1: result_hash differ\n"
