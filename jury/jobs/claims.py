"""The claims « pas concerné » that await a ruling, counted where lists read them: on the last declared scorecard."""

from django.utils.translation import gettext_lazy

from assessments.models import Scorecard
from assessments.queries import locked
from jury.doors import examination
from outbox import jobs
from outbox.models import Job, Queue


@jobs.kind(
    "claims.count",
    key="claims:{scorecard}",
    queue=Queue.SCORES,
    words=gettext_lazy("Réponses « pas concerné » qui attendent l’avis du jury"),
)
def count_again(job: Job) -> None:
    """Of a file submitted again: what the jury ruled on before, and was not rewritten, is not asked of it twice."""
    card = Scorecard.objects.select_related("application").get(pk=job.payload["scorecard"])
    with jobs.finish(job):
        examination.count_claims(locked(card.application))
