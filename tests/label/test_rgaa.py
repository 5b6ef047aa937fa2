"""The self-audit says what it knows, and the footer says what follows from it."""

import re
from collections import Counter

import pytest

from label import rgaa
from label.rgaa import Result

# How many criteria each theme of the RGAA 4.1.2 has.
SIZES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


def test_every_criterion_is_there_once_in_order():
    expected = [f"{theme}.{n}" for theme, size in enumerate(SIZES, start=1) for n in range(1, size + 1)]

    assert [criterion.number for criterion in rgaa.criteria()] == expected
    assert len(expected) == 106


def test_each_says_how_it_was_looked_at():
    assert all(criterion.title and criterion.how for criterion in rgaa.criteria())


@pytest.mark.parametrize(
    ("met", "not_met", "rate", "state"),
    [
        (2, 1, 66, "partiellement conforme"),
        (1, 1, 50, "partiellement conforme"),
        (49, 51, 49, "non conforme"),
        (999, 1, 99, "partiellement conforme"),
        (3, 0, 100, "totalement conforme"),
    ],
)
def test_state_follows_from_the_rate(monkeypatch, met, not_met, rate, state):
    counted = Counter({Result.MET: met, Result.NOT_MET: not_met, Result.NOT_APPLICABLE: 5})
    monkeypatch.setattr(rgaa, "counts", lambda: counted)
    rgaa.rate.cache_clear()

    found = rgaa.rate(), str(rgaa.state())

    rgaa.rate.cache_clear()
    assert found == (rate, state)


@pytest.mark.django_db
def test_pages_say_the_state_and_every_criterion(client):
    page, audit = (client.get(address).content.decode() for address in ("/accessibilite/", "/accessibilite/criteres/"))

    assert f"Accessibilité\u202f: {rgaa.state()}" in page or f"Accessibilité : {rgaa.state()}" in page
    assert audit.count('<th scope="row"') == 106
    for criterion in rgaa.criteria():
        assert (f"(critère {criterion.number})" in page) is (criterion.result == Result.NOT_MET)


@pytest.mark.django_db
def test_one_search_has_one_label_on_every_page(client):
    """Criterion 11.3."""
    pages = (client.get(address).content.decode() for address in ("/", "/annuaire/", "/territoires/recherche/"))

    labels = [re.findall(r'<label for="(?:id_)?q">(.*?)</label>', page, re.DOTALL) for page in pages]
    assert [len(found) for found in labels] == [1, 1, 1]
    assert len({found[0].strip() for found in labels}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["", "https://code.example/arobase"])
def test_source_of_what_runs_is_offered(client, settings, source):
    settings.SOURCE_URL = source

    page = client.get("/mentions-legales/").content.decode()

    assert settings.VERSION in page
    assert (f'href="{source}"' in page) if source else ("est donné à qui l’écrit" in page)
