"""Images that people send, drawn anew by a worker: smaller, the right way up, without place, date or camera."""

from typing import Any

from django.utils.translation import gettext_lazy

from assessments.models import Evidence, Picture
from documents import conversion, pages
from documents.pages import Page, Undrawable
from outbox import jobs
from outbox.doors import files
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
        files.erase(sent)


@jobs.kind(
    "evidence.thumbnail",
    key="thumbnail:{evidence}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Vignette d’une preuve"),
)
def make_thumbnail(job: Job) -> None:
    """Payload: `evidence`. What a telephone or a scanner made becomes what opens everywhere, then has its thumbnail.

    An image that cannot be drawn says so, and is downloaded as it was sent."""
    piece = Evidence.objects.select_related("file").get(pk=job.payload["evidence"])
    if piece.file is None or piece.removed_at is not None:
        with jobs.finish(job):
            return
    sent, changes = piece.file, {}
    try:
        if made := conversion.convert(files.read(sent), sent.content_type):
            changes = _kept(piece, *made)
        changes["thumbnail"] = files.store(
            _drawn(changes.get("file", sent), THUMBNAIL).content, content_type="image/webp"
        )
    except Undrawable as error:
        changes["fault"] = (str(error) or type(error).__name__)[:200]
    with jobs.finish(job):
        kept = Evidence.objects.filter(pk=piece.pk, removed_at=None, file=sent).update(**changes)
        if kept and "file" in changes:
            files.erase(sent)
    if not kept:  # taken back meanwhile
        for stored in (changes.get("file"), changes.get("thumbnail")):
            if stored:
                files.erase(stored)


def _kept(piece: Evidence, content: bytes, content_type: str) -> dict[str, Any]:
    stem = piece.file_name.rpartition(".")[0] or piece.file_name
    return {
        "file": files.store(content, content_type=content_type),
        "file_name": f"{stem}.{'pdf' if content_type == pages.PDF else 'jpg'}",
        "sent_sha256": piece.digest,
    }


def _drawn(stored: StoredFile, width: int) -> Page:
    return pages.draw(files.read(stored), stored.content_type, width=width).pages[0]
