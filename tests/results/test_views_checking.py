import pytest

from instance import queries as instance
from outbox import jobs
from results import actions
from results.doors.throttles import CheckThrottle
from results.rules import numbers
from tests.results.test_publication import uphold

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(published):
    return published.certificate.number


def read(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_form_asks_for_a_number(client, db):
    assert 'name="numero"' in read(client, "/verifier/")


def test_form_leads_to_the_number_however_typed(client, number):
    typed = number.lower().replace("-", " ").replace("0", "o")

    answer = client.get("/verifier/", {"numero": typed})

    assert answer["Location"] == f"/verifier/{number}/"


def test_form_tells_a_mistyped_number(client, number):
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")

    page = client.get("/verifier/", {"numero": wrong})

    assert page.status_code == 404
    assert "faute de frappe" in page.content.decode()


def test_form_shows_a_script_as_text(client, db):
    page = client.get("/verifier/", {"numero": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_certificate_in_force(client, number):
    page = read(client, f"/verifier/{number}/")

    assert "Attestation authentique et en vigueur" in page
    assert "Aubaine" in page


def test_certificate_withdrawn(client, number, published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    page = read(client, f"/verifier/{number}/")

    assert "mais retirée" in page
    assert "Fausse déclaration." in page


def test_certificate_replaced_gives_the_new_number(client, number, published, signatory, chair):
    jobs.run(uphold(published.application, signatory, chair).pk)

    page = read(client, f"/verifier/{number}/")

    published.refresh_from_db()
    new = published.replaced_by.certificate.number
    assert "mais remplacée" in page
    assert "L’atelier sert bien tout le canton." in page
    assert new in page
    answer = client.get(f"/api/v1/certificates/{number}/").json()
    assert (answer["status"], answer["reason"]) == ("replaced", "L’atelier sert bien tout le canton.")
    assert "authentique et en vigueur" in read(client, f"/verifier/{new}/")


def test_certificate_never_given(client, db):
    number = numbers.new(year=2027)

    assert "aucune attestation publiée ne le porte" in read(client, f"/verifier/{number}/", 404)


def test_certificate_mistyped(client, db):
    assert "faute de frappe" in read(client, "/verifier/2027-ABC/", 404)


def test_file_being_made_says_so(client, number):
    answer = client.get(f"/verifier/{number}/attestation.pdf")

    assert answer.status_code == 409
    assert "en cours de fabrication" in answer.content.decode()


def test_file_of_a_certificate_in_force(client, number, run_jobs):
    run_jobs("certificate.make")

    answer = client.get(f"/verifier/{number}/attestation.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_file_of_a_withdrawn_certificate_leads_to_why(client, number, published, run_jobs, organiser, now):
    run_jobs("certificate.make")
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    answer = client.get(f"/verifier/{number}/attestation.pdf")

    assert answer["Location"] == f"/verifier/{number}/"


def test_checks_are_limited_for_each_address(client, number, monkeypatch):
    monkeypatch.setattr(CheckThrottle, "rate", "2/min")
    address = f"/verifier/{number}/"

    answers = [client.get(address) for _attempt in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert client.get(address, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_limit_is_not_evaded_by_a_made_up_address(client, number, monkeypatch):
    monkeypatch.setattr(CheckThrottle, "rate", "1/min")
    client.get(f"/verifier/{number}/")

    assert client.get(f"/verifier/{number}/", headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 429


def test_check_costs_two_queries(client, number, django_assert_num_queries):
    """The certificate, and whether a later edition was announced."""
    instance.current()  # kept, like any page's
    with django_assert_num_queries(2):
        client.get(f"/verifier/{number}/")
