"""Reads on what waits, left or failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from outbox.models import Job, JobState, Mail

# How far back the progress and the rate of a kind of work look.
RECENT, LATELY = timedelta(hours=1), timedelta(minutes=5)


def mails(*, q: str = "", state: str = "") -> QuerySet[Mail]:
    """Messages, the latest first; `q` is in recipient or subject."""
    rows = Mail.objects.defer("text")
    if q:
        rows = rows.filter(Q(to__icontains=q) | Q(subject__icontains=q))
    return rows.filter(state=state) if state else rows


def database_now() -> datetime:
    """The clock that all machines share. SQLite has that of the one machine."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@dataclass(frozen=True)
class Work:
    """The tasks of one kind: how many are due, planned for later, done and given up; `recent` were done in the last
    hour, `lately` in the last minutes; `oldest`: since when the first of those due waits."""

    kind: str
    queue: str
    due: int
    later: int
    done: int
    dead: int
    recent: int
    lately: int
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        """What the bar measures: the hour's work, done and to do."""
        return self.recent + self.due

    @property
    def rate(self) -> float:
        """Tasks done a minute."""
        return self.lately / (LATELY / timedelta(minutes=1))

    @property
    def minutes_left(self) -> int | None:
        """At that rate, rounded up; None while it stands still."""
        return ceil(self.due / self.rate) if self.rate else None


def work(*, now: datetime) -> list[Work]:
    """One line a kind, by queue, then by name."""
    todo, done = Q(state=JobState.TODO), Q(state=JobState.DONE)
    rows = Job.objects.values("kind", "queue").annotate(
        due=Count("pk", filter=todo & Q(due_at__lte=now)),
        oldest=Min("due_at", filter=todo & Q(due_at__lte=now)),
        later=Count("pk", filter=todo & Q(due_at__gt=now)),
        done=Count("pk", filter=done),
        dead=Count("pk", filter=Q(state=JobState.DEAD)),
        recent=Count("pk", filter=done & Q(finished_at__gt=now - RECENT)),
        lately=Count("pk", filter=done & Q(finished_at__gt=now - LATELY)),
    )
    return [Work(**row) for row in rows.order_by("queue", "kind")]


def running() -> QuerySet[Job]:
    """Tasks that say how far they are."""
    return Job.objects.filter(state=JobState.TODO, total__gt=0).order_by("created_at", "pk")


def failed() -> QuerySet[Job]:
    return Job.objects.filter(state=JobState.DEAD).order_by("-finished_at", "-pk")
