"""Public pages kept: exact above all. What is kept is always what would be rendered now."""

import gzip
import random
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from assessments.models import Edition
from results import actions
from results.models import PublicState, PublishedResult
from results.queries import ideas
from territories.models import Load, Territory

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/",
    "/annuaire/",
    "/annuaire/?q=aubaine",
    "/annuaire/01901/",
    "/annuaire/comparer/?c=01901",
    "/initiatives/",
    "/methode/",
    "/api/v1/results/",
    "/api/v1/initiatives/",
    "/api/v1/territories/?q=aubaine",
)
STEPS = 10


@pytest.fixture
def keep(settings):
    settings.KEEP_PAGES = True
    yield
    caches["pages"].clear()


def rendered(client, settings, address):
    """As without anything kept."""
    settings.KEEP_PAGES = False
    answer = client.get(address)
    settings.KEEP_PAGES = True
    return answer.status_code, answer.content


class Events:
    """What changes what is public, in any order."""

    def __init__(self, edition, organiser, chance):
        self.edition, self.by, self.chance = edition, organiser, chance

    def announced(self):
        self._announced_in(timedelta(hours=-1))

    def put_off(self):
        self._announced_in(timedelta(hours=1))

    def withdrawn(self):
        for result in self._in_force()[:1]:
            actions.withdraw(result=result, reason="Une erreur de saisie.", by=self.by, now=timezone.now())

    def corrected(self):
        for result in self._in_force()[:1]:
            name = f"Aubaine {self.chance.randrange(10_000)}"
            given = {"honours": [], "reason": "Une faute dans le nom.", "by": self.by, "now": timezone.now()}
            actions.correct(result=result, name=name, **given)

    def renamed(self):
        name = f"Aubaine-{self.chance.choice('abcdefgh')}"
        Territory.objects.filter(code="01901").update(name=name, search_name=name.lower().replace("-", " "))
        Load.objects.create(year=2027, at=timezone.now())

    def _announced_in(self, delay):
        Edition.objects.filter(pk=self.edition.pk).update(results_at=timezone.now() + delay)

    def _in_force(self):
        return PublishedResult.objects.filter(edition=self.edition, replaced_at=None, withdrawn_at=None)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_rendered(client, keep, settings, published, edition, organiser, seed):
    chance = random.Random(seed)
    events = Events(edition, organiser, chance)
    names = ["announced", "put_off", "withdrawn", "corrected", "renamed"]
    for name in [*names, *chance.choices(names, k=STEPS - len(names))]:
        getattr(events, name)()
        for address in ADDRESSES:
            answer = client.get(address)
            assert (answer.status_code, answer.content) == rendered(client, settings, address), (name, address)


def test_index_of_initiatives_is_read_again_only_when_a_result_was(published, organiser):
    """Thousands of rows: not for what changes none of them."""
    first = ideas.current(now=timezone.now())
    PublicState.moved()
    same = ideas.current(now=timezone.now())
    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    assert same is first
    assert ideas.current(now=timezone.now()).ideas == []


def test_page_is_rendered_once(client, keep, published, django_assert_max_num_queries):
    first = client.get("/annuaire/")
    with django_assert_max_num_queries(2):
        again = client.get("/annuaire/")

    assert again.content == first.content
    assert again["Cache-Control"] == "public, no-cache"


def test_same_page_is_not_sent_twice(client, keep, published):
    etag = client.get("/annuaire/")["ETag"]
    answer = client.get("/annuaire/", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_page_is_compressed_once_under_a_name_of_its_own(client, keep, published):
    """Whoever asks first: a browser that takes gzip, then a program that does not."""
    packed = client.get("/annuaire/", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/annuaire/")

    assert "Aubaine" in plain.text
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] != plain["ETag"]


def test_who_is_signed_in_gets_a_page_of_their_own(client, sign_in, keep, published, agent):
    client.get("/annuaire/")
    page = sign_in(agent).get("/annuaire/")

    assert page["Cache-Control"] == "no-store, private"
    assert "Mes dossiers" in page.text


def test_fragment_and_page_are_kept_apart(client, keep, published):
    fragment = client.get("/annuaire/", headers={"HX-Request": "true"})

    assert "<html" not in fragment.text
    assert "<html" in client.get("/annuaire/").text
    assert "HX-Request" in fragment["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
        {"HX-Request": "false"},
        {"HX-Request": "%74rue", "HX-Request-URI-AutoEncoded": "true"},
    ],
)
def test_nobody_puts_a_page_in_the_place_of_its_fragment_or_the_other_way(client, keep, published, headers):
    assert "<html" in client.get("/annuaire/", headers=headers).text

    assert "<html" in client.get("/annuaire/").text
    assert "<html" not in client.get("/annuaire/", headers={"HX-Request": "true"}).text


def test_another_host_gets_its_own_addresses(client, keep, published, settings):
    settings.ALLOWED_HOSTS = ["testserver", "autre.example"]
    client.get("/api/v1/results/?page=1")

    assert client.get("/api/v1/results/", headers={"host": "autre.example"}).status_code == 200
    assert client.get("/annuaire/", headers={"host": "ailleurs.example"}).status_code == 400


def test_security_headers_stay(client, keep, published):
    client.get("/annuaire/")
    answer = client.get("/annuaire/")

    assert {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"} <= set(answer.headers)
