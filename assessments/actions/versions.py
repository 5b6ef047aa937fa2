"""Moving an edition to another version of its questionnaire: measured first, explained; no answer is lost."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import Refused
from assessments import policies, queries
from assessments.doors import frameworks
from assessments.doors.scorecards import answer_document
from assessments.enums import AnswerState
from assessments.jobs import impact
from assessments.models import Answer, Application, Edition, Framework
from outbox.models import Job
from scoring.framework import Framework as EngineFramework
from scoring.impact import fits


@transaction.atomic
def add_framework(*, source: str, by: User) -> Framework:
    """One more version of a questionnaire, known by its hash. Raises `scoring.framework.FrameworkError` with every
    fault."""
    check_can_organise(by)
    row = frameworks.load(source)
    audit.record(by=by, verb="framework.added", on=row, hash=row.hash)
    return row


@transaction.atomic
def measure_impact(*, edition: Edition, framework: Framework, by: User) -> Job:
    """Have a worker measure what the version would change. Asking again while it works changes nothing."""
    _check_year(edition, framework)
    audit.record(by=by, verb="edition.impact_asked", on=edition, framework=framework.hash)
    return impact.measure.schedule(**queries.next_impact(edition, framework))


def change_framework(*, edition: Edition, framework: Framework, reason: str, by: User, now: datetime) -> Edition:
    """Every draft goes on with this version; files withdrawn or ineligible keep theirs, and so do frozen scorecards.

    An answer that has no place there is put aside: a row that clears it is added, and says which version asked. One
    that was put aside, and has its place again, is said again. Raises NotNow when the edition may not move."""
    _check_year(edition, framework)
    if not reason.strip():
        raise Refused(_("Écrivez pourquoi le référentiel change : la raison est gardée."))
    with transaction.atomic():
        fresh = queries.editions().select_for_update(of=("self",)).get(pk=edition.pk)
        policies.refuse(policies.why_not_change_framework(queries.states(fresh), queries.impact(fresh, framework)))
        drafts = queries.drafts_elsewhere(fresh, framework).select_for_update(of=("self",))
        known = framework.parsed
        parked = 0
        for application in drafts:
            rows = list(_moved_answers(application, known, by, now))
            Answer.objects.bulk_create(rows)
            parked += sum(row.parked_from_id is not None for row in rows)
            Application.objects.filter(pk=application.pk).update(framework=framework)
        before = fresh.framework.hash
        Edition.objects.filter(pk=fresh.pk).update(framework=framework)
        audit.record(
            by=by,
            verb="edition.framework_changed",
            on=fresh,
            before=before,
            after=framework.hash,
            reason=reason.strip(),
            files=len(drafts),
            parked=parked,
        )
    edition.framework = framework
    return edition


def _moved_answers(application: Application, known: EngineFramework, by: User, now: datetime) -> Iterator[Answer]:
    """The rows to add to a file that goes on with the framework `known`."""
    latest = queries.sheet(application).latest
    before = queries.parked(application, latest)
    for name, row in latest.items():
        said = before.get(name, row)
        if said.state == AnswerState.CLEARED or fits(known, name, answer_document(said)) is (said is row):
            continue
        kept = (said.state, said.value, said.reason, None) if said is not row else None
        state, value, reason, parked_from = kept or (AnswerState.CLEARED, None, "", application.framework)
        yield Answer(
            application=application,
            question_id=name,
            version=row.version + 1,
            state=state,
            value=value,
            reason=reason,
            parked_from=parked_from,
            author=by,
            at=now,
        )


def _check_year(edition: Edition, framework: Framework) -> None:
    if framework.year != edition.year:
        raise Refused(_("Ce référentiel est celui d’une autre édition."))
