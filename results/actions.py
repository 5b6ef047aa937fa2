"""Every change of what the public may read. The long work is in `publication.py`, in a worker."""

import csv
import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import Refused
from assessments.actions import withdraw_picture as withdraw_from_file
from assessments.actions import withhold_evidence
from assessments.enums import State
from assessments.models import Application, Edition, Evidence, Picture
from outbox import jobs
from outbox.models import Job, JobState
from results import policies, queries, visibility
from results.doors import letters
from results.jobs import archives, cards, copies, credentials, file_checks, kits, opendata, publication
from results.models import (
    Archive,
    Certificate,
    Credential,
    CredentialKey,
    FileAnswer,
    FileCheck,
    Kit,
    PastLaureate,
    PublicState,
    PublishedInitiative,
    PublishedResult,
)
from territories.models import Territory

ANSWERS_KEPT = timedelta(hours=1)
DATA = Path(__file__).resolve().parent / "data"


@transaction.atomic
def publish(*, edition: Edition, by: User, unsigned: str = "", now: datetime) -> Job:
    """Start the publication of an edition: a worker copies every decided file, then the edition is published whole.

    `unsigned` says why decisions that are in no signed minutes are published. Raises NotNow when something blocks it.
    Nothing is public before `edition.results_at`, nor before the last copy."""
    check_can_organise(by)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    counts = queries.counts_by_state(edition)
    started = queries.publication_job(edition) is not None
    policies.check_can_publish(edition, started=started, counts=counts, now=now)
    unreported = queries.unreported(edition)
    policies.check_is_signed(unreported, reason=unsigned)
    why = {"without_minutes": unreported, "reason": unsigned.strip()} if unreported else {}
    record(by=by, verb="edition.publication_asked", on=edition, **why)
    return publication.publish_edition.schedule(edition=edition.pk, by=by.pk, total=counts[State.DECIDED])


@transaction.atomic
def retry_failed(*, edition: Edition, by: User) -> int:
    """Give the dead jobs of this publication another life. Returns how many."""
    check_can_organise(by)
    failed = list(queries.failed_jobs(edition))
    for job in failed:
        jobs.retry(job)
    record(by=by, verb="edition.retried", on=edition, jobs=len(failed))
    return len(failed)


@transaction.atomic
def ask_kit(*, result: PublishedResult, by: User, now: datetime) -> Kit:
    """Have the road sign and the logos made; asking again changes nothing. Raises NotNow when the result fell.

    Whether this person acts for the territory was checked by the look-up."""
    policies.check_can_have_kit(result)
    kit, created = Kit.objects.get_or_create(result=result, defaults={"asked_at": now})
    if created:
        record(by=by, verb="result.kit_asked", on=result)
        kits.make.schedule(kit=kit.pk)
    return kit


@transaction.atomic
def ask_archive(*, edition: Edition, by: User, now: datetime) -> Archive:
    """Have every certificate packed in one file, as they stand. Raises NotNow before all of them are made."""
    check_can_organise(by)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    progress = queries.progress(edition)
    policies.check_can_archive(
        finished=progress is not None and progress.finished,
        in_the_making=edition.archives.filter(file=None).exists(),
    )
    archive = Archive.objects.create(edition=edition, asked_at=now)
    record(by=by, verb="edition.archive_asked", on=edition)
    archives.make.schedule(archive=archive.pk)
    return archive


@transaction.atomic
def withdraw(*, result: PublishedResult, reason: str, by: User, now: datetime) -> PublishedResult:
    """Take a result out of everything public; its certificate then answers « retirée », with the date and the reason.
    Its people are told, at the announcement when it is still to come.

    Raises Refused without a reason, NotNow when the result no longer stands."""
    check_can_organise(by)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Dites pourquoi ce résultat est retiré : la raison est publique."))
    result = PublishedResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    policies.check_can_withdraw(result)
    result.withdrawn_at, result.withdrawn_reason = now, reason
    result.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    PublicState.moved()
    record(by=by, verb="result.withdrawn", on=result, reason=reason)
    if visibility.public(now=now).filter(pk=result.pk).exists():
        letters.withdrawn(result)
    credentials.ended(result)
    return result


@transaction.atomic
def withhold_proof(*, evidence: Evidence, by: User) -> None:
    """Take a proof out of what the public reads, at once and in every copy: its commune may at any time. The jury goes
    on reading it, and the trail says who did so."""
    # Before a copy that a worker may be making.
    Application.objects.select_for_update(of=("self",)).get(pk=evidence.application_id)
    withhold_evidence(evidence=evidence, by=by)
    address = queries.address_of(evidence)
    for result in PublishedResult.objects.select_for_update(of=("self",)).filter(application=evidence.application_id):
        document = copies.without(result.document, address)
        if document != result.document:
            PublishedResult.objects.filter(pk=result.pk).update(document=document)
            record(by=by, verb="result.proof_withheld", on=result, title=evidence.title)
    PublicState.moved()


@transaction.atomic
def withdraw_picture(*, picture: Picture, by: User, now: datetime) -> None:
    """Erase a picture whose file no longer changes: at once, in every copy that the public reads. Its commune may at
    any time, and the trail says who did so."""
    # Before a copy that a worker may be making.
    Application.objects.select_for_update(of=("self",)).get(pk=picture.initiative.application_id)
    withdraw_from_file(picture=picture, by=by, now=now)
    copies_of_it = PublishedInitiative.objects.select_for_update(of=("self",)).filter(
        result__application=picture.initiative.application_id
    )
    for row in copies_of_it.select_related("result"):
        left = [
            one for one in row.pictures if (one["file"], one["alternative"]) != (picture.file_id, picture.alternative)
        ]
        if left != row.pictures:
            PublishedInitiative.objects.filter(pk=row.pk).update(pictures=left)
            record(by=by, verb="result.picture_withdrawn", on=row.result, initiative=row.title)
    PublicState.moved()


@transaction.atomic
def correct(
    *, result: PublishedResult, name: str, honours: list[str], reason: str, by: User, now: datetime
) -> PublishedResult:
    """Replace a copy where something was wrongly written: the name of the territory, the honours. The level is the
    jury's, which an appeal alone moves. The old certificate then answers « remplacée », with the date and the reason.

    Raises Refused without a reason or without a change, NotNow when the result no longer stands."""
    check_can_organise(by)
    name, reason = " ".join(name.split()), reason.strip()
    if not reason or not name:
        raise Refused(_("Dites le nom, et pourquoi il faut corriger\u202f: la raison est publique."))
    result = PublishedResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    policies.check_can_correct(result)
    document = copies.corrected(result.document, name=name, honours=honours)
    if document == result.document:
        raise Refused(_("Rien ne change\u202f: corrigez le nom ou les mentions."))
    new = publication.replace_result(
        result, document=document, level=result.level, honours=honours, correction=reason, now=now
    )
    record(by=by, verb="result.corrected", on=new, reason=reason, replaces=result.certificate.number)
    if visibility.in_force(now=now).filter(pk=new.pk).exists():
        letters.corrected(new)
    return new


@transaction.atomic
def check_file(*, content: bytes, now: datetime) -> FileCheck:
    """Answer at once when the register knows these bytes; otherwise a worker reads the seal.

    Anyone may ask, and leaves no name: the trail has nothing to say of it."""
    found = queries.paper_of_file(hashlib.sha256(content).hexdigest(), now=now)
    if found is not None:
        return FileCheck.objects.create(**vars(found), answer=FileAnswer.AUTHENTIC, asked_at=now)
    check = FileCheck.objects.create(upload=content, asked_at=now)
    file_checks.check.schedule(check=check.pk)
    return check


@transaction.atomic
def forget_checks(*, now: datetime) -> int:
    """Forget the files and the answers of more than an hour ago. Returns how many."""
    old = list(FileCheck.objects.filter(asked_at__lt=now - ANSWERS_KEPT).values_list("pk", flat=True))
    Job.objects.filter(key__in=[file_checks.check.key_of(check=pk) for pk in old]).delete()
    FileCheck.objects.filter(pk__in=old).delete()
    return len(old)


@transaction.atomic
def forget_stolen_key(*, multikey: str) -> int:
    """The key that signs credentials was stolen: its public half goes, so that nothing it signed is believed any more,
    and every credential and list is signed again, by the key that workers then have. Returns how many credentials.

    Raises Refused when no such key ever signed."""
    key = CredentialKey.objects.filter(multikey=multikey).first()
    if key is None:
        raise Refused(_("Cette clé n’a rien signé ici."))
    record(by=None, verb="credential.key_stolen", on=key, multikey=multikey)
    key.delete()
    signed = list(Certificate.objects.filter(credential__isnull=False).order_by("pk"))
    Credential.objects.all().delete()
    Job.objects.filter(kind=credentials.issue.name, state=JobState.DONE).delete()
    for certificate in signed:
        credentials.issue.schedule(certificate=certificate.pk)
    credentials.lists_again(because=multikey)
    return len(signed)


@transaction.atomic
def refresh_data(*, now: datetime) -> Job | None:
    """Have the files of open data made anew when what is public has changed. The clock asks: the trail says nothing."""
    return opendata.ask(now=now)


@transaction.atomic
def refresh_cards() -> Job | None:
    """Have the images that social networks show drawn where a result has none. The clock asks, as for the data."""
    return cards.ask()


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
    PublicState.moved()
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
