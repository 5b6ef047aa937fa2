"""The job that draws what social networks show of a result: the image of its page, made once and kept."""

from datetime import UTC, datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from documents.french import in_full
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, JobState, Queue, Rank
from results.models import Card, PublishedResult

# Progress is written once in so many images.
STRIDE = 10


def ask() -> Job | None:
    """When a result has no image, before its announcement too: it is there at the instant, unless papers still waited
    then. None when all have one."""
    if not _without().exists():
        return None
    job = make.schedule()
    if job.state == JobState.DONE:
        jobs.again(job)
    return job


def _without() -> QuerySet[PublishedResult]:
    return PublishedResult.objects.filter(level__gte=1, replaced_at=None, withdrawn_at=None, card=None)


@jobs.kind("card.make", key="cards", queue=Queue.PAPERS, rank=Rank.LAST, words=_("Images de partage"))
def make(job: Job) -> None:
    """Draw the image of every result that has none."""
    waiting = list(_without().order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(waiting):
        if done % STRIDE == 0:
            jobs.progress(job, done=done, total=len(waiting))
        result = PublishedResult.objects.get(pk=pk)
        drawn = draw(result)
        files.put(drawn)
        # A short transaction each: on SQLite nobody else writes meanwhile.
        with transaction.atomic():
            file = files.store(drawn, content_type="image/png", was_put=True)
            Card.objects.get_or_create(result=result, defaults={"file": file})
    with jobs.finish(job):
        return


def draw(result: PublishedResult) -> bytes:
    """The PNG, from the frozen copy alone."""
    from documents import card, emblem  # noqa: PLC0415 -- Pillow stays out of web

    label, territory = instance.current(), result.document["territory"]
    shown = emblem.EmblemData(
        title=label.name,
        subtitle=label.tagline,
        territory_name=in_full(territory["name"]),
        year=result.document["year"],
        level=result.level,
        issued_at=datetime.combine(result.decided_on, time(12), UTC),
        organiser_name=label.organiser,
        simulated=result.simulated,
    )
    department = territory["department"]
    return card.render(card.CardData(shown, f"{department['name']} ({department['code']})"))
