"""The files of open data, made once for each state of what is public; never by who asks for one."""

import hashlib
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instance.queries import current
from outbox import jobs
from outbox.doors import files
from outbox.jobs import erasing
from outbox.models import Job, JobState, Queue, Rank, StoredFile
from results import visibility
from results.doors import datafiles
from results.doors.tables import TABLES, Row, Table
from results.models import DataFile, DataRelease


class Made(NamedTuple):
    scope: str
    table: str
    kind: str
    rows: int
    file: StoredFile


def ask(*, now: datetime) -> Job | None:
    """When what is public is no longer what the files say. None when they are true."""
    state, by = visibility.state(now=now), made_by()
    if DataRelease.objects.filter(state=state, made_by=by).exists():
        return None
    job = make.schedule(state=state, by=by)
    if job.state == JobState.DONE:
        # A former state is back: an announcement that was put off, then not.
        jobs.again(job)
    return job


def made_by() -> str:
    """Whose words are in the files, besides what is public."""
    whose = current()
    told = (settings.RELEASE, settings.SITE_URL, whose.name, whose.organiser)
    return hashlib.sha256(repr(told).encode()).hexdigest()


@jobs.kind(
    "data.release",
    key="data:{state}:{by}",
    queue=Queue.BULK,
    rank=Rank.LAST,
    words=_("Fichiers de données ouvertes"),
)
def make(job: Job) -> None:
    """Write every file, then keep them as a version when one differs from the last. Payload: `state`, `by`.

    What is public may change meanwhile: then nothing is kept, and another job is asked for."""
    state, by = job.payload["state"], job.payload["by"]
    if visibility.state(now=timezone.now()) != state:
        with jobs.finish(job):
            return
    made = list(_write(job, state=state, now=timezone.now()))
    with jobs.finish(job):
        now = timezone.now()
        if visibility.state(now=now) == state:
            _keep(made, state=state, by=by, now=now)


def _write(job: Job, *, state: str, now: datetime) -> Iterator[Made]:
    """Stops short when what is public has changed: nothing of it would be kept."""
    years = list(visibility.announced_editions(now=now).order_by("-year").values_list("year", flat=True))
    todo = [(year, table) for year in (None, *years) for table in TABLES.values() if year is None or table.by_edition]
    for position, (year, table) in enumerate(todo):
        jobs.progress(job, done=position, total=len(todo))
        if visibility.state(now=timezone.now()) != state:
            return
        scope = DataFile.WHOLE if year is None else str(year)
        # Read once for all the forms, and kept on the disk: memory does not grow with the number of results.
        with tempfile.TemporaryFile() as spool:
            count = _spool(table.rows(year, now), spool)
            for kind, content_type in datafiles.KINDS.items():
                stored = _stored(table, year, kind, _spooled(spool), content_type)
                yield Made(scope, table.name, kind, count, stored)
    jobs.progress(job, done=len(todo), total=len(todo))


def _spool(rows: Iterable[Row], spool: IO[bytes]) -> int:
    """Returns how many they are."""
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 -- the last number is how many
        pickle.dump(row, spool)
    return count


def _spooled(spool: IO[bytes]) -> Iterator[Row]:
    spool.seek(0)
    with suppress(EOFError):
        while True:
            yield pickle.load(spool)  # noqa: S301 -- written just now, by us


def _stored(table: Table, year: int | None, kind: str, rows: Iterable[Row], content_type: str) -> StoredFile:
    if kind == "xlsx":
        return files.store(datafiles.as_xlsx(table, rows), content_type=content_type)
    written = (
        datafiles.as_csv(table, rows) if kind == "csv" else datafiles.as_json(datafiles.head(table, year), "rows", rows)
    )
    with tempfile.TemporaryFile() as draft:
        for piece in written:
            draft.write(piece.encode())
        draft.seek(0)
        return files.store_open(draft, content_type=content_type)


def _keep(made: list[Made], *, state: str, by: str, now: datetime) -> None:
    last = DataRelease.objects.order_by("-number").first()
    if last is not None:
        known = set(last.files.values_list("scope", "table", "kind", "rows", "file"))
        if known == {(one.scope, one.table, one.kind, one.rows, one.file.pk) for one in made}:
            DataRelease.objects.filter(pk=last.pk).update(state=state, made_by=by)
            return
    release = DataRelease.objects.create(number=last.number + 1 if last else 1, state=state, made_by=by, made_at=now)
    DataFile.objects.bulk_create(DataFile(release=release, **one._asdict()) for one in made)
    _forget(DataRelease.objects.exclude(pk=release.pk))


def _forget(former: QuerySet[DataRelease]) -> None:
    """Versions that are true no more: nobody is given them, and together they would outgrow all else that is kept."""
    held = list(StoredFile.objects.filter(pk__in=DataFile.objects.filter(release__in=former).values("file")))
    former.delete()
    erasing.ask(*held)
