"""Who reads what."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Stale
from assessments import actions as files
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.policies import refuse
from jury import mails, permissions, planning, policies, queries
from jury.actions import recusals
from jury.models import Assignment, Juror, Panel


@transaction.atomic
def assign(*, application: Application, juror: Juror, by: User, now: datetime) -> Assignment:
    """Hand a file to a reader by hand, and write to them; the first reader opens the reading. Twice is harmless.

    Raises NotNow when the juror is recused from it, has left, or sits on another panel."""
    check_can_organise(by)
    fresh = queries.locked(application)
    policies.check_can_read(fresh)
    if juror.left_at is not None or juror.panel.edition_id != fresh.edition_id:
        raise NotNow(_("%(juror)s ne siège pas au jury de cette édition.") % {"juror": juror})
    if not queries.may_sit_for(juror=juror, application=fresh):
        raise NotNow(_("%(juror)s est en situation de déport pour ce dossier.") % {"juror": juror})
    assignment, created = Assignment.objects.get_or_create(
        application=fresh, juror=juror, defaults={"assigned_at": now, "assigned_by": by}
    )
    if created:
        audit.record(by=by, verb="jury.assign", on=fresh, juror=juror.pk)
        mails.assigned([assignment])
    take_up(fresh, by=by, now=now)
    application.state = fresh.state
    return assignment


@transaction.atomic
def call_third_reader(*, application: Application, by: Juror, now: datetime) -> Assignment:
    """The readers differ by more than one level: another juror reads the file, as blind as they were.

    Raises NotAllowed unless `by` presides for this file, NotNow when the readings agree, or nobody is left."""
    fresh = queries.locked(application)
    permissions.check_can_preside(by, fresh)
    policies.check_can_read(fresh)
    counted, juror = queries.readings_of(fresh), queries.third_reader(fresh)
    waiting = counted["readers"] > counted["readings"]
    refuse(policies.why_not_third_reader(spread=counted["spread"], waiting=waiting, able=juror is not None))
    assert juror is not None  # noqa: S101 -- refused above
    assignment = Assignment.objects.create(application=fresh, juror=juror, assigned_at=now, assigned_by=by.user)
    audit.record(by=by.user, verb="jury.third_reader", on=fresh, juror=juror.pk, spread=counted["spread"])
    mails.assigned([assignment])
    return assignment


@transaction.atomic
def unassign(*, application: Application, juror: Juror, by: User) -> None:
    """Take a file back from a reader who has not begun. Twice is harmless."""
    check_can_organise(by)
    policies.check_can_read(queries.locked(application))
    assignment = Assignment.objects.filter(application=application, juror=juror).first()
    if assignment is None:
        return
    if hasattr(assignment, "review"):
        raise NotNow(_("%(juror)s a commencé sa lecture : elle ne peut plus lui être retirée.") % {"juror": juror})
    assignment.delete()
    audit.record(by=by, verb="jury.unassign", on=application, juror=juror.pk)


@transaction.atomic
def assign_all(*, edition: Edition, by: User, now: datetime, expected: str | None = None) -> list[Assignment]:
    """Give every submitted file the readers that it lacks, with even loads, and write once to each juror.

    `expected` is the digest of the plan that was previewed: raises Stale when the plan is no longer that one."""
    check_can_organise(by)
    panel = Panel.objects.select_for_update().select_related("edition").get(edition=edition)
    for juror in queries.sitting(panel):
        recusals.record_for_juror(juror, now=now)
    plan = planning.plan(panel)
    if expected is not None and expected != plan.digest:
        raise Stale(_("Des dossiers ou des jurés ont changé depuis l’aperçu : relisez la nouvelle répartition."))
    rows = Assignment.objects.bulk_create(
        [
            Assignment(application=application, juror=juror, assigned_at=now, assigned_by=by)
            for application, juror in plan.pairs
        ]
    )
    audit.record(by=by, verb="jury.assign_all", on=panel, pairs=plan.as_ids())
    waiting = Application.objects.filter(edition=edition, state=State.SUBMITTED, assignments__isnull=False).distinct()
    for application in waiting.select_related("framework", "edition", "territory"):
        take_up(application, by=by, now=now)
    mails.assigned(rows)
    return rows


def take_up(application: Application, *, by: User, now: datetime) -> None:
    """A submitted file that has readers is under review: the first time, and when it comes back with its complement."""
    if application.state == State.SUBMITTED and queries.live_assignments().filter(application=application).exists():
        files.move(application=application, to=State.UNDER_REVIEW, by=by, now=now)
