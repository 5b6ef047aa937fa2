"""What the ceremony needs: who comes, and the certificates to print."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import NotNow
from assessments.models import Edition
from season.jobs import printing
from season.models import Attendance, PrintFile


@transaction.atomic
def set_attendance(*, edition: Edition, people: Mapping[int, tuple[int, str]], by: User) -> None:
    """By territory: how many come, and their names. The others stay as they were."""
    check_can_organise(by)
    for territory, (number, names) in people.items():
        values = {"people": number, "names": names.strip()[:300]}
        Attendance.objects.update_or_create(edition=edition, territory_id=territory, defaults=values)
    audit.record(by=by, verb="ceremony.attendance_set", on=edition, territories=len(people))


def ask_print_file(*, edition: Edition, by: User, now: datetime) -> PrintFile:
    """One at a time; a new one has what stands then."""
    check_can_organise(by)
    if edition.published_at is None:
        raise NotNow(_("L’édition n’est pas publiée : il n’y a pas encore d’attestation à imprimer."))
    try:
        with transaction.atomic():
            row = PrintFile.objects.create(edition=edition, asked_at=now)
            printing.bind.schedule(print_file=row.pk)
            audit.record(by=by, verb="ceremony.print_asked", on=edition)
    except IntegrityError:
        raise NotNow(_("Le fichier à imprimer se prépare déjà.")) from None
    return row
