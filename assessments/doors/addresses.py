"""What a paper kept for its readers says of itself under its seal: which of our rows it is, as only we can write it.

It has no number that anyone may ask about: who holds neither the paper nor a copy learns nothing from `/verifier/`."""

from django.conf import settings
from django.core.signing import BadSignature, Signer


def of(kind: str, pk: int) -> str:
    """Where the file of this row is checked: « …/verifier/#receipt:12:<signature> »."""
    return f"{settings.SITE_URL}/verifier/#{_signer().sign(f'{kind}:{pk}')}"


def read(address: str) -> tuple[str, int] | None:
    """The kind and the key of the row, as `of` wrote them; None for what it did not write."""
    try:
        kind, pk = _signer().unsign(address.partition("#")[2]).split(":")
    except BadSignature:
        return None
    return kind, int(pk)


def _signer() -> Signer:
    # The salt of the first seals: theirs are read for ever.
    return Signer(salt="outbox.claims")
