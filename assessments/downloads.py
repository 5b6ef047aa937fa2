"""A stored file on its way to a browser: always saved, never shown, whatever it holds."""

from django.http import FileResponse

from outbox import files
from outbox.models import StoredFile


def attachment(stored: StoredFile, name: str) -> FileResponse:
    """Who may have it was checked by the caller."""
    response = _saved(stored, name)
    response["Cache-Control"] = "private, no-store"
    return response


def published(stored: StoredFile, name: str) -> FileResponse:
    """For anyone; a copy may be kept for an hour."""
    response = _saved(stored, name)
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _saved(stored: StoredFile, name: str) -> FileResponse:
    response = FileResponse(
        files.open_stored(stored), as_attachment=True, filename=name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
