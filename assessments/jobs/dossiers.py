"""The whole file as one PDF: asked for by who reads it before signing, and made by itself at each deposit."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import queries
from assessments.doors import reading, scorecards
from assessments.enums import State
from assessments.models import Application, Dossier, Evidence, Scorecard
from documents.french import in_full
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.jobs import erasing
from outbox.models import Job, JobState, Queue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.dossier import DossierData, Proof

OPEN = (State.DRAFT, State.RETURNED)


def round_of(application: Application, declared: Scorecard | None) -> int:
    """Of the paper that shows a file as it is: 0 as long as it may change."""
    return 0 if declared is None or application.state in OPEN else declared.round


def digest_of(application: Application, sheet: queries.Sheet) -> str:
    return hashlib.sha256(scorecards.in_full(application, sheet).encode()).hexdigest()


def ask(application: Application, sheet: queries.Sheet) -> None:
    """For the paper that says what the file says now."""
    made, making = current(application, sheet)
    if made is None and not making:
        round_ = round_of(application, queries.declared_scorecard(application))
        with transaction.atomic():
            job = make.schedule(application=application.pk, round=round_, digest=digest_of(application, sheet))
            # A file that came back to what it said before, or a paper that failed.
            if job.state != JobState.TODO:
                jobs.again(job)


def current(application: Application, sheet: queries.Sheet) -> tuple[Dossier | None, bool]:
    """The paper that says what the file says now, if it is made; and whether it is being made."""
    round_, digest = round_of(application, queries.declared_scorecard(application)), digest_of(application, sheet)
    made = Dossier.objects.filter(application=application, round=round_).select_related("file").first()
    if made and (round_ or made.digest == digest):
        return made, False
    job = make.find(application=application.pk, round=round_, digest=digest)
    return None, job is not None and job.state == JobState.TODO


@jobs.kind(
    "dossier.make",
    key="dossier:{application}:{round}:{digest}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Dossier complet en PDF"),
)
def make(job: Job) -> None:
    """Payload: `application`. It shows the file as it is when it is drawn, at one moment."""
    from documents.dossier import render  # noqa: PLC0415 -- ReportLab stays out of web processes

    now = timezone.now()
    with transaction.atomic():
        application = queries.applications().select_for_update(of=("self",)).get(pk=job.payload["application"])
        declared = queries.declared_scorecard(application)
        round_ = round_of(application, declared)
        at = declared.frozen_at if declared and round_ else now
        shown = data(application, submitted=bool(round_), at=at)
    paper = files.store(render(shown), content_type="application/pdf")
    with jobs.finish(job):
        row = Dossier.objects.filter(application=application, round=round_).select_related("file").first()
        fields = {"digest": shown.fingerprint, "file": paper, "made_at": now}
        Dossier.objects.update_or_create(application=application, round=round_, defaults=fields)
        if row and row.file_id != paper.pk:
            erasing.ask(row.file)


def data(application: Application, *, submitted: bool, at: datetime) -> "DossierData":
    from documents.dossier import Chapter, Description, DossierData, Reply  # noqa: PLC0415 -- see `make`

    sheet = queries.sheet(application)
    queries.find_inspirations(sheet.initiatives)
    result, evidence = scorecards.live(application, sheet=sheet), list(queries.evidence(application))
    whole = reading.reading(
        application, sheet, result, evidence=evidence, pictures=queries.pictures(application).exclude(file=None)
    )
    done, asked = result.answered
    return DossierData(
        territory_name=in_full(application.territory.name),
        year=application.edition.year,
        submitted=submitted,
        at=at,
        counts=(
            (_("Questions répondues"), _("%(done)s sur %(asked)s") % {"done": done, "asked": asked}),
            (_("Initiatives"), str(len(sheet.initiatives))),
            (_("Preuves"), str(len(evidence))),
        ),
        context=tuple((fact.label, fact.words) for fact in whole.context),
        chapters=tuple(
            Chapter(
                chapter.title,
                tuple(
                    Reply(row.text, row.words, _proofs(row.proofs), row.question.confidential) for row in chapter.rows
                ),
            )
            for chapter in whole.chapters
        ),
        initiatives=tuple(
            Description(
                title=row.initiative.title,
                paragraphs=tuple(reading.paragraphs(row.initiative.description)),
                facts=tuple((fact.label, fact.words) for fact in row.facts),
                pictures=tuple(picture.alternative for picture in row.pictures),
                proofs=_proofs(row.proofs),
            )
            for row in whole.initiatives
        ),
        fingerprint=digest_of(application, sheet),
        label_name=instance.current().name,
        organiser_name=instance.current().organiser,
        simulated=application.simulated,
    )


def _proofs(pieces: "Iterable[Evidence]") -> "tuple[Proof, ...]":
    from documents.dossier import Proof  # noqa: PLC0415 -- see `make`

    return tuple(Proof(piece.title, piece.url or piece.file_name, piece.digest) for piece in pieces)


def file_name(application: Application) -> str:
    return f"dossier-{application.territory.code}-{application.edition.year}.pdf"
