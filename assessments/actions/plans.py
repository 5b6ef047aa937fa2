"""Asking for the way to the next level. Nothing of the file changes, so that nothing goes to its trail."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import NotNow
from assessments import queries
from assessments.doors import scorecards
from assessments.jobs import plans
from assessments.models import Application, Plan
from outbox import jobs
from scoring.hashing import canonical


def ask_plan(*, application: Application) -> Plan:
    """The plan of the file as it stands, made or to be made; those of earlier answers go. Asking again is harmless, and
    gives another life to a job that failed.

    Raises NotNow when there is no level to reach."""
    with transaction.atomic():
        fresh = queries.locked(application)
        result = scorecards.live(fresh)
        if plans.stage(result, None, None) != plans.Stage.UNASKED:
            raise NotNow(_("Ce dossier n’a pas de niveau suivant à atteindre pour le moment."))
        inputs = canonical(result.application.inputs).decode()
        plan, asked = Plan.objects.get_or_create(
            application=fresh, input_hash=result.input_hash, defaults={"inputs": inputs}
        )
        if asked:
            Plan.objects.filter(application=fresh).exclude(pk=plan.pk).delete()
        jobs.retry(plans.make.schedule(plan=plan.pk))
    return plan
