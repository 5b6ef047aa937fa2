"""A stored file on its way to a browser: what people sent is saved, never shown; only pictures of ours are shown."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from outbox.doors import files
from outbox.models import StoredFile


def attachment(stored: StoredFile, name: str) -> FileResponse:
    """Who may have it was checked by the caller."""
    response = _saved(stored, name)
    response["Cache-Control"] = "private, no-store"
    return response


def picture(stored: StoredFile) -> FileResponse:
    """Drawn by this service. Who may see it was checked by the caller."""
    response = _confined(FileResponse(files.open_stored(stored), content_type=stored.content_type))
    response["Cache-Control"] = "private, no-store"
    return response


def published_picture(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Drawn by this service, for anyone; who saw it keeps it and asks again each time, a cache that others share may
    not: the result, or the picture, may be withdrawn meanwhile."""
    etag = quote_etag(stored.sha256)
    response = get_conditional_response(request, etag=etag) or picture(stored)
    response["Cache-Control"], response["ETag"] = "private, no-cache", etag
    return response


def published(stored: StoredFile, name: str) -> FileResponse:
    """For anyone; a copy may be kept for an hour."""
    response = _saved(stored, name)
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _saved(stored: StoredFile, name: str) -> FileResponse:
    return _confined(
        FileResponse(files.open_stored(stored), as_attachment=True, filename=name, content_type=stored.content_type)
    )


def _confined(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
