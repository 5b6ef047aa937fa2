"""One answer saved through the whole WSGI stack, score included, on the real questionnaire: how long, how many queries.

`python -m bench.web` measures the pair that PAIR names, on servers of its own; `python -m bench` runs it for both."""

import importlib
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from tests import pair

SAVES = 500
WARM = 30
AIM_P99 = 50  # milliseconds, on an idle machine
AIM_QUERIES = 8


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


def timed(view: Callable[[int], object], *, warm: int, turns: int) -> tuple[list[float], list[float], int]:
    """Of each turn, the time on the clock and on the processor, in seconds; and the queries of one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, work = [], []
    for turn in range(warm + turns):
        begun, worked = time.perf_counter(), time.process_time()
        view(turn)
        times.append(time.perf_counter() - begun)
        work.append(time.process_time() - worked)
    with CaptureQueriesContext(connection) as captured:
        view(warm + turns)
    return times[warm:], work[warm:], len(captured)


def measure() -> tuple[list[float], list[float], int]:
    """Of each save, as `timed`."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from assessments import actions, queries
    from assessments.doors import frameworks
    from label.demo import files
    from territories.models import Territory
    from tests import season

    call_command("migrate", verbosity=0)
    built = season.opened()
    agent, edition = built.people["agent"], built.edition
    territory = Territory.objects.select_related("department").get(code=season.AUBAINE)
    application = actions.start(edition=edition, territory=territory, by=agent, now=timezone.now())
    whole = files.simulate(frameworks.of(edition.framework), application, edition, random.Random(1), whole=True)  # noqa: S311
    actions.fill(application=application, document=whole, by=agent, now=timezone.now())
    count_tables()
    asked = [question for question in frameworks.of(edition.framework).questions if question.kind == "boolean"]
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

    return timed(save, warm=WARM, turns=SAVES)


def main() -> None:
    load()
    stolen, spent = ticks()
    times, work, queries = measure()
    taken = (ticks()[0] - stolen) / max(ticks()[1] - spent, 1)
    servers = "PostgreSQL" if pair.PAIR == "servers" else "SQLite"
    clock, processor = (
        f"median {percentile(each, 50):.1f} ms, p99 {percentile(each, 99):.1f} ms" for each in (times, work)
    )
    sys.stdout.write(
        f"save one answer, {servers}, {SAVES} saves: {clock} (aim ≤ {AIM_P99} ms on an idle machine); "
        f"processor of the web process: {processor}; {queries} queries (aim ≤ {AIM_QUERIES}); "
        f"{taken:.0%} of the machine taken by its host meanwhile: idle is 0\n"
    )


if __name__ == "__main__":
    main()
