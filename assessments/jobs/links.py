"""The pages that a file names, visited once at its deposit: a link may rot before a juror opens it."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments import queries
from assessments.doors import webpages
from assessments.models import LinkedPage, Scorecard
from outbox import jobs
from outbox.models import Job, Queue, Rank


@jobs.kind(
    "links.visit",
    key="links:{scorecard}",
    queue=Queue.BULK,
    words=gettext_lazy("Visite des pages citées"),
    rank=Rank.LAST,
)
def visit(job: Job) -> None:
    """Payload: `scorecard`. Each page is kept as soon as it was seen: a second attempt goes on with the others."""
    scorecard = Scorecard.objects.select_related("application").get(pk=job.payload["scorecard"])
    named = list(_named(scorecard))
    done: dict[str, webpages.Seen] = {}
    for number, (what, url) in enumerate(named):
        jobs.progress(job, done=number, total=len(named))
        if LinkedPage.objects.filter(**what, url=url, seen_at__gte=scorecard.frozen_at).exists():
            continue
        seen = done.get(url) or done.setdefault(url, webpages.visit(url))
        found = {"url": url, "status": seen.status, "fault": seen.fault, "sha256": seen.sha256}
        LinkedPage.objects.update_or_create(**what, defaults=found | {"seen_at": timezone.now()})
    with jobs.finish(job):
        pass


def _named(scorecard: Scorecard) -> Iterator[tuple[dict[str, Any], str]]:
    for piece in queries.evidence(scorecard.application).exclude(url=""):
        yield {"evidence": piece}, piece.url
    for row in queries.standing_initiatives(scorecard.application):
        if row.link:
            yield {"initiative": row}, row.link
