"""Reads on panels, files and reviews."""

from accounts.models import User
from jury.models import Juror


def is_juror(*, user: User) -> bool:
    return Juror.objects.filter(user=user, left_at=None).exists()
