"""Secrets kept in a row: unreadable in a copy of the database, as the key comes from SECRET_KEY."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def hide(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def reveal(hidden: str) -> str | None:
    """None for what was hidden under another SECRET_KEY: it must be typed again."""
    try:
        return _fernet().decrypt(hidden).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"instance.ciphers").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(derived))
