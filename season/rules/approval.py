"""When a questionnaire may serve: two people said so, or one did a day ago, so that a second look was possible."""

from collections.abc import Sequence
from datetime import datetime, timedelta

ALONE = timedelta(hours=24)


def holds_from(approvals: Sequence[datetime]) -> datetime | None:
    """`approvals`: one instant a person. None as long as nobody approved."""
    if not approvals:
        return None
    first, *others = sorted(approvals)
    return min([first + ALONE, *others])
