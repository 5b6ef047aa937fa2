"""Secrets kept in a row: unreadable in a copy of the database, as the key comes from SECRET_KEY."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def hide(secret: str) -> str:
    return _keys().encrypt(secret.encode()).decode()


def reveal(hidden: str) -> str | None:
    """None for what was hidden under a SECRET_KEY that is among ours no more: it must be typed again."""
    try:
        return _keys().decrypt(hidden).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    """The first hides; those before it, as long as they are known, still reveal."""
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"instance.ciphers").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))


class HiddenText(models.TextField[str, str]):
    """A column whose text is hidden. Rows written before it was are read as they are."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        plain = None if value is None else reveal(value)
        return value if plain is None else plain

    def get_prep_value(self, value: str) -> str:
        return hide(super().get_prep_value(value))
