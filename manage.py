#!/usr/bin/env python3
"""Django's command line for Arobase."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Our settings say in one sentence what to mend: a traceback would hide it.
        sys.exit(str(error))
    except OperationalError as error:
        # SQLite has one writer at a time; another command, or the worker, has held the place for too long.
        if "locked" not in str(error):
            raise
        sys.exit("The database is busy with other work, and stayed so: try again in a minute. Nothing was changed.")
    except KeyboardInterrupt:
        sys.exit(130)
