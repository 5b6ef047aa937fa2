"""Errors of the API: problem details (RFC 9457), in French, each with its code, wherever they come from."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from rest_framework.throttling import AnonRateThrottle

from label import problems

pytestmark = pytest.mark.django_db
ANSWER = "/api/v1/applications/01901/2027/answers/x/"


def check(answer, status, code):
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"/api/docs/#error-{code}")
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/api/v1/results/?level=9", 400, "invalid"),
        ("get", "/api/v1/results/?q=%00", 400, "invalid"),
        ("get", "/api/v1/applications/", 401, "unauthenticated"),
        ("put", ANSWER, 401, "unauthenticated"),
        ("get", "/api/v1/nothing/", 404, "not_found"),
        ("get", "/api/v2/", 404, "not_found"),
        ("get", "/api/v1/palmares-1999.csv", 404, "not_found"),
        ("delete", "/api/v1/results/", 405, "method_not_allowed"),
        ("post", "/api/schema/", 405, "method_not_allowed"),
        ("post", "/api/v1/simulations/", 415, "unsupported_media_type"),
    ],
)
def test_every_refusal_is_a_problem(client, method, address, status, code):
    check(getattr(client, method)(address), status, code)


def test_a_field_is_named(client):
    body = check(client.get("/api/v1/results/?level=9"), 400, "invalid")

    assert body["errors"] == {"level": ["Un niveau va de 1 à 5."]}
    assert body["detail"] == "level\u202f: Un niveau va de 1 à 5."


@pytest.mark.parametrize(
    "address", ["results/01901/2026/", "frameworks/zz/", "territories/00000/", "nothing/", "checks/zz/"]
)
def test_what_is_not_there_is_said_in_one_sentence(client, address):
    body = check(client.get(f"/api/v1/{address}"), 404, "not_found")

    assert body["detail"] == "Il n’y a rien à cette adresse."


def test_a_form_that_cannot_be_read_is_refused_in_french(client):
    answer = client.post("/api/v1/checks/", b"--x", content_type="multipart/form-data; boundary=")

    assert check(answer, 400, "invalid")["detail"] == "La demande n’a pas été comprise."


def test_headers_of_the_refusal_stay(client):
    assert client.get("/api/v1/applications/")["WWW-Authenticate"] == "Bearer"
    assert "GET" in client.delete("/api/v1/results/")["Allow"]


def test_a_key_that_is_none_is_refused_everywhere(client):
    answer = client.get("/api/v1/results/", headers={"Authorization": "Bearer aro_none"})

    assert "clé" in check(answer, 401, "unauthenticated")["detail"]


def test_too_much_is_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    answer = client.post("/api/v1/simulations/", {"answers": "x" * 100}, content_type="application/json")

    check(answer, 413, "too_large")


def test_too_often_says_when_to_come_back(client, monkeypatch):
    monkeypatch.setattr(AnonRateThrottle, "rate", "1/min", raising=False)

    answers = [client.get("/api/v1/editions/") for _attempt in range(2)]

    check(answers[-1], 429, "too_many")
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(ValueError("ours"), 500, "fault"), (OperationalError("connection refused"), 503, "unavailable")],
)
def test_what_stops_us_is_a_problem(client, monkeypatch, error, status, code):
    def stop(**asked):
        raise error

    monkeypatch.setattr("results.queries.results", stop)
    client.raise_request_exception = False

    check(client.get("/api/v1/results/"), status, code)


def test_a_packed_page_is_replaced_whole(client):
    answer = client.get("/api/v1/nothing/", headers={"Accept-Encoding": "gzip"})

    check(answer, 404, "not_found")
    assert "Content-Encoding" not in answer


def test_what_is_outside_the_api_stays_a_page(client):
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_every_status_that_is_not_told_has_a_kind():
    assert problems.problem(418, None)["code"] == "invalid"
    assert problems.problem(502, None)["code"] == "fault"


def test_any_site_may_read_without_a_key(client):
    answer = client.get("/api/v1/results/", headers={"Origin": "https://ailleurs.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("get", "/annuaire/", {}),
        ("post", "/api/v1/simulations/", {}),
        ("get", "/api/v1/applications/", {"Authorization": "Bearer aro_none"}),
    ],
)
def test_no_site_may_do_more(client, method, address, headers):
    assert "Access-Control-Allow-Origin" not in getattr(client, method)(address, headers=headers)


def test_the_api_does_not_lead_from_http_to_https(client, settings):
    """The key would have been sent in clear, and nobody would have known."""
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/api/v1/results/")

    assert (answer.status_code, answer.json()["detail"]) == (403, "Appelez cette adresse par https.")
    assert client.get("/api/v1/results/", secure=True).status_code == 200
    assert client.get("/annuaire/").status_code == 301


def test_a_browser_that_asks_first_is_told(client):
    answer = client.options("/api/v1/results/", headers={"Access-Control-Request-Method": "GET"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Authorization" not in answer["Access-Control-Allow-Headers"]


def test_a_kept_answer_is_open_too(client, settings):
    settings.KEEP_PAGES = True
    first = client.get("/api/v1/editions/")
    etag = client.get("/api/v1/results/")["ETag"]
    again = client.get("/api/v1/results/", headers={"If-None-Match": etag})

    assert first["Access-Control-Allow-Origin"] == again["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_of_one_form_is_given_whatever_is_accepted(client):
    assert client.get("/api/v1/palmares.schema.json", headers={"Accept": "text/csv"}).status_code == 200


def test_middleware_leaves_what_is_well(rf):
    answer = problems.problems(lambda request: HttpResponse("x"))(rf.get("/api/v1/"))

    assert (answer.status_code, answer.content) == (200, b"x")
