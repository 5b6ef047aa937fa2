"""The spread of published scores, on the page and in the API: the same figures, never of fewer than five."""

import pytest

from assessments.models import Edition
from results import actions
from results.models import PublishedResult
from tests.conftest import make_territory

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def six(make_file, department, publish, announce):
    """Six communes of one size: each has five peers."""
    for number in range(6):
        make_file(make_territory(department, f"0195{number}", f"Commune {number}", 1_000))
    publish()
    announce()


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_page_draws_and_writes_the_same_quartiles(client, six):
    page = read(client, "/etalonnages/")

    assert '<svg class="chart wide-only"' in page
    assert ">6</td>" in page
    row = client.get("/api/v1/benchmarks/").json()["results"][0]
    overall = next(each for each in row["measures"] if each["node"] == "overall")
    assert (row["code"], row["size"], row["by"]) == ("00500", 6, "band")
    assert f"{overall['median']:.1f}".replace(".", ",") in page


@pytest.mark.parametrize(
    "asked", ["by=region", "by=edition", "measure=axe-inclusion", "measure=enjeu-mediation", "kind=epci"]
)
def test_page_explores_by(client, six, asked):
    read(client, f"/etalonnages/?{asked}")


def test_fewer_than_five_tell_nothing(client, six, organiser, now):
    """Two withdrawn of six: four are left."""
    for result in PublishedResult.objects.order_by("pk")[:2]:
        actions.withdraw(result=result, reason="Une erreur.", by=organiser, now=now)
    page = read(client, "/etalonnages/")

    assert "moins de cinq" in page
    assert '<svg class="chart' not in page
    row = client.get("/api/v1/benchmarks/").json()["results"][0]
    assert (row["size"], row["measures"]) == (None, [])


def test_nothing_before_the_announcement(client, six, now):
    Edition.objects.update(results_at=now.replace(year=now.year + 1))

    assert "Aucun résultat n’est encore publié" in read(client, "/etalonnages/")
    assert client.get("/api/v1/benchmarks/").json()["results"] == []
    assert client.get("/api/v1/benchmarks/?edition=2027").status_code == 400


@pytest.mark.parametrize("asked", ["by=age", "kind=canton", "edition=1999", "measure=rien"])
def test_page_refuses_what_is_none_of_ours(client, six, asked):
    assert client.get(f"/etalonnages/?{asked}").status_code == 422


@pytest.mark.parametrize("asked", ["by=age", "kind=canton", "edition=1999"])
def test_api_refuses_what_is_none_of_ours(client, six, asked):
    assert client.get(f"/api/v1/benchmarks/?{asked}").status_code == 400


def test_it_costs_few_queries(client, six, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get("/etalonnages/")
