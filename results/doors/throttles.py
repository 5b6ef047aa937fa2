"""Numbers are too many to be guessed; a limit for each address makes trying useless. Pages and API share it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.doors.throttles import Told

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class CheckThrottle(Told):
    """Thirty numbers a minute and an address."""

    rate = "30/min"

    def get_cache_key(self, request: HttpRequest | Request, view: APIView | None) -> str:
        return f"check:{self.get_ident(request)}"  # type: ignore[arg-type]


class FileThrottle(CheckThrottle):
    """Ten files a minute and an address: each may cost a worker's time."""

    rate = "10/min"

    def get_cache_key(self, request: HttpRequest | Request, view: APIView | None) -> str:
        return f"check-file:{self.get_ident(request)}"  # type: ignore[arg-type]


def limited(view: View[P]) -> View[P]:
    """The page that answers beyond the limit says how long to wait."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        throttle = FileThrottle() if request.method == "POST" else CheckThrottle()
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        seconds = int(throttle.wait() or 60) + 1
        response = render(request, "results/too_many.html", {"seconds": seconds}, status=429)
        response["Retry-After"] = str(seconds)
        return response

    return guarded
