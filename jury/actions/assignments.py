"""Who reads what."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotAllowed, NotNow, Refused, Stale
from assessments.enums import State
from assessments.models import Application, Edition
from assessments.queries import locked
from jury import permissions, policies, queries
from jury.actions import recusals
from jury.actions.decisions import take_up
from jury.doors import letters
from jury.jobs import calls, planning, proposals
from jury.models import Assignment, Deadline, Juror, Panel, Proposal


@transaction.atomic
def assign(*, application: Application, juror: Juror, by: User, now: datetime) -> Assignment:
    """Hand a file to a reader by hand, and write to them; the first reader opens the reading. Twice is harmless.

    Raises NotNow when the juror is recused from it, has left, or sits on another panel."""
    check_can_organise(by)
    fresh = locked(application)
    policies.check_can_read(fresh)
    if juror.left_at is not None or juror.panel.edition_id != fresh.edition_id:
        raise NotNow(_("%(juror)s ne siège pas au jury de cette édition.") % {"juror": juror})
    if not queries.may_sit_for(juror=juror, application=fresh):
        raise NotNow(_("%(juror)s est en situation de déport pour ce dossier.") % {"juror": juror})
    if juror.declared_at is None:
        raise NotNow(_("%(juror)s n’a pas encore déclaré ses liens : rien ne se lit avant.") % {"juror": juror})
    assignment, created = Assignment.objects.get_or_create(
        application=fresh, juror=juror, defaults={"assigned_at": now, "assigned_by": by}
    )
    if created:
        audit.record(by=by, verb="jury.assigned", on=fresh, juror=juror.pk)
        letters.assigned([assignment])
    take_up(fresh, by=by, now=now)
    application.state = fresh.state
    return assignment


@transaction.atomic
def call_third_reader(*, application: Application, by: Juror, now: datetime) -> Assignment:
    """The readers differ by more than one level: another juror reads the file, as blind as they were.

    Raises NotAllowed unless `by` presides for this file, NotNow when the readings agree, or nobody is left."""
    fresh = locked(application)
    permissions.check_can_preside(by, fresh)
    policies.check_can_read(fresh)
    counted, juror = queries.readings_of(fresh), queries.third_reader(fresh)
    waiting = counted["readers"] > counted["readings"]
    policies.refuse(policies.why_not_third_reader(spread=counted["spread"], waiting=waiting, able=juror is not None))
    assert juror is not None  # noqa: S101 -- refused above
    assignment = Assignment.objects.create(application=fresh, juror=juror, assigned_at=now, assigned_by=by.user)
    audit.record(by=by.user, verb="jury.third_reader_called", on=fresh, juror=juror.pk, spread=counted["spread"])
    letters.assigned([assignment])
    return assignment


@transaction.atomic
def want_by(*, applications: Iterable[Application], day: date | None, by: Juror, now: datetime) -> int:
    """Tell the readers of these files by when their readings are wanted; None: by no day any more. Says how many files
    moved. Their reminders are planned.

    Raises NotAllowed unless `by` presides for each, Refused for a day that cannot be."""
    permissions.check_sits(by)
    edition = by.panel.edition
    today, results_on = timezone.localdate(now), timezone.localdate(edition.results_at)
    if day and (reason := policies.why_not_wanted_by(day, today=today, results_on=results_on)):
        raise Refused(reason)
    keys = {application.pk for application in applications}
    files_wanted = queries.files_presided(by).filter(pk__in=keys)
    if files_wanted.count() != len(keys):
        raise NotAllowed(_("Seule la personne qui préside le jury pour ces dossiers en fixe la date."))
    moved = 0
    for application in files_wanted.exclude(deadline__day=day) if day else files_wanted.filter(deadline__isnull=False):
        moved += 1
        if day:
            wanted = {"day": day, "set_by": by, "set_at": now}
            Deadline.objects.update_or_create(application=application, defaults=wanted)
        else:
            Deadline.objects.filter(application=application).delete()
        audit.record(by=by.user, verb="jury.readings_wanted", on=application, day=day.isoformat() if day else None)
    if day and moved:
        calls.plan(by.panel, day, now=now)
    return moved


@transaction.atomic
def unassign(*, application: Application, juror: Juror, by: User) -> None:
    """Take a file back from a reader who has not begun. Twice is harmless."""
    check_can_organise(by)
    policies.check_can_read(locked(application))
    assignment = Assignment.objects.filter(application=application, juror=juror).first()
    if assignment is None:
        return
    if hasattr(assignment, "review"):
        raise NotNow(_("%(juror)s a commencé sa lecture : elle ne peut plus lui être retirée.") % {"juror": juror})
    assignment.delete()
    audit.record(by=by, verb="jury.unassigned", on=application, juror=juror.pk)


@transaction.atomic
def propose(*, edition: Edition, by: User, now: datetime) -> Proposal:
    """Ask the worker how to give every submitted file the readers that it lacks. A former proposal is forgotten."""
    check_can_organise(by)
    panel = Panel.objects.select_for_update().get(edition=edition)
    for juror in queries.sitting(panel):
        recusals.record_for_juror(juror, now=now)
    fresh = {"asked_at": now, "asked_by": by, "pairs": None, "basis": ""}
    proposal, _created = Proposal.objects.update_or_create(panel=panel, defaults=fresh)
    proposals.propose.schedule(proposal=proposal.pk, asked_at=now.isoformat())
    audit.record(by=by, verb="jury.sharing_asked", on=panel)
    return proposal


@transaction.atomic
def adjust(*, proposal: Proposal, application: Application, juror: Juror, instead: Juror, by: User) -> Proposal:
    """In a proposal, `instead` takes the reading of `juror`. NotNow when one has it not, or the other may not."""
    check_can_organise(by)
    fresh = Proposal.objects.select_for_update().get(pk=proposal.pk)
    pairs = [tuple(pair) for pair in fresh.pairs or []]
    if (application.pk, juror.pk) not in pairs:
        raise NotNow(_("La répartition a changé : rechargez la page."))
    able = planning.problem(fresh.panel).eligible.get(application.pk, [])
    if instead.pk not in able or (application.pk, instead.pk) in pairs:
        raise NotNow(_("%(juror)s ne peut pas lire ce dossier, ou le lit déjà.") % {"juror": instead})
    pairs.remove((application.pk, juror.pk))
    fresh.pairs = sorted([*pairs, (application.pk, instead.pk)])
    fresh.save(update_fields=["pairs"])
    audit.record(by=by, verb="jury.sharing_adjusted", on=fresh.panel, application=application.pk, juror=instead.pk)
    return fresh


@transaction.atomic
def confirm(*, proposal: Proposal, by: User, now: datetime, seen: str) -> list[Assignment]:
    """Give the files as proposed, and write once to each juror. `seen` is the digest of the proposal that was shown.

    Raises Stale when it was adjusted since, or when files or jurors are no longer those it was worked out from."""
    check_can_organise(by)
    panel = Panel.objects.select_for_update().select_related("edition").get(pk=proposal.panel_id)
    fresh = Proposal.objects.filter(panel=panel).exclude(pairs__isnull=True).first()
    if fresh is None or seen != planning.digest(fresh) or planning.problem(panel).digest != fresh.basis:
        raise Stale(_("Des dossiers ou des jurés ont changé depuis l’aperçu : préparez une nouvelle répartition."))
    rows = Assignment.objects.bulk_create(
        [
            Assignment(application_id=file, juror_id=juror, assigned_at=now, assigned_by=by)
            for file, juror in fresh.pairs or []
        ]
    )
    audit.record(by=by, verb="jury.sharing_confirmed", on=panel, pairs=fresh.pairs)
    fresh.delete()
    waiting = Application.objects.filter(edition=panel.edition, state=State.SUBMITTED, assignments__isnull=False)
    for application in waiting.distinct().select_related("framework", "edition", "territory"):
        take_up(application, by=by, now=now)
    letters.assigned(Assignment.objects.filter(pk__in=[row.pk for row in rows]).select_related("juror__user"))
    return rows
