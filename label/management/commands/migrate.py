"""`manage.py migrate`, while the previous release serves: one at a time, and never long in the way of others."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connection

# A change of a table waits for those who read it, and whoever comes then waits behind it: seconds, then it steps back.
LOCK_TIMEOUT = "5s"
ATTEMPTS, PAUSE = 20, 3.0
MIGRATING = 0x41524F42  # « AROB », the name of our lock in PostgreSQL


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with _alone():
            for attempt in range(ATTEMPTS):
                try:
                    # What was applied is applied: another attempt goes on from there.
                    super().handle(*args, **options)
                    return
                except OperationalError as error:
                    if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock not available
                        raise
                    self.stderr.write(f"A table is in use (attempt {attempt + 1} of {ATTEMPTS}): waiting.")
                    time.sleep(PAUSE)
        raise CommandError("A table stayed in use all along: nothing of this migration was applied. Try again later.")


@contextmanager
def _alone() -> Iterator[None]:
    """A second migrate waits for the first, and then finds nothing to do."""
    if connection.vendor != "postgresql":
        with (settings.DATA_DIR / "migrate.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        # Asked again and again: a question that waits would itself be waited for by an index made meanwhile.
        while not cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING]).fetchone()[0]:
            time.sleep(0.2)
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
