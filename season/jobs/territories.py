"""The official list changed: rights follow, people are told, the organiser sees what is left to decide."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import queries as people
from accounts.actions import mandates
from jury.actions import recusals
from outbox import jobs
from outbox.models import Job, Queue
from season import queries
from season.doors import letters
from territories.enums import Happened


@jobs.kind("territories.changed", key="territories:{load}", queue=Queue.MAIL, words=_("Nouvelle liste des communes"))
def follow(job: Job) -> None:
    """A territory that only took another code kept its row, and so everything of it. Payload: `load`."""
    now = timezone.now()
    changes = list(queries.changes(load=job.payload["load"]))
    with jobs.finish(job):
        for change in changes:
            if change.happened in (Happened.MERGED, Happened.ENDED):
                old, successor = change.territory, change.territory.successor
                if successor:
                    mandates.follow(old=old, new=successor, now=now)
                    recusals.follow(old=old, new=successor, now=now)
                for membership in people.team(territory=old):
                    letters.territory_ended(change, to=membership.user)
        for organiser in people.organisers():
            letters.list_changed(changes, to=organiser)
