"""What social networks show of a page: the image of a result that stands, and of no other."""

import io
import re

import pytest
from django.utils import timezone
from PIL import Image

from results import actions
from results.models import Card, PublishedResult

pytestmark = pytest.mark.django_db
ADDRESS = "/annuaire/01901/2027/image.png"


@pytest.fixture
def made(published, run_jobs):
    actions.refresh_cards()
    run_jobs("card.make")
    return published


def said(client):
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/png", "no-cache")
    return Image.open(io.BytesIO(b"".join(answer))).text["Description"].replace("\u202f", "").replace("\u00a0", " ")


@pytest.mark.parametrize("page", ["/annuaire/01901/", "initiative"])
def test_page_names_its_image_with_words(client, made, page):
    address = page if page.startswith("/") else f"/initiatives/{made.initiatives.get().number}/"
    html = client.get(address).content.decode()

    assert re.search('property="og:image" content="([^"]*)"', html)[1] == f"http://testserver{ADDRESS}"
    assert re.search('property="og:image:alt" content="([^"]*)"', html)[1] == (
        "Aubaine : 3\u00a0arobases sur\u00a05, édition 2027"
    )
    assert 'name="twitter:card" content="summary_large_image"' in html


def test_image_says_the_result(client, made):
    assert said(client) == "Arobase 2027, Aubaine: 3 arobases sur 5"


def test_withdrawn_result_has_no_image_at_once(client, made, organiser):
    actions.withdraw(result=made, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    assert client.get(ADDRESS).status_code == 404
    assert "og:image" not in client.get("/annuaire/01901/").content.decode()


def test_replaced_result_gives_way_to_the_new_one(client, made, organiser, run_jobs):
    given = {"honours": [], "reason": "Une faute dans le nom.", "by": organiser, "now": timezone.now()}
    actions.correct(result=made, name="Aubaine-sur-l’Ain", **given)
    assert client.get(ADDRESS).status_code == 404  # until the worker has passed
    actions.refresh_cards()
    run_jobs("card.make")

    assert said(client) == "Arobase 2027, Aubaine-sur-l’Ain: 3 arobases sur 5"


def test_image_is_made_before_the_instant_and_given_after(client, make_file, aubaine, publish, announce, run_jobs):
    make_file(aubaine)
    publish()
    actions.refresh_cards()
    run_jobs("card.make")
    assert Card.objects.count() == 1
    assert client.get(ADDRESS).status_code == 404

    announce()

    assert said(client)


def test_simulated_result_says_so(client, published, run_jobs):
    PublishedResult.objects.update(simulated=True)
    actions.refresh_cards()
    run_jobs("card.make")

    assert said(client).endswith("démonstration sans valeur")
    assert ', démonstration">' in client.get("/annuaire/01901/").content.decode()


def test_image_is_made_once(made, run_jobs):
    assert actions.refresh_cards() is None


def test_no_image_where_there_is_no_arobase(make_file, aubaine, publish):
    make_file(aubaine)
    publish()
    PublishedResult.objects.update(level=0)

    assert actions.refresh_cards() is None
