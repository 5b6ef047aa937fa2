"""Why something is refused. The same sentence is shown in the page, in the API error and on the disabled button.

A stranger gets a 404 from the look-up itself and never reaches these."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError


class Refused(Exception):
    """Base of every refusal; `reason` is a sentence in French for the person who asked."""

    status = 400

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAllowed(Refused):
    """This person may not."""

    status = 403


class NotNow(Refused):
    """The state or the date does not allow it (too late, already done, something missing)."""

    status = 409


class Stale(NotNow):
    """Somebody else wrote first: the version that the writer saw is no longer the current one."""


class TooMany(Refused):
    """Too often in too short a time; `seconds` until it may be tried again."""

    status = 429

    def __init__(self, reason: str, *, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


@contextmanager
def told_by_a_form() -> Iterator[None]:
    """What is refused inside is said by the form, beside the field that is being cleaned."""
    try:
        yield
    except Refused as refusal:
        raise ValidationError(refusal.reason) from None
