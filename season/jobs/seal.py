"""The trial of the seal: a worker alone holds its key, so a worker says whether it serves."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from instance import queries
from instance.models import Instance
from outbox import jobs
from outbox.models import Job, Queue
from season import wording


@jobs.kind("seal.trial", key="seal:{asked}", queue=Queue.PAPERS, words=_("Essai du cachet"))
def seal_trial(job: Job) -> None:
    """What stops the seal is the answer, not a failure. Payload: `asked`, when it was."""
    found = _found()
    with jobs.finish(job):
        Instance.objects.filter(seal_asked_at=datetime.fromisoformat(job.payload["asked"])).update(
            seal_tried_at=timezone.now(), **found
        )
    queries.forget()


def _found() -> dict[str, object]:
    from assessments.doors import seals  # noqa: PLC0415 -- pyHanko stays out of web

    given = queries.seal_given()
    try:
        tried = seals.try_out()
    except Exception as error:
        return {"sealed_by": "", "seal_until": None, "seal_own": given, "seal_fault": wording.why_no_seal(error)[:500]}
    fault = wording.seal_over(tried.until) if tried.until <= timezone.now() else ""
    return {"sealed_by": tried.by[:300], "seal_until": tried.until, "seal_own": given, "seal_fault": fault}
