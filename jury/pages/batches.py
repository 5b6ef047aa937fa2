"""Files chosen on the board, and what would become of each: seen before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Application
from jury import policies, queries
from jury.doors import examination
from jury.models import Juror


class Act(models.TextChoices):
    WANT = "date", _("Demander pour un jour")
    VOTE = "vote", _("Mettre le niveau aux voix")
    DECIDE = "decision", _("Décider sans désaccord")


@dataclass(frozen=True)
class Line:
    """`level`: the one that would be decided, or that is examined before a vote; `why_not` leaves the file out."""

    application: Application
    level: int | None
    why_not: str | None


def preview(act: Act, files: Iterable[Application], juror: Juror) -> list[Line]:
    """A score is worked out for each file, but for a day. The files are presided by this person."""
    return [_line(act, application, juror) for application in files]


def _line(act: Act, application: Application, juror: Juror) -> Line:
    if act == Act.WANT:
        return Line(application, None, policies.why_not_read(application))
    if why_not := policies.why_not_read(application):
        return Line(application, None, why_not)
    result, counted = examination.live(application), queries.readings_of(application)
    claims, voting = examination.awaiting(application, result), queries.is_voting(application)
    standing = queries.standing(application, counted, claims=claims, voting=voting)
    if act == Act.VOTE:
        why_not = policies.why_not_while_voting(voting) or policies.why_not_put_to_vote(standing)
        return Line(application, result.level, why_not)
    agreement = queries.agreement(application, juror)
    return Line(application, agreement.level, policies.why_not_accept(standing, agreement))
