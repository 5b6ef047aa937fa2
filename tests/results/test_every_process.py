"""A withdrawal and the instant of an announcement are said at the first request, by every web process, each with its
caches warm, behind a reverse proxy."""

import os
import signal
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Edition
from results import actions
from results.models import PublishedResult
from tests.label.test_server import PATIENCE, SOMEBODY, Visitor, as_installed, children, process, server
from tests.pair import free_port
from tests.worker import wait

pytestmark = [pytest.mark.trial, pytest.mark.both, pytest.mark.django_db(transaction=True)]

NO_REDIS = "redis://127.0.0.1:1"
# What shows a result while it stands, with words that it alone has there.
SHOWS = {
    "/": "Un atelier d’aide",
    "/annuaire/": "Aubaine",
    "/annuaire/01901/": "Numérique libre",
    "/annuaire/comparer/?c=01901": "64,3",
    "/annuaire/01901/badge.svg": "3\u00a0arobases sur\u00a05",
    "/annuaire/01901/2027/image.png": "3\u00a0arobases sur\u00a05",
    "/initiatives/": "Un atelier d’aide",
    "/api/v1/results/": '"01901"',
    "/api/v1/results/01901/2027/": "Numérique libre",
    "/api/v1/initiatives/": '"01901"',
    "/donnees/2027/resultats.csv": "01901",
    "/donnees/tout/initiatives.json": "Un atelier d’aide",
    "/donnees/resultats.atom": "Aubaine",
    "/api/v1/palmares-2027.csv": "01901",
    "/sitemap.xml": "/annuaire/01901/",
}
REASON = "Une erreur de saisie."
# What says the withdrawal, and its words.
TELLS = {
    "/annuaire/01901/": REASON,
    "/annuaire/01901/badge.svg": "retiré",
    "/donnees/retraits.atom": REASON,
    "/api/v1/certificates/{number}/": REASON,
    "/verifier/{number}/": REASON,
}


class Processes:
    """Two web processes behind a proxy, asked one at a time: the other is stopped meanwhile."""

    def __init__(self, pids, visitor):
        self.pids, self.visitor = pids, visitor

    def ask(self, addresses):
        """By process and address: what it answers, as text."""
        return {
            (n, address): self.visitor.ask("GET", address).text
            for n, pid in enumerate(self.pids)
            for address in self._by(pid, addresses)
        }

    def _by(self, pid, addresses):
        with self._alone(pid):
            yield from addresses

    @contextmanager
    def _alone(self, pid):
        others = self.pids - {pid}
        for other in others:
            os.kill(other, signal.SIGSTOP)
        try:
            yield
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)


@pytest.fixture
def processes(tmp_path):
    log, outer = tmp_path / "log", free_port()
    redis = os.environ.get("REDIS_URL", NO_REDIS)
    variables = as_installed(tmp_path) | {"REDIS_URL": redis, "WEB_PROCESSES": "2", "BEHIND_PROXY": "1"}
    with ExitStack() as stack:
        port, running = stack.enter_context(server(log, **variables))
        stack.enter_context(process("tests.proxy", str(outer), str(port), port=outer, log=log))
        wait(lambda: len(children(running.pid)) == 2, seconds=PATIENCE)
        yield Processes(children(running.pid), Visitor(SOMEBODY, outer))


@pytest.fixture
def release(run_jobs):
    """`release()`: the files of what is public now are made, and the images of results."""

    def _release():
        actions.refresh_data(now=timezone.now())
        actions.refresh_cards()
        run_jobs("data.release", "card.make")

    return _release


def said(answers, expected):
    """By process and address, whether the words expected there are said."""
    return {(n, address): expected[address] in text for (n, address), text in answers.items()}


def test_withdrawn_result_is_gone_at_the_first_request(published, release, processes, organiser):
    release()
    assert all(said(processes.ask(SHOWS), SHOWS).values())  # and its caches are warm
    tells = {address.format(number=published.certificate.number): words for address, words in TELLS.items()}
    assert not any(said(processes.ask(tells), tells).values())

    actions.withdraw(result=published, reason=REASON, by=organiser, now=timezone.now())

    assert all(said(processes.ask(tells), tells).values())
    assert not any(said(processes.ask(SHOWS), SHOWS).values())


def test_announced_result_is_shown_from_the_instant_and_not_before(
    make_file, aubaine, publish, edition, release, processes
):
    make_file(aubaine)
    publish()
    release()
    assert not any(said(processes.ask(SHOWS), SHOWS).values())  # and its caches are warm

    Edition.objects.filter(pk=edition.pk).update(results_at=timezone.now() - timedelta(seconds=1))
    first = said(processes.ask(SHOWS), SHOWS)

    # Files are made by a worker after the instant: until then the former ones are not given.
    assert {address for (_n, address), shown in first.items() if not shown} == {
        address for address in SHOWS if address.startswith("/donnees/") and not address.endswith(".atom")
    }
    release()
    assert all(said(processes.ask(SHOWS), SHOWS).values())
    assert PublishedResult.objects.count() == 1
