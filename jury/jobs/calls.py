"""The jury is called when it is time: a reading wanted by a day, a file that came back."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments.models import Complement
from jury import queries
from jury.doors import letters
from jury.models import Panel
from outbox import jobs
from outbox.models import Job, Queue

# Days between a date and its reminders: before it, on it, after it.
REMINDED = (-3, 0, 3)
SOON = timedelta(days=3)
MORNING = time(8)


def plan(panel: Panel, day: date, *, now: datetime) -> None:
    """The reminders of a date that is wanted. Several files wanted on the same day share them."""
    for days in REMINDED:
        due_at = timezone.make_aware(datetime.combine(day + timedelta(days=days), MORNING))
        if due_at > now:
            remind.schedule(panel=panel.pk, day=timezone.localdate(due_at).isoformat(), due_at=due_at)


@jobs.kind(
    "jury.remind",
    key="jury-remind:{panel}:{day}",
    queue=Queue.MAIL,
    words=gettext_lazy("Rappel des lectures attendues"),
)
def remind(job: Job) -> None:
    """One letter to each juror whose readings are wanted soon, or late. Payload: `panel`, `day`."""
    day = date.fromisoformat(job.payload["day"])
    panel = Panel.objects.select_related("edition").get(pk=job.payload["panel"])
    with jobs.finish(job):
        letters.reminded(queries.readings_wanted(panel, by=day + SOON), day=day)


@jobs.kind(
    "jury.completed",
    key="jury-completed:{complement}",
    queue=Queue.MAIL,
    words=gettext_lazy("Retour d’un dossier complété"),
)
def tell_completed(job: Job) -> None:
    """The readers of a file that came back, and who presides, are told. Payload: `complement`."""
    complement = Complement.objects.select_related("application__edition", "application__territory__epci").get(
        pk=job.payload["complement"]
    )
    application = complement.application
    with jobs.finish(job):
        jurors = {row.juror: None for row in queries.live_assignments().filter(application=application)}
        if presiding := queries.presiding(application):
            jurors[presiding] = None
        letters.completed(complement, jurors)
