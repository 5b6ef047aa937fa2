"""The pages that people ask for most, beside the floor: a page without data of the same server, in the same run.

`PAIR=servers python -m bench.pages`: 34,969 communes, 2,000 results, 20,000 initiatives and 1,500 files before the
jury, on a PostgreSQL and a Redis of its own, with two web processes. `--quick`: a small season, for what does not
depend on the machine: it fails when a page asks more queries or sends more bytes than it may, and prints the ratios.

A ratio compares what the web processes spent, in processor time, on a request: it stays when the machine is busy."""

import argparse
import http.client
import ipaddress
import itertools
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.processes import memory, spent
from bench.web import count_tables, load
from tests import pair

RESULTS, INITIATIVES, FILES, JURORS = 2_000, 10, 1_500, 30  # initiatives of each result
PROCESSES, CONNECTIONS = 2, 4
WARM, COLD, ALONE = 2_000, 60, 60  # requests
HOST = "127.0.0.1"
VISITORS = itertools.count(int(ipaddress.ip_address("10.0.0.1")))
WORDS = [
    "accueil",
    "vélo",
    "médiathèque",
    "école",
    "énergie",
    "seniors",
    "carte",
    "réseau",
    "logiciel",
    "cantine",
    "mairie",
    "arbre",
    "données",
    "santé",
]


@dataclass(frozen=True)
class Page:
    """What is asked, and what it may cost. `share`: of the floor's rate, or for who is signed in, times its time."""

    name: str
    address: str
    queries: int
    warm: float = 0.5
    cold: float = 1 / 6
    kilobytes: int = 60  # as sent, compressed
    who: str = ""
    times: float = 0  # of the floor, for a page that is not kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    if pair.PAIR != "servers":
        raise SystemExit("Several web processes need PostgreSQL and Redis: PAIR=servers python -m bench.pages")
    load()
    built = fill(quick=quick)
    failed = [line for page in pages() if (line := budget(page, built))]
    with server() as (port, group):
        compare(port, group, built, quick=quick)
    sys.stdout.write("".join(f"TOO MUCH: {line}\n" for line in failed))
    sys.exit(bool(failed))


def fill(*, quick: bool) -> Any:
    """The season of the tests, multiplied."""
    from django.core.management import call_command

    from tests import crowd, season

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    built = season.build()
    if not quick:
        from territories.actions import load_france

        load_france()
        crowd.publish(built.past, RESULTS, initiatives=INITIATIVES, words=WORDS)
        files = crowd.multiply([built.files["01903"], built.files[season.BEAUPRE]], FILES - len(built.files))
        crowd.share(files, crowd.seat(built.seat("chair").panel, JURORS))
        count_tables()
    return built


def pages() -> Iterator[Page]:
    from tests.season import AUBAINE, BEAUPRE, YEAR

    # Of the queries, two tell the public state: before a page is rendered and after it.
    yield Page("home", "/", 6)
    yield Page("directory", "/annuaire/", 8)
    yield Page("directory, a search", "/annuaire/?q=saint", 8)
    yield Page("a commune", f"/annuaire/{AUBAINE}/", 8)
    yield Page("initiatives", "/initiatives/", 6)
    yield Page("method", "/methode/", 6)
    yield Page("API: results", "/api/v1/results/", 4)
    yield Page("API: initiatives", "/api/v1/initiatives/", 5)
    yield Page("API: territories", "/api/v1/territories/", 4)
    yield Page("the chair’s board", f"/jury/deliberation/{YEAR}/", 8, who="chair", times=8)
    yield Page("a juror’s queue", "/jury/", 10, who="juror", times=8)
    yield Page("a juror’s file", f"/jury/{BEAUPRE}/{YEAR}/", 10, who="juror", times=8)
    yield Page("overview of a file", f"/dossiers/{AUBAINE}/{YEAR}/", 9, who="agent", times=6)
    yield Page("questions of a file", f"/dossiers/{AUBAINE}/{YEAR}/questions/express/", 10, who="agent", times=6)


FLOOR = "/mentions-legales/"
# By who says who they are no page is taken from what is kept: the floor is rendered each time, without a query.
RENDERED = {"Authorization": "none"}


def client(built: Any, who: str) -> Any:
    from django.test import Client

    made = Client(headers={"Host": HOST, "Accept-Encoding": "gzip"})
    if who:
        made.force_login(built.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def budget(page: Page, built: Any) -> str:
    """The queries of the page rendered, and its bytes; what is above what it may cost."""
    from django.db import connection
    from django.db.models import F
    from django.test.utils import CaptureQueriesContext

    from results.models import PublicState

    asking = client(built, page.who)
    asking.get(page.address)
    PublicState.objects.update(version=F("version") + 1)
    with CaptureQueriesContext(connection) as captured:
        answer = asking.get(page.address)
    if answer.status_code != http.client.OK:
        raise SystemExit(f"{page.address}: {answer.status_code}")
    sent = len(answer.content) / 1000
    line = f"{page.name}: {len(captured)} queries (aim ≤ {page.queries}), {sent:.1f} kB (aim ≤ {page.kilobytes})"
    sys.stdout.write(f"{line}\n")
    return line if len(captured) > page.queries or sent > page.kilobytes else ""


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """The port and the process group of the web server, with so many processes on these databases."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    # A proxy of ours says who asks, each from elsewhere: the limits of the API stand, and nobody meets one.
    env = os.environ | {"WEB_PROCESSES": str(PROCESSES), "SITE_URL": f"http://{HOST}:{port}", "BEHIND_PROXY": "1"}
    command = [sys.executable, "-m", "label.server", "--bind", f"{HOST}:{port}"]
    # The lines of the log are part of the work; nobody reads them here.
    process = subprocess.Popen(command, env=env, start_new_session=True, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _attempt in range(300):
            try:
                socket.create_connection((HOST, port), timeout=0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Cost:
    """Of one request: milliseconds of the web processes, and on the clock of who asks."""

    processor: float
    clock: float


def asked(port: int, group: int, addresses: Iterable[str], headers: dict[str, str], *, connections: int) -> Cost:
    """All of them, each connection kept open, so many at once."""
    wanted = list(addresses)

    def go(part: list[str]) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        for address in part:
            connection.request(
                "GET", address, headers=headers | {"X-Forwarded-For": str(ipaddress.ip_address(next(VISITORS)))}
            )
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (http.client.OK, http.client.NOT_MODIFIED):
                raise SystemExit(f"{address}: {answer.status}")
        connection.close()

    before, begun = spent(group), time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(go, [wanted[number::connections] for number in range(connections)]))
    clock = time.perf_counter() - begun
    return Cost(1000 * (spent(group) - before) / len(wanted), 1000 * clock / len(wanted))


def compare(port: int, group: int, built: Any, *, quick: bool) -> None:
    from django.db.models import F

    from results.models import PublicState

    turns = 10 if quick else 1

    def measure(address: str, *, count: int, headers: dict[str, str], connections: int = CONNECTIONS) -> Cost:
        return asked(port, group, [address] * (count // turns), headers, connections=connections)

    def changing() -> Iterator[str]:
        """Each request after a change of what is public."""
        for _turn in range(COLD // turns):
            PublicState.objects.update(version=F("version") + 1)
            yield ""

    plain = {"Accept-Encoding": "gzip", "Host": f"{HOST}:{port}"}
    measure(FLOOR, count=200, headers=plain | RENDERED)
    floor = measure(FLOOR, count=WARM, headers=plain | RENDERED)
    alone = measure(FLOOR, count=ALONE * turns, headers=plain | RENDERED, connections=1)
    say(
        f"floor ({FLOOR})",
        f"{floor.processor:.2f} ms of processor, {1000 / floor.clock:.0f}/s; alone {alone.clock:.1f} ms",
    )
    for page in pages():
        if page.who:
            cookie = client(built, page.who).cookies.output(header="", sep=";").strip()
            headers = plain | {"Cookie": cookie.split(";")[0]}
            measure(page.address, count=4 * turns, headers=headers, connections=1)
            seen = measure(page.address, count=ALONE * turns, headers=headers, connections=1)
            times = seen.processor / floor.processor
            say(page.name, f"{times:.1f} × the floor (aim ≤ {page.times:.0f}); alone {seen.clock:.0f} ms")
            continue
        measure(page.address, count=8 * turns, headers=plain)
        warm = measure(page.address, count=WARM, headers=plain)
        costs = [asked(port, group, [page.address + after], plain, connections=1) for after in changing()]
        cold = sum(cost.processor for cost in costs) / len(costs)
        etag = _etag(port, page.address, plain)
        unchanged = measure(page.address, count=WARM, headers=plain | {"If-None-Match": etag})
        say(
            page.name,
            f"warm {floor.processor / warm.processor:.2f} of the floor’s rate (aim ≥ {page.warm:.2f}), "
            f"cold {floor.processor / cold:.2f} (aim ≥ {page.cold:.2f}), "
            f"304 {floor.processor / unchanged.processor:.2f} (aim ≥ 0.9); cold {cold:.0f} ms",
        )
    for name, form in (("directory", "/annuaire/?q={}"), ("initiatives", "/initiatives/?q={}")):
        words = [form.format(_word(number)) for number in range(ALONE)]
        new = asked(port, group, words, plain, connections=1)
        say(
            f"{name}, words never asked",
            f"{floor.processor / new.processor:.2f} of the floor’s rate (aim ≥ 0.17); {new.processor:.0f} ms",
        )
    if not quick:
        mixed = [page.address for page in pages() if not page.who] + [FLOOR]
        asked(port, group, random.Random(1).choices(mixed, k=20_000), plain, connections=CONNECTIONS)  # noqa: S311
    say("memory of the web processes (PSS)", f"{sorted(memory(group).values())} MiB (aim ≤ 150 each)")


def _etag(port: int, address: str, headers: dict[str, str]) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["ETag"] or ""


def _word(number: int) -> str:
    """Two syllables that no other number has, as somebody types them."""
    syllables = ["ba", "che", "dou", "fon", "gri", "jan", "lou", "mer", "nou", "pra", "rou", "sai", "ter", "val", "vil"]
    return syllables[number % 15] + syllables[number // 15 % 15]


def say(name: str, told: str) -> None:
    sys.stdout.write(f"{name}: {told}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
