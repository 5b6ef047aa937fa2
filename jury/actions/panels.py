"""Who sits on the panel of an edition."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit, ensure_user
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow, Refused
from assessments.models import Edition
from jury import policies, queries
from jury.actions import recusals
from jury.doors import letters
from jury.models import Ballot, Juror, Panel


@transaction.atomic
def open_panel(*, edition: Edition, by: User, quorum: int = 3, readers_per_file: int = 2) -> Panel:
    """The panel of this edition, made at the first call."""
    check_can_organise(by)
    panel, created = Panel.objects.get_or_create(
        edition=edition, defaults={"quorum": quorum, "readers_per_file": readers_per_file}
    )
    if created:
        audit.record(by=by, verb="jury.opened", on=panel, year=edition.year, readers_per_file=readers_per_file)
    return panel


@transaction.atomic
def set_rules(*, panel: Panel, quorum: int, chair_reads: bool, by: User) -> Panel:
    """How many voices a vote needs, and how many members present the minutes; whether the chair is given files too.

    Raises Refused for a quorum that those who sit could not reach, NotNow when it would change while the jury votes."""
    check_can_organise(by)
    fresh = Panel.objects.select_for_update().get(pk=panel.pk)
    if fresh.chair_reads != chair_reads:
        fresh.chair_reads = chair_reads
        fresh.save(update_fields=["chair_reads"])
        audit.record(by=by, verb="jury.chair_called", on=fresh, chair_reads=chair_reads)
    if fresh.quorum == quorum:
        return fresh
    if reason := policies.why_not_quorum(quorum, sitting=len(queries.sitting(fresh))):
        raise Refused(reason)
    if Ballot.objects.filter(queries.IS_OPEN, application__edition=fresh.edition_id).exists():
        raise NotNow(_("Un vote est ouvert : le quorum se change une fois qu’il est clos."))
    audit.record(by=by, verb="jury.quorum_set", on=fresh, quorum=quorum, before=fresh.quorum)
    fresh.quorum = quorum
    fresh.save(update_fields=["quorum"])
    return fresh


@transaction.atomic
def add_juror(
    *,
    panel: Panel,
    email: str,
    name: str,
    function: str,
    is_chair: bool = False,
    expertise: str = "",
    until: int | None = None,
    by: User,
    now: datetime,
) -> Juror:
    """Seat a person, known or not yet, and write to them. Somebody who left comes back with the interests declared.

    `expertise`: an axis of the framework; `until`: the year of the last edition of the term.

    Adding a sitting juror again changes nothing. Raises NotNow when the panel already has a chair."""
    check_can_organise(by)
    user = ensure_user(email=email, name=name, function=function, by=by)
    seated = Juror.objects.select_for_update().filter(panel=panel, user=user).first()
    if seated is not None and seated.left_at is None:
        return seated
    if is_chair and panel.jurors.filter(is_chair=True, left_at=None).exists():
        raise NotNow(_("Ce jury a déjà une présidence : retirez-la d’abord."))
    juror, _created = Juror.objects.update_or_create(
        panel=panel,
        user=user,
        defaults={"is_chair": is_chair, "expertise": expertise, "until": until, "joined_at": now, "left_at": None},
    )
    recusals.record_for_juror(juror, now=now)
    audit.record(by=by, verb="jury.juror_added", on=juror, is_chair=is_chair)
    letters.invited(juror)
    return juror


@transaction.atomic
def edit_juror(
    *,
    juror: Juror,
    name: str,
    function: str,
    expertise: str,
    until: int | None,
    is_chair: bool,
    by: User,
) -> Juror:
    """Change a member in place. With `is_chair`, the presidency passes from who has it.

    Raises NotNow for somebody who left, Refused when the panel would be left without a chair."""
    check_can_organise(by)
    Panel.objects.select_for_update().get(pk=juror.panel_id)
    fresh = Juror.objects.select_related("user", "panel__edition").get(pk=juror.pk)
    if fresh.left_at is not None:
        raise NotNow(_("%(juror)s ne siège plus dans ce jury.") % {"juror": fresh})
    if reason := policies.why_not_hand_over(chairs=fresh.is_chair, is_chair=is_chair):
        raise Refused(reason)
    if is_chair and not fresh.is_chair:
        before = Juror.objects.filter(panel=fresh.panel_id, is_chair=True, left_at=None)
        audit.record(by=by, verb="jury.chair_named", on=fresh, before=list(before.values_list("pk", flat=True)))
        before.update(is_chair=False)
    fresh.user.name, fresh.user.function = name.strip(), function.strip()
    fresh.user.save(update_fields=["name", "function"])
    fresh.expertise, fresh.until, fresh.is_chair = expertise, until, is_chair
    fresh.save(update_fields=["expertise", "until", "is_chair"])
    audit.record(by=by, verb="jury.juror_changed", on=fresh, expertise=expertise, until=until)
    return fresh


@transaction.atomic
def renew(*, edition: Edition, by: User, now: datetime) -> list[Juror]:
    """Seat those of the panel before whose term goes on, with what they had declared, to be confirmed to read."""
    panel = open_panel(edition=edition, by=by)
    renewed = []
    for before in queries.renewable(edition):
        juror = add_juror(
            panel=panel,
            email=before.user.email,
            name=before.user.name,
            function=before.user.function,
            is_chair=before.is_chair and not panel.jurors.filter(is_chair=True, left_at=None).exists(),
            expertise=before.expertise,
            until=before.until,
            by=by,
            now=now,
        )
        for interest in before.interests.select_related("territory"):
            recusals.declare_interest(juror=juror, territory=interest.territory, nature=interest.nature, by=by, now=now)
        renewed.append(juror)
    return renewed


@transaction.atomic
def remove_juror(*, juror: Juror, by: User, now: datetime) -> Juror:
    """From now on this person sees nothing of the jury. Readings handed in stay and count; the others need a reader; a
    quorum that those who remain could not reach becomes their number. See `departures` for what that breaks."""
    check_can_organise(by)
    panel = Panel.objects.select_for_update().get(pk=juror.panel_id)
    if Juror.objects.filter(pk=juror.pk, left_at=None).update(left_at=now):
        juror.left_at = now
        audit.record(by=by, verb="jury.juror_removed", on=juror)
        sitting = max(len(queries.sitting(panel)), 1)
        if panel.quorum > sitting:
            audit.record(by=by, verb="jury.quorum_set", on=panel, quorum=sitting, before=panel.quorum)
            Panel.objects.filter(pk=panel.pk).update(quorum=sitting)
    return juror
