"""Which initiatives count: the label's rule, said once, with what lacks in words for the person who writes it."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Edition, Initiative

SHORTEST_DESCRIPTION = 200
MOST_ISSUES = 2
YEARS = 2


def what_lacks(initiative: Initiative, *, proven: bool, edition: Edition) -> list[str]:
    """Why this initiative does not count yet, in French; nothing when it counts."""
    lacks = []
    missing = SHORTEST_DESCRIPTION - len(initiative.description.strip())
    if missing > 0:
        words = ngettext(
            "une description plus complète (encore %(n)d caractère)",
            "une description plus complète (encore %(n)d caractères)",
            missing,
        )
        lacks.append(words % {"n": missing})
    if not 1 <= len(initiative.issues) <= MOST_ISSUES:
        lacks.append(_("un ou deux enjeux servis"))
    if not initiative.operator:
        lacks.append(_("qui la porte"))
    if not initiative.link and not proven:
        lacks.append(_("un lien ou une preuve"))
    return lacks + _dates_lack(initiative, edition)


def counts(initiative: Initiative, *, proven: bool, edition: Edition) -> bool:
    return not what_lacks(initiative, proven=proven, edition=edition)


def earliest_start(closes_at: datetime) -> date:
    """An initiative that has ended counts when it started after this day: less than two years before closing."""
    closing = timezone.localdate(closes_at)
    try:
        return closing.replace(year=closing.year - YEARS)
    except ValueError:  # 29 February
        return closing.replace(year=closing.year - YEARS, day=28)


def _dates_lack(initiative: Initiative, edition: Edition) -> list[str]:
    closing = timezone.localdate(edition.closes_at)
    if initiative.started_on is None:
        return [_("sa date de début")]
    if initiative.started_on > closing:
        return [_("un début avant la clôture des candidatures")]
    running = initiative.ended_on is None or initiative.ended_on >= closing
    if running or initiative.started_on > earliest_start(edition.closes_at):
        return []
    return [_("d’être encore en cours, ou d’avoir commencé moins de deux ans avant la clôture")]
