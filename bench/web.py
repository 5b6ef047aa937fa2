"""One answer saved through the whole WSGI stack, score included, on the real questionnaire: how long, how many queries,
beside an empty write: a post through the same stack that notes that the file was read, and works out nothing.

`python -m bench.web` measures the pair that PAIR names, on servers of its own; `python -m bench` runs it for both."""

import importlib
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests import pair

SAVES = 500
WARM = 30
AIM_P99 = 50  # milliseconds, on an idle machine
AIM_QUERIES, AIM_TIMES = 8, 5


def ticks() -> tuple[int, int]:
    """What the host of a virtual machine took of its processors since the start, and their whole time, in hundredths of
    a second. Nothing where the system does not say (Linux does)."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            counts = [int(word) for word in file.readline().split()[1:9]]
    except OSError:
        return 0, 1
    return counts[7], sum(counts)


def percentile(times: Sequence[float], rank: int) -> float:
    """Milliseconds under which `rank` % of the times (in seconds) lie."""
    return statistics.quantiles(times, n=100, method="inclusive")[rank - 1] * 1000


def load() -> None:
    """The service, as the web server loads it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
    importlib.import_module("label.wsgi")


def count_tables() -> None:
    """As a database does by itself in its first minutes; one just filled plans its joins blindly."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Timed(NamedTuple):
    """Of each turn, the time on the clock and on the processor, in seconds; and the queries of one more."""

    clock: list[float]
    processor: list[float]
    queries: int


def timed(*views: Callable[[int], object], warm: int, turns: int) -> list[Timed]:
    """Of each view, all asked by turns: what slows the machine slows them alike."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = []
    times: list[list[float]] = [[] for _view in views]
    work: list[list[float]] = [[] for _view in views]
    for turn in range(warm + turns):
        for number, view in enumerate(views):
            begun, worked = time.perf_counter(), time.process_time()
            view(turn)
            times[number].append(time.perf_counter() - begun)
            work[number].append(time.process_time() - worked)
    for number, view in enumerate(views):
        with CaptureQueriesContext(connection) as captured:
            view(warm + turns)
        found.append(Timed(times[number][warm:], work[number][warm:], len(captured)))
    return found


def measure() -> list[Timed]:
    """Of each save, then of each empty write."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from assessments import actions, queries
    from label.demo import files
    from territories.models import Territory
    from tests import season

    call_command("migrate", verbosity=0)
    built = season.opened()
    agent, edition = built.people["agent"], built.edition
    territory = Territory.objects.select_related("department").get(code=season.AUBAINE)
    application = actions.start(edition=edition, territory=territory, by=agent, now=timezone.now())
    rng = random.Random(1)  # noqa: S311
    whole = files.simulate(edition.framework.parsed, application, edition, rng, level=3, whole=True)
    actions.fill(application=application, document=whole, by=agent, now=timezone.now())
    count_tables()
    asked = [question for question in edition.framework.parsed.questions if question.kind == "boolean"]
    client = Client(headers={"HX-Request": "true", "Host": "localhost"})
    client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    versions = {name: row.version for name, row in queries.sheet(application).latest.items()}

    def save(turn: int) -> None:
        question = asked[turn % len(asked)].id
        address = reverse("assessments:answer", args=[territory.code, edition.year, "express", question])
        data = {"answer": "v:true" if turn // len(asked) % 2 else "v:false", "seen": versions.get(question, 0)}
        answer = client.post(address, data)
        if answer.status_code != 200:
            raise SystemExit(f"{question}: {answer.status_code}")
        versions[question] = versions.get(question, 0) + 1

    def write_nothing(_turn: int) -> None:
        address = reverse("assessments:reading", args=[territory.code, edition.year])
        answer = client.post(address, {"seen": timezone.now().isoformat()})
        if answer.status_code != 302:
            raise SystemExit(f"read: {answer.status_code}")

    return timed(save, write_nothing, warm=WARM, turns=SAVES)


def main() -> None:
    load()
    stolen, spent = ticks()
    saved, empty = measure()
    taken = (ticks()[0] - stolen) / max(ticks()[1] - spent, 1)
    servers = "PostgreSQL" if pair.PAIR == "servers" else "SQLite"
    times = percentile(saved.clock, 99) / percentile(empty.clock, 99)
    sys.stdout.write(
        f"save one answer, {servers}, {SAVES} saves: {_said(saved.clock)} (aim ≤ {AIM_P99} ms on an idle machine); "
        f"processor of the web process: {_said(saved.processor)}; {saved.queries} queries (aim ≤ {AIM_QUERIES}); "
        f"an empty write beside each: {_said(empty.clock)}; processor: {_said(empty.processor)}; "
        f"{empty.queries} queries; p99 {times:.1f} × its p99 (aim ≤ {AIM_TIMES}); "
        f"{taken:.0%} of the machine taken by its host meanwhile: idle is 0\n"
    )


def _said(times: Sequence[float]) -> str:
    return f"median {percentile(times, 50):.1f} ms, p99 {percentile(times, 99):.1f} ms"


if __name__ == "__main__":
    main()
