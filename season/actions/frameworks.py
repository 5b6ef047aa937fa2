"""The words of a questionnaire corrected, who says that it may serve, and the version that an edition follows."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from assessments import actions
from assessments.models import Edition, Framework
from assessments.policies import refuse
from outbox.models import Job
from scoring import framework as engine
from season import policies, queries
from season.models import Approval


@transaction.atomic
def approve(*, framework: Framework, by: User, now: datetime) -> Approval:
    """The same person twice counts once."""
    check_can_organise(by)
    approval, made = Approval.objects.get_or_create(framework=framework, by=by, defaults={"at": now})
    if made:
        audit.record(by=by, verb="framework.approved", on=framework, hash=framework.hash)
    return approval


@transaction.atomic
def reword(*, framework: Framework, texts: Mapping[tuple[str, tuple[str, ...]], str], by: User) -> Framework:
    """One more version, with these texts in the place of its own: the one before, approved or followed, never changes.
    An edition in preparation, without a file yet, goes on with the new one.

    `texts`: by id and part of the engine's wordings. Raises `scoring.framework.FrameworkError` with every fault."""
    check_can_organise(by)
    known = [wording for wording in engine.wordings(framework.document) if (wording.of, wording.what) in texts]
    source = engine.reworded(framework.document, [(one, texts[one.of, one.what]) for one in known])
    row = actions.add_framework(source=source, by=by)
    places = [".".join((one.of, *one.what)) for one in known]
    audit.record(by=by, verb="framework.reworded", on=row, before=framework.hash, after=row.hash, texts=places)
    for edition in Edition.objects.filter(framework=framework, draft=True, applications=None):
        Edition.objects.filter(pk=edition.pk).update(framework=row)
        audit.record(by=by, verb="edition.framework_changed", on=edition, before=framework.hash, after=row.hash)
    return row


def follow(*, edition: Edition, framework: Framework, reason: str, by: User, now: datetime) -> Edition:
    """Move an edition to this version: what was shown moves to an approved one alone. Raises NotNow when it may not."""
    check_can_organise(by)
    refuse(policies.why_not_follow(edition, [approval.at for approval in queries.approvals(framework)], at=now))
    return actions.change_framework(edition=edition, framework=framework, reason=reason, by=by, now=now)


@transaction.atomic
def remove(*, framework: Framework, by: User) -> None:
    """Take a version that nothing follows out of the list. Raises NotNow when something does."""
    check_can_organise(by)
    fresh = Framework.objects.select_for_update().get(pk=framework.pk)
    refuse(policies.why_not_remove(queries.is_used(fresh)))
    audit.record(by=by, verb="framework.removed", on=fresh, hash=fresh.hash, year=fresh.year)
    # Their keys too: the same text loaded again has its papers made anew.
    Job.objects.filter(kind__in=("booklet.make", "framework.impact"), payload__framework=fresh.pk).delete()
    fresh.delete()
