"""What must happen later, written in the same transaction as its cause. Celery rings, these rows are the truth."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from instance.rules.ciphers import HiddenText


class Queue(models.TextChoices):
    MAIL = "mail", _("courriels")
    PAPERS = "papers", _("documents")
    SCORES = "scores", _("calculs")
    BULK = "bulk", _("traitements longs")


class JobState(models.TextChoices):
    TODO = "todo", _("à faire")
    DONE = "done", _("faite")
    DEAD = "dead", _("en échec")


class Rank(models.IntegerChoices):
    """Among what is due in a queue, which comes first."""

    USUAL = 0, _("à son tour")
    LAST = 1, _("après le reste")


class Job(models.Model):
    """One task due. `key` is unique: asking twice for the same work makes one row.

    Taken by an update that moves `lease_until`; a lease that ran out may be taken again."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    queue = models.CharField(max_length=10, choices=Queue)
    rank = models.PositiveSmallIntegerField(choices=Rank, default=Rank.USUAL)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=4, choices=JobState, default=JobState.TODO)
    # How often it was taken, never reset: who holds the job is known by this number. Of these, how many attempts ended
    # in an error of ours, and how many were cut off with their process.
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    # Shown as a progress bar: `done` of `total` units of work.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "queue", "rank", "due_at"], name="job_next")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=JobState.TODO, finished_at=None)
                | (~models.Q(state=JobState.TODO) & models.Q(finished_at__isnull=False)),
                name="job_finished_when_not_todo",
            ),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="job_done_within_total"),
        ]

    def __str__(self) -> str:
        return self.key


class MailState(models.TextChoices):
    TODO = "todo", _("à envoyer")
    SENT = "sent", _("envoyé")
    KEPT = "kept", _("gardé ici, pas envoyé")
    FAILED = "failed", _("en échec")


# Where the text of a mail wants a link that is made when it leaves: a character that no text has (ASCII's substitute).
HOLE = "\x1a"


class Mail(models.Model):
    """A message before it leaves. Its Message-ID comes from the row: a second sending is recognisable.

    A link that lets its reader act is not in it: `letter` and `opens` (the key of a row) say which one each sending
    makes, so that nothing live is kept."""

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    # Written for its reader alone: unreadable in a copy of the database.
    text = HiddenText()
    letter = models.CharField(max_length=60, blank=True, default="", db_default="")
    opens = models.CharField(max_length=40, blank=True, default="", db_default="")
    # Where its reader ends the messages of this sort; none for what concerns their files.
    stop = models.URLField(max_length=500, blank=True, default="", db_default="")
    state = models.CharField(max_length=6, choices=MailState, default=MailState.TODO)
    message_id = models.CharField(max_length=200, unique=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=MailState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MailState.SENT) & models.Q(sent_at=None)),
                name="mail_sent_at_when_sent",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def shown(self) -> str:
        """The text as anybody may read it who may read the mail."""
        return self.text.replace(HOLE, str(_("[lien personnel]")))


class MailFile(models.Model):
    """A file that goes with a message."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT)
    name = models.CharField(max_length=120)


class LetterText(models.Model):
    """The words of a letter as the organiser of this instance wants them, over those of the program."""

    name = models.CharField(max_length=60, unique=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name


class StoredFile(models.Model):
    """A file kept by its content: the same bytes are stored once, under their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256


class Heartbeat(models.Model):
    """When a process was last known to live: `worker`, `beat`."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
