"""The claims « pas concerné » that await a ruling, counted where lists read them: on the last declared scorecard."""

from django.utils.translation import gettext_lazy

from assessments.models import Application, Scorecard
from assessments.queries import declared_scorecards
from jury import queries
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
        count(queries.locked(card.application))


def count(application: Application) -> None:
    """As the file is examined now. The caller holds its row."""
    card = declared_scorecards(application).first()
    if card is not None:
        card.claims_pending = examination.awaiting(application, examination.live(application))
        card.save(update_fields=["claims_pending"])
