"""The machine-readable twin of a certificate: an Open Badges 3.0 credential, the list of those withdrawn, and images
that carry the credential inside.

Proofs are `eddsa-rdfc-2022`: what is signed is the meaning of the document, as a graph. The contexts that give it are
files beside this one; nothing is ever fetched."""

import base64
import gzip
import json
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyld import ContextResolver, jsonld

from documents import french
from documents.issuer import LIST_LENGTH, Issuer, Json

VC = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# Address: file, SHA-256.
CONTEXTS = {
    VC: ("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
    BADGES: ("open-badges-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
PNG_KEYWORD = b"openbadgecredential"
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


@dataclass(frozen=True)
class Award:
    """What is awarded, and the addresses of what goes with it. `meaning`: of the level, in a sentence."""

    address: str
    label_name: str
    year: int
    level: int
    meaning: str
    criteria_address: str
    image_address: str
    territory_address: str
    territory_name: str
    territory_code: str
    code_name: str  # "insee" or "siren"
    decided_on: date
    issued_at: datetime
    status_list: str
    status_index: int
    simulated: bool

    @property
    def name(self) -> str:
        note = " (démonstration sans valeur)" if self.simulated else ""
        return f"{self.label_name} {self.year}\u202f: {french.level(self.level)}{note}"


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key of `path`, made there for its owner alone when there is none. Two processes at once get the same one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was faster: its key stands
            pass
        finally:
            os.unlink(draft)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def multikey(key: Ed25519PrivateKey) -> str:
    """Its public half, as a DID document writes it."""
    return _multibase(ED25519 + key.public_key().public_bytes_raw())


def issue(award: Award, issuer: Issuer, key: Ed25519PrivateKey) -> Json:
    """The signed credential. The same award gives the same bytes."""
    identifier = {"type": "IdentityObject", "hashed": False}
    credential = {
        "@context": [VC, BADGES],
        "id": award.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.name,
        "issuer": issuer.profile(),
        "validFrom": _instant(award.issued_at),
        "awardedDate": f"{award.decided_on.isoformat()}T00:00:00Z",
        "credentialSubject": {
            "id": award.territory_address,
            "type": ["AchievementSubject"],
            "identifier": [
                {**identifier, "identityHash": award.territory_name, "identityType": "name"},
                {**identifier, "identityHash": award.territory_code, "identityType": f"ext:{award.code_name}"},
            ],
            "achievement": {
                "id": f"{award.criteria_address}#{award.year}-{award.level}",
                "type": ["Achievement"],
                "achievementType": "Award",
                "name": award.name,
                "description": award.meaning,
                "criteria": {"id": f"{award.criteria_address}#{award.year}-{award.level}"},
                "image": {"id": award.image_address, "type": "Image", "caption": french.level(award.level)},
            },
        },
        "credentialStatus": {
            "id": f"{award.status_list}#{award.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(award.status_index),
            "statusListCredential": award.status_list,
        },
    }
    return signed(credential, issuer, key, award.issued_at)


def status_list(address: str, revoked: Iterable[int], issuer: Issuer, key: Ed25519PrivateKey, now: datetime) -> Json:
    """The signed list of the credentials that no longer stand, by their index, below LIST_LENGTH."""
    bits = bytearray(LIST_LENGTH // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    credential = {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": _instant(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
    return signed(credential, issuer, key, now)


def signed(document: Json, issuer: Issuer, key: Ed25519PrivateKey, created: datetime) -> Json:
    """`document` with its Data Integrity proof."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": _instant(created),
        "verificationMethod": issuer.method(multikey(key)),
        "proofPurpose": "assertionMethod",
    }
    digest = _digest({"@context": document["@context"], **proof}) + _digest(document)
    return {**document, "proof": {**proof, "proofValue": _multibase(key.sign(digest))}}


def written(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def bake_png(image: bytes, credential: bytes) -> bytes:
    """The PNG with the credential in a text chunk, before its end."""
    text = PNG_KEYWORD + b"\0\0\0\0\0" + credential
    chunk = b"iTXt" + text
    end = image.rindex(b"IEND") - 4
    return image[:end] + struct.pack("!I", len(text)) + chunk + struct.pack("!I", zlib.crc32(chunk)) + image[end:]


def bake_svg(image: bytes, credential: bytes) -> bytes:
    """The SVG with the credential in an element of its own."""
    element = f'<openbadges:credential xmlns:openbadges="{SVG_NAMESPACE}">{escape(credential.decode(), quote=False)}'
    end = image.rindex(b"</svg>")
    return image[:end] + element.encode() + b"</openbadges:credential>" + image[end:]


def _digest(document: Json) -> bytes:
    """Of its canonical graph (RDFC-1.0)."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "contextResolver": _resolver()}
    return sha256(jsonld.normalize(document, options).encode()).digest()


def _load(address: str, _options: object) -> Json:
    """PyLD's loader: our files and no other. Raises KeyError for any other address."""
    return {
        "contextUrl": None,
        "documentUrl": address,
        "contentType": "application/ld+json",
        "document": _context(address),
    }


@cache
def _resolver() -> ContextResolver:
    """One for the process: it keeps the contexts that it has read, most of the work of a credential."""
    return ContextResolver({}, _load)


@cache
def _context(address: str) -> Any:
    name, digest = CONTEXTS[address]
    content = (Path(__file__).parent / "contexts" / name).read_bytes()
    if sha256(content).hexdigest() != digest:
        raise ValueError(f"{name} is not the context that was pinned")
    return json.loads(content)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _multibase(data: bytes) -> str:
    """Base58 of Bitcoin, which the letter z announces."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + BASE58[0] * zeros + text
