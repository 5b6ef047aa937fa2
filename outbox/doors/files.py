"""Files kept under the SHA-256 of their content, behind Django's storage interface, outside any public folder."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from outbox.models import StoredFile

# The names, beside those of the digests: of a file being written, of the folder of what no row names any more, and of
# that of notes about accounts that were erased.
DRAFT, BIN, ERASED = "draft-", "bin", "erased"


class Folder(FileSystemStorage):
    """A folder where a name holds its whole content or nothing: a process killed in mid-write leaves no half file, and
    writing the same name again (the same bytes, by their digest) replaces it."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        path = self.path(name)
        os.makedirs(os.path.dirname(path), mode=self.directory_permissions_mode or 0o777, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=os.path.dirname(path), prefix=DRAFT)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, self.file_permissions_mode or 0o600)
            os.replace(draft, path)
        finally:
            # The disk is full, the sender went away: what was written of it is of no use to anybody.
            Path(draft).unlink(missing_ok=True)
        return name


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def put(content: bytes) -> None:
    """The bytes alone, once for the same content: for who then stores them in a transaction, which need not wait for
    the disk. A file without a row leaves for the bin after a day, never the reverse."""
    _put(hashlib.sha256(content).hexdigest(), content)


def _put(sha256: str, content: bytes) -> None:
    if not _is_kept(sha256):
        default_storage.save(path_of(sha256), ContentFile(content))


def store(content: bytes, *, content_type: str, was_put: bool = False) -> StoredFile:
    """Write the bytes, unless the caller has just `put` them, then the row."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not (was_put and default_storage.exists(path_of(sha256))):
        _put(sha256, content)
    defaults = {"size": len(content), "content_type": content_type}
    return StoredFile.objects.get_or_create(sha256=sha256, defaults=defaults)[0]


def store_open(file: IO[bytes], *, content_type: str) -> StoredFile:
    """The same for an open file of any size, read from its start in pieces: it is never whole in memory."""
    content, digest = File(file), hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    if not _is_kept(sha256):
        default_storage.save(path_of(sha256), content)
    defaults = {"size": content.size, "content_type": content_type}
    return StoredFile.objects.get_or_create(sha256=sha256, defaults=defaults)[0]


def _is_kept(sha256: str) -> bool:
    """A row whose erasure was cut short has lost its bytes."""
    return StoredFile.objects.filter(sha256=sha256).exists() and default_storage.exists(path_of(sha256))


def open_stored(stored: StoredFile) -> IO[bytes]:
    return default_storage.open(path_of(stored.sha256), "rb")


def read(stored: StoredFile) -> bytes:
    with open_stored(stored) as file:
        return file.read()
