"""What a monitor counts (Prometheus): requests by each web process, work and health from the database when asked."""

import os
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from label import health
from outbox import queries
from outbox.models import Mail

REQUESTS = Counter("arobase_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "arobase_request_seconds", "Time to answer.", ["route"], buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
)


def count(*, method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)


def written() -> bytes:
    """In Prometheus's own format."""
    requests = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Of several processes (`label.server`), whoever answers tells the sum.
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    work = CollectorRegistry()
    work.register(Work())
    return generate_latest(requests) + generate_latest(work)


class Work(Collector):
    """Read at each question: the database is the one place where it is true."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        parts = health.detail()["parts"]
        up = GaugeMetricFamily("arobase_up", "1 when this part of the service is well.", labels=["part"])
        for part, said in parts.items():
            up.add_metric([part], float(said["state"] != health.DOWN))
        yield up
        if parts["database"]["state"] == health.DOWN:
            return
        yield GaugeMetricFamily("arobase_disk_free_bytes", "Left for files.", value=parts["disk"]["free_bytes"])
        yield from _connections()
        yield from _jobs()
        mails = GaugeMetricFamily("arobase_mails", "Mails by state.", labels=["state"])
        for state, number in Mail.objects.order_by().values_list("state").annotate(Count("pk")):
            mails.add_metric([state], number)
        yield mails


def _connections() -> Iterator[GaugeMetricFamily]:
    """Of all that uses the server: whoever comes when none is left is refused."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(numbackends), current_setting('max_connections')::int FROM pg_stat_database")
        used, most = cursor.fetchone()
    yield GaugeMetricFamily("arobase_database_connections", "Open to PostgreSQL.", value=used)
    yield GaugeMetricFamily("arobase_database_connections_max", "How many PostgreSQL accepts.", value=most)


def _jobs() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    jobs = GaugeMetricFamily("arobase_jobs", "Tasks by kind and state.", labels=["kind", "state"])
    oldest = GaugeMetricFamily("arobase_job_oldest_seconds", "How long the oldest one due waits.", labels=["kind"])
    for kind in queries.work(now=now):
        for state in ("due", "later", "done", "dead"):
            jobs.add_metric([kind.kind, state], getattr(kind, state))
        oldest.add_metric([kind.kind], (now - kind.oldest).total_seconds() if kind.oldest else 0)
    yield jobs
    yield oldest
