"""The trail: a row in the same transaction as what it tells."""

from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User


def record(*, by: User | None, verb: str, on: Model, **detail: Any) -> None:
    """`by` is None when no person acted (a date that came, a worker)."""
    AuditEntry.objects.create(
        actor_id=by.pk if by else None,
        verb=verb,
        object_type=on._meta.label,
        object_id="" if on.pk is None else str(on.pk),
        detail=detail,
    )
