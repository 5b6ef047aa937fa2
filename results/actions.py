"""Every change of what the public may read. The long work is in `publication.py`, in a worker."""

import csv
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import Refused
from assessments.enums import State
from assessments.models import Edition
from outbox import jobs
from outbox.models import Job, Queue
from results import letters, policies, queries
from results.models import PastLaureate, PublishedResult
from territories.models import Territory

DATA = Path(__file__).resolve().parent / "data"


@transaction.atomic
def publish(*, edition: Edition, by: User, now: datetime) -> Job:
    """Start the publication of an edition: a worker copies every decided file, then the edition is published whole.

    Raises NotNow when something blocks it. Nothing is public before `edition.results_at`, nor before the last copy."""
    check_can_organise(by)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    counts = queries.counts_by_state(edition)
    started = queries.publication_job(edition) is not None
    policies.check_can_publish(edition, started=started, counts=counts, now=now)
    record(by=by, verb="edition.publish", on=edition)
    return jobs.schedule(
        kind="edition.publish",
        key=f"publish:{edition.pk}",
        queue=Queue.BULK,
        payload={"edition": edition.pk, "by": by.pk},
        total=counts[State.DECIDED],
    )


@transaction.atomic
def retry_failed(*, edition: Edition, by: User) -> int:
    """Give the dead jobs of this publication another life. Returns how many."""
    check_can_organise(by)
    failed = list(queries.failed_jobs(edition))
    for job in failed:
        jobs.retry(job)
    record(by=by, verb="edition.retry", on=edition, jobs=len(failed))
    return len(failed)


@transaction.atomic
def withdraw(*, result: PublishedResult, reason: str, by: User, now: datetime) -> PublishedResult:
    """Take a result out of everything public; its certificate then answers « retirée », with the date and the reason.

    Raises Refused without a reason, NotNow when the result no longer stands."""
    check_can_organise(by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Dites pourquoi ce résultat est retiré : la raison est publique."))
    result = PublishedResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    policies.check_can_withdraw(result)
    result.withdrawn_at, result.withdrawn_reason = now, reason
    result.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record(by=by, verb="result.withdraw", on=result, reason=reason)
    letters.withdrawn(result)
    return result


@transaction.atomic
def load_laureates() -> tuple[int, list[str]]:
    """Load the palmarès of `data/`, as often as one likes: how many rows, which codes are not in the official list."""
    sources = {row["id"]: f"« {row['title']} », {row['site']}, {row['date']}" for row in _rows("sources.csv")}
    rows = _rows("laureates.csv")
    territories = Territory.objects.filter(code__in=[row["code"] for row in rows])
    ids = dict(territories.values_list("code", "pk"))
    laureates = [_laureate(row, ids[row["code"]], sources[row["source"]]) for row in rows if row["code"] in ids]
    PastLaureate.objects.bulk_create(
        laureates,
        update_conflicts=True,
        unique_fields=["year", "territory", "mention"],
        update_fields=["name", "level", "source", "note"],
    )
    return len(laureates), sorted({row["code"] for row in rows} - ids.keys())


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _laureate(row: dict[str, str], territory_id: int, source: str) -> PastLaureate:
    return PastLaureate(
        year=int(row["edition"]),
        territory_id=territory_id,
        name=row["name"],
        level=int(row["level"]) if row["level"] else None,
        mention=row["mention"],
        source=source,
        note=row["note"],
    )
