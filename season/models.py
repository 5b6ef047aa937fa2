"""What the organiser plans around an edition."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Edition


class MilestoneKind(models.TextChoices):
    """Steps of the jury between the closing and the announcement: shown and reminded of, they forbid nothing."""

    READINGS_END = "readings_end", _("fin des lectures")
    SESSION = "session", _("séance du jury")


class Milestone(models.Model):
    """Jalon: a date that is no column of the edition, as no state of a file is read from it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=12, choices=MilestoneKind)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="milestone_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.edition}"
