import pytest
from django.urls import reverse

from assessments.models import Evidence
from documents.pages import Page, Pages
from jury import actions
from jury.jobs import previews
from jury.models import Preview
from outbox import jobs
from outbox.doors import files
from outbox.models import Job
from tests.documents.test_pages import picture

FILE = "/jury/01901/2027/"


def attach(application, content, content_type="image/png", name="plan.png"):
    stored = files.store(content, content_type=content_type)
    piece = Evidence.objects.create(application=application, title="Le plan", file=stored, file_name=name)
    piece.uses.create(question_id="INC-02")
    return piece


@pytest.fixture
def shown(in_reading):
    """A piece with two pages drawn out of three."""
    piece = attach(in_reading, b"any")
    page = Page(picture((4, 3)), 4, 3)
    previews.keep(piece, Pages((page, Page(picture((3, 4)), 3, 4)), total=3))
    return piece


def test_reading_begins_with_the_drawing_of_evidence(submitted, jeanne, organiser, now):
    piece, damaged = attach(submitted, picture((40, 30))), attach(submitted, b"damaged")
    attach(submitted, b"a,b", "text/csv", "table.csv")
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    jobs.run(Job.objects.get(kind="evidence.preview").pk)
    assert [(page.width, page.height) for page in Preview.objects.get(evidence=piece).pages.all()] == [(40, 30)]
    assert Preview.objects.get(evidence=damaged).fault
    assert Preview.objects.count() == 2
    assert not previews.undrawn(submitted).exists()


def test_reading_of_a_file_without_anything_to_draw_asks_for_nothing(in_reading):
    assert not Job.objects.filter(kind="evidence.preview").exists()


def test_keep_twice_keeps_the_first(shown):
    assert previews.keep(shown, Pages((), 0)).pages.count() == 2


def test_file_leads_to_the_pages(shown, jeanne, sign_in):
    client = sign_in(jeanne.user)
    address = reverse("jury:pages", args=["01901", 2027, shown.pk])
    page = client.get(FILE + "?tout=oui").content.decode()
    assert address in page
    assert "Voir les 3 pages ici" in page
    assert "Seules les 2 premières pages" in client.get(address).content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_whole_file_shows_the_pages_themselves(shown, jeanne, sign_in):
    page = sign_in(jeanne.user).get(FILE + "?tout=oui").text
    assert all(reverse("jury:page", args=["01901", 2027, shown.pk, number]) in page for number in (1, 2))


def test_page_is_an_image_that_may_do_nothing(shown, jeanne, sign_in):
    answer = sign_in(jeanne.user).get(reverse("jury:page", args=["01901", 2027, shown.pk, 2]))
    assert b"".join(answer.streaming_content) == picture((3, 4))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("number", [0, 3])
def test_page_that_was_not_drawn_is_not_found(shown, jeanne, number, sign_in):
    assert sign_in(jeanne.user).get(reverse("jury:page", args=["01901", 2027, shown.pk, number])).status_code == 404


def test_pages_are_hidden_from_the_recused(shown, jeanne, now, sign_in):
    actions.recuse(juror=jeanne, application=shown.application, reason="Un ami.", by=jeanne.user, now=now)
    client = sign_in(jeanne.user)
    for name, args in (("jury:pages", []), ("jury:page", [1])):
        assert client.get(reverse(name, args=["01901", 2027, shown.pk, *args])).status_code == 404
