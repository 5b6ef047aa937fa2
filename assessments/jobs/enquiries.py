"""The link of a question that is asked by mail, made at each sending."""

from django.utils import timezone

from accounts.doors import links
from assessments.doors import letters
from assessments.models import Enquiry
from outbox.jobs.mail import minted


@minted(letters.QUESTION.name)
def reply(pk: str, secret: str) -> str | None:
    waiting = Enquiry.objects.filter(replied_at=None, cancelled_at=None, expires_at__gt=timezone.now())
    return links.only_by(secret, rows=waiting.filter(pk=pk), page="assessments:reply")
