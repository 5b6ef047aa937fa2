#!/usr/bin/env python3
"""Django's command line for Arobase."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Our settings say in one sentence what to mend: a traceback would hide it.
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
