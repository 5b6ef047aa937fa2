"""Who is no longer signed in, or holds the token of another sign-in, loses nothing and never meets a page in a page."""

import pytest
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
PAGE = f"{FILE}questions/mediation/"
SCRIPT = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
ORIGIN = "http://testserver"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told_in_a_sentence_where_to_sign_in(client, method):
    response = getattr(client, method)(f"{FILE}initiatives/nouvelle/", headers=SCRIPT)

    assert response.status_code == 401
    assert response["Content-Type"].startswith("text/plain")
    assert response.text.startswith("Votre session est terminée.")
    assert response["X-Sign-In"] == "/compte/connexion/?next=%2Fdossiers%2F01901%2F2027%2Fquestions%2Fmediation%2F"


@pytest.mark.parametrize(
    ("referer", "following"),
    [
        (f"{ORIGIN}{PAGE}?q=un#INC-01", "?next=%2Fdossiers%2F01901%2F2027%2Fquestions%2Fmediation%2F%3Fq%3Dun"),
        (f"{ORIGIN}{PAGE}INC-01/", ""),  # drawn again by a form that was refused: it takes only forms
        ("https://elsewhere.example/dossiers/", ""),
        (f"{ORIGIN}/rien/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_form_leads_back_to_a_page_that_can_be_visited(client, referer, following):
    response = client.post(f"{PAGE}INC-01/", {"answer": "unknown"}, headers={"Referer": referer})

    assert (response.status_code, response["Location"]) == (302, f"/compte/connexion/{following}")


def test_a_script_that_says_no_address_is_led_to_sign_in(client):
    headers = {**SCRIPT, "HX-Current-URL": "http://["}
    response = client.post(f"{PAGE}INC-01/", {"answer": "unknown"}, headers=headers)

    assert (response.status_code, response["X-Sign-In"]) == (401, "/compte/connexion/")


@pytest.mark.parametrize("following", ["http://[", "//[", "https://]/"])
@pytest.mark.parametrize("page", ["", "cle/"])
def test_a_way_back_that_is_no_address_is_the_ordinary_page(client, page, following):
    assert client.get(f"/compte/connexion/{page}", {"next": following}).status_code == 200


def test_a_way_back_that_is_no_address_leads_nowhere_else(client, agent):
    response = client.post(
        "/compte/connexion/", {"login": agent.email, "password": PASSWORD, "next": "http://["}, follow=True
    )

    assert response.status_code == 200


@pytest.mark.parametrize(("name", "said"), [("17", "17"), ("٣٣", None), ("²", None), ("x", None)])
def test_a_form_that_was_accepted_is_told_by_a_number_of_plain_digits(client, agent, name, said):
    response = client.post("/compte/connexion/", {"login": agent.email, "password": PASSWORD, "kept": name})

    assert response.status_code == 302
    assert (response.cookies["kept"].value if "kept" in response.cookies else None) == said


def test_a_page_asked_for_is_where_one_arrives(client):
    assert client.get(PAGE)["Location"] == f"/compte/connexion/?next={PAGE}"


@pytest.fixture
def strict(agent):
    """A browser whose tokens are checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    return client


def test_a_form_with_the_token_of_before_comes_back_whole(strict):
    text = "Une initiative.\n\nSur deux paragraphes."

    response = strict.post(
        f"{FILE}initiatives/nouvelle/", {"title": "Un titre", "description": text}, headers={"Origin": ORIGIN}
    )

    assert response.status_code == 403
    assert '<html lang="fr">' in response.text
    assert "Envoyer de nouveau" in response.text
    assert '<input type="hidden" name="title" value="Un titre">' in response.text
    assert f'name="description" rows="6">\n{text}</textarea>' in response.text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_what_another_site_sent_is_not_offered(strict, origin):
    response = strict.post(f"{FILE}initiatives/nouvelle/", {"title": "Un titre"}, headers={"Origin": origin})

    assert response.status_code == 403
    assert "Un titre" not in response.text


def test_a_password_is_never_shown_again(strict):
    response = strict.post("/compte/connexion/", {"password": "un long secret"}, headers={"Origin": ORIGIN})

    assert response.status_code == 403
    assert "un long secret" not in response.text


def test_a_script_with_the_token_of_before_is_told_so(strict):
    response = strict.post(f"{PAGE}INC-01/", {"answer": "unknown"}, headers=SCRIPT)

    assert (response.status_code, response["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert "rechargez cette page" in response.text
