"""What is kept about somebody who asked for help, for themselves."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from season.models import HelpRequest


def help_requests(user: User) -> list[Mapping[str, Any]]:
    rows = HelpRequest.objects.filter(by=user).order_by("at", "pk")
    return [{"page": row.page, "text": row.text, "email": row.email, "at": row.at.isoformat()} for row in rows]
