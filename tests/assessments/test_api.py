import pytest

from accounts.actions import create_token
from assessments.doors import scorecards
from assessments.models import Answer, Scorecard

pytestmark = pytest.mark.django_db

FILE = "/api/v1/applications/01901/2027/"


@pytest.fixture
def call(client):
    """`call(user, method, path, body)` with that person's key."""

    def _call(user, method, path, body=None):
        _token, secret = create_token(name="test", by=user)
        fields = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(path, headers={"Authorization": f"Bearer {secret}"}, **fields)

    return _call


def test_editions_are_public(edition, client):
    body = client.get("/api/v1/editions/").json()

    row = body.pop("results")[0]
    assert body == {"next": None, "previous": None}
    assert set(row) == {"year", "framework", "opens_at", "closes_at", "results_at", "phase", "simulated"}
    assert (row["year"], row["phase"], row["framework"]) == (2027, "open", edition.framework.hash)


def test_framework_hashes_to_its_address(framework, client):
    from scoring.hashing import digest

    body = client.get(f"/api/v1/frameworks/{framework.hash}/").json()

    assert digest(body["document"]) == framework.hash == body["hash"]


def test_framework_unknown_is_not_found(client, db):
    assert client.get(f"/api/v1/frameworks/{'0' * 64}/").status_code == 404


def test_simulation_scores_and_stores_nothing(ready, client):
    document = scorecards.inputs(ready) | {"framework_hash": ready.framework.hash, "id": "essai"}

    response = client.post("/api/v1/simulations/", document, content_type="application/json")

    assert response.status_code == 200
    assert response.json() == scorecards.live(ready).as_document() | {"id": "essai"}
    assert Scorecard.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"answers": {"INC-01": {"value": 3}}}, "answers.INC-01.value"),
        ({"answers": {"XXX": {"value": 3}}}, "answers.XXX"),
        ({"context": {"kind": "ville"}}, "context.kind"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_simulation_with_a_fault_names_its_place(framework, client, change, place):
    document = {"framework_hash": framework.hash, **change}

    response = client.post("/api/v1/simulations/", document, content_type="application/json")

    assert response.status_code == 400
    assert place in [fault["place"] for fault in response.json()["faults"]]


@pytest.mark.parametrize("body", ["", "{", "[]", '{"a": 1.5}', '{"a": 1, "a": 2}', '{"framework_hash": "x"}', "\ud800"])
def test_simulation_that_cannot_be_read_is_refused(framework, client, body):
    body = body.encode("utf-8", "surrogatepass")

    assert client.post("/api/v1/simulations/", body, content_type="application/json").status_code == 400


def test_applications_are_one_s_own(ready, agent, stranger, call):
    assert [row["code"] for row in call(agent, "get", "/api/v1/applications/").json()["results"]] == ["01901"]
    assert call(stranger, "get", "/api/v1/applications/").json()["results"] == []


@pytest.mark.parametrize("path", ["/api/v1/applications/", FILE])
def test_applications_without_a_key_are_refused(ready, client, path):
    assert client.get(path).status_code == 401


def test_application_is_whole(ready, agent, call):
    body = call(agent, "get", FILE).json()

    assert body["answers"]["INC-01"]["value"] is True
    assert body["initiatives"][0]["title"] == "Permanences numériques"
    assert body["result"] == scorecards.live(ready).as_document()


def test_application_of_a_stranger_is_not_found(ready, stranger, call):
    assert call(stranger, "get", FILE).status_code == 404
    assert call(stranger, "put", f"{FILE}answers/INC-01/", {"value": True, "seen": 0}).status_code == 404


def test_answer_is_saved_with_the_score(application, agent, call):
    body = call(agent, "put", f"{FILE}answers/INC-01/", {"value": True, "seen": 0}).json()

    assert (body["answer"]["version"], body["answer"]["value"]) == (1, True)
    assert body["result"]["questions"]["INC-01"][0] == "answered"


@pytest.mark.parametrize(
    "body",
    [
        {"value": True},
        {"seen": 0},
        {"value": True, "state": "unknown", "seen": 0},
        {"state": "answered", "seen": 0},
        {"value": 3, "seen": 0},
        {"state": "not_applicable", "seen": 0},
        {"value": True, "seen": 4},
    ],
)
def test_answer_with_a_fault_is_refused(application, agent, call, body):
    assert call(agent, "put", f"{FILE}answers/INC-01/", body).status_code == 400
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"value": ' + b"[" * 5_000 + b"]" * 5_000 + b', "seen": 0}', "niveaux d’imbrication"),
        (b'{"value": true, "value": false, "seen": 0}', "écrite deux fois"),
        (b'{"value": "\\ud800", "seen": 0}', "caractère de substitution isolé"),
        (b'{"value": ' + b"9" * 5_000 + b', "seen": 0}', "entier plus petit"),
        (b'{"value": "\xff"}', "UTF-8"),
        (b"{", "ce n’est pas du JSON (colonne 2)"),
        (b"[]", "Un objet JSON est attendu."),
    ],
)
def test_answer_that_is_no_document_is_refused_in_one_sentence(application, agent, call, body, words):
    response = call(agent, "put", f"{FILE}answers/INC-01/", body)

    assert response.status_code == 400
    assert words in response.json()["detail"]
    assert "errors" not in response.json()


def test_answer_may_have_decimals(application, agent, call):
    """Refused for what the question asks, not for how a number is written."""
    response = call(agent, "put", f"{FILE}answers/SER-02/", b'{"value": 12.5, "seen": 0}')

    assert response.json()["detail"] == "Écrivez un nombre entier, en chiffres."


def test_simulation_without_a_body_says_so_in_french(framework, client):
    response = client.post("/api/v1/simulations/", b"", content_type="application/json")

    assert response.json()["faults"][0]["what"] == "ce n’est pas du JSON (colonne 1)."


def test_answer_stale_gives_both(application, agent, signatory, call):
    call(signatory, "put", f"{FILE}answers/INC-01/", {"value": False, "seen": 0})

    response = call(agent, "put", f"{FILE}answers/INC-01/", {"value": True, "seen": 0})

    assert response.status_code == 409
    assert response.json()["current"]["value"] is False
    assert response.json()["proposed"]["value"] is True


def test_answer_by_a_reader_is_forbidden(application, reader, call):
    response = call(reader, "put", f"{FILE}answers/INC-01/", {"value": True, "seen": 0})

    assert response.status_code == 403
    assert "lecture" in response.json()["detail"]


def test_answer_once_submitted_is_refused(submitted, agent, call):
    response = call(agent, "put", f"{FILE}answers/INC-01/", {"value": False, "seen": 1})

    assert response.status_code == 409
    assert "déposé" in response.json()["detail"]


def test_answer_to_an_unknown_question_is_not_found(application, agent, call):
    assert call(agent, "put", f"{FILE}answers/XXX/", {"value": True, "seen": 0}).status_code == 404
