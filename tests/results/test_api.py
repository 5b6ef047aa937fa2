import pytest
from django.utils import timezone

from results import actions
from results.doors.throttles import CheckThrottle
from results.models import PublishedResult

pytestmark = pytest.mark.django_db

LIST = {
    *("edition", "territory", "level", "overall", "percent", "axes", "honours", "decided_on", "expired_at"),
    *("certificate", "page"),
}
WHOLE = {
    *("levels", "reasons", "issues", "completeness", "obligations", "lines", "initiatives"),
    *("framework_hash", "replay"),
}
PART = {"id", "title", "earned", "possible", "percent"}


@pytest.fixture
def results(make_file, aubaine, beaupre, epci, publish, announce, request):
    for territory in (aubaine, beaupre, epci)[: getattr(request, "param", 3)]:
        make_file(territory)
    publish()
    announce()


def test_list_has_these_fields_and_no_other(client, published):
    answer = client.get("/api/v1/results/").json()

    assert set(answer) == {"next", "previous", "results"}
    assert set(answer["results"][0]) == LIST | {"simulated"}
    assert set(answer["results"][0]["axes"][0]) == PART | {"weight", "confidential"}


def test_detail_has_these_fields_and_no_other(client, published):
    answer = client.get("/api/v1/results/01901/2027/").json()

    assert set(answer) == LIST | WHOLE | {"simulated"}
    assert set(answer["issues"][0]) == PART
    assert set(answer["lines"][0]) == {
        *("id", "axis", "issue", "text", "nature", "references", "answer", "words", "links"),
        *("state", "credit", "earned", "possible"),
    }
    assert set(answer["initiatives"][0]) == {
        *("title", "description", "started_on", "ended_on", "operator", "issues", "link"),
        *("results", "partners", "cost", "pictures"),
    }
    assert set(answer["territory"]) == {
        *("code", "name", "kind", "population", "band", "department", "region", "epci"),
    }


def test_copy_made_before_replays_is_shown_without(client, published):
    PublishedResult.objects.update(document={k: v for k, v in published.document.items() if k != "replay"})

    assert client.get("/api/v1/results/01901/2027/").json()["replay"] is None
    assert client.get("/api/v1/results/01901/2027/application.json").status_code == 404
    assert client.get("/annuaire/01901/2027/calcul/").status_code == 404
    assert client.get("/annuaire/01901/").status_code == 200


def test_every_key_of_a_copy_is_public_on_purpose(published):
    published_elsewhere = {"schema", "territory", "year", "level", "overall", "axes", "honours", "simulated"}

    assert set(published.document) == WHOLE - {"levels", "initiatives"} | published_elsewhere


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=beaupre", ["01902"]),
        ("q=01901", ["01901"]),
        ("edition=2027&level=3", ["01901", "01902", "200000001"]),
        ("level=5", []),
        ("department=01", ["01901", "01902", "200000001"]),
        ("department=01&region=84", ["01901", "01902", "200000001"]),
    ],
)
def test_list_filters(client, results, asked, found):
    answer = client.get(f"/api/v1/results/?{asked}").json()

    assert sorted(row["territory"]["code"] for row in answer["results"]) == found


@pytest.mark.parametrize("level", ["trois", "7", "0"])
def test_list_refuses_a_level_that_is_none(client, level):
    answer = client.get(f"/api/v1/results/?level={level}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["level"])


@pytest.mark.parametrize("name", ["department", "region"])
def test_list_refuses_a_place_that_is_not(client, results, name):
    answer = client.get(f"/api/v1/results/?{name}=zz")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_list_puts_the_best_answer_first(client, results, department):
    found = client.get("/api/v1/results/?q=beaupré").json()["results"]

    assert found[0]["territory"]["code"] == "01902"


@pytest.mark.parametrize("results", [1, 3], indirect=True)
@pytest.mark.parametrize(("address", "queries"), [("results/", 2), ("results/01901/2027/", 2), ("initiatives/", 2)])
def test_reading_costs_the_same_whatever_the_number(client, results, address, queries, django_assert_num_queries):
    client.get(f"/api/v1/{address}")  # the departments are kept
    with django_assert_num_queries(queries):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_list_reads_no_whole_copy(client, results, django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as captured:
        client.get("/api/v1/results/")

    assert not any('"document", "' in query["sql"] for query in captured.captured_queries)


def test_initiatives_are_found_by_their_words(client, published):
    found = client.get("/api/v1/initiatives/?q=ordinateurs%20de%20la%20mediatheque&issue=mediation").json()["results"]

    assert [(row["code"], row["title"]) for row in found] == [("01901", "Un atelier d’aide au numérique")]


@pytest.mark.parametrize("asked", ["q=piscine", "issue=innovation", "operator=delegate"])
def test_initiatives_of_something_else_are_left_out(client, published, asked):
    assert client.get(f"/api/v1/initiatives/?{asked}").json()["results"] == []


@pytest.mark.parametrize("name", ["axis", "issue", "department", "band", "operator", "cost", "size"])
def test_initiatives_refuse_a_filter_that_is_none_of_ours(client, published, name):
    answer = client.get(f"/api/v1/initiatives/?{name}=medi")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_initiative_has_these_fields_and_no_other(client, published):
    assert set(client.get("/api/v1/initiatives/").json()["results"][0]) == {
        *("edition", "code", "name", "department", "title", "description", "started_on", "ended_on", "operator"),
        *("issues", "link", "results", "partners", "cost", "pictures", "simulated"),
    }


def test_certificate_in_force(client, published):
    answer = client.get(f"/api/v1/certificates/{published.certificate.number}/").json()

    assert answer == {
        "number": published.certificate.number,
        "status": "in_force",
        "since": None,
        "expired_at": None,
        "reason": "",
        "replaced_by": "",
        "code": "01901",
        "name": "Aubaine",
        "edition": 2027,
        "level": 3,
        "honours": ["Numérique libre"],
        "decided_on": published.decided_on.isoformat(),
        "sha256": None,
        "simulated": False,
    }


def test_certificate_withdrawn_says_when_and_why(client, published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    answer = client.get(f"/api/v1/certificates/{published.certificate.number}/").json()

    assert (answer["status"], answer["reason"]) == ("withdrawn", "Fausse déclaration.")
    assert answer["since"] is not None


def test_certificate_unknown(client, db):
    answer = client.get("/api/v1/certificates/2027-00000000000/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_certificate_check_is_limited(client, published, monkeypatch):
    monkeypatch.setattr(CheckThrottle, "rate", "2/min")
    address = f"/api/v1/certificates/{published.certificate.number}/"

    answers = [client.get(address) for _attempt in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_withdrawn_and_replaced_results_are_in_no_list(client, published, now):
    PublishedResult.objects.update(replaced_at=now)

    assert client.get("/api/v1/results/").json()["results"] == []
    assert client.get("/api/v1/results/01901/2027/").status_code == 404


def test_writing_is_not_offered(client, published):
    assert client.post("/api/v1/results/").status_code == 405


@pytest.mark.parametrize("address", ["results", "initiatives", "territories", "editions"])
def test_filter_that_does_not_exist_is_refused_by_its_name(client, published, address):
    answer = client.get(f"/api/v1/{address}/?regoin=53")

    assert answer.status_code == 400
    assert "page" in answer.json()["errors"]["regoin"][0]


def test_call_tells_what_is_left_of_the_limit(client, published):
    first, second = (client.get("/api/v1/results/") for _ in range(2))

    assert int(first["RateLimit-Limit"]) > 0
    assert int(second["RateLimit-Remaining"]) == int(first["RateLimit-Remaining"]) - 1
    assert 0 < int(second["RateLimit-Reset"]) <= 60
    assert "RateLimit-Remaining" in second["Access-Control-Expose-Headers"]


def test_patient_reader_meets_no_limit(client, published, settings, monkeypatch):
    """Sixty calls at once, then one a second for two minutes, by the clock of the limit."""
    from accounts.doors import throttles

    clock = [1_000_000.0]
    monkeypatch.setattr(throttles.Anyone, "rate", settings.API_RATES["anon"], raising=False)
    monkeypatch.setattr(throttles.Anyone, "timer", lambda _self: clock[0])
    statuses = []
    for n in range(180):
        clock[0] += 0 if n < 60 else 1
        statuses.append(client.get("/api/v1/results/?q=aubaine").status_code)

    assert set(statuses) == {200}


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_palmares_is_sent_again_only_after_a_change(client, published, organiser, ending):
    address = f"/api/v1/palmares-2027.{ending}"
    first = client.get(address)
    assert b"".join(first)
    known = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=known).status_code == 304

    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    changed = client.get(address, headers=known)
    assert (changed.status_code, b"01901" in b"".join(changed)) == (200, False)
