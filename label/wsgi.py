"""The door for the web server."""

import gc
import os
from collections.abc import Iterable
from importlib import import_module
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An answer to HEAD has no body: Django leaves that to the server, and Waitress sends whatever it is given."""
    answer = django(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return answer
    if close := getattr(answer, "close", None):
        close()
    return [b""]


# The collector took a quarter of a page's time. What is loaded stays, and need not be looked at again; what a request
# makes (some ten thousand objects) mostly goes with it, without the collector.
import_module(settings.ROOT_URLCONF)  # with the views
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
