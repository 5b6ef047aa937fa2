"""Who was erased is noted beside the files, without a name: a database restored from an older copy brings the person
back, and finds the note there."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox import jobs
from outbox.doors.files import ERASED
from outbox.models import Job, Queue


@jobs.kind(
    "account.note_erased",
    key="account.note_erased:{user}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Mémoire d’un compte effacé"),
)
def note(job: Job) -> None:
    """Payload: `user`."""
    with jobs.finish(job):
        default_storage.save(f"{ERASED}/{_name(User.objects.get(pk=job.payload['user']))}", ContentFile(b"erased"))


def brought_back() -> list[User]:
    """Accounts that were erased, and are there again."""
    try:
        noted = set(default_storage.listdir(ERASED)[1])
    except FileNotFoundError:
        return []
    # A number given to somebody else since is of another instant.
    numbers = [int(name.partition("-")[0]) for name in noted]
    found = User.objects.filter(pk__in=numbers, is_active=True).order_by("pk")
    return [user for user in found if _name(user) in noted]


def _name(user: User) -> str:
    return f"{user.pk}-{user.created_at:%Y%m%dT%H%M%S%f}"
