"""What is kept about somebody who sits, for themselves; their readings stand in the files."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from jury.models import Interest, Recusal


def interests(user: User) -> list[Mapping[str, Any]]:
    rows = Interest.objects.filter(juror__user=user).select_related("territory", "juror__panel__edition")
    return [
        {
            "edition": row.juror.panel.edition.year,
            "territory": row.territory.code,
            "nature": row.nature,
            "declared_at": row.declared_at.isoformat(),
        }
        for row in rows.order_by("declared_at", "pk")
    ]


def recusals(user: User) -> list[Mapping[str, Any]]:
    rows = Recusal.objects.filter(juror__user=user).select_related("application__territory", "application__edition")
    return [
        {
            "edition": row.application.edition.year,
            "territory": row.application.territory.code,
            "automatic": row.automatic,
            "reason": row.reason,
            "at": row.at.isoformat(),
        }
        for row in rows.order_by("at", "pk")
    ]
