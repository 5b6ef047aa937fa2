"""Where each published result stands among its peers, by its public points alone: found once, at the publication."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import Basis
from assessments.jobs import benchmarks
from assessments.jobs.benchmarks import STRIDE
from assessments.models import Edition
from outbox import jobs
from outbox.models import Job, Queue
from results.jobs import reports
from results.models import PublicState, PublishedResult
from scoring.benchmark import Peer


@jobs.kind(
    "benchmark.publish",
    key="benchmark:published:{edition}",
    queue=Queue.BULK,
    words=_("Étalonnage d’une édition publiée"),
)
def make(job: Job) -> None:
    """Of what is published, and once more of what was declared: files may have come back since the closing. Reports
    say where each stands: they come next. Payload: `edition`."""
    edition = Edition.objects.get(pk=job.payload["edition"])
    declared = list(benchmarks.compare(job, benchmarks.declared(edition), Basis.DECLARED))
    public = list(benchmarks.compare(job, published(edition), Basis.PUBLISHED))
    with jobs.finish(job):
        benchmarks.keep(edition, Basis.DECLARED, declared)
        benchmarks.keep(edition, Basis.PUBLISHED, public)
        PublicState.moved()
        reports.ask_all(edition)


def published(edition: Edition) -> list[Peer]:
    """The results in force, by their public copies: the points of an issue leave confidential questions out. A copy
    is large once parsed: they come a few at a time."""
    rows = PublishedResult.objects.filter(edition=edition, replaced_at=None, withdrawn_at=None)
    return [
        benchmarks.peer(
            row.application_id,
            row.document["territory"]["kind"],
            row.document["territory"]["population"] or 0,
            overall=row.document["overall"],
            axes={part["id"]: (part["earned"], part["possible"]) for part in row.document["axes"]},
            issues={part["id"]: (part["earned"], part["possible"]) for part in row.document["issues"]},
        )
        for row in rows.only("application", "document").order_by("pk").iterator(chunk_size=STRIDE)
    ]
