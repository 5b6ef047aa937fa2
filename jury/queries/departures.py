"""What breaks when somebody leaves the panel, so that it is known before, and opened again after."""

from dataclasses import dataclass

from jury import policies, queries
from jury.models import AppealState, Ballot, Juror


@dataclass(frozen=True)
class Departure:
    """Of one juror. `to_confide`: first readings that somebody else has to do; `anew`: those of an appeal; `voices`:
    votes under way that lose theirs; `kept`: readings handed in, which stay; `sitting`: who remains."""

    to_confide: int
    anew: int
    voices: int
    kept: int
    chairs: bool
    sitting: int
    quorum: int

    @property
    def breaks(self) -> bool:
        return self.chairs or bool(self.to_confide or self.anew or self.voices) or self.quorum > self.sitting


def of(juror: Juror) -> Departure:
    """Five queries."""
    mine = queries.standing_assignments().filter(juror=juror, application__edition=juror.panel.edition_id)
    unread = mine.filter(review__submitted_at=None)
    return Departure(
        to_confide=unread.filter(appeal=None, application__state__in=policies.UNDECIDED).count(),
        anew=unread.filter(appeal__state=AppealState.FILED).count(),
        voices=Ballot.objects.filter(queries.IS_OPEN, votes__juror=juror).count(),
        kept=mine.filter(review__submitted_at__isnull=False).count(),
        chairs=juror.is_chair,
        sitting=Juror.objects.filter(panel=juror.panel_id, left_at=None).exclude(pk=juror.pk).count(),
        quorum=juror.panel.quorum,
    )
