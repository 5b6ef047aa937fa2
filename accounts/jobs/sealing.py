"""Seal the trail: entries get a position and a digest chained to the one before, so that a change shows.

Done by a task, not by the actions, so that no save waits for a lock. Whoever keeps the head (position and digest) of a
day elsewhere can also prove that the end of the trail was not cut."""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.doors import letters
from accounts.models import AuditEntry
from outbox import jobs
from outbox.models import Job, Queue

START = "0" * 64
BATCH = 500
SLOT = 10  # minutes


@dataclass(frozen=True)
class Head:
    """The last sealed entry: all that stands before it is held by this digest."""

    position: int
    digest: str


@dataclass(frozen=True)
class Verdict:
    """`broken_at` is the first position whose entry is missing or is not what was sealed; None when all hold."""

    head: Head
    unsealed: int
    broken_at: int | None


def schedule(*, now: datetime) -> None:
    """One task each ten minutes at most, and none when nothing happened."""
    if AuditEntry.objects.filter(position=None).exists():
        slot = now.astimezone(UTC).replace(minute=now.minute // SLOT * SLOT)
        seal_job.schedule(slot=f"{slot:%Y-%m-%dT%H:%M}")


def schedule_head(*, now: datetime) -> None:
    """The head leaves this machine once a day, by a mail to those who organise: who cuts the end of the trail, empties
    it or writes it anew cannot change what they have received."""
    if head().position:
        head_job.schedule(day=f"{now.astimezone(UTC):%Y-%m-%d}")


@jobs.kind("audit.head", key="audit.head:{day}", queue=Queue.BULK, words=_("Envoi de l’empreinte du journal"))
def head_job(job: Job) -> None:
    last = head()
    mark = f"{last.position}:{last.digest}"
    with jobs.finish(job):
        for organiser in queries.organisers():
            letters.trail_head(organiser, day=job.key.rpartition(":")[2], mark=mark, signature=sign(mark))


def sign(mark: str) -> str:
    """By a key of the workers' alone, made at its first use: who writes in the database cannot sign another head."""
    return b64encode(_key().sign(mark.encode())).decode()


def is_signed(mark: str, signature: str) -> bool:
    try:
        _key().public_key().verify(b64decode(signature), mark.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    path = settings.KEYS_DIR / "trail.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate()
        form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.touch(mode=0o600)
        path.write_bytes(made.private_bytes(*form))
    return cast(Ed25519PrivateKey, load_pem_private_key(path.read_bytes(), password=None))


@jobs.kind("audit.seal", key="audit.seal:{slot}", queue=Queue.BULK, words=_("Scellement du journal"))
def seal_job(job: Job) -> None:
    while seal():
        pass
    with jobs.finish(job):
        """Every batch is committed already, and sealing again finds nothing."""


@transaction.atomic
def seal() -> int:
    """Seal one batch in the order of writing; returns how many."""
    # Two at once: the second waits for the entries that the first holds, and finds them sealed.
    entries = list(AuditEntry.objects.select_for_update().filter(position=None).order_by("id")[:BATCH])
    last = head()
    for number, entry in enumerate(entries, start=last.position + 1):
        entry.position = number
        entry.digest = digest(entry, previous=last.digest)
        last = Head(number, entry.digest)
    AuditEntry.objects.bulk_update(entries, ["position", "digest"], batch_size=100)
    return len(entries)


def head() -> Head:
    last = AuditEntry.objects.filter(position__isnull=False).order_by("-position").first()
    return Head(last.position, last.digest) if last and last.position else Head(0, START)


def digest(entry: AuditEntry, *, previous: str) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of the entry and of the digest before it."""
    content = {
        "previous": previous,
        "position": entry.position,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "verb": entry.verb,
        "object": [entry.object_type, entry.object_id],
        "detail": entry.detail,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def verify(*, expected: Head | None = None) -> Verdict:
    """Read the whole trail again. `expected` is a head kept elsewhere: it must stand in the chain as it was."""
    last, broken = Head(0, START), None
    found = expected is None
    for entry in AuditEntry.objects.filter(position__isnull=False).order_by("position").iterator(chunk_size=2_000):
        position = last.position + 1
        if entry.position != position or entry.digest != digest(entry, previous=last.digest):
            broken = position
            break
        last = Head(position, entry.digest)
        found = found or last == expected
    if broken is None and expected and not found:
        broken = min(expected.position, last.position + 1)
    return Verdict(last, AuditEntry.objects.filter(position=None).count(), broken)
