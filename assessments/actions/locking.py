"""The lock that makes the writers of one file wait for each other, and above all for its submission.

Every action that writes into a file locks its row first: the state read then cannot change before the commit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.models import Membership, User
from assessments import queries
from assessments.models import Application


@contextmanager
def holding(*, user: User, code: str, year: int) -> Iterator[tuple[Application, Membership]]:
    """Find a file through the person's membership and hold it for the block, one transaction, in a single query.

    Raises Application.DoesNotExist for a stranger."""
    with transaction.atomic():
        found = queries.file_of(user=user, code=code, year=year, lock=True)
        if found is None:
            raise Application.DoesNotExist
        application = found[0]
        application.held = True
        try:
            yield found
        finally:
            application.held = False


@contextmanager
def writing(application: Application) -> Iterator[Application]:
    """The row as it is now, locked until the end of the block; itself when the caller holds it already."""
    if application.held:
        yield application
        return
    with transaction.atomic():
        yield queries.applications().select_for_update(of=("self",)).get(pk=application.pk)
