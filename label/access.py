"""Each request: its own line of the log, and what the metrics count. No visitor's address, no query: neither who nor
what was looked for."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from label import metrics
from outbox.doors.log import telling

logger = logging.getLogger(__name__)

NAMED = re.compile(r"[\w.-]{1,64}")
# Anybody may invent another, and each would be a series of its own.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def access(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with telling(request=_name(request)):
            response = get_response(request)
            seconds = time.perf_counter() - began
            method = request.method if request.method in METHODS else "other"
            found = request.resolver_match
            route = found.view_name if found else "unknown"
            metrics.count(method=str(method), route=route, status=response.status_code, seconds=seconds)
            facts = {"method": method, "route": route, "status": response.status_code}
            logger.info("answered", extra={"facts": {**facts, "milliseconds": round(seconds * 1000)}})
        return response

    return middleware


def _name(request: HttpRequest) -> str:
    """The proxy's own, which its log has too, if a proxy of ours stands in front."""
    given = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
    return given if NAMED.fullmatch(given) else uuid.uuid4().hex
