"""The seal of this instance, from its settings: the last step of a job that makes a paper.

For workers alone: it reads the key and loads pyHanko."""

from dataclasses import dataclass, replace
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from pyhanko.sign.timestamps import HTTPTimeStamper

from documents import authority, seal
from documents.seal import Level, Sealer
from instance import queries as instance


@dataclass(frozen=True)
class Sealed:
    """A paper as it is registered, and who sealed it."""

    pdf: bytes
    by: str


def apply(pdf: bytes, *, address: str, reason: str) -> Sealed:
    """`pdf` sealed; `address` is where anyone checks it."""
    sealer = _sealer()
    return Sealed(seal.seal(pdf, sealer, address=address, reason=reason), seal.name(sealer))


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
