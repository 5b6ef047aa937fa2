"""Stored codes. They are part of the schema: renaming one needs a migration."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Segment(TextChoices):
    """To whom a message goes; `season.rules.segments` says who is in which."""

    INVITED = "invited", _("collectivités invitées, sans compte")
    STARTED = "started", _("dossier commencé")
    STUCK = "stuck", _("dossier sans mouvement depuis 30 jours")
    UNSIGNED = "unsigned", _("dossier complet, pas encore déposé")
    SUBMITTED = "submitted", _("dossier déposé")
    RETURNED = "returned", _("complément demandé")
    ABSENT = "absent", _("collectivités labellisées l’an passé, sans dossier cette année")
    NEVER = "never", _("collectivités jamais candidates, sans dossier cette année")
    LATE_JURORS = "late_jurors", _("membres du jury à qui il reste une lecture")
