"""What is asked of a list and is none of ours is refused in words, by the API and by the pages: never passed over."""

import html
import json

import pytest

from label import api_pages
from tests.season import AUBAINE, LAST_YEAR, YEAR

pytestmark = pytest.mark.django_db

FILTERS = [
    (path, each["name"], each["schema"])
    for path, methods in api_pages.document()["paths"].items()
    for each in methods.get("get", {}).get("parameters", [])
    if each["in"] == "query" and each["name"] != "page"
]
CLOSED = [(path, name) for path, name, _schema in FILTERS if name != "q"]
LISTS = sorted({path for path, _name, _schema in FILTERS} | {"/api/v1/editions/"})
FORMS = {
    "/annuaire/": ["edition", "level", "region", "department", "band", "kind", "honour", "axis", "sort"],
    "/initiatives/": ["department", "axis", "issue", "band", "operator", "cost", "sort"],
    "/etalonnages/": ["measure", "by", "kind", "edition"],
}


def refused(client, path, asked):
    answer = client.get(path, asked)
    assert answer["Content-Type"] == "application/problem+json", (path, asked)
    return answer.status_code, set(json.loads(answer.content)["errors"])


@pytest.mark.parametrize("value", ["", "zzz", "-1", "1999", "9999999999", "é"])
@pytest.mark.parametrize(("path", "name"), CLOSED)
def test_value_that_the_api_does_not_know_is_refused_by_its_name(client, season, path, name, value):
    assert refused(client, path, {name: value}) == (400, {name})


@pytest.mark.parametrize("path", LISTS)
def test_filter_that_the_api_does_not_have_is_refused_by_its_name(client, season, path):
    assert refused(client, path, {"departement": "01"}) == (400, {"departement"})


def test_edition_to_come_is_refused_as_one_that_never_was(client, season):
    answers = [client.get("/api/v1/results/", {"edition": year}) for year in (YEAR, 1999)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()
    assert client.get("/api/v1/results/", {"edition": LAST_YEAR}).json()["results"]


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in FORMS.items() for name in names])
def test_value_that_a_page_does_not_know_is_told(client, season, path, name):
    answer = client.get(path, {name: "zzz"})

    assert answer.status_code == 422
    assert "n’accepte pas «\u202fzzz\u202f»" in html.unescape(answer.content.decode())


@pytest.mark.parametrize("path", FORMS)
def test_filter_that_a_page_does_not_have_is_told(client, season, path):
    answer = client.get(path, {"departement": "01"})

    assert answer.status_code == 422
    assert "Le filtre «\u202fdepartement\u202f» n’existe pas." in answer.content.decode()


@pytest.mark.parametrize("path", FORMS)
def test_what_other_sites_hang_on_a_link_is_taken_off(client, season, path):
    answer = client.get(path, {"utm_source": "lettre", "fbclid": "x1", "kind": ""})

    assert (answer.status_code, answer["Location"]) == (302, path)


@pytest.mark.parametrize("edition", ["1999", "zzz", YEAR])
def test_edition_without_a_result_is_told_and_the_latest_shown(client, season, edition):
    answer = client.get(f"/annuaire/{AUBAINE}/", {"edition": edition})

    assert answer.status_code == 422
    assert f"pour l’édition « {edition} »" in answer.content.decode().replace("\u202f", " ")
    assert f"Édition {LAST_YEAR}" in answer.content.decode()
