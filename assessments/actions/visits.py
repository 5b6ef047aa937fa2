"""Who comes back to a file, and since when they have not seen it."""

from datetime import datetime

from accounts.models import User
from assessments import policies, queries
from assessments.models import Application, Visit


def visit(*, application: Application, by: User, now: datetime) -> datetime | None:
    """Somebody opens a page of a file. When their previous visit ended; None during the first one.

    Written once in a few minutes, not at every page; not in the trail, for nothing of the file changes."""
    row = Visit.objects.filter(application=application, person=by).first()
    if row is None:
        Visit.objects.bulk_create([Visit(application=application, person=by, seen_at=now)], ignore_conflicts=True)
        return None
    if now - row.seen_at < policies.VISIT_NOTED:
        return row.previous_at
    answered = queries.answered_since(application, user=by, since=row.seen_at)
    previous = policies.last_pause([row.seen_at, *answered, now]) or row.previous_at
    # Two pages opened at once: the first one notes it.
    Visit.objects.filter(pk=row.pk, seen_at=row.seen_at).update(seen_at=now, previous_at=previous)
    return previous


def mark_read(*, application: Application, seen: datetime, by: User, now: datetime) -> None:
    """Somebody read the whole file as it stood at `seen`. Theirs alone: not in the trail."""
    read_at = min(seen, now)
    Visit.objects.update_or_create(
        application=application,
        person=by,
        defaults={"read_at": read_at},
        create_defaults={"read_at": read_at, "seen_at": now},
    )
