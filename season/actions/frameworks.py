"""Who says that a questionnaire may serve."""

from datetime import datetime

from django.db import transaction

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from assessments.models import Framework
from season.models import Approval


@transaction.atomic
def approve(*, framework: Framework, by: User, now: datetime) -> Approval:
    """The same person twice counts once."""
    check_can_organise(by)
    approval, made = Approval.objects.get_or_create(framework=framework, by=by, defaults={"at": now})
    if made:
        audit.record(by=by, verb="framework.approve", on=framework, hash=framework.hash)
    return approval
