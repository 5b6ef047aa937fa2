"""The door for the web server."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
application = get_wsgi_application()

# The collector took a quarter of a page's time. What is loaded stays, and need not be looked at again; what a request
# makes (some ten thousand objects) mostly goes with it, without the collector.
import_module(settings.ROOT_URLCONF)  # with the views
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
