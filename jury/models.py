"""The jurors' side: who reads what, what they think, what is decided."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Application, Edition, Evidence, Initiative, Scorecard
from outbox.models import StoredFile
from territories.models import Territory


class Panel(models.Model):
    """Jury: the panel of an edition."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="panel")
    quorum = models.PositiveSmallIntegerField(default=3)
    readers_per_file = models.PositiveSmallIntegerField(default=2)
    # The person who presides arbitrates, and is given files to read only if so wished.
    chair_reads = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"jury {self.edition}"


class Juror(models.Model):
    """Juré: a person on the panel of an edition, for a term that may cover more of them.

    The interests declared are what recusals are computed from: nothing is read before `declared_at`, when the juror
    said that they are complete."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="juries")
    is_chair = models.BooleanField(default=False)
    # The axis that this person knows best, if any: the readers of a file had better differ.
    expertise = models.CharField(max_length=64, blank=True)
    # Year of the last edition of the term; None: this one alone.
    until = models.PositiveSmallIntegerField(null=True)
    declared_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="juror_once_a_panel"),
            models.UniqueConstraint(
                fields=["panel"], condition=Q(is_chair=True, left_at=None), name="one_chair_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Interest(models.Model):
    """An interest that a juror declares: a territory where they live, work or are elected."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="interests")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(max_length=160)
    declared_at = models.DateTimeField(default=timezone.now)
    # The territory that it was declared of, when that one became part of this one; None: it was declared as it stands.
    followed = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")


class Calibration(models.Model):
    """Lectures d’essai: before the season the whole panel reads the same published files. Nothing of it counts for
    them."""

    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="calibration")
    files = models.ManyToManyField(Application, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)


class TrialReading(models.Model):
    """Lecture d’essai: what one juror would give to one of these files; it may be redone until the round is closed."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="trials")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="trials")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="trials")
    marks = models.JSONField()
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "jury_trial"
        constraints = [
            models.UniqueConstraint(fields=["calibration", "juror", "application"], name="trial_once"),
            models.CheckConstraint(condition=Q(level__gte=0), name="trial_level_in_range"),
        ]


class Recusal(models.Model):
    """Déport: this juror sees nothing of this file and counts in no quorum for it."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    automatic = models.BooleanField(default=False)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "application"], name="recusal_once")]


class Assignment(models.Model):
    """This juror is a reader of this file: of its first reading, or, with `appeal`, of the one that an appeal asks for.
    Nobody does both."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    appeal = models.ForeignKey("Appeal", on_delete=models.PROTECT, null=True, related_name="assignments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "application"], name="assignment_once")]


class Deadline(models.Model):
    """Date souhaitée: the day by which the person who presides wants the readings of a file."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="deadline")
    day = models.DateField()
    set_by = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)


class Proposal(models.Model):
    """Répartition proposée: what a worker worked out for a panel, adjusted by hand until it is confirmed."""

    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="proposal")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # [[file, juror], …], sorted; None until the worker is done.
    pairs = models.JSONField(null=True)
    # Digest of what it was worked out from: it may be confirmed as long as that stands.
    basis = models.CharField(max_length=64, blank=True)


class PanelFigures(models.Model):
    """Chiffres du jury: what a worker computed of the readings of a panel. Their shape is in `agreement`."""

    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="figures")
    asked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    content = models.JSONField(null=True)

    class Meta:
        db_table = "jury_figures"


class Review(models.Model):
    """Rapport de lecture. `marks` maps each axis to 0..4; a draft may be partial. Once handed in it may only be revised
    when the readers see each other, and what it said before is kept."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    marks = models.JSONField(default=dict)
    proposed_level = models.PositiveSmallIntegerField(null=True)
    # Mention that this reader proposes; empty for none.
    honour = models.CharField(max_length=80, blank=True)
    comment_to_jury = models.TextField(blank=True)
    comment_to_territory = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    # Time spent writing it: between two saves, but for the pauses.
    worked = models.DurationField(default=timedelta)
    updated_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    # What was handed in before each revision, oldest first: the fields above, and `until`.
    earlier = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(proposed_level__gte=0), name="review_level_when_submitted"
            )
        ]


class Ruling(models.Model):
    """Décision d'instruction on one claim « pas concerné », one piece of evidence, one initiative, or one answer of the
    context.

    Accepted or not, with a reason. The last row on an object counts; earlier ones are kept."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rulings")
    question_id = models.CharField(max_length=64, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="rulings")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, null=True, related_name="rulings")
    context_name = models.CharField(max_length=64, blank=True, default="", db_default="")
    # What the commune had answered about that name: the ruling lapses when it answers otherwise.
    told = models.JSONField(null=True)
    accepted = models.BooleanField()
    # What the jury puts in its place: {"axis": …, "issues": […]} of an accepted initiative, the right answer for
    # one of the context that is not.
    instead = models.JSONField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="rulings")
    at = models.DateTimeField(default=timezone.now)
    # Accepted in one gesture with the rest of its part of the file, not looked at alone; who did so may take it back:
    # it is kept, and stands no more.
    as_read = models.BooleanField(default=False, db_default=False)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(question_id="") & Q(evidence=None, initiative=None, context_name="")
                | Q(question_id="", evidence__isnull=False, initiative=None, context_name="")
                | Q(question_id="", evidence=None, initiative__isnull=False, context_name="")
                | Q(question_id="", evidence=None, initiative=None) & ~Q(context_name=""),
                name="ruling_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(context_name="", instead__isnull=True)
                | Q(initiative__isnull=False, accepted=True)
                | ~Q(context_name="") & Q(told__isnull=False, accepted=True, instead__isnull=True)
                | ~Q(context_name="") & Q(told__isnull=False, accepted=False, instead__isnull=False),
                name="ruling_puts_something_instead",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason"),
            models.CheckConstraint(
                condition=Q(as_read=False, taken_back_at=None)
                | Q(as_read=True, accepted=True, instead__isnull=True, question_id=""),
                name="ruling_as_read_accepts",
            ),
        ]


class Preview(models.Model):
    """Aperçu: a piece of evidence as images of its pages, made by a worker so that a juror opens no file.

    `total` counts all its pages, of which the first ones are drawn; `fault` says why none is."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="preview")
    total = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)


class PreviewPage(models.Model):
    """One page, numbered from 1."""

    preview = models.ForeignKey(Preview, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["preview", "number"], name="preview_page_once")]


class Minutes(models.Model):
    """Procès-verbal of a session, signed by the person who presided: nothing of it changes any more.

    `content` is what the paper says, frozen at the signature; a worker makes the file of it."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="minutes")
    held_on = models.DateField()
    content = models.JSONField()
    signed_by = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="minutes")
    signed_at = models.DateTimeField(default=timezone.now)
    # Its name is the digest of the paper.
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-signed_at", "-id"]

    def __str__(self) -> str:
        return f"procès-verbal {self.panel.edition} {self.held_on}"


class Decision(models.Model):
    """Délibération: the level granted to a file, by whom and why. A reopened one is kept with `reopened_at`."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    # The examined scorecard that was frozen for it.
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    examined_level = models.PositiveSmallIntegerField()
    reasons = models.TextField(blank=True)
    comment_to_territory = models.TextField(blank=True)
    honours = models.JSONField(default=list)
    # Why it was decided although readings were missing; empty when none was.
    waiver = models.TextField(blank=True)
    decided_by = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)
    reopened_at = models.DateTimeField(null=True)
    # Why it was; the minutes that report the decision taken instead say it.
    reopened_for = models.TextField(blank=True, default="", db_default="")
    # The minutes that report it.
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, null=True, related_name="decisions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(reopened_at=None), name="one_standing_decision"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=0) & Q(examined_level__gte=0), name="decision_levels_in_range"
            ),
            models.CheckConstraint(
                condition=Q(level=models.F("examined_level")) | ~Q(reasons=""),
                name="decision_reasons_when_it_differs",
            ),
        ]


class Ballot(models.Model):
    """Scrutin: the jury votes on one file, on its level or, when `honour` says one, on a mention.

    Open until it is closed, by hand, at `closes_at` or, with `at_quorum`, as soon as the votes decide it; set aside
    when it is called off, or when the file changes or is reopened afterwards."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="ballots")
    honour = models.CharField(max_length=80, blank=True)
    # The level examined when it was opened: the choices are this one and its neighbours.
    examined_level = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    at_quorum = models.BooleanField(default=False, db_default=False)
    set_aside_at = models.DateTimeField(null=True)
    # Why it was called off; empty when the file itself moved.
    set_aside_for = models.CharField(max_length=300, blank=True, default="", db_default="")
    # What the votes gave: a level, or 1 (yes) or 0 (no) for a mention.
    outcome = models.PositiveSmallIntegerField(null=True)
    # The count as it was closed: {"votes": {"3": 4}, "abstentions": 1, "able": 6, "quorum": 3, "by_chair": false}.
    count = models.JSONField(default=dict)

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "honour"],
                condition=Q(closed_at=None, set_aside_at=None),
                name="one_open_ballot_on_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome=None) | Q(closed_at__isnull=False, outcome__isnull=False),
                name="ballot_outcome_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.honour or str(_("niveau"))


class Vote(models.Model):
    """One juror's voice, changed freely until the ballot is closed. Who voted what is never shown."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="votes")
    # As `Ballot.outcome`; None for an abstention.
    choice = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "juror"], name="vote_once_a_ballot")]


class AppealState(models.TextChoices):
    FILED = "filed", _("déposée")
    UPHELD = "upheld", _("acceptée")
    REJECTED = "rejected", _("rejetée")


class Appeal(models.Model):
    """Demande de réexamen: one a file, by a signatory, with reasons; answered with reasons."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.FILED)
    grounds = models.TextField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    new_level = models.PositiveSmallIntegerField(null=True)
    answered_by = models.ForeignKey(Juror, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AppealState.FILED, answered_at=None, answered_by=None, answer="")
                | ~Q(state=AppealState.FILED) & Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="appeal_answer_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(state=AppealState.UPHELD, new_level__gte=0)
                | ~Q(state=AppealState.UPHELD) & Q(new_level=None),
                name="appeal_level_when_upheld",
            ),
        ]
