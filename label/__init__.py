"""The wiring of Arobase: settings, routes, Celery, the pages that belong to no room. Imported by nobody."""

import sys

import pysqlite3

# The interpreter's own SQLite may carry the WAL-reset fault (versions 3.7.0 to 3.51.2); this one does not.
# It must stand in place before Django loads its database backend.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from label.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
