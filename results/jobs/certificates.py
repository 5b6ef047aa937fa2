"""The job that makes a certificate. The same result gives the same page, sealed and registered once."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.french import in_full
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from results.models import Certificate

if TYPE_CHECKING:
    from assessments.doors.seals import Sealed


@jobs.kind("certificate.make", key="certificate:{certificate}", queue=Queue.PAPERS, words=gettext_lazy("Attestation"))
def make(job: Job) -> None:
    """Draw, seal and store the PDF of a certificate that has none. Payload: `certificate`.

    Two seals of the same page differ: the file is registered with the end of the job, or forgotten with it."""
    certificate = Certificate.objects.select_related("result").get(pk=job.payload["certificate"])
    sealed = None if certificate.file_id else seal(certificate)
    if sealed:
        files.put(sealed.pdf)
    with jobs.finish(job):
        if sealed:
            stored = files.store(sealed.pdf, content_type="application/pdf", was_put=True)
            unmade = Certificate.objects.filter(pk=certificate.pk, file=None)
            unmade.update(file=stored, made_at=timezone.now(), sealed_by=sealed.by)


def seal(certificate: Certificate) -> "Sealed":
    from assessments.doors import seals  # noqa: PLC0415 -- pyHanko stays out of web

    return seals.apply(draw(certificate), address=address(certificate), reason=str(certificate))


def address(certificate: Certificate) -> str:
    """Where anyone checks it: printed, in its QR code, and under its seal."""
    return settings.SITE_URL + reverse("results:certificate", args=[certificate.number])


def draw(certificate: Certificate) -> bytes:
    """The PDF, from the frozen copy alone."""
    from documents.certificate import CertificateData, Signatory, render  # noqa: PLC0415 -- ReportLab stays out of web

    result, document = certificate.result, certificate.result.document
    territory = document["territory"]
    return render(
        CertificateData(
            territory_name=in_full(territory["name"]),
            kind=territory["kind"],
            department_name=territory["department"]["name"],
            department_code=territory["department"]["code"],
            year=document["year"],
            level=result.level,
            honours=tuple(result.honours),
            decided_on=result.decided_on,
            number=certificate.number,
            verify_url=address(certificate),
            label_name=instance.current().full_name,
            organiser_name=instance.current().organiser,
            signatories=(
                Signatory(_("La présidence du jury"), instance.current().jury_chair),
                Signatory(_("L’organisation du label"), instance.current().organiser_head),
            ),
            simulated=result.simulated,
            obligations=tuple(document["obligations"]),
            initiatives=_axes_of_initiatives(document),
        )
    )


def _axes_of_initiatives(document: dict[str, Any]) -> tuple[str, ...]:
    """Those that initiatives serve, in their order; before schema 2 an initiative bore none."""
    counted = document["replay"]["application"]["initiatives"].values()
    served = {axis for of_issue in counted if isinstance(of_issue, dict) for axis, number in of_issue.items() if number}
    return tuple(axis["title"].lower() for axis in document["axes"] if axis["id"] in served)
