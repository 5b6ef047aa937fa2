from datetime import timedelta
from fractions import Fraction

import pytest

from assessments import actions, queries
from assessments.enums import Basis, State
from assessments.jobs import benchmarks
from assessments.models import Application, Benchmark, Robustness, Scorecard
from outbox import jobs
from outbox.models import Job, JobState
from tests.conftest import make_territory
from tests.season import work

pytestmark = pytest.mark.django_db

TRACE = "/dossiers/01901/2027/score/"


@pytest.fixture
def peers(submitted, department, signatory, now):
    """`peers(n)`: so many other communes of the same size, with the same declared scorecard as Aubaine's."""
    card = Scorecard.objects.get(application=submitted)

    def _peers(count, **fields):
        for number in range(count):
            place = make_territory(department, f"0195{number}", f"Commune {number}", 900)
            application = Application.objects.create(
                edition=submitted.edition,
                territory=place,
                framework=submitted.framework,
                official_context={"kind": "commune", "population": 900},
                submitted_at=now,
                submitted_by=signatory,
                **{"state": State.SUBMITTED, **fields},
            )
            copy = Scorecard.objects.get(pk=card.pk)
            copy.pk, copy._state.adding, copy.application = None, True, application
            copy.save()

    return _peers


def close(edition, organiser, now):
    """The closing has come, and the worker."""
    actions.change_dates(
        edition=edition,
        opens_at=edition.opens_at,
        closes_at=now - timedelta(seconds=1),
        results_at=edition.results_at,
        by=organiser,
        now=now,
    )
    work("benchmark.make")


def test_closing_finds_where_each_file_stands(submitted, peers, organiser, now):
    peers(5)
    close(submitted.edition, organiser, now)
    document = queries.benchmark_of(submitted)
    found = benchmarks.of_framework(document, submitted.framework.parsed)
    assert Benchmark.objects.count() == 6
    assert found.group == "5 autres communes (de 500 à 1\u202f999 habitants)"
    assert (document["group"], document["size"]) == ("band", 5)
    assert found.overall.ahead == Fraction(1, 2)
    assert [each.title for each in found.axes] == ["Inclusion", "Services"]
    assert found.overall.quartiles == [found.overall.score] * 3


def test_fewer_than_five_peers_are_not_shown(submitted, peers, organiser, now, agent, sign_in):
    peers(4)
    close(submitted.edition, organiser, now)
    assert queries.benchmark_of(submitted)["standings"] == []
    assert "Moins de cinq collectivités" in sign_in(agent).get(TRACE).content.decode()


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.INELIGIBLE])
def test_files_out_of_the_running_are_no_peers(submitted, peers, organiser, now, state):
    peers(5, state=state, state_reason="Hors du label.")
    close(submitted.edition, organiser, now)
    assert [row.application for row in Benchmark.objects.all()] == [submitted]


def test_page_names_the_group(submitted, peers, organiser, now, agent, sign_in):
    peers(6)
    assert "collectivités comparables" not in sign_in(agent).get(TRACE).content.decode()
    close(submitted.edition, organiser, now)
    assert "Comparaison avec 6 autres communes" in sign_in(agent).get(TRACE).content.decode()


def move_closing(edition, organiser, now, *, by):
    later = now + by
    dates = {"opens_at": edition.opens_at, "closes_at": later, "results_at": max(later, edition.results_at)}
    return actions.change_dates(edition=edition, **dates, by=organiser, now=now).closes_at


def test_job_follows_the_closing_that_moves(submitted, peers, organiser, now):
    edition = submitted.edition
    benchmarks.ask(edition)
    later = move_closing(edition, organiser, now, by=timedelta(days=33))
    assert Job.objects.get(kind="benchmark.make").due_at == later


def test_job_left_by_an_earlier_closing_finds_nothing_to_do(submitted, peers, organiser, now):
    move_closing(submitted.edition, organiser, now, by=timedelta(days=3))
    job = Job.objects.get(kind="benchmark.make")
    Job.objects.filter(pk=job.pk).update(due_at=now)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert not Benchmark.objects.exists()


def test_closing_moved_later_hides_where_files_stood(submitted, peers, organiser, now, agent, sign_in):
    peers(6)
    close(submitted.edition, organiser, now)
    page = sign_in(agent)
    assert "à la clôture" in page.get(TRACE).text
    move_closing(submitted.edition, organiser, now, by=timedelta(days=2))
    assert "à la clôture" not in page.get(TRACE).text
    assert not Benchmark.objects.exists()


def test_closing_moved_later_and_back_finds_anew(submitted, peers, organiser, now):
    peers(5)
    close(submitted.edition, organiser, now)
    move_closing(submitted.edition, organiser, now, by=timedelta(days=2))
    close(submitted.edition, organiser, now)
    assert Benchmark.objects.count() == 6


def test_announcement_that_moves_leaves_what_was_found(submitted, peers, organiser, now):
    close(submitted.edition, organiser, now)
    found = Benchmark.objects.get()
    edition = submitted.edition
    dates = {"opens_at": edition.opens_at, "closes_at": edition.closes_at}
    later = edition.results_at + timedelta(days=3)
    actions.change_dates(edition=edition, **dates, results_at=later, by=organiser, now=now)
    assert Benchmark.objects.get() == found


def test_closing_again_replaces_what_was_found(submitted, peers, organiser, now):
    close(submitted.edition, organiser, now)
    close(submitted.edition, organiser, now - timedelta(minutes=1))
    assert Benchmark.objects.get().basis == Basis.DECLARED


def test_closing_mends_the_robustness_that_lacks(submitted, organiser, now):
    close(submitted.edition, organiser, now)
    assert Robustness.objects.get().result_hash == Scorecard.objects.get().result_hash


@pytest.mark.parametrize(
    ("kind", "group", "words"),
    [
        ("commune", "band", "7 autres communes (de 500 à 1\u202f999 habitants)"),
        (
            "commune",
            "adjacent bands",
            "7 autres communes (de 500 à 1\u202f999 habitants, et les deux strates voisines)",
        ),
        ("commune", "kind", "7 autres communes, de toutes tailles"),
        ("epci", "kind", "7 autres intercommunalités"),
        ("commune", None, ""),
    ],
)
def test_group_is_named(kind, group, words):
    document = {"kind": kind, "band": 500, "group": group, "size": 7, "standings": []}
    assert benchmarks.comparison(document, axes={}, issues={}).group == words
