from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Edition
from tests.conftest import make_territory

pytestmark = pytest.mark.django_db

LIST = "/organisation/editions/"


def local(when):
    return timezone.localtime(when).strftime("%Y-%m-%dT%H:%M")


def dates(now, **fields):
    return {
        "opens_at": local(now + timedelta(days=1)),
        "closes_at": local(now + timedelta(days=2)),
        "results_at": local(now + timedelta(days=3)),
        **fields,
    }


@pytest.mark.parametrize("page", ["", "nouvelle/", "2027/", "2027/dates/"])
def test_page_of_the_organiser_works(edition, organiser, sign_in, page):
    assert sign_in(organiser).get(LIST + page).status_code == 200


@pytest.mark.parametrize("page", ["", "nouvelle/", "2027/", "2027/dates/"])
@pytest.mark.parametrize("person", ["agent", "signatory", "juror_user"])
def test_page_of_the_organiser_is_not_found_by_others(request, edition, sign_in, page, person):
    assert sign_in(request.getfixturevalue(person)).get(LIST + page).status_code == 404


@pytest.mark.parametrize("page", ["2027/ouvrir/", "2027/clore/"])
def test_action_of_the_organiser_by_get_leads_to_the_edition(edition, organiser, sign_in, page):
    assert sign_in(organiser).get(LIST + page).url == f"{LIST}2027/"


def test_create_edition(framework, organiser, sign_in, now):
    response = sign_in(organiser).post(f"{LIST}nouvelle/", dates(now, year=2028, framework=framework.pk))

    assert response.headers["Location"] == f"{LIST}2028/calendrier/"
    assert Edition.objects.get().framework == framework


@pytest.mark.parametrize(
    "fields",
    [{"year": 2027}, {"year": ""}, {"framework": ""}, {"closes_at": "2020-01-01T00:00"}, {"results_at": "bientôt"}],
)
def test_create_edition_with_a_fault_says_so(edition, framework, organiser, sign_in, now, fields):
    data = dates(now, year=2028, framework=framework.pk) | fields

    assert sign_in(organiser).post(f"{LIST}nouvelle/", data).status_code == 422
    assert Edition.objects.count() == 1


def test_create_edition_that_is_refused_keeps_what_was_typed(framework, organiser, sign_in, now):
    data = dates(now, year=2100, framework=framework.pk, opens_at="0001-01-01T00:00")

    response = sign_in(organiser).post(f"{LIST}nouvelle/", data)

    assert response.status_code == 422
    assert "trop loin de l’édition 2100" in response.text
    assert 'value="2100"' in response.text
    assert not Edition.objects.exists()


def test_close_now_then_again(edition, organiser, sign_in):
    client = sign_in(organiser)

    assert client.post(f"{LIST}2027/clore/").status_code == 302
    assert client.post(f"{LIST}2027/clore/").status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_lists_use_the_same_queries(edition, department, organiser, sign_in, count, django_assert_num_queries):
    for number in range(count):
        place = make_territory(department, f"0180{number}", f"Lieu {number}", 900)
        edition.applications.create(territory=place, framework=edition.framework)
    client = sign_in(organiser)

    with django_assert_num_queries(4):
        client.get(LIST)
