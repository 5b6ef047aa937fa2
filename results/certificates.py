"""The job that makes a certificate. The same result gives the same bytes, kept once, by their content."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox import files, jobs
from outbox.models import Job
from results.models import Certificate


@jobs.handler("certificate.make")
def make(job: Job) -> None:
    """Draw and store the PDF of a certificate that has none. Payload: `certificate`."""
    certificate = Certificate.objects.select_related("result").get(pk=job.payload["certificate"])
    stored = certificate.file or files.store(draw(certificate), content_type="application/pdf")
    with jobs.finish(job):
        Certificate.objects.filter(pk=certificate.pk, file=None).update(file=stored, made_at=timezone.now())


def draw(certificate: Certificate) -> bytes:
    """The PDF, from the frozen copy alone."""
    from documents.certificate import CertificateData, Signatory, render  # noqa: PLC0415 -- ReportLab stays out of web

    result, document = certificate.result, certificate.result.document
    territory = document["territory"]
    return render(
        CertificateData(
            territory_name=territory["name"],
            kind=territory["kind"],
            department_name=territory["department"]["name"],
            department_code=territory["department"]["code"],
            year=document["year"],
            level=result.level,
            honours=tuple(result.honours),
            decided_on=result.decided_on,
            number=certificate.number,
            verify_url=settings.SITE_URL + reverse("results:certificate", args=[certificate.number]),
            label_name=f"{settings.INSTANCE['name']}, {settings.INSTANCE['tagline']}",
            organiser_name=str(settings.INSTANCE["organiser"]),
            signatories=(Signatory(_("La présidence du jury")), Signatory(_("L’organisation du label"))),
            simulated=result.simulated,
        )
    )
