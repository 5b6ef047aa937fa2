import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.doors import datafiles
from results.models import PublishedResult

pytestmark = pytest.mark.django_db


def read(client, year=2027, ending="csv"):
    return b"".join(client.get(f"/api/v1/palmares-{year}.{ending}").streaming_content)


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_the_mark_of_utf8_and_ends_lines_as_the_rfc_says(client, published):
    content = read(client)

    assert content.startswith(b"\xef\xbb\xbfedition,code,name")
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_csv_has_the_columns_of_the_schema(client, published):
    schema = client.get("/api/v1/palmares.schema.json").json()

    assert list(rows(read(client))[0]) == [field["name"] for field in schema["fields"]]


def test_csv_gives_the_result(client, published):
    row = rows(read(client))[0]

    assert (row["code"], row["level"], row["overall"], row["simulated"]) == ("01901", "3", "64.3", "false")
    assert row["certificate"] == published.certificate.number


def test_csv_says_what_is_simulated(client, make_file, aubaine, publish, announce):
    make_file(aubaine, simulated=True)
    publish()
    announce()

    assert rows(read(client))[0]["simulated"] == "true"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_neutralises_formulas(client, published, start):
    PublishedResult.objects.update(honours=[f"{start}HYPERLINK(1)"])

    assert rows(read(client))[0]["honours"] == f"'{start}HYPERLINK(1)"


@given(st.text())
def test_cell_never_begins_like_a_formula(text):
    assert not datafiles.cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_json_has_the_rows_of_the_csv(client, make_file, aubaine, beaupre, publish, announce):
    make_file(aubaine)
    make_file(beaupre)
    publish()
    announce()

    answer = json.loads(read(client, ending="json"))

    assert answer["licence"]["title"] == "Licence Ouverte 2.0"
    assert [row["code"] for row in answer["results"]] == [row["code"] for row in rows(read(client))]


def test_file_of_a_year_without_results_is_not_found(client, published):
    assert client.get("/api/v1/palmares-2031.csv").status_code == 404


@pytest.mark.parametrize("files", [1, 3])
def test_csv_costs_one_query_for_many_rows(
    client, make_file, aubaine, beaupre, epci, publish, announce, django_assert_num_queries, files
):
    for territory in (aubaine, beaupre, epci)[:files]:
        make_file(territory)
    publish()
    announce()

    # One for the order of the rows, then one for each 25 of them: no process holds every copy.
    with django_assert_num_queries(6):
        assert len(rows(read(client))) == files
