"""The seal of this instance, from its settings: the last step of a job that makes a paper.

For workers alone: it reads the key and loads pyHanko."""

from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.module_loading import import_string
from pyhanko.sign.timestamps import HTTPTimeStamper

from documents import authority, seal
from documents.seal import Level, Sealer
from instance import queries as instance

# The salt of the first seals: theirs are read for ever.
PAPER = Signer(salt="outbox.claims")


@dataclass(frozen=True)
class Sealed:
    """A paper as it is registered, and who sealed it."""

    pdf: bytes
    by: str


def apply(pdf: bytes, *, address: str, reason: str) -> Sealed:
    """`pdf` sealed; `address` is where anyone checks it. Where the organisation's seal was found once, no paper is
    sealed with the demonstration's because a worker lost its settings."""
    if instance.current().own_seal and not instance.seal_given():
        raise LookupError("This instance has a seal of its own, which this worker is not given: see docs/seals.md.")
    sealer = _sealer()
    return Sealed(seal.seal(pdf, sealer, address=address, reason=reason), seal.name(sealer))


def paper(kind: str, pk: int) -> str:
    """Where the file of this row is checked: « …/verifier/#receipt:12:<signature> ».

    It is what a paper kept for its readers says of itself under its seal: which of our rows it is, as only we can write
    it. It has no number that anyone may ask about: who holds neither the paper nor a copy learns nothing from
    `/verifier/`."""
    return f"{settings.SITE_URL}/verifier/#{PAPER.sign(f'{kind}:{pk}')}"


def paper_at(address: str) -> tuple[str, int] | None:
    """The kind and the key of the row, as `paper` wrote them; None for what it did not write."""
    try:
        kind, pk = PAPER.unsign(address.partition("#")[2]).split(":")
    except BadSignature:
        return None
    return kind, int(pk)


@dataclass(frozen=True)
class Tried:
    """What a trial found. `own`: not the demonstration's."""

    by: str
    until: datetime
    own: bool


def try_out() -> Tried:
    """Seal an empty page, and forget it. Raises what stops a seal: no file, another passphrase, a service that is
    silent."""
    import pikepdf  # noqa: PLC0415 -- for this alone

    sealer, page = _sealer(), BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(page)
    seal.seal(page.getvalue(), sealer, address="", reason="")
    return Tried(seal.name(sealer), seal.until(sealer), instance.seal_given())


def roots() -> tuple[x509.Certificate, ...]:
    """Every authority that a seal of ours may lead to: those of the settings, and the demonstration's, old ones too."""
    return seal.certificates(*_given_roots(), *sorted(settings.KEYS_DIR.glob("seal*/root.pem")))


def _given_roots() -> list[Path]:
    return [Path(path) for path in settings.SEAL_ROOTS]


def _sealer() -> Sealer:
    """Read again each time, a millisecond: a new key needs no restart."""
    given, level = seal.certificates(*_given_roots()), Level(settings.SEAL_LEVEL)
    url = settings.SEAL_TIMESTAMP_URL
    if settings.SEAL_SIGNER:
        sealer = Sealer(import_string(settings.SEAL_SIGNER)(), roots=given)
    elif settings.SEAL_PKCS12:
        archive, passphrase = Path(settings.SEAL_PKCS12), settings.SEAL_PASSPHRASE.encode()
        sealer = seal.from_pkcs12(archive, passphrase, roots=given)
    else:
        folder, organiser = settings.KEYS_DIR / "seal", instance.current().organiser
        sealer = seal.from_authority(authority.demonstration(folder, organiser, timezone.now()))
        sealer = replace(sealer, roots=(*sealer.roots, *given))
    return replace(sealer, level=level, timestamper=HTTPTimeStamper(url) if url else None)
