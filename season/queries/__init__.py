"""Reads of the organiser's side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from assessments.enums import State
from assessments.models import Answer, Application, Edition, Framework, Scorecard
from instance import queries as instance
from outbox.models import Job, JobState
from results.models import PublishedResult
from season.models import Approval, Attendance, Milestone, MilestoneKind
from territories.models import Change, Territory


def frameworks() -> QuerySet[Framework]:
    """Every version of a questionnaire, the latest first, with who employs it."""
    followed = Exists(Edition.objects.filter(framework=OuterRef("pk")))
    rows = Framework.objects.defer("document").annotate(followed=followed, used=_used())
    return rows.order_by("-year", "-loaded_at", "-pk")


def _used() -> Q:
    """By an edition, a file, what was frozen of one, or an answer put aside."""
    editions = Edition.objects.filter(framework=OuterRef("pk"))
    files = Application.objects.filter(framework=OuterRef("pk"))
    scores = Scorecard.objects.filter(framework_hash=OuterRef("hash"))
    aside = Answer.objects.filter(parked_from=OuterRef("pk"))
    return Q(Exists(editions)) | Q(Exists(files)) | Q(Exists(scores)) | Q(Exists(aside))


def is_used(framework: Framework) -> bool:
    return Framework.objects.filter(_used(), pk=framework.pk).exists()


def approvals(framework: Framework) -> list[Approval]:
    return list(Approval.objects.filter(framework=framework).select_related("by"))


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


def guests_of_honour(edition: Edition) -> QuerySet[Any]:
    """The results that stand, by territory, with who comes: `people` and `names`, None where nothing is said."""
    said = Attendance.objects.filter(edition=edition, territory=OuterRef("territory"))
    rows: QuerySet[Any] = PublishedResult.objects.filter(edition=edition, replaced_at=None, withdrawn_at=None)
    rows = rows.annotate(people=Subquery(said.values("people")[:1]), names=Subquery(said.values("names")[:1]))
    return rows.select_related("territory__department").defer("document").order_by("territory__sort_key")


@dataclass(frozen=True)
class Building:
    """How far the demonstration is: stages finished and stages known so far."""

    done: int
    total: int


def building() -> Building | None:
    """None once the demonstration is whole, or where there is none."""
    if not instance.current().demo:
        return None
    stages = Job.objects.filter(kind__startswith="demo.")
    total, done = stages.count(), stages.filter(state=JobState.DONE).count()
    return Building(done, total) if done < total else None


@dataclass(frozen=True)
class Setting:
    """What a new instance still lacks: True where it is done."""

    words: bool
    mail: bool
    seal: bool
    framework: bool
    edition: bool

    @property
    def complete(self) -> bool:
        return self.words and self.mail and self.seal and self.framework and self.edition


def setting() -> Setting:
    row = instance.row()
    return Setting(
        words=bool(row.name),
        mail=instance.current().mail_tried,
        seal=row.seals,
        framework=Framework.objects.exists(),
        edition=Edition.objects.exists(),
    )


def changes(*, load: int | None = None) -> QuerySet[Change]:
    """What the official list changed, of one load or of all; the latest first, what is to decide before the rest."""
    rows = Change.objects.select_related("territory__successor", "territory__department", "load")
    rows = rows.order_by(F("settled_at").asc(nulls_first=True), "-load", "pk")
    return rows if load is None else rows.filter(load=load)


def open_files(territory: Territory) -> QuerySet[Application]:
    """Files of a territory that are not over: what its end leaves to decide."""
    over = (State.PUBLISHED, State.INELIGIBLE, State.WITHDRAWN)
    return Application.objects.filter(territory=territory).exclude(state__in=over).select_related("edition")
