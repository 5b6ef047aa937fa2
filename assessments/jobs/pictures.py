"""Images that people send, drawn anew by a worker: smaller, the right way up, without place, date or camera."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy

from assessments.models import Evidence, Picture
from documents import pages
from documents.pages import Page, Undrawable
from outbox import files, jobs
from outbox.models import Job, Queue, StoredFile

THUMBNAIL = 320  # pixels wide


def schedule(picture: Picture) -> Job:
    """In the caller's transaction."""
    return make.schedule(picture=picture.pk)


def schedule_thumbnail(piece: Evidence) -> Job | None:
    """In the caller's transaction; nothing to do for what is not an image."""
    if piece.file is None or piece.file.content_type not in pages.IMAGES:
        return None
    return make_thumbnail.schedule(evidence=piece.pk)


@jobs.kind(
    "picture.make",
    key="picture:{picture}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Image d’une initiative"),
)
def make(job: Job) -> None:
    """Payload: `picture`. What was sent is forgotten: it may say where it was taken."""
    picture = Picture.objects.select_related("sent").get(pk=job.payload["picture"])
    if picture.sent is None:
        with jobs.finish(job):
            return
    sent = picture.sent
    try:
        page = _drawn(sent, pages.WIDTH)
        stored = files.store(page.content, content_type="image/webp")
        changes = {"file": stored, "width": page.width, "height": page.height}
    except Undrawable as error:
        changes = {"fault": (str(error) or type(error).__name__)[:200]}
    with jobs.finish(job):
        Picture.objects.filter(pk=picture.pk).update(sent=None, **changes)
        _forget(sent)


@jobs.kind(
    "evidence.thumbnail",
    key="thumbnail:{evidence}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Vignette d’une preuve"),
)
def make_thumbnail(job: Job) -> None:
    """Payload: `evidence`. An image that cannot be drawn has none, and is downloaded."""
    piece = Evidence.objects.select_related("file").get(pk=job.payload["evidence"])
    assert piece.file is not None  # noqa: S101 -- as scheduled
    try:
        page = _drawn(piece.file, THUMBNAIL)
        stored = files.store(page.content, content_type="image/webp")
    except Undrawable:
        stored = None
    with jobs.finish(job):
        Evidence.objects.filter(pk=piece.pk).update(thumbnail=stored)


def _drawn(stored: StoredFile, width: int) -> Page:
    return pages.draw(files.read(stored), stored.content_type, width=width).pages[0]


def _forget(sent: StoredFile) -> None:
    """Its row, unless something else of the service holds the same content; its bytes are swept a day later."""
    try:
        with transaction.atomic():
            sent.delete()
    except ProtectedError:
        pass
