"""What the organiser plans around an edition."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Application, Edition


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


class BillingStatus(models.TextChoices):
    TO_BILL = "to_bill", _("à facturer")
    BILLED = "billed", _("facturée")
    PAID = "paid", _("payée")
    EXEMPT = "exempt", _("exonérée")


class Billing(models.Model):
    """Participation aux frais: never shown to the jury, never tied to the result."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="billing")
    status = models.CharField(_("facturation"), max_length=7, choices=BillingStatus)
    purchase_order = models.CharField(_("bon de commande"), max_length=60, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.application}: {self.get_status_display()}"


class SupportNote(models.Model):
    """What was said to the people of a file, for who picks up the telephone next. Neither they nor the jury see it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="support_notes")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text


class HelpRequest(models.Model):
    """« Besoin d’aide »: what somebody asks, and the page where they were."""

    page = models.CharField(max_length=300)
    text = models.TextField()
    email = models.EmailField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text
