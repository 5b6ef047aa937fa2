"""Pictures of published initiatives: for anyone, from the announcement on, as long as the result stands."""

import pytest
from django.urls import reverse

from assessments.models import Initiative, Picture
from outbox.doors import files
from results import actions
from results.models import PublishedInitiative

CONTENT = b"a picture that the worker drew"


@pytest.fixture
def pictured(make_file, aubaine, publish):
    """Published, not announced: a picture drawn, one that is not, one removed."""
    application = make_file(aubaine)
    row = Initiative.objects.get(application=application)
    drawn = files.store(CONTENT, content_type="image/webp")
    shown = {"initiative": row, "file": drawn, "width": 4, "height": 3}
    Picture.objects.create(alternative="La médiathèque", **shown)
    Picture.objects.create(alternative="Retirée", removed_at=application.started_at, **shown)
    Picture.objects.create(initiative=row, alternative="À venir", sent=drawn)
    publish()
    return PublishedInitiative.objects.get()


def address(row, number=1):
    return reverse("results:picture", args=[row.pk, number])


def test_picture_waits_for_the_announcement(client, pictured, announce):
    assert client.get(address(pictured)).status_code == 404
    announce()
    answer = client.get(address(pictured))
    assert b"".join(answer.streaming_content) == CONTENT
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_page_shows_what_was_drawn_with_its_words(client, pictured, announce):
    announce()
    page = client.get(f"/initiatives/{pictured.pk}/").content.decode()
    assert f'src="{address(pictured)}" alt="La médiathèque" width="4" height="3"' in page
    assert page.count('class="picture"') == 1


@pytest.mark.parametrize(("of", "key"), [("initiatives/?q=atelier", "results"), ("results/01901/2027/", "initiatives")])
def test_api_gives_the_address_and_the_words_of_a_picture(client, pictured, announce, of, key, settings):
    assert "La médiathèque" not in client.get(f"/api/v1/{of}").content.decode()
    announce()

    assert client.get(f"/api/v1/{of}").json()[key][0]["pictures"] == [
        {"url": settings.SITE_URL + address(pictured), "alternative": "La médiathèque", "width": 4, "height": 3}
    ]


@pytest.mark.parametrize("number", [0, 2])
def test_picture_that_is_not_shown_is_not_found(client, pictured, announce, number):
    announce()
    assert client.get(address(pictured, number)).status_code == 404


def test_picture_of_a_withdrawn_result_is_not_found(client, pictured, announce, organiser, now):
    announce()
    actions.withdraw(result=pictured.result, reason="À la demande de la commune.", by=organiser, now=now)
    assert client.get(address(pictured)).status_code == 404
