from datetime import UTC, datetime

import pytest

from assessments.rules import zones

CLOSING = datetime(2027, 1, 29, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("department", "words"),
    [
        ("01", "29\u00a0janvier 2027 à 18\u00a0h\u00a000, heure de Paris"),
        ("971", "29\u00a0janvier 2027 à 18\u00a0h\u00a000, heure de Paris (13\u00a0h\u00a000 en Guadeloupe)"),
        ("974", "29\u00a0janvier 2027 à 18\u00a0h\u00a000, heure de Paris (21\u00a0h\u00a000 à La Réunion)"),
        (
            "988",
            "29\u00a0janvier 2027 à 18\u00a0h\u00a000, heure de Paris "
            "(le 30\u00a0janvier 2027 à 4\u00a0h\u00a000 en Nouvelle-Calédonie)",
        ),
    ],
)
def test_a_deadline_is_said_in_paris_and_where_the_territory_is(department, words):
    assert zones.deadline(CLOSING, department) == words


def test_the_hour_alone_on_the_day_itself():
    assert zones.clock(CLOSING, "972") == "18\u00a0h\u00a000, heure de Paris (13\u00a0h\u00a000 en Martinique)"
