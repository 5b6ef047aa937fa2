"""Mails about what colleagues give a person to do and say to them: at once, or each morning, as they chose."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Pace, User
from assessments import queries
from assessments.doors import letters
from assessments.models import Application, Notice
from outbox import jobs
from outbox.models import Job, Queue

# What somebody gives in one go is told in one mail.
BREATH = timedelta(minutes=2)
MORNING = 7  # o'clock


def note(
    application: Application, *, person: User, part: str, comment: bool = False, by: User, now: datetime
) -> Notice | None:
    """In the caller's transaction. Nothing for oneself, nor for who chose not to be told."""
    if person == by or person.pace == Pace.NEVER:
        return None
    notice = Notice.objects.create(
        application=application, person=person, part=part, comment=comment, author=by, at=now
    )
    due = next_mail(Pace(person.pace), now)
    tell.schedule(due_at=due, application=application.pk, person=person.pk, due=due.isoformat())
    return notice


def next_mail(pace: Pace, now: datetime) -> datetime:
    """The same moment for all that happens before it: one mail tells it."""
    if pace == Pace.DAILY:
        morning = timezone.localtime(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning if morning > now else morning + timedelta(days=1)
    breaths = int(now.timestamp() // BREATH.total_seconds()) + 1
    return datetime.fromtimestamp(breaths * BREATH.total_seconds(), tz=now.tzinfo)


@jobs.kind(
    "notices.tell",
    key="notices:{application}:{person}:{due}",
    queue=Queue.MAIL,
    words=gettext_lazy("Courriel de ce qui est confié ou commenté"),
)
def tell(job: Job) -> None:
    """Payload: `application`, `person`, `due`. Who left the team meanwhile, or wants no such mail, gets none."""
    application = queries.applications().get(pk=job.payload["application"])
    member = queries.members(application).filter(user=job.payload["person"]).first()
    with jobs.finish(job):
        rows = Notice.objects.filter(application=application, person=job.payload["person"])
        notices = list(rows.select_for_update(of=("self",)).select_related("author"))
        if notices and member and member.user.pace != Pace.NEVER:
            lines = list(dict.fromkeys(_line(application, notice) for notice in notices))
            letters.news(application, member.user, lines, key=f"notices:{job.pk}")
        rows.filter(pk__in=[notice.pk for notice in notices]).delete()


def _line(application: Application, notice: Notice) -> str:
    framework = application.framework.parsed
    words: dict[str, Any] = {"who": notice.author}
    if notice.part in framework.issue_by_id:
        words["what"] = framework.issue_by_id[notice.part].title["fr"]
        return _("%(who)s vous confie les questions de « %(what)s ».") % words
    question = framework.question_by_id.get(notice.part)
    words["what"] = question.text["fr"] if question else notice.part
    if notice.comment:
        return _("%(who)s commente : « %(what)s »") % words
    return _("%(who)s vous confie : « %(what)s »") % words
