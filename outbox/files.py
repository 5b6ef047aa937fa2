"""Files kept under the SHA-256 of their content, behind Django's storage interface, outside any public folder."""

import hashlib
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from outbox.models import StoredFile


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def store(content: bytes, *, content_type: str) -> StoredFile:
    """Write the bytes (once for the same content), then the row. A file without a row is swept, never the reverse."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": len(content), "content_type": content_type}
    )
    return stored


def open_stored(stored: StoredFile) -> IO[bytes]:
    return default_storage.open(path_of(stored.sha256), "rb")


def read(stored: StoredFile) -> bytes:
    with open_stored(stored) as file:
        return file.read()
