"""Pieces of pages that say nothing but the values they are given: drawn once for each value, then kept.

The key is the whole value, and the piece is drawn from what the key holds with nothing else in reach: no request, no
person, no query, no clock. So what is kept is what would be drawn, and nothing needs to be told when something
changes."""

import hashlib
import pickle
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.template import Context, Engine
from django.utils.crypto import salted_hmac

KEPT = 3600  # seconds: what is not asked again leaves room


@cache
def token() -> str:
    """Stands where a form has the token of its request, another one each time. Nobody can write it in a text."""
    return salted_hmac("label.pieces", "token", algorithm="sha256").hexdigest()


def drawn(path: str, values: Mapping[str, Any]) -> str:
    """HTML of the template, with `token` where a form needs the true one."""
    packed = pickle.dumps(values, pickle.HIGHEST_PROTOCOL)
    if not settings.KEEP_PAGES:
        return _draw(path, packed)
    key = hashlib.blake2b(path.encode() + b"\0" + packed, digest_size=20).hexdigest()
    kept: bytes | None = caches["pieces"].get(key)
    if kept is not None:
        return zlib.decompress(kept).decode()
    html = _draw(path, packed)
    caches["pieces"].set(key, zlib.compress(html.encode(), level=1), KEPT)
    return html


def _draw(path: str, packed: bytes) -> str:
    values = pickle.loads(packed)  # noqa: S301 -- packed just above
    with connection.execute_wrapper(_refused):
        return Engine.get_default().get_template(path).render(Context({**values, "csrf_token": token()}))


def _refused(execute: Callable[..., Any], sql: str, *_given: Any) -> None:
    raise RuntimeError(f"a piece of a page asks the database: {sql}")
