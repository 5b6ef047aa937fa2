"""The lock that makes the writers of one file wait for each other, and above all for its submission.

Every action that writes into a file locks its row first: the state read then cannot change before the commit. What
takes time (a file to scan and to store) comes before."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from assessments import queries
from assessments.models import Application


@contextmanager
def writing(application: Application) -> Iterator[Application]:
    """The row as it is now, locked until the end of the block, one transaction; an action may call another."""
    with transaction.atomic():
        yield queries.applications().select_for_update(of=("self",)).get(pk=application.pk)
