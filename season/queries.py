"""Reads of the organiser's side."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from assessments.models import Edition, Framework
from instance import queries as instance


def frameworks() -> QuerySet[Framework]:
    """Every version of a questionnaire, the latest first, with how many editions follow it."""
    rows = Framework.objects.defer("document").annotate(used=Count("editions"))
    return rows.order_by("-year", "-loaded_at", "-pk")


def framework_before(row: Framework) -> Framework | None:
    """The version that this one follows: the last one loaded before it."""
    earlier = Framework.objects.defer("document").filter(Q(year__lt=row.year) | Q(year=row.year, pk__lt=row.pk))
    return earlier.order_by("-year", "-pk").first()


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
