"""The erasure of bytes that nothing names any more, after the transaction that let go of them: undone, that one would
bring back rows whose bytes are gone."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from outbox import jobs
from outbox.doors.files import path_of
from outbox.models import Job, JobState, Queue, StoredFile


def ask(*held: StoredFile | None) -> None:
    """In the transaction that lets go of them."""
    for stored in filter(None, held):
        job = erase.schedule(file=stored.pk)
        if job.state == JobState.DONE:
            # Something else held the same bytes the last time.
            jobs.again(job)


@jobs.kind(
    "file.erase", key="file.erase:{file}", queue=Queue.PAPERS, words=_("Effacement d’un fichier qui ne sert plus")
)
def erase(job: Job) -> None:
    """Row and bytes, unless something of the service still holds the same content. Payload: `file`.

    The bytes go while the row is locked: who stores the same content meanwhile waits for it, then fails and tries
    again. Killed in between, the row stays for a moment without its bytes, and this job comes back; who stores them
    before it writes them anew."""
    with jobs.finish(job):
        stored = StoredFile.objects.select_for_update().filter(pk=job.payload["file"]).first()
        if stored is None:
            return
        try:
            with transaction.atomic():
                stored.delete()
        except ProtectedError:
            return
        default_storage.delete(path_of(stored.sha256))
