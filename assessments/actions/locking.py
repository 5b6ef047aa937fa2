"""The lock that makes writers of one file wait for each other, and above all for its submission."""

from assessments import queries
from assessments.models import Application


def locked(application: Application) -> Application:
    """The row as it is now, held until the end of the transaction.

    On PostgreSQL `FOR UPDATE` also stops whoever inserts an answer: its foreign key needs the row. SQLite has one
    writer at a time."""
    return queries.applications().select_for_update(of=("self",)).get(pk=application.pk)
