"""What holds for every page: refusals become answers with their reason, pages of signed-in people stay private."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.refusals import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class refusals:
    """Turn a refusal raised by an action or a permission into a page that says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(request, "refused.html", {"reason": error.reason}, status=error.status)


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
