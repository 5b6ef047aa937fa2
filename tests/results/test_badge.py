"""The badge says what is true when it is seen, with the name of the commune."""

import html
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from assessments.models import Edition
from results import actions
from results.models import PublishedResult

pytestmark = pytest.mark.django_db


def said(client, code="01901"):
    answer = client.get(f"/annuaire/{code}/badge.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    drawing = ElementTree.fromstring(answer.content)
    return drawing.find("{http://www.w3.org/2000/svg}title").text


def test_badge_says_the_level(client, published):
    assert said(client) == "Arobase 2027, Aubaine : 3\u00a0arobases sur\u00a05"


def test_badge_says_the_withdrawal_at_once(client, published, organiser):
    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    assert said(client) == "Arobase, Aubaine : résultat 2027 retiré"
    assert b"3 arobases" not in client.get("/annuaire/01901/badge.svg").content


@pytest.fixture
def next_edition(edition, now):
    """The edition after the published one, to be announced tomorrow."""
    return Edition.objects.create(
        year=edition.year + 1,
        framework=edition.framework,
        opens_at=now - timedelta(days=30),
        closes_at=now - timedelta(days=9),
        published_at=now,
        results_at=now + timedelta(days=1),
    )


def everywhere(client, number):
    """Whether each place says that the label of Aubaine is past."""
    return {
        "badge": "label expiré" in said(client),
        "page": "Le label 2027 a expiré" in client.get("/annuaire/01901/").content.decode(),
        "check": "label expiré" in client.get(f"/verifier/{number}/").content.decode(),
        **{
            address: client.get(f"/api/v1/{address}").json()["expired_at"] is not None
            for address in ("results/01901/2027/", f"certificates/{number}/")
        },
        "list": client.get("/api/v1/results/").json()["results"][0]["expired_at"] is not None,
    }


def test_label_is_current_until_the_next_edition_is_announced(client, published, next_edition):
    assert set(everywhere(client, published.certificate.number).values()) == {False}


def test_label_of_a_past_edition_is_said_to_be_expired_everywhere(client, published, next_edition, now):
    Edition.objects.filter(pk=next_edition.pk).update(results_at=now)

    assert set(everywhere(client, published.certificate.number).values()) == {True}
    assert said(client) == "Arobase 2027, Aubaine : 3\u00a0arobases sur\u00a05, label expiré"


def test_badge_follows_a_correction(client, published, organiser):
    given = {"honours": [], "reason": "Une faute dans le nom.", "by": organiser, "now": timezone.now()}
    actions.correct(result=published, name="Aubaine-sur-l’Ain & Cie", **given)

    assert said(client) == "Arobase 2027, Aubaine-sur-l’Ain & Cie : 3\u00a0arobases sur\u00a05"


def test_badge_says_what_is_simulated(client, published):
    PublishedResult.objects.update(simulated=True)

    assert said(client).endswith(", démonstration")


@pytest.mark.parametrize("address", ["badge.svg", "badge/"])
def test_no_badge_without_a_result(client, published, beaupre, address):
    assert client.get(f"/annuaire/01902/{address}").status_code == 404
    assert client.get(f"/annuaire/99999/{address}").status_code == 404


def test_longest_name_holds_in_the_drawing(client, published):
    name = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
    document = published.document | {"territory": published.document["territory"] | {"name": name}}
    PublishedResult.objects.update(document=document)

    drawing = client.get("/annuaire/01901/badge.svg").content.decode()

    size = int(re.search(rf'font-size="(\d+)"[^>]*>{name}', drawing)[1])
    assert 10 <= size <= 14


def test_page_gives_lines_to_copy_that_are_never_false(client, published):
    page = html.unescape(client.get("/annuaire/01901/badge/").content.decode())

    copied = re.search(r"<code>(<a .*?</a>)</code>", page)[1]
    assert 'src="http://127.0.0.1:8000/annuaire/01901/badge.svg"' in copied
    assert 'href="http://127.0.0.1:8000/annuaire/01901/"' in copied
    assert "arobases" not in copied


def test_another_site_may_show_it(client, published):
    assert client.get("/annuaire/01901/badge.svg")["Cross-Origin-Resource-Policy"] == "cross-origin"
