"""A backup of the whole service: a folder that any pair of servers restores, SQLite's into PostgreSQL too.

The database first, as it was at one instant; then the files that its rows name, which never change; then the keys. The
manifest comes last and holds the digest of each: a folder without it is no backup."""

import hashlib
import json
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts.actions import erase_user
from accounts.jobs import erasures
from accounts.models import User
from accounts.refusals import Refused
from outbox.doors.files import path_of
from outbox.models import Job, JobState, Mail, MailState, StoredFile
from territories.models import Territory

MANIFEST, FORMAT = "manifest.json", 1
PIECE = 1024 * 1024
BATCH = 500
# Everyone signs in again.
LEFT_OUT = {"sessions.Session"}


class Faulty(Exception):
    """Not a backup, not whole, or not for this place: one sentence says why."""


@dataclass
class Folder:
    """Files written and read in pieces, each piece sealed when there is a key, each file known by its digest."""

    path: Path
    key: str = ""
    written: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            self.fernet = Fernet(self.key) if self.key else None
        except ValueError as error:
            raise Faulty("BACKUP_KEY is no key: make one as docs/operate.md says.") from error

    @contextmanager
    def writer(self, name: str) -> Iterator[Any]:
        """Takes bytes; `name` is in the manifest once all is written."""
        path, digest = self.path / name, hashlib.sha256()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:

            def write(content: bytes) -> None:
                digest.update(content)
                file.write(self.fernet.encrypt(content) + b"\n" if self.fernet else content)

            yield write
        path.chmod(0o600)
        self.written[name] = digest.hexdigest()

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            with (self.path / name).open("rb") as file:
                if self.fernet:
                    yield from (self.fernet.decrypt(line.rstrip(b"\n")) for line in file)
                else:
                    while piece := file.read(PIECE):
                        yield piece
        except InvalidToken as error:
            raise Faulty(f"{name} is not sealed with this key, or was changed.") from error
        except OSError as error:
            raise Faulty(f"{name} cannot be read: {error.strerror}.") from error

    def lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole

    def manifest(self) -> dict[str, Any]:
        if not (self.path / MANIFEST).exists():
            raise Faulty(f"{self.path} holds no {MANIFEST}: no backup, or one that was cut off.")
        try:
            content = json.loads(b"".join(self.pieces(MANIFEST)))
        except ValueError as error:
            raise Faulty(f"{MANIFEST} cannot be read: a key is missing (BACKUP_KEY), or it was changed.") from error
        if content.pop("digest", "") != _digest(content):
            raise Faulty(f"{MANIFEST} is not what was written: it was changed.")
        if content["format"] != FORMAT:
            raise Faulty("This backup has another format: restore it with the release that made it.")
        return dict(content)


def backup(target: Path, *, key: str = "") -> dict[str, Any]:
    """Write one, and return its manifest. Raises Faulty when the folder holds something, or a file is not its own."""
    if target.exists() and any(target.iterdir()):
        raise Faulty(f"{target} is not empty: a backup has a folder of its own.")
    folder, rows = Folder(target, key), {}
    with _one_instant():
        for model in models_kept():
            with folder.writer(f"rows/{model._meta.label}.jsonl") as write:
                rows[model._meta.label] = _write_rows(model, write)
        files = list(StoredFile.objects.order_by("pk").values_list("sha256", flat=True))
    for sha256 in files:
        _write_file(folder, sha256)
    for path in _keys():
        with folder.writer(f"keys/{path.relative_to(settings.DATA_DIR)}") as write:
            write(path.read_bytes())
    manifest = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "migrations": _migrations(),
        "rows": rows,
        "digests": folder.written.copy(),
    }
    with folder.writer(MANIFEST) as write:
        write(json.dumps(manifest | {"digest": _digest(manifest)}, indent=1).encode())
    return manifest


def _digest(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(manifest)).hexdigest()


@contextmanager
def _one_instant() -> Iterator[None]:
    """All is read as it is now, while others write. On SQLite, a BEGIN of our own: Django's would keep writers out."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            if not connection.savepoint_ids:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    elif connection.in_atomic_block:
        yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def models_kept() -> list[type[models.Model]]:
    """All that a backup holds."""
    every = apps.get_models(include_auto_created=True)
    return [each for each in every if each._meta.managed and each._meta.label not in LEFT_OUT]


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [each for each in model._meta.concrete_fields if not each.generated]


def _write_rows(model: type[models.Model], write: Any) -> int:
    count, names = 0, [each.attname for each in _columns(model)]
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=BATCH):
        write(json.dumps(row, cls=_Encoder, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return b64encode(bytes(o)).decode()
        # Times to the microsecond: the parent rounds them.
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _write_file(folder: Folder, sha256: str) -> None:
    name = f"files/{path_of(sha256)}"
    try:
        with default_storage.open(path_of(sha256), "rb") as source, folder.writer(name) as write:
            for piece in File(source).chunks(PIECE):
                write(piece)
    except OSError as error:
        raise Faulty(f"The file {sha256}, which a row names, cannot be read: {error}.") from error
    if folder.written[name] != sha256:
        raise Faulty(f"The file {sha256} is not what its name says: it was changed where it is kept.")


def _keys() -> list[Path]:
    """Of seals and credentials, and the secret key when the service made its own; under the data folder."""
    inside = settings.KEYS_DIR.is_relative_to(settings.DATA_DIR)
    kept = sorted(path for path in settings.KEYS_DIR.rglob("*") if path.is_file()) if inside else []
    secret = settings.DATA_DIR / "secret_key"
    return [*kept, *([secret] if secret.exists() else [])]


def _migrations() -> list[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return sorted(f"{app}.{name}" for app, name in loader.graph.leaf_nodes())


def verify(source: Path, *, key: str = "") -> dict[str, Any]:
    """Read it whole. Raises Faulty at the first thing that is not as the manifest says."""
    folder = Folder(source, key)
    manifest = folder.manifest()
    for name, expected in manifest["digests"].items():
        digest = hashlib.sha256()
        for piece in folder.pieces(name):
            digest.update(piece)
        if digest.hexdigest() != expected:
            raise Faulty(f"{name} is not what was written: it was cut off or changed.")
    return manifest


def restore(source: Path, *, key: str = "") -> dict[str, Any]:
    """Into an empty service alone, verified first. Mails that were to leave are kept: who restores decides.

    The rows come in one transaction, after the files that they name: cut off, it begins again."""
    manifest = verify(source, key=key)
    _check_release(manifest)
    _check_tables()
    _check_empty()
    folder = Folder(source, key)
    for name in manifest["digests"]:
        kind, _, path = name.partition("/")
        if kind == "files":
            _restore_file(path, folder.pieces(name))
        elif kind == "keys":
            _restore_key(settings.DATA_DIR / path, b"".join(folder.pieces(name)))
    with transaction.atomic():
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
        for model in models_kept():
            _read_rows(model, folder)
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models_kept()):
                cursor.execute(statement)
        _hold_mails()
    return manifest


def erase_again() -> tuple[int, list[User]]:
    """Of those whom the backup brought back although they had left: how many are erased again, and who could not be."""
    count, left = 0, []
    for user in erasures.brought_back():
        try:
            erase_user(user=user, by=user, now=timezone.now())
            count += 1
        except Refused:
            left.append(user)
    return count, left


def _check_release(manifest: dict[str, Any]) -> None:
    if other := sorted(set(manifest["migrations"]) ^ set(_migrations())):
        raise Faulty(f"This backup is of another release ({other[0]}): restore it with that one, then upgrade.")


def _check_tables() -> None:
    done = MigrationExecutor(connection)
    if done.migration_plan(done.loader.graph.leaf_nodes()):
        raise Faulty("The tables of this release are not there: run manage.py migrate first.")


def _check_empty() -> None:
    if User.objects.exists() or Territory.objects.exists() or StoredFile.objects.exists():
        raise Faulty("The database is not empty: a backup is restored into an empty one alone.")


def _restore_file(path: str, pieces: Iterator[bytes]) -> None:
    with tempfile.TemporaryFile() as file:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        default_storage.save(path, File(file))


def _restore_key(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() != content and path.name != "secret_key":
        raise Faulty(f"{path} is another key than that of the backup: put it aside first.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _read_rows(model: type[models.Model], folder: Folder) -> None:
    """As they were, to the times that Django would write anew."""
    columns, batch = _columns(model), []
    for line in folder.lines(f"rows/{model._meta.label}.jsonl"):
        values = zip(columns, json.loads(line), strict=True)
        batch.append(model(**{each.attname: _value(each, value) for each, value in values}))
        if len(batch) == BATCH:
            _insert(model, columns, batch)
            batch = []
    _insert(model, columns, batch)


def _value(column: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(column, models.JSONField):
        return value
    return b64decode(value) if isinstance(column, models.BinaryField) else column.to_python(value)


def _insert(model: type[models.Model], columns: list[models.Field[Any, Any]], batch: list[models.Model]) -> None:
    size = max(1, min(len(batch), connection.ops.bulk_batch_size(columns, batch))) if batch else 1
    for start in range(0, len(batch), size):
        rows = model._base_manager.all()
        rows._insert(batch[start : start + size], fields=columns, using=connection.alias, raw=True)  # type: ignore[attr-defined]


def _hold_mails() -> None:
    waiting = Mail.objects.filter(state=MailState.TODO)
    Job.objects.filter(kind="mail.send", state=JobState.TODO).update(
        state=JobState.DONE, finished_at=timezone.now(), lease_until=None
    )
    waiting.update(state=MailState.KEPT)
    Job.objects.filter(state=JobState.TODO).update(lease_until=None)
