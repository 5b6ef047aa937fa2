"""The minutes of a session, signed by the person who presided."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.refusals import NotNow, Refused
from jury import permissions, policies
from jury.jobs import minutes
from jury.models import Decision, Juror, Minutes, Panel


@transaction.atomic
def sign_minutes(
    *,
    by: Juror,
    held_on: date,
    place: str,
    present: Iterable[Juror],
    excused: Iterable[Juror] = (),
    remarks: str = "",
    statement: bool,
    now: datetime,
) -> Minutes:
    """Freeze what the session decided, with who was there; a worker makes and seals the paper.

    The decisions reported are those that `by` presides and that are in no minutes yet; one that takes the place of a
    decision reported before cites those minutes. Whoever is neither `present` nor `excused` was absent. `statement`:
    the person says that the minutes are faithful; they bear the day of `now`. Raises Refused without it, without quorum
    or on a day that cannot be, NotNow with nothing to report."""
    permissions.check_sits(by)
    Panel.objects.select_for_update().get(pk=by.panel_id)
    decisions = list(minutes.decisions_to_report(by))
    if not decisions:
        raise NotNow(_("Aucune décision n’attend de procès-verbal."))
    if not statement:
        raise Refused(_("Certifiez que ce procès-verbal est fidèle : cochez la case, c’est votre signature."))
    since = minutes.panel_since(by.panel)
    if reason := policies.why_not_held_on(held_on, panel_since=since, today=timezone.localdate(now)):
        raise Refused(reason)
    there = list(present)
    if by not in there:
        raise Refused(_("Vous signez pour la séance : cochez votre présence."))
    if len(there) < min(by.panel.quorum, by.panel.jurors.filter(left_at=None).count()):
        raise Refused(
            _("Le quorum est de %(quorum)s : cochez les membres qui étaient présents.") % {"quorum": by.panel.quorum}
        )
    row = Minutes.objects.create(
        panel=by.panel,
        held_on=held_on,
        content=minutes.content(by, decisions, place=place, present=there, excused=list(excused), remarks=remarks),
        signed_by=by,
        signed_at=now,
    )
    Decision.objects.filter(pk__in=[decision.pk for decision in decisions]).update(minutes=row)
    audit.record(by=by.user, verb="jury.minutes_signed", on=row, decisions=[decision.pk for decision in decisions])
    minutes.make.schedule(minutes=row.pk)
    return row
