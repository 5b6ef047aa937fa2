"""The receipt of a submission: made and sealed by a worker, kept with what was declared, sent to those who act for the
territory."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments import queries, wording
from assessments.doors import letters, scorecards
from assessments.models import Application, Evidence, Scorecard
from documents.french import in_full
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue

if TYPE_CHECKING:
    from assessments.doors.seals import Sealed
    from documents.receipt import ReceiptData


def payload(scorecard: Scorecard, sheet: queries.Sheet) -> dict[str, Any]:
    """What the worker needs, as things are at the submission: the file may be returned and changed before it comes."""
    application = scorecard.application
    return {
        "scorecard": scorecard.pk,
        "by": application.submitted_by_id,
        "initiatives": len(sheet.initiatives),
        "evidence": Evidence.objects.filter(application=application, removed_at=None).count(),
    }


@jobs.kind("receipt.make", key="receipt:{scorecard}", queue=Queue.PAPERS, words=gettext_lazy("Accusé de dépôt"))
def make(job: Job) -> None:
    """Draw, seal, store and send the PDF of one declared scorecard. Payload: see `payload`."""
    rows = Scorecard.objects.select_related("application__edition", "application__territory")
    scorecard = rows.get(pk=job.payload["scorecard"])
    sealed = None if scorecard.receipt_id else seal(scorecard, job.payload)
    if sealed:
        files.put(sealed.pdf)
    with jobs.finish(job):
        if sealed:
            stored = files.store(sealed.pdf, content_type="application/pdf", was_put=True)
            Scorecard.objects.filter(pk=scorecard.pk, receipt=None).update(receipt=stored)
            attachments = [(file_name(scorecard.application), stored)]
            for membership in queries.members(scorecard.application):
                letters.receipt(scorecard, to=membership.user.email, attachments=attachments)


def seal(scorecard: Scorecard, submitted: Mapping[str, Any]) -> "Sealed":
    from assessments.doors import seals  # noqa: PLC0415 -- pyHanko stays out of web processes
    from documents.receipt import render  # noqa: PLC0415 -- ReportLab too

    reason = _("Accusé de dépôt, %(application)s") % {"application": scorecard.application}
    return seals.apply(render(data(scorecard, submitted)), address=seals.paper("receipt", scorecard.pk), reason=reason)


def data(scorecard: Scorecard, submitted: Mapping[str, Any]) -> "ReceiptData":
    from documents.receipt import ReceiptData  # noqa: PLC0415 -- see `seal`

    application = scorecard.application
    person = User.objects.filter(pk=submitted["by"]).first()
    declared = scorecards.replayed(application, scorecard)
    return ReceiptData(
        territory_name=in_full(application.territory.name),
        year=application.edition.year,
        submitted_at=scorecard.frozen_at,
        submitted_by_function=person.function if person else "",
        submitted_by_name=person.name if person else "",
        answers=declared.answered[0],
        asked=declared.answered[1],
        score=wording.if_accepted(declared) or wording.percent(declared.overall),
        initiatives=submitted["initiatives"],
        evidence=submitted["evidence"],
        fingerprint=scorecard.fingerprint,
        input_hash=scorecard.input_hash,
        label_name=instance.current().name,
        organiser_name=instance.current().organiser,
        verify_url=f"{settings.SITE_URL}/verifier/",
        simulated=application.simulated,
    )


def file_name(application: Application) -> str:
    return f"accuse-de-depot-{application.territory.code}-{application.edition.year}.pdf"
