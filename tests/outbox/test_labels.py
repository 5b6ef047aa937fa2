"""Every kind of task has a French name: the organiser's page shows no word of the code."""

import pytest

from outbox import jobs


@pytest.mark.parametrize("kind", sorted(jobs.KINDS))
def test_kind_has_a_french_name(kind):
    assert jobs.words(kind)[0].isupper()
    assert kind not in jobs.words(kind)


def test_kind_of_an_earlier_version_keeps_its_name():
    assert jobs.words("gone.away") == "gone.away"
