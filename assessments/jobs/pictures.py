"""Images that people send, drawn anew by a worker: smaller, the right way up, without place, date or camera."""

from typing import Any

from django.utils.translation import gettext_lazy

from assessments.models import Evidence, Picture
from documents import conversion, pages
from documents.pages import Page, Undrawable
from outbox import jobs
from outbox.doors import files
from outbox.jobs import erasing
from outbox.models import Job, Queue, StoredFile

THUMBNAIL = 320  # pixels wide


def schedule(picture: Picture) -> Job:
    """In the caller's transaction."""
    return make.schedule(picture=picture.pk)


def schedule_cleaning(piece: Evidence) -> None:
    """In the caller's transaction: the public copy of a file is to be made, made anew, or erased."""
    if piece.file is not None and piece.removed_at is None:
        jobs.again(clean.schedule(evidence=piece.pk))


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
    sent, stored = picture.sent, None
    try:
        page = _drawn(sent, pages.WIDTH)
        stored = files.store(page.content, content_type="image/webp")
        changes: dict[str, Any] = {"file": stored, "width": page.width, "height": page.height}
    except Undrawable as error:
        changes = {"fault": (str(error) or type(error).__name__)[:200]}
    with jobs.finish(job):
        if Picture.objects.filter(pk=picture.pk, removed_at=None).update(sent=None, **changes):
            erasing.ask(sent)
        else:  # taken back meanwhile
            erasing.ask(stored)


@jobs.kind(
    "picture.erase",
    key="picture-erase:{picture}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Effacement d’une image retirée"),
)
def erase(job: Job) -> None:
    """Payload: `picture`. Its row stays, with its words and the digest that the fingerprint of a deposit counted."""
    with jobs.finish(job):
        row = (
            Picture.objects.select_for_update(of=("self",))
            .select_related("sent", "file")
            .get(pk=job.payload["picture"])
        )
        held = row.sent or row.file
        if row.removed_at is None or held is None:
            return
        Picture.objects.filter(pk=row.pk).update(sent=None, file=None, width=0, height=0, erased_sha256=held.sha256)
        erasing.ask(held)


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
        if not kept:  # taken back meanwhile
            erasing.ask(changes.get("file"), changes.get("thumbnail"))
        elif "file" in changes:
            erasing.ask(sent)
            if piece.public:
                schedule_cleaning(piece)


def _kept(piece: Evidence, content: bytes, content_type: str) -> dict[str, Any]:
    stem = piece.file_name.rpartition(".")[0] or piece.file_name
    return {
        "file": files.store(content, content_type=content_type),
        "file_name": f"{stem}.{'pdf' if content_type == pages.PDF else 'jpg'}",
        "sent_sha256": piece.digest,
    }


def _drawn(stored: StoredFile, width: int) -> Page:
    return pages.draw(files.read(stored), stored.content_type, width=width).pages[0]


@jobs.kind(
    "evidence.clean",
    key="clean:{evidence}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Copie publique d’une preuve, sans métadonnées"),
)
def clean(job: Job) -> None:
    """Payload: `evidence`. Makes the copy of a public file, or erases that of one which is public no more.

    A file that cannot be cleaned is not published."""
    piece = Evidence.objects.select_related("file", "cleaned").get(pk=job.payload["evidence"])
    stored = None
    if piece.file is not None and piece.public and piece.removed_at is None:
        try:
            content, content_type = conversion.clean(files.read(piece.file), piece.file.content_type)
            stored = files.store(content, content_type=content_type)
        except Undrawable:
            stored = None
    same = Evidence.objects.filter(pk=piece.pk, public=piece.public, removed_at=piece.removed_at, file=piece.file)
    with jobs.finish(job):
        if same.update(cleaned=stored):
            erasing.ask(piece.cleaned if piece.cleaned != stored else None)
        else:
            # What changed meanwhile asks for another copy, or for none.
            erasing.ask(stored)
            schedule_cleaning(Evidence.objects.select_related("file").get(pk=piece.pk))
