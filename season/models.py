"""What the organiser plans around an edition."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from assessments.models import Application, Edition, Framework
from outbox.models import Mail, StoredFile
from season.enums import Segment
from territories.models import Territory


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
    """« Besoin d’aide »: what somebody asks, or tells to be false, and the page where they were."""

    page = models.CharField(max_length=300)
    text = models.TextField()
    email = models.EmailField()
    # Something false in what is published, rather than a need.
    claim = models.BooleanField(default=False, db_default=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text


class Guest(models.Model):
    """Collectivité invitée: an address to which the organiser writes for a territory, before anybody has an account."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="guests")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    # What the account that comes of it may do.
    role = models.CharField(max_length=11, choices=Role, default=Role.CONTRIBUTOR)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "territory", "email"], name="guest_once")]

    def __str__(self) -> str:
        return f"{self.email} ({self.territory})"


class Message(models.Model):
    """A text written once for a segment. Its day is a date, or so many days before the closing, wherever that moves."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="messages")
    segment = models.CharField(_("à qui"), max_length=12, choices=Segment)
    subject = models.CharField(_("objet"), max_length=120)
    text = models.TextField(_("texte"))
    leaves_at = models.DateTimeField(_("jour et heure du départ"), null=True, blank=True)
    days_before = models.PositiveSmallIntegerField(_("jours avant la clôture"), null=True, blank=True)
    per_minute = models.PositiveSmallIntegerField(_("courriels par minute"), default=60)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    planned_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # When its recipients were found and their mails written, one by one.
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(planned_at__isnull=False), name="message_planned_first"
            ),
            models.CheckConstraint(condition=models.Q(per_minute__gte=1), name="message_leaves_at_some_rate"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def due_at(self) -> datetime | None:
        """When it leaves; None for a draft without a day."""
        if self.days_before is not None:
            return self.edition.closes_at - timedelta(days=self.days_before)
        return self.leaves_at


class Dispatch(models.Model):
    """One message to one address: found once, written once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="dispatches")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="+")
    # When somebody first followed the link of the mail; some servers do so before their reader.
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "email"], name="dispatch_once")]

    def __str__(self) -> str:
        return f"{self.message} → {self.email}"


class Mute(models.Model):
    """An address that asked for no more messages of the campaign. What concerns its files is written all the same."""

    email = models.EmailField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.email


class Approval(models.Model):
    """One person says that a questionnaire may serve; `rules.approval` says from when it does."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["framework", "by"], name="approval_once_a_person")]

    def __str__(self) -> str:
        return f"{self.by} → {self.framework}"


class Attendance(models.Model):
    """Who comes to the ceremony for a territory."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="attendances")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField(default=0)
    names = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "territory"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.territory}: {self.people}"


class PrintFile(models.Model):
    """Every certificate of an edition in one PDF for the printer, as they stood when it was asked for. Bound together
    they have no seal: the sealed ones are each territory's own."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="print_files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(file=None), name="one_print_file_in_the_making"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}"
