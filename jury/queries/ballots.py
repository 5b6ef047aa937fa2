"""Votes of the jury: who may vote, what the count is. The rule of counting is in `counting`."""

from collections import defaultdict
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Application
from jury import queries, visibility
from jury.models import Ballot, Juror, Vote
from jury.rules import counting
from jury.rules.counting import Count
from jury.visibility import Ref
from prepared import prepared

ENDED_AT = Coalesce("closed_at", "set_aside_at")
# Closed ballots shown in the session, the latest first.
RECENT = 20


def able(application: Application) -> QuerySet[Juror]:
    """Who may vote on this file: whoever sits, the chair included, and is not recused from it."""
    sitting = Juror.objects.filter(panel__edition=application.edition_id, left_at=None)
    return sitting.exclude(visibility.jurors_recused(application))


def to_call(ballot: Ballot, *, by: Juror) -> QuerySet[Juror]:
    """Who is written to when it opens: those who may vote, but for who opened it, and for those whom another open vote
    has called already."""
    here = ballot.application.edition_id
    waiting = Ballot.objects.filter(queries.IS_OPEN, application__edition=here).exclude(pk=ballot.pk)
    called = Juror.objects.none()
    for other in waiting.select_related("application__territory"):
        called |= able(other.application).exclude(votes__ballot=other)
    return able(ballot.application).exclude(pk=by.pk).exclude(pk__in=called.values("pk")).select_related("user")


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
    """What this juror follows: the open ballots, then the last closed or called off. Two queries.

    Each has `able` and `cast` (how many may vote, how many did), `quorum`, `voted` and `mine` (the juror's own voice),
    `presided`, `choices`, and, while it is open, `roll`: who may vote, and whether they did."""
    hidden = Application.objects.filter(visibility.files_hidden_from(juror), pk=OuterRef("application"))
    sitting = Juror.objects.filter(panel=juror.panel_id, left_at=None)
    free = sitting.exclude(visibility.jurors_recused_around("application__"))
    cast = Vote.objects.filter(ballot=OuterRef("pk"), juror__left_at=None).exclude(visibility.voters_recused())
    own = Vote.objects.filter(ballot=OuterRef("pk"), juror=juror)
    rows: list[Any] = list(
        Ballot.objects.filter(~Exists(hidden), ~Q(set_aside_at__isnull=False, set_aside_for=""))
        .filter(application__edition=juror.panel.edition_id)
        .select_related("application__edition", "application__territory__department")
        .annotate(
            able=queries.count(free, by="panel"),
            cast=queries.count(cast, by="ballot"),
            voted=Exists(own),
            mine=Subquery(own.values("choice")),
            presided=Exists(queries.files_presided(juror).filter(pk=OuterRef("application"))),
        )
        .order_by(ENDED_AT.desc(nulls_first=True), "opened_at", "pk")[: RECENT * 2]
    )
    grades = juror.panel.edition.framework.parsed.grades
    for row in rows:
        row.quorum = min(juror.panel.quorum, row.able)
        row.choices = counting.choices_of(examined=row.examined_level, honour=row.honour, grades=grades)
        row.is_open = row.closed_at is None and row.set_aside_at is None
    rolls = _rolls(juror.panel_id, [row.pk for row in rows if row.is_open])
    for row in rows:
        row.roll = rolls.get(row.pk, [])
    return [row for row in rows if row.is_open] + [row for row in rows if not row.is_open][:RECENT]


def _rolls(panel: int, open_ballots: list[int]) -> dict[int, list[tuple[str, bool]]]:
    """Of each open ballot: who may vote on it, the chair first, and whether they have; never what. One query."""
    if not open_ballots:
        return {}
    ballot = "panel__edition__applications__ballots"
    file = f"{ballot}__application"
    recused = visibility.recused(
        juror=OuterRef("pk"),
        user=OuterRef("user"),
        application=OuterRef(file),
        territory=OuterRef(f"{file}__territory"),
        epci=OuterRef(f"{file}__territory__epci"),
    )
    rows = (
        Juror.objects.filter(panel=panel, left_at=None, **{f"{ballot}__in": open_ballots})
        .annotate(
            ballot=F(ballot),
            recused=ExpressionWrapper(recused, output_field=BooleanField()),
            voted=Exists(Vote.objects.filter(ballot=OuterRef(ballot), juror=OuterRef("pk"))),
        )
        .select_related("user")
        .order_by(*queries.PRESIDING)
    )
    rolls: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for row in rows:
        if not row.recused:
            rolls[row.ballot].append((str(row), row.voted))
    return dict(rolls)


def awaited_of(juror: Juror) -> int:
    """The open votes in which this juror has still to vote."""
    return len(_awaited(juror=juror.pk, user=juror.user_id, edition=juror.panel.edition_id))


def for_juror(juror: Juror) -> QuerySet[Ballot]:
    """The ballots of the files that this juror may know of."""
    return _known(juror=juror.pk, user=juror.user_id, edition=juror.panel.edition_id)


def _known(*, juror: Ref, user: Ref, edition: Ref) -> QuerySet[Ballot]:
    hidden = Application.objects.filter(visibility.files_hidden(juror=juror, user=user), pk=OuterRef("application"))
    files = Ballot.objects.filter(~Exists(hidden), application__edition=edition)
    return files.select_related("application__edition__panel", "application__territory__epci")


_awaited = prepared(
    lambda juror, **whose: (
        _known(juror=juror, **whose).filter(queries.IS_OPEN).exclude(votes__juror=juror).order_by().values_list("pk")
    )
)
