"""What somebody opens, in the trail: a file, a proof, a paper, an export, a mail. Once a day for each of them, so that
the trail can still be read; it is the only thing that a visit leaves there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions import audit
from accounts.models import User
from assessments.models import Application, Edition, Evidence
from outbox.models import Mail

DAY = timedelta(days=1)
# What anybody may read is left out.
PRIVATE = ("/dossiers/", "/jury/", "/organisation/", "/compte/", "/api/v1/applications/")
PROOFS = ("assessments:download_evidence", "assessments:thumbnail", "jury:evidence", "jury:pages", "jury:page")


def readings(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        came = request.user
        response = get_response(request)
        read = request.method == "GET" and response.status_code == 200 and request.path.startswith(PRIVATE)
        if settings.TRACE_READINGS and read:
            # Whoever sees files in somebody's place, it is they who read.
            reader: Any = came if hasattr(request, "looked_at") else request.user
            if reader.is_authenticated:
                _note(reader, request, saved="attachment" in response.get("Content-Disposition", ""))
        return response

    return middleware


def _note(reader: User, request: HttpRequest, *, saved: bool) -> None:
    match = request.resolver_match
    assert match is not None  # noqa: S101 -- a page answered
    named, file = match.kwargs, request.path.strip("/").rpartition("/")[2]
    if match.view_name in PROOFS:
        _once(reader, verb="evidence.read", rows=Evidence.objects.filter(pk=named["pk"]), key=named["pk"])
    elif match.view_name == "accounts:mail":
        _once(reader, verb="mail.read", rows=Mail.objects.filter(pk=named["pk"]), key=named["pk"])
    elif "code" in named and "year" in named:
        key = f"{named['code']}/{named['year']}"
        of_file = Application.objects.filter(territory__code=named["code"], edition__year=named["year"])
        if saved:
            _once(reader, verb="document.read", rows=of_file, key=f"{key}/{file}", file=file)
        else:
            _once(reader, verb="application.read", rows=of_file, key=key)
    elif saved:
        rows = Edition.objects.filter(year=named["year"]) if "year" in named else User.objects.filter(pk=reader.pk)
        _once(reader, verb="document.read", rows=rows, key=request.path, file=file)


def _once(reader: User, *, verb: str, rows: QuerySet[Any], key: object, **detail: str) -> None:
    """A day; what the cache forgets may be told twice."""
    told = f"read:{timezone.localdate()}:{reader.pk}:{verb}:{key}"
    if cache.add(told, True, DAY.total_seconds()) and (row := rows.first()):
        audit.record(by=reader, verb=verb, on=row, **detail)
