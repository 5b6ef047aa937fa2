"""The job that erases a piece of evidence that its territory took back: its bytes, and all that was drawn of them."""

from django.utils.translation import gettext_lazy

from assessments.models import Evidence
from jury.models import Preview, PreviewPage
from outbox import jobs
from outbox.jobs import erasing
from outbox.models import Job, Queue, StoredFile


@jobs.kind(
    "evidence.erase",
    key="erase:{evidence}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Effacement d’une preuve retirée"),
)
def erase(job: Job) -> None:
    """Payload: `evidence`. Its row stays, with the digest of what was sent; so do the jury's word and the trail."""
    with jobs.finish(job):
        piece = (
            Evidence.objects.select_for_update(of=("self",))
            .select_related("file", "thumbnail", "cleaned")
            .get(pk=job.payload["evidence"])
        )
        if piece.removed_at is None or piece.file is None:
            return
        pages = PreviewPage.objects.filter(preview__evidence=piece)
        held: list[StoredFile | None] = [
            piece.file,
            piece.thumbnail,
            piece.cleaned,
            *(row.file for row in pages.select_related("file")),
        ]
        Preview.objects.filter(evidence=piece).delete()
        Evidence.objects.filter(pk=piece.pk).update(sent_sha256=piece.digest, file=None, thumbnail=None, cleaned=None)
        erasing.ask(*held)
