"""The job that draws the evidence of a file when its reading begins, and again when it comes back completed."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from assessments.models import Application, Evidence
from documents import pages
from documents.pages import Pages, Undrawable
from jury.models import Preview, PreviewPage
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue


def schedule(application: Application) -> Job | None:
    """In the caller's transaction; nothing to do without a file to draw. What is drawn is not drawn again."""
    latest = undrawn(application).last()
    if latest is None:
        return None
    return make.schedule(application=application.pk, latest=latest.pk)


def undrawn(application: Application) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(application=application, removed_at=None, preview=None)
    return rows.filter(file__content_type__in=pages.DRAWN).select_related("file").order_by("pk")


@jobs.kind(
    "evidence.preview",
    key="preview:{application}:{latest}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Aperçu des preuves"),
)
def make(job: Job) -> None:
    """Draw each piece of a file. Payload: `application`. A piece that cannot be drawn says so and is downloaded."""
    application = Application.objects.get(pk=job.payload["application"])
    pieces = list(undrawn(application))
    for number, piece in enumerate(pieces):
        jobs.progress(job, done=number, total=len(pieces))
        assert piece.file is not None  # noqa: S101 -- as looked up
        try:
            drawn, fault = pages.draw(files.read(piece.file), piece.file.content_type), ""
        except Undrawable as error:
            drawn, fault = Pages((), 0), str(error) or type(error).__name__
        keep(piece, drawn, fault=fault)
    jobs.progress(job, done=len(pieces), total=len(pieces))
    with jobs.finish(job):
        pass


@transaction.atomic
def keep(piece: Evidence, drawn: Pages, *, fault: str = "") -> Preview | None:
    """Two workers may draw the same piece: the first one's pages are kept. None of a piece taken back meanwhile."""
    if Evidence.objects.select_for_update().filter(pk=piece.pk, removed_at=None).first() is None:
        return None
    defaults = {"total": drawn.total, "fault": fault[:200]}
    preview, created = Preview.objects.get_or_create(evidence=piece, defaults=defaults)
    if created:
        PreviewPage.objects.bulk_create(
            PreviewPage(
                preview=preview,
                number=number,
                file=files.store(page.content, content_type="image/webp"),
                width=page.width,
                height=page.height,
            )
            for number, page in enumerate(drawn.pages, start=1)
        )
    return preview
