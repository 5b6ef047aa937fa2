"""Pictures of initiatives: each says in words what it shows."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_write
from accounts.queries import membership_of
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import policies, queries
from assessments.doors import uploads
from assessments.jobs import pictures
from assessments.models import Initiative, Picture
from outbox.doors import files

MOST = 4  # an initiative
LONGEST = 250  # characters of an alternative


def add_picture(
    *, initiative: Initiative, alternative: str, upload: tuple[str, bytes], by: User, now: datetime
) -> Picture:
    """Add a picture: `upload` is (name, content). A worker draws it; until then nobody sees it.

    Raises Refused without an alternative, for what is no image or too large a one, and beyond MOST."""
    alternative = " ".join(alternative.split())
    if not alternative:
        raise Refused(_("Décrivez l’image en quelques mots : qui ne la voit pas lira ce texte à sa place."))
    if len(alternative) > LONGEST:
        raise Refused(_("Décrivez l’image en %(n)s caractères au plus.") % {"n": LONGEST})
    policies.check_can_change(initiative.application, now, initiatives=[initiative])
    content_type, _name = uploads.take(*upload, picture=True)
    sent = files.store(upload[1], content_type=content_type)
    with transaction.atomic():
        fresh = queries.locked(initiative.application)
        policies.check_can_change(fresh, now, initiatives=[initiative])
        if not Initiative.objects.filter(pk=initiative.pk, removed_at=None).exists():
            raise NotNow(_("Cette initiative vient d’être retirée du dossier."))
        if Picture.objects.filter(initiative=initiative, removed_at=None).count() >= MOST:
            raise Refused(_("Une initiative montre %(n)s images au plus : retirez-en une d’abord.") % {"n": MOST})
        picture = Picture.objects.create(
            initiative=initiative, alternative=alternative, sent=sent, added_at=now, added_by=by
        )
        pictures.schedule(picture)
        audit.record(by=by, verb="picture.added", on=picture, initiative=initiative.pk, alternative=alternative)
    return picture


def remove_picture(*, picture: Picture, by: User, now: datetime) -> None:
    """Out of the initiative, and seen by nobody any more: a worker erases the bytes. Twice is harmless."""
    with transaction.atomic():
        fresh = queries.locked(picture.initiative.application)
        policies.check_can_change(fresh, now, initiatives=[picture.initiative])
        _take_back(picture, by=by, now=now)


def withdraw_picture(*, picture: Picture, by: User, now: datetime) -> None:
    """The same whenever it is: who is seen on it may ask for it at any time, and no point hangs on it. Copies that the
    public reads are the caller's."""
    membership = membership_of(user=by, territory=picture.initiative.application.territory)
    if membership is None:
        raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
    check_can_write(membership)
    with transaction.atomic():
        _take_back(picture, by=by, now=now)


def _take_back(picture: Picture, *, by: User, now: datetime) -> None:
    if Picture.objects.filter(pk=picture.pk, removed_at=None).update(removed_at=now):
        pictures.erase.schedule(picture=picture.pk)
        audit.record(by=by, verb="picture.removed", on=picture, initiative=picture.initiative_id)
