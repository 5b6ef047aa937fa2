"""Canonical JSON (RFC 8785) and the hashes made of it."""

import hashlib
import json
import re
from typing import Any

import rfc8785

from scoring.texts import MAX_INTEGER, is_text

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class NotCanonical(ValueError):
    """The value holds something that our documents do not know: a float, a large integer, half a character…"""


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of strings, integers within ±(2⁵³ − 1), booleans, null, lists and maps with string keys.

    Raises NotCanonical for anything else.
    """
    try:
        _check(value)
    except RecursionError:
        raise NotCanonical("the value is nested too deep") from None
    return canonical_of_checked(value)


def digest(value: Any) -> str:
    """The SHA-256, in hexadecimal, of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def canonical_of_checked(value: Any) -> bytes:
    """The same for a value known to be made of what is allowed, and nothing else.

    The standard encoder writes such values as RFC 8785 does, many times faster, but for one thing: it sorts keys by
    code point, the RFC by UTF-16 unit. The two orders differ only where a character needs two units.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if _ASTRAL.search(text):
        return rfc8785.dumps(value)
    return text.encode()


def digest_of_checked(value: Any) -> str:
    return hashlib.sha256(canonical_of_checked(value)).hexdigest()


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not is_text(key):
                raise NotCanonical(f"{key!r} is not a key of text")
            _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif not is_scalar(value):
        raise NotCanonical(f"{value!r} has no place in a document")


def is_scalar(value: Any) -> bool:
    """Whether the value is a string, an integer in range, a boolean or null."""
    if isinstance(value, int):
        return -MAX_INTEGER <= value <= MAX_INTEGER
    return value is None or is_text(value)
