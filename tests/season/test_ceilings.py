"""An association of two follows 500 communes and 2,000 people: no page of the organiser asks more for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, MembershipState, Role, User
from assessments.models import Answer, Application
from season.enums import Segment
from season.models import Guest, Message
from territories.models import Department, Territory
from tests import season as seasons
from tests.label.matrix import MATRIX, organising
from tests.season import YEAR

pytestmark = [pytest.mark.django_db, pytest.mark.trial]

COMMUNES, PEOPLE, CEILING = 500, 2_000, 12
PAGES = organising()


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    with seasons.rolled_back(django_db_blocker) as built:
        _crowd(built)
        yield built


def _crowd(season):
    now, edition, organiser = timezone.now(), season.edition, season.people["organiser"]
    department = Department.objects.first()
    Territory.objects.bulk_create(
        Territory(
            kind="commune",
            code=f"9{number:04}",
            name=f"Lieu {number}",
            search_name=f"lieu {number}",
            sort_key=f"lieu {number:04}",
            population=900,
            band=500,
            department=department,
        )
        for number in range(COMMUNES)
    )
    places = list(Territory.objects.filter(code__startswith="9"))
    User.objects.bulk_create(User(email=f"p{n}@x.example", name=f"Personne {n}") for n in range(PEOPLE))
    people = list(User.objects.filter(email__startswith="p", email__endswith="@x.example", name__startswith="Personne"))
    Membership.objects.bulk_create(
        Membership(
            user=person,
            territory=places[rank % COMMUNES],
            role=Role.CONTRIBUTOR,
            state=MembershipState.ACTIVE,
            decided_at=now,
        )
        for rank, person in enumerate(people)
    )
    Application.objects.bulk_create(
        Application(
            edition=edition,
            territory=place,
            framework=edition.framework,
            official_context={"kind": "commune", "population": 900},
            started_at=now - timedelta(days=40),
        )
        for place in places
    )
    files = list(Application.objects.filter(territory__in=places))
    Answer.objects.bulk_create(
        Answer(application=file, question_id="INC-01", version=1, state="unknown", at=now) for file in files
    )
    Guest.objects.bulk_create(
        Guest(edition=edition, territory=place, email=f"mairie{place.code}@x.example", added_by=organiser)
        for place in places
    )
    for number in range(20):
        Message.objects.create(edition=edition, segment="started", subject=f"{number}", text="…", written_by=organiser)


@pytest.fixture(scope="module")
def organiser(season):
    client = Client()
    client.force_login(season.people["organiser"])
    return client


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_little(season, organiser, name):
    address = MATRIX[name].address(name, season)
    organiser.get(address)

    with CaptureQueriesContext(connection) as queries:
        answer = organiser.get(address)
        b"".join(answer)

    assert answer.status_code == 200
    assert len(queries) <= CEILING, "\n".join(query["sql"][:260] for query in queries.captured_queries)


@pytest.mark.parametrize("segment", Segment.values)
def test_message_asks_little_whoever_it_goes_to(season, organiser, segment):
    row = Message.objects.create(
        edition=season.edition, segment=segment, subject="…", text="…", written_by=season.people["organiser"]
    )
    address = f"/organisation/editions/{YEAR}/campagne/messages/{row.pk}/"

    with CaptureQueriesContext(connection) as queries:
        organiser.get(address)

    assert len(queries) <= CEILING, "\n".join(query["sql"][:260] for query in queries.captured_queries)


def test_pages_are_those_of_the_organiser():
    assert {"season:files", "season:message", "season:calendar", "accounts:people", "jury:panel"} <= set(PAGES)
    assert len(PAGES) >= 40
