"""Is this file one of ours, and does it still stand? The register answers first, then the seal."""

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from asn1crypto import x509
from pyhanko.pdf_utils.metadata.info import view_from_info_dict
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext


class Answer(StrEnum):
    """The four answers that a citizen gets."""

    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """A line of the register. A paper replaced or withdrawn has an end, with its reason."""

    number: str
    ended_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer, and the line of the register that it rests on (that of the paper it claims to be, when altered)."""

    answer: Answer
    entry: Entry | None = None


# SHA-256 in hexadecimal, or address printed on the paper: the line of the register, if any.
Lookup = Callable[[str], Entry | None]

_CLAIM = re.compile(rb"/ContactInfo\s*\(((?:[^()\\]|\\[0-7]{3})*)\)")
_OCTAL = re.compile(rb"\\([0-7]{3})")


def verify(
    data: bytes, *, by_digest: Lookup, by_address: Lookup, roots: Sequence[x509.Certificate], now: datetime
) -> Verdict:
    """Whether `data` is a paper of the register, byte for byte, or a copy that its seal alone proves.

    `roots` are the authorities that the label trusts, old ones included.
    """
    entry = by_digest(hashlib.sha256(data).hexdigest())
    if entry:
        return _standing(entry)
    entry = _claimed(data, by_address)
    if entry is None:
        return Verdict(Answer.UNKNOWN)
    return _standing(entry) if _seal_holds(data, entry, by_address, roots, now) else Verdict(Answer.ALTERED, entry)


def _standing(entry: Entry) -> Verdict:
    return Verdict(Answer.SUPERSEDED if entry.ended_on else Answer.IN_FORCE, entry)


def _claimed(data: bytes, by_address: Lookup) -> Entry | None:
    """The line that the file claims, read from its bytes: a damaged file may not be parsed any more."""
    addresses = (_OCTAL.sub(lambda code: bytes([int(code[1], 8) & 255]), found) for found in _CLAIM.findall(data))
    entries = (by_address(address.decode("latin-1")) for address in addresses)
    return next((entry for entry in entries if entry), None)


def _seal_holds(
    data: bytes, claimed: Entry, by_address: Lookup, roots: Sequence[x509.Certificate], now: datetime
) -> bool:
    """Whether our seal covers the whole file and names the line that was claimed."""
    try:
        reader = PdfFileReader(io.BytesIO(data))
        seal = reader.embedded_regular_signatures[0]
        context = ValidationContext(trust_roots=list(roots), moment=now, allow_fetching=False)
        status = validate_pdf_signature(seal, context)
        whole = _nothing_follows(status) or (_only_proofs_follow(status, reader) and _words_unchanged(seal, data))
        address = str(seal.sig_object.get("/ContactInfo", ""))
    except Exception:  # a hostile file may fail anywhere in the parser: whatever fails to prove itself is not ours
        return False
    return bool(status.bottom_line) and whole and by_address(address) == claimed


def _nothing_follows(status: PdfSignatureStatus) -> bool:
    return status.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _only_proofs_follow(status: PdfSignatureStatus, reader: PdfFileReader) -> bool:
    """As at a long-term level: certificates, revocation lists, time stamps."""
    return status.modification_level == ModificationLevel.LTA_UPDATES and "/DSS" in reader.root


def _words_unchanged(seal: EmbeddedPdfSignature, data: bytes) -> bool:
    """The toolkit counts new metadata among the proofs, because it dates them; but a title may say "5 arobases"."""
    _, _, start, length = seal.byte_range
    return _words(data[: start + length]) == _words(data)


def _words(data: bytes) -> list[object]:
    """What a reader's window shows of a file, from its two sets of metadata."""
    reader = PdfFileReader(io.BytesIO(data))
    views = (reader.document_meta_view, view_from_info_dict(reader.trailer_view["/Info"]))
    return [getattr(text, "value", text) for view in views for text in (view.title, view.author, view.subject)]
