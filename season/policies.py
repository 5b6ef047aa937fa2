"""Does the state allow it? Each question answers None, or the reason why not, in French."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.models import Edition
from assessments.policies import moment
from season.rules.approval import holds_from


def why_not_show(edition: Edition, approvals: Sequence[datetime]) -> str | None:
    """May the public know of this draft? Only if its questionnaire is approved by its opening."""
    return why_not_open(approvals, at=edition.opens_at)


def why_not_open(approvals: Sequence[datetime], *, at: datetime) -> str | None:
    """May an edition whose questionnaire these people approved open then?"""
    since = holds_from(approvals)
    if since is None:
        return _("Le référentiel de cette édition n’est pas approuvé.")
    if since > at:
        return _(
            "Une seule personne a approuvé le référentiel : cela vaudra le %(when)s, après l’ouverture. Faites-le "
            "approuver par une seconde personne, ou ouvrez plus tard."
        ) % {"when": moment(since)}
    return None
