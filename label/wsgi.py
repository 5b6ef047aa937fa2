"""The door for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
application = get_wsgi_application()

# The collector took a quarter of a page's time. What is loaded stays, and need not be looked at again; what a request
# makes (some ten thousand objects) mostly goes with it, without the collector.
assert get_resolver().url_patterns  # noqa: S101 -- read now, with the views
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
