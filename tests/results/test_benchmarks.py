import gc
from fractions import Fraction

import pytest

from assessments.enums import Basis
from assessments.models import Benchmark, Edition
from results.jobs import benchmarks
from results.models import PublishedResult
from tests.conftest import make_territory

pytestmark = pytest.mark.django_db

PAGE = "/annuaire/01901/"


@pytest.fixture
def six(make_file, aubaine, department):
    """Aubaine and five communes of its size, decided."""
    make_file(aubaine)
    for number in range(5):
        make_file(make_territory(department, f"0195{number}", f"Commune {number}", 900))


def test_publication_compares_public_points(six, publish, run_jobs):
    publish()
    run_jobs("benchmark.publish")
    row = PublishedResult.objects.get(territory__code="01901")
    found = Benchmark.objects.get(application=row.application, basis=Basis.PUBLISHED).document
    issues = {part["id"]: part for part in row.document["issues"] if part["possible"]}
    shown = {name: Fraction(score) for node, name, score, *_rest in found["standings"] if node == "issue"}
    assert shown == {name: Fraction(part["earned"], part["possible"]) for name, part in issues.items()}
    assert Benchmark.objects.filter(basis=Basis.DECLARED).count() == 6


def test_copies_are_read_one_at_a_time(six, publish, monkeypatch):
    """Fifteen hundred of them, parsed, would fill the memory of a worker."""
    publish()
    edition, peer, alive = Edition.objects.get(), benchmarks.benchmarks.peer, []

    def count():
        return sum(type(each) is PublishedResult for each in gc.get_objects())

    monkeypatch.setattr(
        benchmarks.benchmarks, "peer", lambda *args, **more: alive.append(count()) or peer(*args, **more)
    )
    gc.collect()
    before = count()

    assert len(benchmarks.published(edition)) == len(alive) == 6
    assert max(alive) - before <= 2


def test_nothing_is_compared_in_public_before_the_announcement(client, six, publish, announce, run_jobs):
    publish()
    run_jobs("benchmark.publish")
    assert "comparables" not in client.get(PAGE).content.decode()
    announce()
    assert "Comparaison avec 5 autres communes" in client.get(PAGE).content.decode()


def test_public_page_never_shows_what_was_declared(client, published):
    application = PublishedResult.objects.get().application
    document = {"kind": "commune", "band": 500, "group": "band", "size": 9, "standings": []}
    Benchmark.objects.all().delete()
    Benchmark.objects.create(application=application, basis=Basis.DECLARED, document=document)
    assert "aucune médiane n’est montrée" in client.get(PAGE).text


def test_withdrawn_results_are_no_peers(six, publish, announce):
    publish()
    assert len(benchmarks.published(PublishedResult.objects.first().edition)) == 6
    PublishedResult.objects.filter(territory__code="01901").update(
        withdrawn_at="2027-01-01T00:00Z", withdrawn_reason="x"
    )
    assert len(benchmarks.published(PublishedResult.objects.first().edition)) == 5
