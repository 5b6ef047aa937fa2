"""A stored file on its way to a browser: always saved, never shown, whatever it holds."""

from django.http import FileResponse

from outbox import files
from outbox.models import StoredFile


def attachment(stored: StoredFile, name: str) -> FileResponse:
    """Who may have it was checked by the caller."""
    response = FileResponse(
        files.open_stored(stored), as_attachment=True, filename=name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
