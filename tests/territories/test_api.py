import pytest

from territories.doors.pagination import Pages
from territories.models import Department
from tests.conftest import make_territory

pytestmark = pytest.mark.both


def test_list_shows_explicit_fields(client, aubaine):
    answer = client.get("/api/v1/territories/?q=aubaine&kind=commune")

    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "code": "01901",
                "kind": "commune",
                "name": "Aubaine",
                "siren": "210109011",
                "department": "01",
                "region": "84",
                "epci": "200000001",
                "population": 1240,
                "band": 500,
            }
        ],
    }


def test_list_without_epci(client, beaupre):
    assert client.get("/api/v1/territories/?q=01902").json()["results"][0]["epci"] is None


def test_list_filters_by_department(client, aubaine):
    Department.objects.create(code="2A", name="Corse-du-Sud", region=aubaine.department.region)

    assert client.get("/api/v1/territories/?department=2A").json()["results"] == []
    assert len(client.get("/api/v1/territories/?department=01").json()["results"]) == 2


def test_list_refuses_a_department_that_is_none(client, aubaine):
    answer = client.get("/api/v1/territories/?department=99")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["department"])


def test_list_unknown_kind(client, db):
    answer = client.get("/api/v1/territories/?kind=canton")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["kind"]


def test_detail(client, aubaine):
    assert client.get("/api/v1/territories/01901/").json()["name"] == "Aubaine"


def test_detail_unknown(client, db):
    assert client.get("/api/v1/territories/00000/").status_code == 404


def test_list_is_read_only(client, db):
    assert client.post("/api/v1/territories/").status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count(client, department, django_assert_num_queries, rows):
    for number in range(rows):
        make_territory(department, f"0190{number}", f"Lieu {number}", 10)

    with django_assert_num_queries(1):
        assert len(client.get("/api/v1/territories/").json()["results"]) == rows


@pytest.fixture
def five(department, monkeypatch):
    monkeypatch.setattr(Pages, "size", 2)
    for number in range(5):
        make_territory(department, f"0190{number}", f"Lieu {number}", 10)


def test_pages_walk_forth_and_back(client, five):
    seen, url, backs = [], "/api/v1/territories/?q=lieu", []
    while url:
        page = client.get(url).json()
        seen += [row["code"] for row in page["results"]]
        backs.append(page["previous"])
        url = page["next"]

    assert seen == ["01900", "01901", "01902", "01903", "01904"]
    assert backs == [
        None,
        "http://testserver/api/v1/territories/?q=lieu",
        "http://testserver/api/v1/territories/?page=2&q=lieu",
    ]


def test_page_beyond_the_end_is_empty(client, five):
    assert client.get("/api/v1/territories/?page=9").json() == {
        "next": None,
        "previous": "http://testserver/api/v1/territories/?page=8",
        "results": [],
    }


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "²", "99999999999999999999"])
def test_page_that_is_no_number(client, db, page):
    assert client.get("/api/v1/territories/", {"page": page}).status_code == 404
