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
        return _("Ce référentiel n’est pas approuvé.")
    if since > at:
        return _(
            "Une seule personne a approuvé ce référentiel : cela ne vaudra que le %(when)s. Faites-le approuver par "
            "une seconde personne, ou attendez jusque-là."
        ) % {"when": moment(since)}
    return None


def why_not_follow(edition: Edition, approvals: Sequence[datetime], *, at: datetime) -> str | None:
    """May it move to a version that these people approved? A draft may to any: showing it asks."""
    return None if edition.draft else why_not_open(approvals, at=at)


def why_not_remove(used: bool) -> str | None:
    """May a version leave the list? `used`: an edition or a file follows it, or did."""
    return _("Une édition ou un dossier emploie cette version : elle reste.") if used else None
