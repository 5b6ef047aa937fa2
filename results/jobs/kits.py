"""What a territory shows of its level: the road sign for the printer, the logos for the web and for mails."""

import io
import zipfile
from datetime import UTC, datetime, time

from django.utils.translation import gettext_lazy as _

from documents.french import in_full
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from results.models import Kit, PublishedResult


@jobs.kind("kit.make", key="kit:{kit}", queue=Queue.PAPERS, words=_("Panneau et logos"))
def make(job: Job) -> None:
    """Draw the kit that a territory asked for. Payload: `kit`. The same bytes each time."""
    kit = Kit.objects.select_related("result").get(pk=job.payload["kit"])
    stored = kit.file or files.store(draw(kit.result), content_type="application/zip")
    with jobs.finish(job):
        Kit.objects.filter(pk=kit.pk, file=None).update(file=stored)


def file_name(result: PublishedResult) -> str:
    return f"panneau-et-logos-{result.document['territory']['code']}-{result.document['year']}.zip"


def draw(result: PublishedResult) -> bytes:
    """Every file in one ZIP, dated of the decision."""
    from documents import emblem  # noqa: PLC0415 -- ReportLab stays out of web

    data = emblem.EmblemData(
        title=instance.current().name,
        subtitle=instance.current().tagline,
        territory_name=in_full(result.document["territory"]["name"]),
        year=result.document["year"],
        level=result.level,
        issued_at=datetime.combine(result.decided_on, time(12), UTC),
        organiser_name=instance.current().organiser,
        simulated=result.simulated,
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {"panneau.pdf": emblem.road_sign(data), **emblem.logo_pack(data)}.items():
            archive.writestr(zipfile.ZipInfo(name, data.issued_at.timetuple()[:6]), content)
    return buffer.getvalue()
