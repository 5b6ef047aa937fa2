"""The search of 20,000 initiatives of 2,000 communes through the whole WSGI stack: how long, how many queries; and that
both databases answer the same.

`python -m bench.ideas` measures the pair that PAIR names, on servers of its own; `python -m bench` runs it for both."""

import hashlib
import random
import sys
import time
from collections.abc import Callable

from bench.web import count_tables, load, percentile, timed
from tests import pair

COMMUNES, EACH = 2_000, 10
ASKED = (
    *("vélos", "tiers lieux", "mediatheque", "open data", "commune 17", "ordinatuers", "aide aux démarches en ligne"),
    *("jardin ain", "atelier", "bibliothèque", "zzzz"),
)
VIEWS, WARM = 40, 5


def build() -> None:
    """Copies of one published result; the texts are those of the demonstration, each with words of its own."""
    from django.core.management import call_command

    from label.demo.words import texts
    from results.models import PublishedInitiative, PublishedResult
    from results.rules import stems
    from territories.models import Department, Territory
    from tests import season

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    season.build()
    source, department = PublishedResult.objects.order_by("pk")[0], Department.objects.order_by("pk")[0]
    communes = Territory.objects.bulk_create(
        Territory(
            code=f"T{number:04}",
            name=f"Commune {number}",
            kind="commune",
            department=department,
            band=(0, 500, 2000, 3500)[number % 4],
            population=100 * number,
            search_name=f"commune {number}",
            sort_key=f"commune {number:04}",
        )
        for number in range(COMMUNES)
    )
    copies = []
    for commune in communes:
        copy = PublishedResult.objects.get(pk=source.pk)
        copy.pk, copy.territory = None, commune
        copies.append(copy)
    results = PublishedResult.objects.bulk_create(copies, batch_size=200)
    told, chance = texts("initiatives")["initiatives"], random.Random(1)  # noqa: S311
    words = " ".join(one["description"] for one in told).split()
    rows = []
    for result in results:
        for one in chance.sample(told, EACH):
            extra = " ".join(chance.sample(words, 20))
            rows.append(
                PublishedInitiative(
                    result=result,
                    title=one["title"],
                    description=f"{one['description']} {extra}",
                    operator=one["operator"],
                    axis=one["axis"],
                    issues=one["issues"],
                    tokens=stems.tokens(one["title"], one["description"], extra),
                )
            )
    PublishedInitiative.objects.bulk_create(rows, batch_size=500)
    count_tables()


def digest() -> str:
    """Of what answers each query, in order: the same on both databases."""
    from django.utils import timezone

    from results.models import PublishedInitiative
    from results.queries import ideas

    said = dict(PublishedInitiative.objects.values_list("pk", "tokens"))
    found = [said[pk] for q in ASKED for pk in ideas.search(q, {}, now=timezone.now())[0].pks]
    return hashlib.blake2b("\n".join(found).encode(), digest_size=8).hexdigest()


def main() -> None:
    load()
    servers = "PostgreSQL" if pair.PAIR == "servers" else "SQLite"
    build()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from results.queries import ideas

    settings.KEEP_PAGES = False
    ideas.forget()
    begun = time.perf_counter()
    ideas.current(now=timezone.now())
    sys.stdout.write(f"words of {COMMUNES * EACH} initiatives read, {servers}: {time.perf_counter() - begun:.1f} s\n")
    client = Client(headers={"Host": "localhost"})

    def view(address: str) -> Callable[[int], object]:
        return lambda _turn: client.get(address)

    for name, address in [
        *((f"« {q} »", f"/initiatives/?q={q}") for q in ASKED),
        ("all of them", "/initiatives/"),
        ("a page without data, for comparison", "/accessibilite/"),
    ]:
        times, work, queries = timed(view(address), warm=WARM, turns=VIEWS)[0]
        clock, processor = (percentile(each, 50) for each in (times, work))
        taken = f"median {clock:.0f} ms on the clock, {processor:.0f} ms of processor"
        sys.stdout.write(f"{name}, {servers}: {taken}; {queries} queries\n")
    sys.stdout.write(f"digest of the answers, {servers}: {digest()} (the same on both)\n")


if __name__ == "__main__":
    main()
