"""The embargo, walked: nothing public before the instant, everything after."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from assessments.models import Initiative, Picture
from outbox import jobs
from outbox.doors import files
from results import actions, visibility
from results.doors import datafiles
from results.models import Certificate, FileCheck, PublishedInitiative, PublishedResult
from results.rules import numbers

pytestmark = [pytest.mark.both, pytest.mark.django_db]

# Pages of signed-in people: the matrix of roles holds them.
PRIVATE = ("organisation/", "dossiers/")
ADDRESSES = {
    "directory": ["/annuaire/", "/annuaire/?q=aubaine", "/annuaire/?edition=2027", "/annuaire/?level=3"],
    "territory": ["/annuaire/01901/", "/annuaire/01901/?edition=2027"],
    "badge": ["/annuaire/01901/badge.svg"],
    "badge_page": ["/annuaire/01901/badge/"],
    "card": ["/annuaire/01901/2027/image.png"],
    "compare": ["/annuaire/comparer/?c=01901", "/annuaire/comparer/?c=01901&c=01902"],
    "replay": ["/annuaire/01901/2027/calcul/"],
    "initiatives": ["/initiatives/", "/initiatives/?q=atelier"],
    "initiative": ["/initiatives/{initiative}/"],
    "contact": ["/initiatives/{initiative}/ecrire/"],
    "picture": ["/initiatives/{initiative}/images/1/"],
    # Beaupré reads what Aubaine does.
    "examples": ["/annuaire/01902/exemples/INC-01/"],
    "method": ["/methode/"],
    "questionnaire": ["/methode/2027/"],
    "question": ["/methode/2027/INC-01/"],
    "spread": ["/etalonnages/", "/etalonnages/?by=edition", "/etalonnages/?by=region&measure=axe-inclusion"],
    "data": ["/donnees/"],
    "data-file": [f"/donnees/{scope}/resultats.{kind}" for scope in (2027, "tout") for kind in datafiles.KINDS]
    + ["/donnees/tout/initiatives.json", "/donnees/2027/axes.csv"],
    "data-package": ["/donnees/datapackage.json"],
    "data-catalogue": ["/donnees/catalogue.jsonld"],
    "data-schema": ["/donnees/schemas/resultats.json"],
    "results-feed": ["/donnees/resultats.atom"],
    "withdrawals-feed": ["/donnees/retraits.atom"],
    "sitemap": ["/sitemap.xml"],
    "robots": ["/robots.txt"],
    "verify": ["/verifier/?numero={number}"],
    "file_check": ["/verifier/fichier/asked-in-time/"],
    "certificate": ["/verifier/{number}/"],
    "certificate_file": ["/verifier/{number}/attestation.pdf"],
    "credential": [f"/verifier/{{number}}/justificatif.{kind}" for kind in ("json", "png", "svg")],
    "did": ["/.well-known/did.json"],
    "api-issuer": ["/api/v1/issuer/"],
    "api-status-list": ["/api/v1/status-lists/0/"],
    "api-list": ["/api/v1/results/", "/api/v1/results/?q=aubaine&edition=2027"],
    "api-detail": ["/api/v1/results/01901/2027/"],
    "api-application": ["/api/v1/results/01901/2027/application.json"],
    "api-initiatives": ["/api/v1/initiatives/"],
    "api-benchmarks": ["/api/v1/benchmarks/", "/api/v1/benchmarks/?by=edition"],
    "api-certificate": ["/api/v1/certificates/{number}/"],
    "api-check": ["/api/v1/checks/asked-in-time/"],
    "palmares-csv": ["/api/v1/palmares-2027.csv"],
    "palmares-json": ["/api/v1/palmares-2027.json"],
    "palmares-schema": ["/api/v1/palmares.schema.json"],
}
# What only a published result says.
SECRETS = (
    "3 arobases",
    "3\u00a0arobases",
    "Numérique libre",
    "Un atelier",
    "authentique",
    "in_force",
    "%PDF",
    "palmares-2027",
    "edition-2027",
    "resultats-2027",
)
# The levels that anyone may choose or read about.
LEVELS_OFFERED = re.compile(
    r"<option.*?</option>|<th scope=\"row\"[^>]*>\d\sarobases?.*?</th>|<dt>\d\sarobases?.*?</dt>", re.DOTALL
)
# Writing alone: its answer is read at the address of a check.
POST_ONLY = {"api-checks"}
# It needs a file of its own: `test_proofs` holds it to the same instant.
ELSEWHERE = {"proof"}
# Pages that say nothing of a result, before and after.
NEUTRAL = {
    *("palmares-schema", "data-schema", "robots", "withdrawals-feed"),
    *("questionnaire", "question", "verify", "did", "api-issuer", "api-status-list"),
}

# Answers as the engine takes them, and addresses alone: whose they are is in the address.
# A group of fewer than five is named, and nothing is told of it.
NAMELESS = {"api-application", "sitemap", "method", "spread", "api-benchmarks"}


@pytest.fixture
def number(make_file, aubaine, beaupre, publish, run_jobs):
    """Published with a picture, its certificate made, its announcement to come."""
    application = make_file(aubaine)
    Initiative.objects.update(contact="La médiathèque, aide@a.example", contact_public=True)
    drawn = files.store(b"authentique", content_type="image/webp")
    Picture.objects.create(
        initiative=Initiative.objects.get(application=application),
        alternative="L’atelier",
        file=drawn,
        width=4,
        height=3,
    )
    publish()
    actions.refresh_cards()
    run_jobs("certificate.make", "credential.issue", "credential.status", "card.make")
    certificate = Certificate.objects.get()
    # As when the announcement was put off after an answer.
    FileCheck.objects.create(
        token="asked-in-time", certificate=certificate, answer="authentic", asked_at=timezone.now()
    )
    return certificate.number


def addresses(number):
    """All of them, with the route of each."""
    values = {"number": number, "initiative": PublishedInitiative.objects.get().pk}
    return [(name, address.format_map(values)) for name, given in ADDRESSES.items() for address in given]


def body(client, address):
    answer = client.get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return answer.status_code, LEVELS_OFFERED.sub("", content.decode("utf-8", "replace"))


def walk(client, number):
    """Once the worker has made the files of open data, as it does whenever what is public changes."""
    if job := actions.refresh_data(now=timezone.now()):
        jobs.run(job.pk)
    return {(name, address): body(client, address) for name, address in addresses(number)}


def test_every_public_route_is_walked():
    assert get_resolver().app_dict["results"]  # the whole map is read, with what it says of years
    routes = [pattern for pattern in get_resolver("results.urls").url_patterns if isinstance(pattern, URLPattern)]

    public = {route.name for route in routes if not str(route.pattern).startswith(PRIVATE)}
    assert public - POST_ONLY - ELSEWHERE == set(ADDRESSES)


def test_nothing_is_public_before_the_instant(client, number):
    for (name, address), (_status, content) in walk(client, number).items():
        told = [secret for secret in (*SECRETS, "3 sur 5") if secret in content]
        assert not told, (name, address)


def test_number_is_unknown_before_the_instant(client, number):
    never = client.get(f"/api/v1/certificates/{numbers.new(year=2027)}/").json()

    embargoed = client.get(f"/api/v1/certificates/{number}/")

    assert (embargoed.status_code, embargoed.json()) == (404, never)


def test_everything_is_public_after_the_instant(client, number, announce):
    announce()

    for (name, address), (status, content) in walk(client, number).items():
        assert status == 200, address
        if name not in NEUTRAL | NAMELESS:
            told = [secret for secret in (*SECRETS, "Aubaine") if secret in content]
            assert told, (name, address)


def test_pages_seen_before_do_not_hide_the_result_after(client, number, announce):
    before = walk(client, number)
    announce()

    after = walk(client, number)

    assert all(before[key] != after[key] for key in before if key[0] not in NEUTRAL)


def test_no_public_page_may_be_kept_by_a_shared_cache(client, number, announce):
    announce()

    for _name, address in addresses(number):
        answer = client.get(address)
        _read = b"".join(answer)
        kept = answer.get("Cache-Control", "")
        assert "max-age" not in kept or "private" in kept, address


@pytest.mark.parametrize(("moment", "seen"), [(-1, 0), (0, 1), (1, 1)])
def test_public_begins_at_the_very_instant(number, edition, moment, seen):
    now = edition.results_at + timedelta(microseconds=moment)

    assert visibility.public(now=now).count() == seen
    assert visibility.in_force(now=now).count() == seen
    assert visibility.initiatives(now=now).count() == seen
    assert visibility.certificates(now=now).count() == seen
    assert visibility.announced_editions(now=now).count() == seen


def test_announced_but_not_whole_is_not_public(number, edition, announce):
    announce()
    edition.published_at = None
    edition.save()

    assert not visibility.public(now=timezone.now()).exists()


def test_replaced_is_public_but_not_in_force(number, announce):
    announce()
    now = timezone.now()
    PublishedResult.objects.update(replaced_at=now)

    assert visibility.public(now=now).exists()
    assert not visibility.in_force(now=now).exists()
    assert not visibility.initiatives(now=now).exists()
