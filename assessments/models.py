"""The applicant's side. Answers are only ever added; scorecards are frozen; the database refuses impossible rows."""

import hashlib
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.enums import AnswerState, Basis, Cost, LinkFault, Operator, ScorecardKind, State
from outbox.models import StoredFile
from scoring import framework as engine_framework
from scoring.framework import Framework as EngineFramework
from territories.models import Territory


class Framework(models.Model):
    """Référentiel: one immutable version, stored whole. `hash` is taken over the document as written."""

    hash = models.CharField(max_length=64, unique=True)
    year = models.PositiveSmallIntegerField()
    # Text, not JSON: PostgreSQL's jsonb would reorder keys, and the document must stay as written.
    document = models.TextField()
    loaded_at = models.DateTimeField(default=timezone.now)
    # The whole questionnaire to read and fill in before starting, made by a worker (`booklets`).
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    workbook = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.year} · {self.hash[:8]}"

    @property
    def parsed(self) -> EngineFramework:
        """What the engine reads. Parsed once a process and a hash; the document is only fetched for that."""
        return _parsed(self.hash)


@lru_cache(maxsize=16)
def _parsed(framework_hash: str) -> EngineFramework:
    document = Framework.objects.values_list("document", flat=True).get(hash=framework_hash)
    return engine_framework.load(document)


# What a web server answers for a page that is not there, and from where on it is at fault itself.
GONE, BROKEN = frozenset({400, 404, 410}), 500


class Edition(models.Model):
    """Édition. Its life is read from its dates (`policies.py`); `results_at` is the embargo: one instant for all."""

    year = models.PositiveSmallIntegerField(_("millésime"), unique=True)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="editions")
    opens_at = models.DateTimeField(_("ouverture des candidatures"))
    closes_at = models.DateTimeField(_("clôture des candidatures"))
    results_at = models.DateTimeField(_("annonce publique des résultats"))
    # The day that initiatives are judged by: that of the closing as it was when the edition opened, never moved since.
    # None in a row of a release that did not know it.
    reference_on = models.DateField(null=True)
    # When the organiser published: results exist from then on, and are shown from `results_at` on.
    published_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)
    # Being prepared: for the organiser alone, whatever its dates.
    draft = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")) & Q(closes_at__lte=F("results_at")),
                name="edition_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class FrameworkImpact(models.Model):
    """What another version would change for the files of an edition, as a worker measured it: the preview of a move."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="impacts")
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="impacts")
    # See `impact.measure`.
    document = models.JSONField()
    measured_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "framework"], name="impact_once_an_edition_and_framework")
        ]

    def __str__(self) -> str:
        return f"{self.edition} → {self.framework}"


class Application(models.Model):
    """Candidature: one territory in one edition, pinned to the framework it was started with."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="applications")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="applications")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    # Names declared under `context:` in the framework, asked once; {"has_website": true, …}.
    declared_context = models.JSONField(default=dict)
    # Kind, population, department, region, overseas: copied at the start, so that a new census changes no file.
    official_context = models.JSONField(default=dict)
    state_reason = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # A delay for this territory alone, beyond the closing, and why.
    extended_until = models.DateTimeField(null=True)
    extended_because = models.TextField(blank=True, default="", db_default="")
    # What the jury asked for, as long as the file is returned: that part alone is open.
    complement = models.ForeignKey("Complement", on_delete=models.SET_NULL, null=True, related_name="+")
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "territory"], name="application_once_an_edition"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="application_submitted_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="application_submitted_before_the_rest",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RETURNED, State.INELIGIBLE]) | ~Q(state_reason=""),
                name="application_reason_when_returned_or_ineligible",
            ),
            models.CheckConstraint(
                condition=Q(complement=None) | Q(state=State.RETURNED), name="application_complement_when_returned"
            ),
        ]
        indexes = [models.Index(fields=["edition", "state"], name="application_of_edition")]

    def __str__(self) -> str:
        return f"{self.territory.name} {self.edition}"

    @property
    def where(self) -> dict[str, dict[str, object]]:
        """No more than what its addresses name, for the pieces of pages that are kept by what they are given."""
        return {"territory": {"code": self.territory.code}, "edition": {"year": self.edition.year}}


class Answer(models.Model):
    """Réponse: rows are only added. The current one has the highest version; `version` is the one seen, plus one,
    and its uniqueness is what makes the second of two writers lose without losing a word."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=14, choices=AnswerState)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    # Of a row that clears: the version of the questionnaire whose answer was put aside when the file left it.
    parked_from = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["application", "question_id", "version"], name="answer_one_a_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_first_is_version_1"),
            models.CheckConstraint(
                condition=Q(state=AnswerState.NOT_APPLICABLE) & ~Q(reason="")
                | ~Q(state=AnswerState.NOT_APPLICABLE) & Q(reason=""),
                name="answer_reason_when_not_applicable",
            ),
            models.CheckConstraint(
                condition=Q(state=AnswerState.ANSWERED, value__isnull=False)
                | ~Q(state=AnswerState.ANSWERED) & Q(value__isnull=True),
                name="answer_value_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(parked_from=None) | Q(state=AnswerState.CLEARED), name="answer_parked_is_cleared"
            ),
        ]


class Initiative(models.Model):
    """What the territory does: the heart of the label. `issues` are ids of the framework, as many as it allows."""

    # The fields that people fill in, in the order in which they are read.
    WRITTEN = (
        *("title", "description", "started_on", "ended_on", "operator", "axis", "issues", "link"),
        *("results", "partners", "cost", "inspired_by", "contact", "contact_public"),
    )

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="initiatives")
    title = models.CharField(_("titre"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    started_on = models.DateField(_("date de début"), null=True, blank=True)
    # None: still running.
    ended_on = models.DateField(_("date de fin"), null=True, blank=True)
    operator = models.CharField(_("portée par"), max_length=18, choices=Operator, blank=True)
    # What it serves first: an id of the framework. Empty in a file of schema 1, and until it is chosen.
    axis = models.CharField(_("à quoi elle sert d’abord"), max_length=64, blank=True, default="", db_default="")
    issues = models.JSONField(default=list)
    link = models.URLField(_("lien"), blank=True, max_length=500)
    # None of these decides whether it counts; they tell others how to do the same.
    results = models.TextField(_("résultats mesurés"), blank=True)
    partners = models.CharField(_("partenaires"), max_length=300, blank=True)
    cost = models.CharField(_("coût par an"), max_length=12, choices=Cost, blank=True)
    inspired_by = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("inspirée d’une initiative de"),
    )
    contact = models.CharField(_("contact"), max_length=160, blank=True)
    contact_public = models.BooleanField(_("Montrer ce contact au public après l’annonce des résultats"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="initiative_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.title


class InitiativeVersion(models.Model):
    """What an initiative said before it was written over; or, `aside`, what somebody had typed when they chose to keep
    the version of a colleague. `content`: every field by name, as JSON holds it; None for nothing."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    aside = models.BooleanField(default=False)
    at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["initiative", "-version", "-pk"]


class Picture(models.Model):
    """Image of an initiative. A worker draws what is shown, without what the file carried besides: until then `file` is
    None, and `sent` what was uploaded; `fault` says that it could not be drawn. One that was taken back is erased by a
    worker: its words and its digest stay."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="pictures")
    alternative = models.CharField(_("texte de remplacement"), max_length=250)
    sent = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    # Of the bytes that were erased.
    erased_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alternative=""), name="picture_has_an_alternative"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, sent=None, fault="", width__gt=0, height__gt=0)
                | Q(file=None, sent__isnull=False, fault="")
                | Q(file=None, sent=None) & ~Q(fault="")
                # Taken back, its bytes erased.
                | Q(file=None, sent=None, fault="", removed_at__isnull=False) & ~Q(erased_sha256=""),
                name="picture_sent_drawn_or_faulty",
            ),
        ]

    def __str__(self) -> str:
        return self.alternative


class Evidence(models.Model):
    """Preuve: a file or a link, never both. The row is never erased, so that a ruling keeps its object; the bytes of a
    file that the territory took back are, by a worker, and only their digest stays."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(_("intitulé"), max_length=160)
    url = models.URLField(_("adresse de la page"), blank=True, max_length=500)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=160, blank=True)
    # Of what was sent, when the bytes kept are others (a worker made of it what opens everywhere) or none any more.
    sent_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Why a worker could make nothing of it.
    fault = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Of an image, drawn by a worker (`pictures`).
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    # What the public may have of a public file: without its metadata, made by a worker (`pictures`).
    cleaned = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    # May the public see it? Always false for a confidential question.
    public = models.BooleanField(_("publique"), default=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    # The piece that this one took the place of, out of view since then.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, file_name="") & ~Q(url="")
                | Q(file__isnull=False, url="") & ~Q(file_name="")
                # Taken back, its bytes erased.
                | Q(file=None, url="", removed_at__isnull=False) & ~Q(file_name="") & ~Q(sent_sha256=""),
                name="evidence_file_or_link",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_name(self) -> str:
        """Of the copy without metadata: an image is a JPEG there."""
        stem = self.file_name.rpartition(".")[0] or self.file_name
        return f"{stem}.{'pdf' if self.cleaned and self.cleaned.content_type == 'application/pdf' else 'jpg'}"

    @property
    def digest(self) -> str:
        """Of the file as it was sent; empty for a link."""
        return self.sent_sha256 or (self.file.sha256 if self.file else "")


class EvidenceUse(models.Model):
    """What a piece of evidence proves: a question, or an initiative. One piece may serve several."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="uses")
    question_id = models.CharField(max_length=64, blank=True)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, related_name="evidence_uses")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative=None) & ~Q(question_id="") | Q(initiative__isnull=False, question_id=""),
                name="evidence_use_question_or_initiative",
            ),
            models.UniqueConstraint(
                fields=["evidence", "question_id"], condition=Q(initiative=None), name="evidence_once_a_question"
            ),
            models.UniqueConstraint(
                fields=["evidence", "initiative"], condition=Q(question_id=""), name="evidence_once_an_initiative"
            ),
        ]


class LinkedPage(models.Model):
    """What a worker found behind the link of a proof, or of an initiative, when the file was last submitted."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, null=True, related_name="page")
    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, null=True, related_name="page")
    url = models.URLField(max_length=500)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=12, choices=LinkFault, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence=None, initiative__isnull=False) | Q(evidence__isnull=False, initiative=None),
                name="linked_page_of_a_proof_or_an_initiative",
            ),
            models.CheckConstraint(
                condition=Q(status=None) & ~Q(fault="") | Q(status__isnull=False, fault=""),
                name="linked_page_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def rotten(self) -> bool:
        """Did whoever followed the link then find nothing to read?"""
        return bool(self.fault) or self.status in GONE or (self.status or 0) >= BROKEN


class Complement(models.Model):
    """Complément demandé: what the jury asked of a file when it returned it, and when it was answered.

    `parts` are ids of questions and of issues, and `policies.CONTEXT`; `initiatives` the keys of some. `before` has
    what is overwritten when it changes, as it stood: {"context": {name: value}, "initiatives": {key: {field: …}}}."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="complements")
    reason = models.TextField()
    parts = models.JSONField(default=list)
    initiatives = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="complement_answered_by_and_at_together",
            )
        ]


class Carer(models.Model):
    """Who takes care of a question, or of a whole issue (`part` is the id of one of them)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="carers")
    part = models.CharField(max_length=64)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "assessments_charge"
        constraints = [models.UniqueConstraint(fields=["application", "part"], name="charge_one_a_part")]


class Comment(models.Model):
    """What colleagues say to each other about a question. Neither the jury nor the public reads it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="comments")
    question_id = models.CharField(max_length=64)
    text = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]


class Notice(models.Model):
    """Something that a mail will tell a person: a part (the id of a question or of an issue) confided to them, or a
    comment where they work. Gone once it is told."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    part = models.CharField(max_length=64)
    comment = models.BooleanField(default=False)
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Visit(models.Model):
    """When a person last opened a page of a file, and when their visit before this one ended (None: there was none).
    `read_at`: the moment up to which they said that they read the whole of it.

    Theirs alone: erased with their account, shown to nobody else."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="visits")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    previous_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "person"], name="visit_one_a_person")]


class Enquiry(models.Model):
    """A question asked of somebody without an account, by a link: only its digest is kept. What is replied is a
    proposal: it enters the file when a member takes it over."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="enquiries")
    question_id = models.CharField(max_length=64)
    email = models.EmailField()
    secret_digest = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=14, choices=AnswerState, blank=True)
    value = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_at=None, state="") | Q(replied_at__isnull=False) & ~Q(state=""),
                name="enquiry_state_when_replied",
            )
        ]


class Scorecard(models.Model):
    """Résultat du calcul, frozen with its inputs. Lists read the columns; the whole is in `inputs` and `result`.

    A file returned and submitted again gets a new declared row: `round` counts them. Each has its own `receipt`
    (accusé de dépôt), a PDF that a worker makes and seals."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scorecards")
    kind = models.CharField(max_length=8, choices=ScorecardKind)
    round = models.PositiveSmallIntegerField(default=1)
    # Text, not JSON: the bytes that were hashed.
    inputs = models.TextField()
    result = models.TextField()
    level = models.PositiveSmallIntegerField(null=True)
    # Ten-thousandths of the overall score, rounded down: only to sort and filter lists.
    overall_sort = models.PositiveSmallIntegerField(null=True)
    # Claims (« pas concerné ») without a ruling: of a declared one, the jury keeps it true. None in a row of a release
    # that did not count them.
    claims_pending = models.PositiveSmallIntegerField(null=True)
    framework_hash = models.CharField(max_length=64)
    input_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now)
    receipt = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    # Of a declared one, all that was submitted, as its fingerprint covers it (`scorecards.in_full`); empty in a row of
    # a release that did not keep it.
    submitted = models.TextField(blank=True, default="", db_default="")

    class Meta:
        ordering = ["application", "kind", "round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "round"], name="scorecard_once_a_round"),
            models.CheckConstraint(
                condition=Q(level=None, overall_sort=None) | Q(level__isnull=False, overall_sort__isnull=False),
                name="scorecard_level_and_overall_together",
            ),
            models.CheckConstraint(
                condition=Q(receipt=None) | Q(kind=ScorecardKind.DECLARED), name="scorecard_declared_has_the_receipt"
            ),
        ]

    @property
    def fingerprint(self) -> str:
        """Of all that was submitted; of the inputs of the score alone where nothing more was kept."""
        return hashlib.sha256(self.submitted.encode()).hexdigest() if self.submitted else self.input_hash


class Dossier(models.Model):
    """The whole file on paper: one as it stands (`round` 0, drawn anew when it changed), one a submission.

    `digest`: of all that it says, as `scorecards.in_full` writes it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="dossiers")
    round = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "round"], name="dossier_once_a_round")]


class Robustness(models.Model):
    """Solidité d’un niveau: what a worker found of one frozen result, known by its hash.

    `document`: see `robustness.measure`."""

    result_hash = models.CharField(max_length=64, unique=True)
    document = models.JSONField()


class Plan(models.Model):
    """Le chemin vers le niveau suivant, of a file as it stood: the same inputs give the same plan.

    `inputs` are what the worker starts from, gone once it is done; `document` is what it found, see `plans`."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="plans")
    input_hash = models.CharField(max_length=64)
    inputs = models.TextField()
    document = models.JSONField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "input_hash"], name="plan_once_for_the_same_inputs"),
            models.CheckConstraint(
                condition=Q(document__isnull=True) & ~Q(inputs="") | Q(document__isnull=False, inputs=""),
                name="plan_inputs_until_it_is_made",
            ),
        ]


class Benchmark(models.Model):
    """Étalonnage: where one file stands among its peers. `document`: see `benchmarks`.

    A row a file and not a group: its peers are the others, so that quartiles are its own."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="benchmarks")
    basis = models.CharField(max_length=9, choices=Basis)
    document = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "basis"], name="benchmark_once_a_basis")]
