"""The calendar of an edition as its page shows it: one line with today, and what a change of dates would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import State
from assessments.models import Edition
from assessments.policies import moment
from season.models import MilestoneKind

# The line is drawn on this many units; a label nearer to another than this goes to the other row.
WIDTH, APART = 1000, 150


@dataclass(frozen=True)
class Point:
    """A date on the line. `x`: 0 to WIDTH; `low`: its words stand on the second row."""

    words: str
    day: date
    x: int
    past: bool
    low: bool = False


@dataclass(frozen=True)
class Line:
    """`today` is None outside the season."""

    points: tuple[Point, ...]
    today: int | None
    days: int
    next: str


def line(edition: Edition, milestones: Mapping[MilestoneKind, datetime], *, now: datetime) -> Line:
    """The season from its opening to its announcement; `days` to what comes `next`."""
    steps = [
        (_("Ouverture"), edition.opens_at),
        (_("Clôture"), edition.closes_at),
        *((str(kind.label).capitalize(), when) for kind, when in milestones.items()),
        (_("Annonce"), edition.results_at),
    ]
    steps.sort(key=lambda step: step[1])
    start, end = steps[0][1], steps[-1][1]
    points: list[Point] = []
    for words, when in steps:
        x = round(WIDTH * ((when - start) / (end - start)))
        near = bool(points) and x - points[-1].x < APART and not points[-1].low
        points.append(Point(words, timezone.localdate(when), x, when <= now, near))
    coming = next(((words, when) for words, when in steps if when > now), None)
    return Line(
        points=tuple(points),
        today=round(WIDTH * ((now - start) / (end - start))) if start <= now <= end else None,
        days=(timezone.localdate(coming[1]) - timezone.localdate(now)).days if coming else 0,
        next=coming[0] if coming else "",
    )


def consequences(
    edition: Edition, after: Mapping[str, datetime], counts: Mapping[str, int], *, now: datetime
) -> list[str]:
    """What a change of dates does to people, in sentences; empty when it only moves something to come."""
    drafts = counts.get(State.DRAFT, 0)
    opens, closes, results = after["opens_at"], after["closes_at"], after["results_at"]
    was_open = edition.opens_at <= now < edition.closes_at
    will_be_open = opens <= now < closes
    said = []
    if was_open and closes <= now:
        said.append(_("Les candidatures seront closes aussitôt."))
        said += [_never_submitted(drafts)] if drafts else []
    elif was_open and opens > now:
        said.append(_("Les candidatures se fermeront jusqu’au %(when)s.") % {"when": moment(opens)})
    elif not was_open and will_be_open:
        said.append(_("Les candidatures seront ouvertes aussitôt, jusqu’au %(when)s.") % {"when": moment(closes)})
        if drafts and edition.closes_at <= now:
            said.append(_may_again(drafts))
    elif was_open and closes != edition.closes_at:
        said.append(_delay(drafts, closes))
    if edition.published_at and results <= now < edition.results_at:
        said.append(_("Les résultats, déjà publiés, deviendront publics aussitôt. Cela ne se défait pas."))
    elif edition.published_at and results != edition.results_at:
        said.append(_("Les résultats resteront secrets jusqu’au %(when)s.") % {"when": moment(results)})
    return said


def _never_submitted(drafts: int) -> str:
    return ngettext(
        "%(n)s dossier en préparation ne pourra plus être déposé.",
        "%(n)s dossiers en préparation ne pourront plus être déposés.",
        drafts,
    ) % {"n": drafts}


def _may_again(drafts: int) -> str:
    return ngettext(
        "%(n)s dossier resté en préparation pourra de nouveau être rempli et déposé.",
        "%(n)s dossiers restés en préparation pourront de nouveau être remplis et déposés.",
        drafts,
    ) % {"n": drafts}


def _delay(drafts: int, closes: datetime) -> str:
    return ngettext(
        "%(n)s dossier en préparation pourra être déposé jusqu’au %(when)s.",
        "%(n)s dossiers en préparation pourront être déposés jusqu’au %(when)s.",
        drafts,
    ) % {"n": drafts, "when": moment(closes)}
