"""What holds for every page: refusals become answers with their reason, pages of signed-in people stay private."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.refusals import Refused, TooMany

GetResponse = Callable[[HttpRequest], HttpResponse]


def true_address(get_response: GetResponse) -> GetResponse:
    """REMOTE_ADDR is the visitor's, whatever stands between: limits, the trail and sessions all read it there.

    Each proxy adds at the right the address that it saw: with two proxies of ours, the second from the right is what
    the outer one saw. All that stands before it is what the visitor pleases."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            # Fewer than our proxies: the request came past them, and its peer is all that is known.
            if len(seen) >= settings.PROXIES:
                request.META["REMOTE_ADDR"] = _address(seen[-settings.PROXIES]) or request.META["REMOTE_ADDR"]
        return get_response(request)

    return middleware


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


class refusals:
    """Turn a refusal raised by an action or a permission into a page that says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        response = render(request, "refused.html", {"reason": error.reason}, status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.seconds)
        return response


def private_pages(get_response: GetResponse) -> GetResponse:
    """Nothing seen while signed in is kept by a shared cache or the browser's history."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def fragments(get_response: GetResponse) -> GetResponse:
    """A page and the part of it that htmx asks for share an address: what a browser kept of one is never shown for the
    other, and a step back in the history is answered by the whole page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "HTTP_HX_HISTORY_RESTORE_REQUEST" in request.META:
            request.META.pop("HTTP_HX_REQUEST", None)
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def api_refusals(error: Exception, context: dict[str, object]) -> Response | None:
    """The API's twin of the middleware above: same status, same words."""
    if isinstance(error, Refused):
        return Response({"detail": error.reason}, status=error.status)
    return exception_handler(error, context)
