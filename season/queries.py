"""Reads of the organiser's side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from assessments.enums import State
from assessments.models import Application, Edition, Framework
from assessments.queries import counts_by_state
from instance import queries as instance
from jury.models import Appeal, AppealState, Assignment, Decision, Juror
from season.models import Milestone, MilestoneKind


def frameworks() -> QuerySet[Framework]:
    """Every version of a questionnaire, the latest first, with how many editions follow it."""
    rows = Framework.objects.defer("document").annotate(used=Count("editions"))
    return rows.order_by("-year", "-loaded_at", "-pk")


def framework_before(row: Framework) -> Framework | None:
    """The version that this one follows: the last one loaded before it."""
    earlier = Framework.objects.defer("document").filter(Q(year__lt=row.year) | Q(year=row.year, pk__lt=row.pk))
    return earlier.order_by("-year", "-pk").first()


def milestones(edition: Edition) -> dict[MilestoneKind, datetime]:
    """By kind, in the order of their dates."""
    return {MilestoneKind(row.kind): row.at for row in Milestone.objects.filter(edition=edition)}


def delays(edition: Edition) -> QuerySet[Application]:
    """The files that were given a longer delay."""
    rows = edition.applications.filter(extended_until__isnull=False).select_related("territory__department")
    return rows.order_by("extended_until", "territory__sort_key")


@dataclass(frozen=True)
class Facts:
    """Where an edition stands, in numbers; `states`: how many files in each. Files are those that the jury reads."""

    states: Mapping[str, int]
    jurors: int
    undeclared: int
    chaired: bool
    unread: int
    readings: int
    readings_given: int
    unsigned: int
    appeals: int
    delayed: int

    def count(self, *states: State) -> int:
        return sum(self.states.get(state, 0) for state in states)


def facts(edition: Edition) -> Facts:
    """Six queries, whatever the number of files."""
    sitting = Juror.objects.filter(panel__edition=edition, left_at=None).aggregate(
        jurors=Count("pk"),
        undeclared=Count("pk", filter=Q(declared_at=None)),
        chairs=Count("pk", filter=Q(is_chair=True)),
    )
    read = edition.applications.filter(state__in=[State.SUBMITTED, State.UNDER_REVIEW])
    given = Assignment.objects.filter(application__edition=edition, appeal=None, juror__left_at=None)
    counted = given.aggregate(
        readings=Count("pk"), readings_given=Count("pk", filter=Q(review__submitted_at__isnull=False))
    )
    return Facts(
        states=counts_by_state(edition),
        jurors=sitting["jurors"],
        undeclared=sitting["undeclared"],
        chaired=bool(sitting["chairs"]),
        unread=read.exclude(Exists(given.filter(application=OuterRef("pk")))).count(),
        unsigned=Decision.objects.filter(
            application__edition=edition, application__state=State.DECIDED, minutes=None, reopened_at=None
        ).count(),
        appeals=Appeal.objects.filter(application__edition=edition, state=AppealState.FILED).count(),
        delayed=edition.applications.filter(state=State.DRAFT, extended_until__gt=F("edition__closes_at")).count(),
        **counted,
    )


@dataclass(frozen=True)
class Setting:
    """What a new instance still lacks: True where it is done."""

    words: bool
    mail: bool
    framework: bool
    edition: bool

    @property
    def complete(self) -> bool:
        return self.words and self.mail and self.framework and self.edition


def setting() -> Setting:
    return Setting(
        words=bool(instance.row().name),
        mail=instance.current().mail_tried,
        framework=Framework.objects.exists(),
        edition=Edition.objects.exists(),
    )
