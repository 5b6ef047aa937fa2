"""The electronic seal of a paper: PAdES, by the key of the label, certifying that nothing may change afterwards.

A demonstration seals at level B-B with its own authority. With a real certificate and a time stamp, B-T proves when,
B-LT carries what a check needs once the certificate has run out, B-LTA can be renewed for ever.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from asn1crypto import crl, keys, pem, tsp, x509
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.attributes import SignedAttributeProviderSpec, SigningCertificateV2Provider
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.authority import Authority

FIELD = "Cachet"
PDF_VERSION = (1, 7)
# Bytes of a seal beside the certificates in it: 520 with a P-256 key, 800 with an RSA key of 4,096 bits.
SEAL_ITSELF = 2048
READABLE_FIELD = "Cachet électronique du label"


class Level(StrEnum):
    """How long a seal can be checked, and by whom."""

    BASIC = "B-B"
    TIMESTAMPED = "B-T"
    LONG_TERM = "B-LT"
    ARCHIVED = "B-LTA"


@dataclass(frozen=True)
class Sealer:
    """What seals: a pyHanko signer (key file, PKCS#12, PKCS#11 or remote), a level, and what that level needs.

    `roots` are the authorities that the signer and the time stamp lead to; `revocations` their lists, fetched from the
    authorities when none is given. Raises ValueError for a level above B-B without time stamp.
    """

    signer: Signer
    level: Level = Level.BASIC
    timestamper: TimeStamper | None = None
    roots: tuple[x509.Certificate, ...] = ()
    revocations: tuple[crl.CertificateList, ...] = ()

    def __post_init__(self) -> None:
        if self.level != Level.BASIC and self.timestamper is None:
            raise ValueError(f"level {self.level} needs a time stamp")


class _Sealing(SigningCertificateV2Provider):
    """Which certificate seals, in its final bytes: what is built of parts is encoded again, part by part, at each look
    from above, half of the time of a seal."""

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        built = await super().build_attr_value(dry_run)
        return tsp.SigningCertificateV2.load(built.dump())


class _Writer(IncrementalPdfFileWriter):
    """What a paper claims, PDF/A-2 and PDF/UA-1, rests on PDF 1.7: the seal raises no version and brings no extension
    of a later one into the catalogue. A reader needs neither to check it."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        super().ensure_output_version(min(version, PDF_VERSION))  # type: ignore[no-untyped-call]

    def register_extension(self, ext: DeveloperExtension) -> None:
        if str(ext.base_version) <= f"/{PDF_VERSION[0]}.{PDF_VERSION[1]}":
            super().register_extension(ext)


@dataclass(frozen=True)
class _Attributes(SignedAttributeProviderSpec):
    """What PAdES has signed beside the digest of the paper."""

    certificate: x509.Certificate

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterator[_Sealing]:
        yield _Sealing(self.certificate)


def from_authority(authority: Authority) -> Sealer:
    """A sealer at level B-B with the key of a demonstration authority."""
    issued, root = certificates(authority.certificate, authority.root)
    key = keys.PrivateKeyInfo.load(pem.unarmor(authority.key.read_bytes())[2])
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register(root)
    signer = SimpleSigner(signing_cert=issued, signing_key=key, cert_registry=chain)
    return Sealer(signer, roots=(root,), revocations=(revocation_list(authority.revocations),))


def from_pkcs12(archive: Path, passphrase: bytes, *, roots: tuple[x509.Certificate, ...]) -> Sealer:
    """A sealer with a real certificate, in a PKCS#12 file. Raises ValueError when the file cannot be opened."""
    signer = SimpleSigner.load_pkcs12_data(archive.read_bytes(), other_certs=roots, passphrase=passphrase)
    return Sealer(signer, roots=roots)


def name(sealer: Sealer) -> str:
    """Who seals, as its certificate says: "Cachet du label (L’association)"."""
    subject: dict[str, str] = _certificate(sealer).subject.native
    return f"{subject.get('common_name', '')} ({subject.get('organization_name', '')})"


def until(sealer: Sealer) -> datetime:
    """When its certificate ends."""
    end: datetime = _certificate(sealer).not_valid_after
    return end


def _certificate(sealer: Sealer) -> x509.Certificate:
    certificate = sealer.signer.signing_cert
    if certificate is None:
        raise ValueError("the signer shows no certificate")
    return certificate


def certificates(*files: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of PEM files, each holding one or more."""
    blocks = (block for file in files for block in pem.unarmor(file.read_bytes(), multiple=True))
    return tuple(x509.Certificate.load(der) for _, _, der in blocks)


def revocation_list(file: Path) -> crl.CertificateList:
    """The revocation list of a PEM file."""
    return crl.CertificateList.load(pem.unarmor(file.read_bytes())[2])


def seal(pdf: bytes, sealer: Sealer, *, address: str, reason: str) -> bytes:
    """`pdf` with the seal added in an incremental update; `address`, where to check it, is sealed with the rest."""
    long_term = sealer.level in (Level.LONG_TERM, Level.ARCHIVED)
    terms = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        contact_info=address,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=long_term,
        use_pades_lta=sealer.level == Level.ARCHIVED,
        validation_context=_context(sealer) if long_term else None,
    )
    field = SigFieldSpec(FIELD, readable_field_name=READABLE_FIELD)
    sealed = io.BytesIO()
    sealer.signer.signed_attr_prov_spec = _Attributes(_certificate(sealer))
    signer = PdfSigner(terms, sealer.signer, timestamper=sealer.timestamper, new_field_spec=field)
    signer.sign_pdf(_Writer(io.BytesIO(pdf)), output=sealed, bytes_reserved=_room(sealer))
    return sealed.getvalue()


def _room(sealer: Sealer) -> int | None:
    """Hexadecimal digits to keep for the seal: pyHanko would seal a first time to know, half of the work. None when
    only a trial tells: a time stamp, a signer of others."""
    if sealer.timestamper is not None or not isinstance(sealer.signer, SimpleSigner):
        return None
    carried = [sealer.signer.signing_cert, *sealer.signer.cert_registry]
    return 2 * (SEAL_ITSELF + sum(len(certificate.dump()) for certificate in carried if certificate))


def _context(sealer: Sealer) -> ValidationContext:
    """What the signer and the time stamp are checked against, so that the proofs are embedded."""
    return ValidationContext(
        trust_roots=list(sealer.roots),
        crls=list(sealer.revocations),
        allow_fetching=not sealer.revocations,
        revocation_mode="hard-fail",
    )
