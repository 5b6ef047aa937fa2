"""Pictures of published initiatives: for anyone, from the announcement on, as long as the result stands."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
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


def read(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def shown(pictured, announce):
    announce()
    return Picture.objects.get(alternative="La médiathèque")


def test_the_commune_erases_a_picture_at_once_and_the_trail_says_so(client, pictured, shown, signatory, sign_in):
    page = f"/initiatives/{pictured.pk}/"
    assert address(pictured) in client.get(page).text

    answer = sign_in(signatory).post(f"/dossiers/01901/2027/images/{shown.pk}/effacer/")

    assert answer.headers["Location"] == f"/dossiers/01901/2027/initiatives/{shown.initiative_id}/"
    assert client.get(address(pictured)).status_code == 404
    assert address(pictured) not in client.get(page).text
    assert {"picture.removed", "result.picture_withdrawn"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_the_page_of_an_initiative_offers_it_to_who_writes(shown, signatory, reader, sign_in):
    page, erase = f"/dossiers/01901/2027/initiatives/{shown.initiative_id}/", f"images/{shown.pk}/effacer/"

    assert [erase in sign_in(person).get(page).text for person in (signatory, reader)] == [True, False]


def test_a_correction_does_not_bring_it_back(pictured, shown, signatory, organiser, now):
    actions.withdraw_picture(picture=shown, by=signatory, now=now)
    result = pictured.result
    correction = {"name": result.territory.name, "honours": ["services"], "reason": "Une mention oubliée."}

    new = actions.correct(result=result, **correction, by=organiser, now=now)

    assert new.initiatives.get().pictures == []


@pytest.mark.parametrize("person", ["reader", "stranger", "organiser"])
def test_others_erase_nothing(client, pictured, shown, person, request, sign_in):
    who = sign_in(request.getfixturevalue(person))

    assert who.post(f"/dossiers/01901/2027/images/{shown.pk}/effacer/").status_code in (403, 404)
    assert read(client.get(address(pictured))) == CONTENT


def test_who_saw_it_asks_again_each_time(client, pictured, shown):
    answer = client.get(address(pictured))
    assert read(answer) == CONTENT

    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(address(pictured), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
