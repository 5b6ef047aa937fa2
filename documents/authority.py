"""The demonstration authority: a root and a seal of its own, made at the first run, worth nothing outside.

Its root key signs the certificate and the revocation list of the seal, then is forgotten: nobody can issue another seal
under the same root. To change the key is to make another authority, and to go on trusting the old root for old papers.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE = timedelta(days=3650)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Authority:
    """Where the files of an authority lie. Only the key is secret."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "seal.pem"

    @property
    def key(self) -> Path:
        return self.folder / "seal.key"

    @property
    def revocations(self) -> Path:
        return self.folder / "root.crl"


def demonstration(folder: Path, organiser: str, now: datetime) -> Authority:
    """The authority of `folder`, made there when it does not exist. Two processes at once end with the same one."""
    if not folder.exists():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        _write(draft, _issue(organiser, now))
        try:
            draft.rename(folder)
        except OSError:  # another process was faster: its authority stands
            _discard(draft)
            if not folder.exists():
                raise
    return Authority(folder)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


def _discard(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def _issue(organiser: str, now: datetime) -> dict[str, bytes]:
    root_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name(organiser, "Autorité de démonstration, sans valeur")
    seal_name = _name(organiser, "Cachet de démonstration, sans valeur")
    root = _certificate(root_name, root_key, root_name, root_key, now, authority=True)
    seal = _certificate(seal_name, seal_key, root_name, root_key, now, authority=False)
    secret = seal_key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "root.pem": root.public_bytes(PEM),
        "seal.pem": seal.public_bytes(PEM),
        "seal.key": secret,
        "root.crl": _revocations(root_name, root_key, now).public_bytes(PEM),
    }


def _name(organiser: str, common: str) -> x509.Name:
    parts = {NameOID.COUNTRY_NAME: "FR", NameOID.ORGANIZATION_NAME: organiser[:64], NameOID.COMMON_NAME: common}
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts.items()])


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    public, above = key.public_key(), issuer_key.public_key()
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _revocations(name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.CertificateRevocationList:
    """An empty list, valid for as long as the seal."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name)
        .last_update(now - timedelta(hours=1))
        .next_update(now + LIFE)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
