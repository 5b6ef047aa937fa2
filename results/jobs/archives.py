"""Every certificate of an edition in one ZIP file, written piece by piece: memory does not grow with the edition."""

import shutil
import tempfile
import zipfile

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from results.jobs.publication import STRIDE
from results.models import Archive, Certificate


@jobs.kind("edition.archive", key="archive:{archive}", queue=Queue.BULK, words=_("Archive des attestations"))
def make(job: Job) -> None:
    """Pack the certificates that stand, in the order of their territories. Payload: `archive`."""
    archive = Archive.objects.select_related("edition").get(pk=job.payload["archive"])
    standing = Certificate.objects.filter(
        result__edition=archive.edition, result__replaced_at=None, result__withdrawn_at=None, file__isnull=False
    )
    pks = list(standing.order_by("result__territory__code").values_list("pk", flat=True))
    with tempfile.TemporaryFile() as draft:
        with zipfile.ZipFile(draft, "w") as packed:
            for position, pk in enumerate(pks):
                if position % STRIDE == 0:
                    jobs.progress(job, done=position, total=len(pks))
                _pack(packed, Certificate.objects.select_related("result", "file").get(pk=pk))
        jobs.progress(job, done=len(pks), total=len(pks))
        draft.seek(0)
        stored = files.store_open(draft, content_type="application/zip")
    with jobs.finish(job):
        Archive.objects.filter(pk=archive.pk, file=None).update(file=stored)


def _pack(packed: zipfile.ZipFile, certificate: Certificate) -> None:
    assert certificate.file is not None  # noqa: S101 -- only those that are made
    territory = certificate.result.document["territory"]
    name = f"{territory['code']}-{slugify(territory['name'])}-{certificate.number}.pdf"
    entry = zipfile.ZipInfo(name, (*certificate.result.decided_on.timetuple()[:3], 12, 0, 0))
    with files.open_stored(certificate.file) as source, packed.open(entry, "w") as target:
        shutil.copyfileobj(source, target)
