"""A time-stamping service and sealers of every level, offline."""

from datetime import UTC, datetime, timedelta

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from documents import authority, seal
from documents.seal import Level

ADDRESS = "https://arobase.example/verifier/2027-7KQ4M9XWZT2/"
NOW = datetime.now(UTC)  # the toolkit dates a seal by the clock
DER = serialization.Encoding.DER


def time_stamper() -> DummyTimeStamper:
    """A service with its own self-signed certificate; the toolkit's stand-in wants an RSA key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodatage d’essai")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(DER)), tsa_key=keys.PrivateKeyInfo.load(secret)
    )


def sealer(folder, level: Level = Level.BASIC) -> seal.Sealer:
    basic = seal.from_authority(authority.demonstration(folder / "seal", "L’organisateur du label", NOW))
    if level == Level.BASIC:
        return basic
    stamper = time_stamper()
    return seal.Sealer(basic.signer, level, stamper, (*basic.roots, stamper.tsa_cert), basic.revocations)


def sealed(pdf: bytes, by: seal.Sealer) -> bytes:
    return seal.seal(pdf, by, address=ADDRESS, reason="Attestation 2027-7KQ4M9XWZT2")
