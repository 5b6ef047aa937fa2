"""What the public may read. Rows are copies: nothing that happens later in an application alters them."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.enums import Cost
from assessments.models import Application, Edition, Scorecard
from jury.models import Minutes
from outbox.models import StoredFile
from territories.models import Territory


class PublishedResult(models.Model):
    """One award. A correction or an appeal makes a new copy that `replaces` the old one; a withdrawal dates this one.

    `document` is the whole public copy: identity, axes, issues, lines of the questions that are not confidential, the
    subtotals of those that are, initiatives, reasons, hashes."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="results")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="results")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="results")
    level = models.PositiveSmallIntegerField()
    overall_sort = models.PositiveSmallIntegerField()
    honours = models.JSONField(default=list)
    document = models.JSONField()
    decided_on = models.DateField()
    published_at = models.DateTimeField(default=timezone.now)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    # Set on the old row when a new copy takes its place.
    replaced_at = models.DateTimeField(null=True)
    # Why the organiser had it replaced by a corrected copy; empty when an appeal did.
    correction = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "territory"], condition=Q(replaced_at=None), name="one_result_in_force"
            ),
            models.CheckConstraint(condition=Q(level__gte=0), name="result_level_in_range"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="result_reason_when_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(correction="") | Q(replaced_at__isnull=False), name="result_corrected_is_replaced"
            ),
        ]
        indexes = [models.Index(fields=["territory", "edition"], name="result_of_territory")]

    def __str__(self) -> str:
        return f"{self.territory} {self.edition}: {self.level}"


class PublicState(models.Model):
    """How many times actions changed what the public may read: one row, moved in the transaction of each change. With
    the dates of the editions and the official list it tells which of the public pages kept are still true."""

    ONLY = 1

    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def moved(cls) -> None:
        cls.objects.get_or_create(pk=cls.ONLY)
        cls.objects.filter(pk=cls.ONLY).update(version=models.F("version") + 1)


class PublishedInitiative(models.Model):
    """An initiative of a published result. `tokens` are its plain words, as the search reads them (`rules.stems`)."""

    result = models.ForeignKey(PublishedResult, on_delete=models.CASCADE, related_name="initiatives")
    title = models.CharField(max_length=120)
    description = models.TextField()
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    operator = models.CharField(max_length=18)
    # What it serves first: an id of the framework, empty in editions of schema 1.
    axis = models.CharField(max_length=64, blank=True, default="", db_default="")
    issues = models.JSONField(default=list)
    link = models.URLField(blank=True, max_length=500)
    results = models.TextField(blank=True)
    partners = models.CharField(max_length=300, blank=True)
    cost = models.CharField(max_length=12, choices=Cost, blank=True)
    inspired_by = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    # Only what the territory agreed to show.
    contact = models.CharField(max_length=160, blank=True)
    # What it shows: [{"file": key of a StoredFile, "alternative", "width", "height"}].
    pictures = models.JSONField(default=list)
    tokens = models.TextField()
    # The first copy, of a copy made by a correction: its address stays.
    first = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> int:
        """Its lasting address: the same through corrections."""
        return self.first_id or self.pk


class Certificate(models.Model):
    """Attestation of one result. The number exists with the row; the file comes from a worker."""

    result = models.OneToOneField(PublishedResult, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=16, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    # Whose seal it bears, as its certificate says.
    sealed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, made_at=None) | Q(file__isnull=False, made_at__isnull=False),
                name="certificate_file_and_date_together",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Credential(models.Model):
    """The twin of a certificate for machines (Open Badges), under the same number: signed, and inside two images."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="credential")
    json = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    png = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    svg = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.certificate)


class CredentialKey(models.Model):
    """The public half of a key that signed a credential. Never removed: old credentials are verified with it."""

    multikey = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.multikey


class StatusList(models.Model):
    """Which credentials of a block no longer stand, as a signed list; see `results.credentials`."""

    number = models.PositiveIntegerField(unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.number)


class FileAnswer(models.TextChoices):
    """What a file is. Whether an authentic paper still stands is its certificate's matter, and may change."""

    AUTHENTIC = "authentic", _("authentique")
    ALTERED = "altered", _("modifié")
    UNKNOWN = "unknown", _("inconnu")


class Paper(models.TextChoices):
    """Which paper a file is. The first three belong to a certificate; the others are for their readers alone."""

    CERTIFICATE = "certificate", _("attestation")
    REPORT = "report", _("rapport d’évaluation")
    CREDENTIAL = "credential", _("justificatif numérique")
    RECEIPT = "receipt", _("accusé de dépôt")
    MINUTES = "minutes", _("procès-verbal du jury")


def new_token() -> str:
    return secrets.token_urlsafe(24)


class FileCheck(models.Model):
    """A file that somebody asks about. It goes away with the answer; the answer goes away after an hour.

    `token` is the address of the answer, for the one who asked. `certificate`: of which the file is a paper, or claims
    to be; `paper` when it is known which. `receipt`, `minutes`: when the file is theirs. Of a changed copy of these,
    nothing more is told."""

    token = models.CharField(max_length=40, unique=True, default=new_token)
    upload = models.BinaryField(null=True)
    answer = models.CharField(max_length=9, choices=FileAnswer, blank=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, null=True, related_name="+")
    receipt = models.ForeignKey(Scorecard, on_delete=models.CASCADE, null=True, related_name="+")
    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, null=True, related_name="+")
    paper = models.CharField(max_length=11, choices=Paper, blank=True)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(upload=None) & ~Q(answer="") | Q(upload__isnull=False, answer=""),
                name="checked_file_gone_with_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(receipt=None, minutes=None) | Q(answer=FileAnswer.AUTHENTIC),
                name="checked_file_tells_readers_papers_if_authentic",
            ),
        ]

    def __str__(self) -> str:
        return self.token


class Report(models.Model):
    """Evaluation report of one result, for its territory alone: the lines of confidential questions are in it.

    `content` is what the page and the paper both say (`documents.evaluation`); a worker makes it, then the file."""

    result = models.OneToOneField(PublishedResult, on_delete=models.PROTECT, related_name="report")
    content = models.JSONField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content=None, file=None, made_at=None)
                | Q(content__isnull=False, file__isnull=False, made_at__isnull=False),
                name="report_content_file_and_date_together",
            )
        ]

    def __str__(self) -> str:
        return f"{self.result}"


class Kit(models.Model):
    """Road sign and logos of one result, in a ZIP file: made when its territory asks for them."""

    result = models.OneToOneField(PublishedResult, on_delete=models.PROTECT, related_name="kit")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.result}"


class Card(models.Model):
    """What social networks show of the page of a result: an image of it, made once."""

    result = models.OneToOneField(PublishedResult, on_delete=models.PROTECT, related_name="card")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.result}"


class Archive(models.Model):
    """Every certificate of an edition in one ZIP file, as they stood when the organiser asked."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="archives")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition"], condition=Q(file=None), name="one_archive_in_the_making")
        ]

    def __str__(self) -> str:
        return f"{self.edition}"


class DataRelease(models.Model):
    """A version of the open data: every file, made by a worker from one state of what is public (`visibility.state`).

    Only the version of the state of now is given: what a later one takes back is never read again."""

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=64)
    # By which release of the program, for which address: another may write otherwise.
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class DataFile(models.Model):
    """One file of a version. `scope`: a year, or all of them; `table`: see `results.doors.tables`."""

    WHOLE = "tout"

    release = models.ForeignKey(DataRelease, on_delete=models.CASCADE, related_name="files")
    scope = models.CharField(max_length=4)
    table = models.CharField(max_length=40)
    kind = models.CharField(max_length=4)
    rows = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "scope", "table", "kind"], name="one_file_of_data_a_form")
        ]

    def __str__(self) -> str:
        return f"{self.scope}/{self.table}.{self.kind}"


class PastLaureate(models.Model):
    """« Palmarès du label Villes Internet », 2000–2025: facts with their source, never a level of ours."""

    year = models.PositiveSmallIntegerField()
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="past_laureates")
    # The name in the source, where it differs from today's.
    name = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField(null=True)
    mention = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("lauréat du palmarès Villes Internet")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["year", "territory", "mention"], name="laureate_once_a_year_and_mention")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
