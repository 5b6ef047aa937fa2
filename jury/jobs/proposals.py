"""The job that works out how files are shared between readers. Nothing is given before the organiser confirms."""

from django.utils.translation import gettext_lazy

from jury.jobs import planning
from jury.models import Proposal
from outbox import jobs
from outbox.models import Job, Queue


@jobs.kind(
    "jury.propose",
    key="jury-propose:{proposal}:{asked_at}",
    queue=Queue.SCORES,
    words=gettext_lazy("Répartition des dossiers entre les jurés"),
)
def propose(job: Job) -> None:
    """Payload: `proposal`. Confirmed or asked again meanwhile, it has nothing to do."""
    asked = (
        Proposal.objects.select_related("panel__edition").filter(pk=job.payload["proposal"], pairs__isnull=True).first()
    )
    worked_out = asked and work_out(asked)
    with jobs.finish(job):
        if asked and worked_out:
            Proposal.objects.filter(pk=asked.pk, asked_at=asked.asked_at, pairs__isnull=True).update(**worked_out)


def work_out(proposal: Proposal) -> dict[str, object]:
    """The columns that the solution fills."""
    from jury.rules.assignment import balance  # noqa: PLC0415 -- SciPy stays out of web

    asked = planning.problem(proposal.panel)
    pairs = balance(
        needs=asked.needs,
        eligible=asked.eligible,
        loads=asked.loads,
        regions=asked.regions,
        expertise=asked.expertise,
    )
    return {"pairs": pairs, "basis": asked.digest}
