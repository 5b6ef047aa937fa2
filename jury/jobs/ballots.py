"""Votes that end by themselves: at their hour, or as soon as the quorum decides."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import audit
from accounts.models import User
from assessments.queries import locked
from jury import policies, queries
from jury.doors import letters
from jury.models import Ballot
from jury.queries import ballots
from outbox import jobs
from outbox.models import Job, Queue


def close(ballot: Ballot, *, by: User | None, now: datetime) -> str | None:
    """Count, and keep the count; or why not yet. In the caller's transaction, the file's row locked."""
    counted = ballots.count(ballot)
    if why_not := policies.why_not_close(counted):
        return why_not
    ballot.outcome, ballot.closed_at, ballot.count = counted.outcome, now, counted.as_document()
    ballot.save(update_fields=["outcome", "closed_at", "count"])
    audit.record(by=by, verb="jury.ballot_closed", on=ballot, application=ballot.application_id, **ballot.count)
    return None


def set_aside(ballot: Ballot, *, why: str, by: User | None, now: datetime) -> None:
    ballot.set_aside_at, ballot.set_aside_for = now, why[:300]
    ballot.save(update_fields=["set_aside_at", "set_aside_for"])
    audit.record(by=by, verb="jury.ballot_set_aside", on=ballot, application=ballot.application_id, reason=why)


@jobs.kind("jury.ballot", key="jury-ballot:{ballot}", queue=Queue.MAIL, words=gettext_lazy("Clôture d’un vote du jury"))
def end(job: Job) -> None:
    """At its hour a vote is closed; without quorum, or on a tie, it is set aside, and who presides is told. One that
    was closed or called off before has nothing to do. Payload: `ballot`."""
    rows = Ballot.objects.select_related("application__edition__panel", "application__territory__epci")
    with jobs.finish(job):
        locked(rows.get(pk=job.payload["ballot"]).application)
        ballot = rows.get(pk=job.payload["ballot"])
        if policies.why_not_vote(ballot):
            return
        now = timezone.now()
        if why_not := close(ballot, by=None, now=now):
            set_aside(ballot, why=_("L’heure est passée. %(why)s") % {"why": why_not}, by=None, now=now)
        letters.ballot_ended(ballot, presiding=queries.presiding(ballot.application))
