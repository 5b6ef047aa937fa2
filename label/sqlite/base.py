"""SQLite as Django speaks to it, but for the wait for its one writer.

SQLite has no queue: who finds it writing looks again after pauses that grow to a tenth of a second, and misses most of
the moments when it is free. Whoever writes again and again would let nobody in. Here a transaction that is to begin
looks again every hundredth of a second, for as long as `timeout` says."""

import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

AGAIN = 0.008  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        self.validate_thread_sharing()
        try:
            self._wait_inside_for(0)
            while not self._begun(until):
                time.sleep(AGAIN)
        finally:
            self._wait_inside_for(patience)

    def _begun(self, until: float) -> bool:
        """By SQLite's own connection: Django's cursor costs ten times a look."""
        try:
            with self.wrap_database_errors:
                self.connection.execute(f"BEGIN {self.transaction_mode or ''}")  # type: ignore[attr-defined]
        except OperationalError as error:
            if "database is locked" in str(error) and time.monotonic() < until:
                return False
            raise
        return True

    def _wait_inside_for(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
