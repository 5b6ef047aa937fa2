"""Small readers of the environment: each stops the start with a sentence that says what to mend."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file named by NAME_FILE (secrets of containers)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ImproperlyConfigured(f"{name}={value!r} is neither 1 nor 0.")


def code_stamp(folder: Path) -> str:
    """The same for every process of one release: when its code and its pages last changed."""
    parts = [*folder.glob("*/**/*.py"), *(folder / "templates").rglob("*"), *(folder / "docs").glob("*.md")]
    return str(max((path.stat().st_mtime_ns for path in parts if ".venv" not in path.parts), default=0))


def integer(name: str, default: int) -> int:
    value = os.environ.get(name)
    try:
        return default if value is None else int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def choice(name: str, *allowed: str) -> str:
    """One of a few words; the first is the default."""
    value = text(name, allowed[0])
    if value in allowed:
        return value
    raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(allowed)}.")


def kept(path: Path, default: str) -> str:
    """What a former process wrote there for the next ones."""
    try:
        return path.read_text().strip() or default
    except OSError:
        return default


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def private_folder(path: Path) -> Path:
    """Create the folder for its owner alone; a read-only disk is named in one sentence."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"The folder {path} cannot be created or written: {error.strerror}.") from error
    return path


def secret_key(folder: Path) -> str:
    """SECRET_KEY from the environment, else one made at the first start and kept for its owner alone."""
    key = text("SECRET_KEY")
    if key:
        if len(key) < 50:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a longer one.")
        return key
    path = folder / "secret_key"
    try:
        # Created whole or not at all: two processes starting together must not read half a key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"The secret key cannot be written to {path}: {error.strerror}.") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def origin(address: str) -> str:
    """`https://who.example` of any address there; nothing of nothing."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if rest else ""
