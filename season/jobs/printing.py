"""One file for the printer: every certificate that stands, by territory."""

import tempfile
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from results.models import Certificate
from season.models import PrintFile

# Progress is written once in so many; it keeps the lease.
STRIDE = 10


@jobs.kind("ceremony.print", key="print:{print_file}", queue=Queue.BULK, words=_("Attestations à imprimer"))
def bind(job: Job) -> None:
    """Payload: `print_file`."""
    import pikepdf  # noqa: PLC0415 -- workers only

    row = PrintFile.objects.get(pk=job.payload["print_file"])
    standing = Certificate.objects.filter(
        result__edition=row.edition_id, result__replaced_at=None, result__withdrawn_at=None, file__isnull=False
    )
    made = list(standing.select_related("file").order_by("result__territory__sort_key", "result__territory__code"))
    with tempfile.TemporaryFile() as draft, pikepdf.new() as bound:
        for position, certificate in enumerate(made):
            if position % STRIDE == 0:
                jobs.progress(job, done=position, total=len(made))
            assert certificate.file is not None  # noqa: S101 -- only those that are made
            with pikepdf.open(BytesIO(files.read(certificate.file))) as paper:
                bound.pages.extend(paper.pages)
        bound.save(draft)
        jobs.progress(job, done=len(made), total=len(made))
        draft.seek(0)
        stored = files.store_open(draft, content_type="application/pdf")
    with jobs.finish(job):
        PrintFile.objects.filter(pk=row.pk, file=None).update(file=stored)
