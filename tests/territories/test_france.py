"""The whole of France, found as people type it: the same by the page and by the API."""

import csv
import random
import re
from pathlib import Path

import pytest

from territories.actions import load_france
from territories.models import Kind, Territory

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DATA = Path(__file__).parent / "data"
# What people were seen to type, and a hundred others of the same kinds.
TYPED = ["search-queries.csv", "other-queries.csv"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FAULTS = 200


@pytest.fixture(scope="module")
def france(django_db_setup, django_db_blocker):
    """Loaded once for the module, and taken away after it."""
    with django_db_blocker.unblock():
        load_france()
        yield
        from django.core.management import call_command

        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def ways(france, client):
    """What each way answers, the best first."""
    return {
        "page": lambda q: re.findall(r'href="/annuaire/(\w+)/"', client.get("/territoires/recherche/", {"q": q}).text),
        "directory": lambda q: re.findall(r'<a href="/annuaire/(\w+)/"', client.get("/annuaire/", {"q": q}).text),
        "api": lambda q: [row["code"] for row in client.get("/api/v1/territories/", {"q": q}).json()["results"]],
    }


@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("way", ["page", "directory", "api"])
def test_what_people_type_is_found_first(ways, way, name):
    with (DATA / name).open(encoding="utf-8") as file:
        asked = [(row["query"], row["code"]) for row in csv.DictReader(file)]
    missed = {q: code for q, code in asked if ways[way](q)[:1] != [code]}

    assert len(missed) <= 0.05 * len(asked), missed


@pytest.mark.parametrize("way", ["page", "api"])
def test_typing_faults_are_forgiven(ways, way):
    chance = random.Random(2026)
    communes = list(Territory.objects.filter(kind=Kind.COMMUNE, population__gte=500).order_by("code"))
    typed = [(with_a_fault(row.name, chance), row.code) for row in chance.sample(communes, FAULTS)]
    missed = {q: code for q, code in typed if code not in ways[way](q)}

    assert len(missed) <= 0.03 * FAULTS, missed


def with_a_fault(name, chance):
    """A letter forgotten, typed twice, taken for another, or two of them swapped, after the first."""
    place = chance.randrange(1, max(2, len(name) - 1))
    return chance.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + name[place - 1 : place + 1] + name[place + 1 :],
            name[:place] + chance.choice(LETTERS) + name[place + 1 :],
            name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
        ]
    )


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("mairie du Havre", "76351"),
        ("Ville-d’Avray", "92077"),
        ("hôtel de ville de Lyon", "69123"),
        ("Lyon 7", "69123"),
        ("1er arrondissement de Marseille", "13055"),
        ("Vienne (Isère)", "38544"),
        ("Laval Mayenne", "53130"),
        ("F-33000 Bordeaux", "33063"),
        ("33 - Bordeaux", "33063"),
        ("Saint-Denis, France", "97411"),
        ("Finistère", "29019"),
        ("région Occitanie", "31555"),
        ("nice paca", "06088"),
        ("dept 29", "29019"),
        ("agglo pau", "200067254"),
        ("communauté d’agglomération du Pays Basque", "200067106"),
        ("métropole lille", "200093201"),
        ("champigny/marne", "94017"),
        ("Pierrefitte sur Seine", "93066"),
        ("Châlons sur Marne", "51108"),
        ("217500016", "75056"),
        ("20000 ajaccio", "2A004"),
        ("montreuil sous bois", "93048"),
    ],
)
def test_other_ways_to_say_it(ways, q, first):
    assert ways["api"](q)[:1] == [first]


def test_former_name_is_told(ways, client):
    page = client.get("/annuaire/", {"q": "Pierrefitte-sur-Seine"}).text

    assert "Pierrefitte-sur-Seine est aujourd’hui dans" in page
