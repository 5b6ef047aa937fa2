"""The daily tidying of the files kept: those that no row names leave for a bin, and the bin after a month.

It never deletes on doubt. Another order at a restore, an empty database in front of full files, the folder of another
instance: each looks like « no row names these files », and each is the operator's to settle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.migrations.recorder import MigrationRecorder

from outbox.doors.files import BIN, DRAFT, ERASED, path_of
from outbox.models import StoredFile

# A file is written before its row: younger than this, the row may still come.
ROW_MAY_COME = timedelta(days=1)
KEPT_IN_BIN = timedelta(days=30)
# Few processes are killed between a file and its row. More than one file in twenty without a row is something else.
SHARE = 0.05


@dataclass(frozen=True)
class Tidying:
    """What there is to do. `drafts` of killed processes and what `expired` in the bin are deleted, `orphans` go to the
    bin, `wanted` come back from it. With a `doubt`, all but the drafts and what is wanted stay where they are."""

    drafts: tuple[str, ...]
    orphans: tuple[str, ...]
    expired: tuple[str, ...]
    wanted: tuple[str, ...]
    doubt: str


def look(*, now: datetime) -> Tidying:
    """Touches nothing."""
    drafts, orphans, count, oldest = [], [], 0, now
    for path, known in _kept():
        count += 1
        if known or (written := default_storage.get_modified_time(path)) > now - ROW_MAY_COME:
            continue
        if path.rpartition("/")[2].startswith(DRAFT):
            drafts.append(path)
        else:
            orphans.append(path)
            oldest = min(oldest, written)
    binned = _listed(BIN)
    wanted = _named(binned)
    out = [name for name in binned if default_storage.get_modified_time(f"{BIN}/{name}") <= now - KEPT_IN_BIN]
    return Tidying(
        drafts=tuple(drafts),
        orphans=tuple(orphans),
        expired=tuple(name for name in out if name not in wanted),
        wanted=tuple(sorted(wanted)),
        doubt=_doubt(len(orphans), of=count, oldest=oldest) if orphans or out else "",
    )


def _doubt(orphans: int, *, of: int, oldest: datetime) -> str:
    """Why the missing rows may be the fault and not the files; empty when nothing says so."""
    born = MigrationRecorder.Migration.objects.order_by("applied").values_list("applied", flat=True).first()
    if not StoredFile.objects.exists():
        return "the database names no file at all"
    if born is None or oldest < born:
        return f"some files are older than the database, made on {born:%Y-%m-%d %H:%M}"
    if orphans > of * SHARE:
        return f"{orphans} files of {of} have no row, above a share of {SHARE:.0%}"
    return ""


def tidy(*, now: datetime) -> Tidying:
    """Do what `look` says, and return it."""
    seen = look(now=now)
    for name in seen.wanted:
        _move(f"{BIN}/{name}", path_of(name))
    for path in seen.drafts:
        default_storage.delete(path)
    if not seen.doubt:
        for path in seen.orphans:
            _move(path, f"{BIN}/{path.rpartition('/')[2]}")
        for name in seen.expired:
            default_storage.delete(f"{BIN}/{name}")
    return seen


def _move(path: str, to: str) -> None:
    """Written anew, so that the time of what lies in the bin is that of its coming."""
    with default_storage.open(path, "rb") as file:
        default_storage.save(to, file)
    default_storage.delete(path)


def _kept() -> Iterator[tuple[str, bool]]:
    """Every file but the bin's and the notes, and whether a row names it. One folder at a time, so that a million files
    need no more memory than a few thousand."""
    for folder in sorted(default_storage.listdir("")[0]):
        if folder in (BIN, ERASED):
            continue
        names = _listed(folder)
        known = _named(names)
        yield from ((f"{folder}/{name}", name in known) for name in names)


def _listed(folder: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


def _named(names: list[str]) -> set[str]:
    """Those that a row names, asked in pieces: SQLite counts the parameters of a query."""
    known: set[str] = set()
    for start in range(0, len(names), 500):
        rows = StoredFile.objects.filter(sha256__in=names[start : start + 500])
        known.update(rows.values_list("sha256", flat=True))
    return known
