"""Reads of who follows an edition: where it stands in numbers, its files, whom to write to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import AuditEntry, Membership, MembershipState, Role, User
from assessments.enums import ScorecardKind, State
from assessments.models import Answer, Application, Complement, Edition, Scorecard
from jury.models import Appeal, AppealState, Assignment, Decision, Juror, Recusal
from jury.policies import UNDECIDED
from outbox.models import Job, JobState, Mail, MailState
from season.models import Billing, HelpRequest
from season.rules.figures import File
from territories.rules.names import search_name

# A file without an answer for so long does not move.
IDLE = timedelta(days=30)
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Facts:
    """Where an edition stands, in numbers; `states`: how many files in each."""

    states: Mapping[str, int]
    idle: int
    unread: int
    unsigned: int
    delayed: int
    jurors: int
    undeclared: int
    chaired: bool
    readings: int
    readings_given: int

    def count(self, *states: State) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def started(self) -> int:
        return sum(self.states.values()) - self.count(State.WITHDRAWN)

    @property
    def submitted(self) -> int:
        return self.started - self.count(State.DRAFT)

    @property
    def judged(self) -> int:
        """Those that the jury decides."""
        return self.submitted - self.count(State.INELIGIBLE)

    @property
    def decided(self) -> int:
        return self.count(State.DECIDED, State.PUBLISHED)


def facts(edition: Edition, *, now: datetime) -> Facts:
    """Two queries, whatever the number of files."""
    due, given = _readings()
    counts = (
        edition.applications.order_by()
        .annotate(
            moved=Exists(_answered_since(now - IDLE)),
            read=Exists(_assigned()),
            loose=Exists(Decision.objects.filter(application=OuterRef("pk"), minutes=None, reopened_at=None)),
            due=due,
            given=given,
        )
        .aggregate(
            **{f"state_{state}": Count("pk", filter=Q(state=state)) for state in State},
            idle=Count("pk", filter=Q(state=State.DRAFT, moved=False, started_at__lt=now - IDLE)),
            unread=Count("pk", filter=Q(state__in=[State.SUBMITTED, State.UNDER_REVIEW], read=False)),
            unsigned=Count("pk", filter=Q(state=State.DECIDED, loose=True)),
            delayed=Count("pk", filter=Q(state=State.DRAFT, extended_until__gt=now)),
            readings=Sum("due"),
            readings_given=Sum("given"),
        )
    )
    sitting = Juror.objects.filter(panel__edition=edition, left_at=None).aggregate(
        jurors=Count("pk"),
        undeclared=Count("pk", filter=Q(declared_at=None)),
        chairs=Count("pk", filter=Q(is_chair=True)),
    )
    return Facts(
        states={state: counts.pop(f"state_{state}") for state in State},
        chaired=bool(sitting.pop("chairs")),
        **{name: number or 0 for name, number in counts.items()},
        **sitting,
    )


def _answered_since(when: datetime) -> QuerySet[Answer]:
    return Answer.objects.filter(application=OuterRef("pk"), at__gte=when)


def _assigned() -> QuerySet[Assignment]:
    """Its first readings, by those who sit, and are not recused from it as the register has it: many files are counted
    at once, and the rule itself takes three times as long."""
    recused = Recusal.objects.filter(juror=OuterRef("juror"), application=OuterRef("application"))
    sitting = Assignment.objects.filter(application=OuterRef("pk"), appeal=None, juror__left_at=None)
    return sitting.exclude(Exists(recused))


def _readings() -> tuple[Subquery, Subquery]:
    """Of a file: how many are asked for, and how many are handed in; None for none. What is left unread of a file that
    is over is asked of nobody any more."""
    given = Q(review__submitted_at__isnull=False)
    return _counted(_assigned().filter(given | Q(application__state__in=UNDECIDED))), _counted(
        _assigned().filter(given)
    )


def _counted(rows: QuerySet[Assignment]) -> Subquery:
    return Subquery(rows.order_by().values("application").annotate(n=Count("pk")).values("n"))


@dataclass(frozen=True)
class Health:
    """What waits and what is wrong outside the files."""

    requests: int
    helps: int
    mails: Mapping[str, int]
    jobs_failed: int
    jobs_late: int

    @property
    def mails_failed(self) -> int:
        return self.mails.get(MailState.FAILED, 0)


def health(*, now: datetime) -> Health:
    due = Q(state=JobState.TODO, due_at__lt=now - LATE) & (Q(lease_until=None) | Q(lease_until__lt=now))
    waiting = dict(
        _waiting("requests", Membership.objects.filter(state=MembershipState.REQUESTED)).union(
            _waiting("helps", HelpRequest.objects.filter(closed_at=None))
        )
    )
    return Health(
        requests=waiting.get("requests", 0),
        helps=waiting.get("helps", 0),
        mails=dict(Mail.objects.order_by().values_list("state").annotate(n=Count("pk"))),
        **Job.objects.aggregate(
            jobs_failed=Count("pk", filter=Q(state=JobState.DEAD)), jobs_late=Count("pk", filter=due)
        ),
    )


def _waiting(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """One row, the name and how many; none for none."""
    named = rows.order_by().annotate(name=Value(name)).values("name")
    counted: QuerySet[Any] = named.annotate(n=Count("pk")).values_list("name", "n")
    return counted


def current_edition(*, now: datetime) -> tuple[Any, Any]:
    """The one that the season is about, the oldest not announced yet, else the latest; and the one before it, or None;
    each with `appeals`, how many wait for an answer."""
    waiting = Appeal.objects.filter(state=AppealState.FILED, application__edition=OuterRef("pk")).order_by()
    rows = Edition.objects.select_related("framework").defer("framework__document").order_by("year")
    counted = waiting.values("application__edition").annotate(n=Count("pk")).values("n")
    editions = list(rows.annotate(appeals=Subquery(counted)))
    if not editions:
        return None, None
    shown = [edition for edition in editions if not edition.draft] or editions
    running = [edition for edition in shown if edition.published_at is None or edition.results_at > now]
    chosen = next((edition for edition in running if edition.opens_at <= now), (running or shown[-1:])[0])
    before = [edition for edition in editions if edition.year < chosen.year]
    return chosen, before[-1] if before else None


def figures(editions: Iterable[Edition], *, now: datetime) -> list[File]:
    """One line a file of these editions, for `season.rules.figures`."""
    rows = Application.objects.filter(edition__in=list(editions)).exclude(state=State.WITHDRAWN).order_by()
    still = Q(state=State.DRAFT, started_at__lt=now - IDLE) & ~Exists(_answered_since(now - IDLE))
    return [
        File(year, timezone.localdate(submitted) if submitted else None, *rest)
        for year, submitted, *rest in rows.values_list(
            "edition__year",
            "submitted_at",
            "territory__band",
            "territory__department__region__name",
            "territory__kind",
            Case(When(still, then=True), default=False),
        )
    ]


@dataclass(frozen=True)
class Filters:
    """What is asked of the list of files; an empty value asks for nothing. `moves`: idle, delayed or unread."""

    q: str = ""
    state: str = ""
    moves: str = ""
    region: str = ""
    band: str = ""
    billing: str = ""
    order: str = "nom"


ORDERS: dict[str, list[Any]] = {
    "nom": ["territory__sort_key", "territory__code"],
    "mouvement": ["-moved_at", "territory__sort_key"],
    "depot": [F("submitted_at").desc(nulls_last=True), "territory__sort_key"],
    "reponses": ["territory__sort_key"],  # then by what only their questionnaire tells: see the view
    "habitants": ["-territory__population", "territory__sort_key"],
}


def files(edition: Edition, filters: Filters, *, now: datetime) -> QuerySet[Application]:
    """The files of an edition: when they last moved, the last declared level, how many of the readings `due` are
    `given` (never what they say), the billing."""
    card = Scorecard.objects.filter(application=OuterRef("pk"), kind=ScorecardKind.DECLARED).order_by("-round")
    due, given = _readings()
    rows = (
        Application.objects.filter(edition=edition)
        .select_related("framework", "territory__department__region", "billing")
        .defer("framework__document")
        .annotate(
            level=Subquery(card.values("level")[:1]),
            moved_at=_last_move(),
            due=due,
            given=given,
        )
        .order_by(*ORDERS[filters.order])
    )
    if filters.q.strip():
        q = filters.q.strip()
        rows = rows.filter(Q(territory__search_name__contains=search_name(q)) | Q(territory__code=q))
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.region:
        rows = rows.filter(territory__department__region_id=filters.region)
    if filters.band:
        rows = rows.filter(territory__band=filters.band)
    if filters.billing:
        status = None if filters.billing == "none" else filters.billing
        rows = rows.filter(billing__status=status) if status else rows.filter(billing=None)
    return _moving(rows, filters.moves, now=now)


def _last_move() -> Greatest:
    """Of a file: its start, its last answer, its deposit, what the jury asked and was given, what it decided."""
    file = OuterRef("pk")
    dates: list[Any] = [
        _last(Answer.objects.filter(application=file), "at"),
        F("submitted_at"),
        _last(Complement.objects.filter(application=file), "asked_at"),
        _last(Complement.objects.filter(application=file), "answered_at"),
        _last(Decision.objects.filter(application=file), "decided_at"),
        _last(Decision.objects.filter(application=file), "reopened_at"),
    ]
    # SQLite finds no greatest beside a null.
    return Greatest(F("started_at"), *(Coalesce(when, F("started_at")) for when in dates))


def _last(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.order_by().values("application").annotate(last=Max(field)).values("last"))


def _moving(rows: QuerySet[Application], moves: str, *, now: datetime) -> QuerySet[Application]:
    match moves:
        case "idle":
            still = ~Exists(_answered_since(now - IDLE))
            return rows.filter(still, state=State.DRAFT, started_at__lt=now - IDLE)
        case "delayed":
            return rows.filter(extended_until__gt=now)
        case "unread":
            return rows.filter(~Exists(_assigned()), state__in=[State.SUBMITTED, State.UNDER_REVIEW])
        case _other:
            return rows


def contacts(files: Iterable[Application]) -> dict[int, list[User]]:
    """By territory: the people who act for it now, those who sign first. One query."""
    territories = [file.territory_id for file in files]
    ranks = [When(role=role, then=rank) for rank, role in enumerate(Role.values)]
    rows = Membership.objects.filter(territory__in=territories, state=MembershipState.ACTIVE).select_related("user")
    found: dict[int, list[User]] = {}
    for row in rows.order_by(Case(*ranks, output_field=IntegerField()), "user__name"):
        found.setdefault(row.territory_id, []).append(row.user)
    return found


def history(file: Application) -> list[AuditEntry]:
    """What was done to the file as a whole, the latest first, with the name of who did it in `actor`."""
    rows = AuditEntry.objects.filter(object_type=Application._meta.label, object_id=str(file.pk))
    entries = list(rows.filter(verb__startswith="application.")[:200])
    people = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    for entry in entries:
        entry.actor = people.get(entry.actor_id or 0)  # type: ignore[attr-defined]
    return entries


def billing_of(file: Application) -> Billing:
    return Billing.objects.filter(application=file).first() or Billing(application=file)
