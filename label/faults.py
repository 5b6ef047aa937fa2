"""What stops a request that is nobody's mistake: the database is away, or there is no room left to write."""

import errno
from enum import Enum

from django.db import DatabaseError, InterfaceError, OperationalError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# PostgreSQL's disk_full; SQLite has words alone.
DISK_FULL, FULL_WORDS = "53100", ("disk is full", "readonly database")
AWAY_WORDS = ("database is locked", "unable to open database file", "connection")


class Fault(Enum):
    """The template that tells it."""

    AWAY = "503.html"
    FULL = "507.html"


def of(error: BaseException | None) -> Fault | None:
    """None for a fault of ours. What caused an error may be further down."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return Fault.FULL
        if isinstance(error, DatabaseError | InterfaceError) and _is_full(error):
            return Fault.FULL
        if isinstance(error, InterfaceError) or (isinstance(error, OperationalError) and _is_away(error)):
            return Fault.AWAY
        error = error.__cause__ or error.__context__
    return None


def _is_full(error: Exception) -> bool:
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate == DISK_FULL or any(words in str(error) for words in FULL_WORDS)


def _is_away(error: Exception) -> bool:
    """No connection (no code, or class 08), or the server is stopping or starting (57P…). SQLite has words alone."""
    if not hasattr(error.__cause__, "sqlstate"):
        return any(words in str(error) for words in AWAY_WORDS)
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate[:2] == "08" or sqlstate[:3] == "57P"
