"""Lectures d’essai: opened and closed by the chair, done by whoever sits."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments.models import Application
from jury import permissions
from jury.actions.reviews import Reading, check_fits, check_marked
from jury.models import Calibration, Juror, Panel, TrialReading
from jury.queries import calibration as rounds


@transaction.atomic
def open_calibration(*, files: Collection[Application], by: Juror, now: datetime) -> Calibration:
    """Have the whole panel read these published files, as practice. One round a panel."""
    permissions.check_chairs(by)
    panel = Panel.objects.select_for_update().select_related("edition").get(pk=by.panel_id)
    if rounds.of(panel):
        raise NotNow(_("Les lectures d’essai de cette édition ont déjà eu lieu, ou sont en cours."))
    if reason := rounds.why_not_open(len(files)):
        raise Refused(reason)
    keys = [application.pk for application in files]
    if rounds.choosable(panel).filter(pk__in=keys).count() != len(set(keys)):
        raise Refused(_("Seuls des dossiers d’une édition publiée servent aux lectures d’essai."))
    calibration = Calibration.objects.create(panel=panel, opened_at=now)
    calibration.files.set(keys)
    audit.record(by=by.user, verb="jury.calibration_opened", on=calibration, files=sorted(keys))
    return calibration


@transaction.atomic
def try_reading(
    *, calibration: Calibration, application: Application, by: Juror, reading: Reading, now: datetime
) -> TrialReading:
    """What this juror would give: a mark on every axis, a level. The last one counts; it changes nothing of the file.

    Raises NotAllowed for a file of which the juror is to see nothing, NotNow once the round is closed."""
    permissions.check_sits(by)
    fresh = Calibration.objects.select_for_update().get(pk=calibration.pk)
    if not rounds.files_for(fresh, by).filter(pk=application.pk).exists() or by.panel_id != fresh.panel_id:
        raise NotAllowed(_("Ce dossier ne fait pas partie de vos lectures d’essai."))
    if fresh.closed_at is not None:
        raise NotNow(_("Les lectures d’essai sont closes."))
    check_fits(reading, application.framework.parsed)
    level = check_marked(reading, application.framework.parsed)
    given = {"marks": dict(reading.marks), "level": level, "at": now}
    trial, created = TrialReading.objects.update_or_create(
        calibration=fresh, juror=by, application=application, defaults=given
    )
    if created:
        audit.record(by=by.user, verb="jury.trial_read", on=trial, application=application.pk)
    return trial


@transaction.atomic
def close_calibration(*, calibration: Calibration, by: Juror, now: datetime) -> Calibration:
    """From now on each juror sees how far they are from the median. Twice is harmless."""
    permissions.check_chairs(by)
    if calibration.panel_id != by.panel_id:
        raise NotAllowed(_("Ces lectures relèvent d’un autre jury."))
    if Calibration.objects.filter(pk=calibration.pk, closed_at=None).update(closed_at=now):
        calibration.closed_at = now
        audit.record(by=by.user, verb="jury.calibration_closed", on=calibration)
    return calibration
