"""Votes of the jury: who may vote, what the count is, what stands. The rule of counting is in `counting`."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from assessments.doors import frameworks
from assessments.models import Application
from jury import queries
from jury.models import Ballot, Juror, Vote
from jury.rules import conflicts, counting
from jury.rules.counting import YES, Count

IS_OPEN = Q(closed_at=None, set_aside_at=None)
# Closed ballots shown in the session, the latest first.
RECENT = 20


def on(application: Application) -> QuerySet[Ballot]:
    """Those that stand, open and closed."""
    return Ballot.objects.filter(application=application, set_aside_at=None)


def is_open(application: Application) -> bool:
    return Ballot.objects.filter(IS_OPEN, application=application).exists()


def voted_level(application: Application) -> int | None:
    """What the jury voted last, if it did."""
    closed = on(application).filter(honour="", closed_at__isnull=False)
    return closed.order_by("closed_at").values_list("outcome", flat=True).last()


def voted_honours(application: Application) -> dict[str, bool]:
    """Each mention put to the vote, and whether the jury wants it; the last vote on it counts."""
    closed = on(application).exclude(honour="").filter(closed_at__isnull=False).order_by("closed_at")
    return {honour: outcome == YES for honour, outcome in closed.values_list("honour", "outcome")}


def able(application: Application) -> QuerySet[Juror]:
    """Who may vote on this file: whoever sits, the chair included, and is not recused from it."""
    sitting = Juror.objects.filter(panel__edition=application.edition_id, left_at=None)
    return sitting.exclude(conflicts.jurors_recused(application))


def count(ballot: Ballot) -> Count:
    """As it stands: the voices of those who may vote on the file today."""
    jurors = able(ballot.application)
    votes = dict(Vote.objects.filter(ballot=ballot, juror__in=jurors).values_list("juror", "choice"))
    chair = queries.presiding(ballot.application)
    return counting.count(
        votes.values(),
        chair=votes.get(chair.pk) if chair else None,
        able=jurors.count(),
        quorum=ballot.application.edition.panel.quorum,
    )


def of_session(juror: Juror) -> list[Any]:
    """What this juror follows: the open ballots, then the last closed ones. One query.

    Each has `able` and `cast` (how many may vote, how many did), `quorum`, `voted` and `mine` (the juror's own voice),
    `presided`, and `choices`."""
    hidden = Application.objects.filter(conflicts.files_hidden_from(juror), pk=OuterRef("application"))
    sitting = Juror.objects.filter(panel=juror.panel_id, left_at=None)
    free = sitting.exclude(conflicts.jurors_recused_around("application__"))
    cast = Vote.objects.filter(ballot=OuterRef("pk"), juror__left_at=None).exclude(conflicts.voters_recused())
    own = Vote.objects.filter(ballot=OuterRef("pk"), juror=juror)
    rows: list[Any] = list(
        Ballot.objects.filter(~Exists(hidden), application__edition=juror.panel.edition_id, set_aside_at=None)
        .select_related("application__edition", "application__territory__department")
        .annotate(
            able=queries.count(free, by="panel"),
            cast=queries.count(cast, by="ballot"),
            voted=Exists(own),
            mine=Subquery(own.values("choice")),
            presided=Exists(queries.files_presided(juror).filter(pk=OuterRef("application"))),
        )
        .order_by(F("closed_at").desc(nulls_first=True), "opened_at", "pk")[: RECENT * 2]
    )
    grades = frameworks.of(juror.panel.edition.framework).grades
    for row in rows:
        row.quorum = min(juror.panel.quorum, row.able)
        row.choices = counting.choices_of(examined=row.examined_level, honour=row.honour, grades=grades)
    return [row for row in rows if row.closed_at is None] + [row for row in rows if row.closed_at][:RECENT]


def for_juror(juror: Juror) -> QuerySet[Ballot]:
    """The ballots of the files that this juror may know of."""
    hidden = Application.objects.filter(conflicts.files_hidden_from(juror), pk=OuterRef("application"))
    files = Ballot.objects.filter(~Exists(hidden), application__edition=juror.panel.edition_id)
    return files.select_related("application__edition__panel", "application__territory__epci")
