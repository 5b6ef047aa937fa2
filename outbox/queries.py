"""Reads on what waits, left or failed."""

from dataclasses import dataclass, field

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from outbox.models import Job, JobState, Mail, MailState


def mails(*, q: str = "", state: str = "") -> QuerySet[Mail]:
    """Messages, the latest first; `q` is in recipient or subject; `failed`: sending was given up."""
    dead = Job.objects.filter(key=Concat(Value("mail:"), Cast(OuterRef("pk"), CharField())), state=JobState.DEAD)
    rows = Mail.objects.annotate(failed=Exists(dead)).defer("text")
    if q:
        rows = rows.filter(Q(to__icontains=q) | Q(subject__icontains=q))
    if state == MailState.FAILED:
        return rows.filter(failed=True)
    if state == MailState.TODO:
        return rows.filter(state=MailState.TODO, failed=False)
    return rows.filter(state=state) if state else rows


@dataclass
class KindCount:
    """How many tasks of one kind are in each state, and how far those that run are."""

    kind: str
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(JobState.values, 0))
    done: int = 0
    total: int = 0


def counts_by_kind() -> list[KindCount]:
    """One line a kind, by name. Progress is that of the tasks still to do."""
    counts: dict[str, KindCount] = {}
    rows = Job.objects.order_by("kind").values_list("kind", "state")
    for kind, state, number, done, total in rows.annotate(Count("pk"), Sum("done"), Sum("total")):
        line = counts.setdefault(kind, KindCount(kind))
        line.states[state] = number
        if state == JobState.TODO:
            line.done, line.total = done, total
    return list(counts.values())


def running() -> QuerySet[Job]:
    """Tasks that say how far they are."""
    return Job.objects.filter(state=JobState.TODO, total__gt=0).order_by("created_at", "pk")


def failed() -> QuerySet[Job]:
    return Job.objects.filter(state=JobState.DEAD).order_by("-finished_at", "-pk")
