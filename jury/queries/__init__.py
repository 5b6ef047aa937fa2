"""Reads on panels, files and readings. Recusal is part of every look-up (`visibility`): no caller can forget it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, Least

from accounts.models import Membership, User
from assessments.enums import ScorecardKind, State
from assessments.models import Application, Edition, Evidence, EvidenceUse, Initiative, Scorecard
from assessments.queries import applications, uses
from jury import policies, visibility
from jury.models import Appeal, AppealState, Assignment, Ballot, Decision, Juror, Panel, Review, Ruling
from jury.policies import Agreement, Standing
from jury.rules.counting import YES
from jury.visibility import Facts, Ref
from prepared import prepared

# Fewer than that tell nothing, or too much of one person.
FEW = 5
# The chair first, then by seniority.
PRESIDING = ("-is_chair", "joined_at", "pk")
# On jurors: those whom files are given to.
GIVEN_FILES = Q(is_chair=False) | Q(panel__chair_reads=True)
# Longer reasons are about one thing.
SHORT_REASON = 90
READING = ("review", "appeal", "juror__user")
AS_HANDED_IN = ("review__submitted_at", "pk")
WITH_GIVEN = ("user", "panel__edition", "given__review", "given__appeal")


class Readings(TypedDict):
    """Assigned, handed in, wanted; levels between the lowest and the highest proposed."""

    readers: int
    readings: int
    required: int
    spread: int


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedFile = WithAnnotations[Application, Readings]


def seated() -> Exists:
    """Of a person: on a panel today."""
    return Exists(Juror.objects.filter(user=OuterRef("pk"), left_at=None))


def is_juror(*, user: User) -> bool:
    return User.objects.filter(seated(), pk=user.pk).exists()


def seats_of(*, user: Ref) -> QuerySet[Juror]:
    """The panels on which this person sits today, the latest edition first."""
    return (
        Juror.objects.filter(user=user, left_at=None)
        .select_related("user", "panel__edition__framework", "panel__calibration")
        .defer("panel__edition__framework__document")
        .order_by("-panel__edition__year")
    )


all_seats_of = prepared(seats_of)


def seat_of(*, user: User, year: int) -> Juror | None:
    return seats_of(user=user).filter(panel__edition__year=year).first()


def sitting(panel: Panel) -> list[Juror]:
    """Those who sit today, the chair first, then by seniority."""
    jurors = Juror.objects.filter(panel=panel, left_at=None).select_related("user", "panel__edition")
    return list(jurors.order_by(*PRESIDING))


def renewable(edition: Edition) -> QuerySet[Juror]:
    """Those of the latest panel before whose term covers this edition, and who have no seat on its panel yet."""
    before = Panel.objects.filter(edition__year__lt=edition.year).order_by("-edition__year")
    seated = Juror.objects.filter(panel__edition=edition)
    going_on = Juror.objects.filter(panel=Subquery(before.values("pk")[:1]), left_at=None, until__gte=edition.year)
    return going_on.exclude(user__in=seated.values("user")).select_related("user").order_by("joined_at", "pk")


def may_sit_for(*, juror: Juror, application: Application) -> bool:
    """Not recused from this file."""
    return Juror.objects.filter(pk=juror.pk).exclude(visibility.jurors_recused(application)).exists()


# --- who reads


def live_assignments() -> QuerySet[Assignment]:
    """Those of the first reading, on which a file is decided."""
    return standing_assignments().filter(appeal=None)


def standing_assignments() -> QuerySet[Assignment]:
    """Those that count: not recused, and still on the panel unless the reading was handed in before leaving."""
    return Assignment.objects.filter(Q(juror__left_at=None) | Q(review__submitted_at__isnull=False)).exclude(
        visibility.readers_recused()
    )


def eligible_readers(application: Application) -> QuerySet[Juror]:
    """Jurors who may read this file. The chair arbitrates, and is not counted on unless the panel wishes it: assigned
    by hand if need be."""
    return (
        Juror.objects.filter(
            GIVEN_FILES, panel__edition=application.edition_id, left_at=None, declared_at__isnull=False
        )
        .exclude(visibility.jurors_recused(application))
        .select_related("user")
        .order_by("joined_at", "pk")
    )


def with_readings(files: QuerySet[Application]) -> "QuerySet[CountedFile]":
    """Adds `readings` (handed in), `readers` (assigned), `required`, and the `spread` of the levels proposed."""
    live = live_assignments().filter(application=OuterRef("pk"))
    counted: QuerySet[CountedFile] = files.annotate(
        readers=count(live, by="application"),
        readings=count(live.filter(review__submitted_at__isnull=False), by="application"),
        required=required_readings(),
        spread=proposed_spread(),
    )
    return counted


def required_readings() -> Least:
    """On applications: as many as the panel wants, or as there are readings in and jurors who may still read the file.
    A reading stays when its author leaves; it takes the place of nobody who may read."""
    wanted = F("edition__panel__readers_per_file")
    handed_in = live_assignments().filter(application=OuterRef("pk"), review__submitted_at__isnull=False)
    possible = count(handed_in, by="application") + count(_free_to_read(), by="panel")
    return Least(wanted, possible, output_field=IntegerField())


def all_read(panel: Panel, handed_in: QuerySet[Assignment]) -> Q:
    """On applications of this panel, with the readings of each: those required are in, one at least. Counts nobody: it
    looks for the last reading wanted, or for one more juror who may read the file."""
    wanted = max(panel.readers_per_file, 1)
    return Q(Exists(handed_in[wanted - 1 : wanted])) | Q(Exists(handed_in)) & ~Q(Exists(_free_to_read()))


def _free_to_read() -> QuerySet[Juror]:
    """In a subquery of applications: the jurors who may read the file, and have handed in nothing."""
    able = Juror.objects.filter(GIVEN_FILES, panel__edition=OuterRef("edition"), left_at=None)
    own = Assignment.objects.filter(
        juror=OuterRef("pk"), application=OuterRef(OuterRef("pk")), appeal=None, review__submitted_at__isnull=False
    )
    return able.exclude(visibility.jurors_recused_around()).exclude(Exists(own))


def proposed_spread() -> Coalesce:
    """On applications: between the levels proposed in the readings handed in; 0 with fewer than two."""
    handed_in = live_assignments().filter(application=OuterRef("pk"), review__submitted_at__isnull=False)
    between = Max("review__proposed_level") - Min("review__proposed_level")
    spread = handed_in.order_by().values("application").annotate(n=between).values("n")
    return Coalesce(Subquery(spread), 0, output_field=IntegerField())


def count(rows: QuerySet[Any], *, by: str) -> Coalesce:
    """How many rows of a subquery. `by` is the column that the query around fixes: it makes one group."""
    groups = rows.order_by().values(by).annotate(n=Count("pk"))
    return Coalesce(Subquery(groups.values("n")), 0, output_field=IntegerField())


def readings_of(application: Application) -> Readings:
    """Of one file."""
    row = with_readings(Application.objects.filter(pk=application.pk)).get()
    return {"readers": row.readers, "readings": row.readings, "required": row.required, "spread": row.spread}


def all_in(readings: Readings) -> bool:
    """Those required, and every other that was asked for: a third reading is awaited like the first ones."""
    return readings["readings"] >= max(readings["required"], readings["readers"])


def readings_awaited(application: Application, readings: Readings) -> int:
    """How many readings a decision waits for: those required, and one more when they differ by more than one level,
    if there is somebody to read."""
    if readings["spread"] <= policies.WIDEST or readings["readings"] > readings["required"]:
        return readings["required"]
    called = readings["readers"] > readings["required"]
    return readings["required"] + (called or third_reader(application) is not None)


def third_reader(application: Application) -> Juror | None:
    """Who is proposed to read a file on which readers differ."""
    return new_readers(application).first()


def new_readers(application: Application) -> QuerySet[Juror]:
    """Those who may read a file and never did, the least loaded first."""
    free = eligible_readers(application).exclude(assignments__application=application)
    return free.annotate(load=Count("assignments")).order_by("load", "joined_at", "pk")


# --- on the way to a decision

# Rulings after which the file is no longer what was declared.
CORRECTS = Q(accepted=False) | Q(instead__isnull=False)
# On ballots.
IS_OPEN = Q(closed_at=None, set_aside_at=None)


def standing(application: Application, counted: Readings, *, claims: int, voting: bool) -> Standing:
    """`claims` are those pending of the file as examined, `voting` whether a vote on it is open."""
    return Standing(
        state=State(application.state),
        to_confirm=unconfirmed_signature(user=application.submitted_by, territory=application.territory).exists(),
        claims=claims,
        readings=counted["readings"],
        awaited=readings_awaited(application, counted),
        voting=voting,
    )


def unconfirmed_signature(*, user: Ref, territory: Ref) -> QuerySet[Membership]:
    """The membership by which somebody signs for a territory, if the organiser has yet to confirm it."""
    return Membership.objects.filter(user=user, territory=territory, to_confirm=True)


def ballots_on(application: Application) -> QuerySet[Ballot]:
    """Those that stand, open and closed."""
    return Ballot.objects.filter(application=application, set_aside_at=None)


def is_voting(application: Application) -> bool:
    return Ballot.objects.filter(IS_OPEN, application=application).exists()


def voted_level(application: Application) -> int | None:
    """What the jury voted last, if it did."""
    closed = ballots_on(application).filter(honour="", closed_at__isnull=False)
    return closed.order_by("closed_at").values_list("outcome", flat=True).last()


def voted_honours(application: Application) -> dict[str, bool]:
    """Each mention put to the vote, and whether the jury wants it; the last vote on it counts."""
    closed = ballots_on(application).exclude(honour="").filter(closed_at__isnull=False).order_by("closed_at")
    return {honour: outcome == YES for honour, outcome in closed.values_list("honour", "outcome")}


def agreement(application: Application, juror: Juror) -> Agreement:
    """As the person who presides finds it."""
    card = Scorecard.objects.filter(application=application, kind=ScorecardKind.DECLARED).order_by("round").last()
    handed_in = live_assignments().filter(application=application, review__submitted_at__isnull=False)
    return Agreement(
        level=card.level if card else None,
        proposals=list(handed_in.values_list("review__proposed_level", "review__honour")),
        corrected=Ruling.objects.filter(CORRECTS, application=application).exists(),
        called=ballots_on(application).exists(),
        blind=unread_by(juror, application).exists(),
    )


def unread_by(juror: Juror, application: Any) -> QuerySet[Assignment]:
    """The reading of this file that this person still has to hand in. A key, or a reference to one."""
    own = Assignment.objects.filter(juror=juror, application=application)
    return own.exclude(review__submitted_at__isnull=False)


# --- what was decided


def standing_decisions() -> QuerySet[Decision]:
    """Those that were not reopened: one a file at most."""
    return Decision.objects.filter(reopened_at=None)


def decision_of(application: Application) -> Decision:
    """The one that stands, with the scorecard that it was taken on."""
    return standing_decisions().select_related("scorecard").get(application=application)


# --- which files


def files_hidden_from(juror: Juror) -> list[int]:
    """The keys of those that this juror is recused from."""
    files = Application.objects.filter(visibility.files_hidden_from(juror), edition=juror.panel.edition_id)
    return list(files.order_by("pk").values_list("pk", flat=True))


def files_presided(juror: Juror) -> QuerySet[Application]:
    """Those that this juror decides: the chair's; when the chair is recused, the longest-serving juror who is not."""
    return (_decided_by_chair if juror.is_chair else _decided_instead)(**_place_of(juror))


def _place_of(juror: Juror) -> dict[str, Any]:
    return {
        "juror": juror.pk,
        "user": juror.user_id,
        "panel": juror.panel_id,
        "edition": juror.panel.edition_id,
        "joined": juror.joined_at,
    }


def _decided_by_chair(*, juror: Ref, user: Ref, edition: Ref, **_place: Ref) -> QuerySet[Application]:
    files = Application.objects.filter(edition=edition, state__in=visibility.PRESIDED)
    return files.exclude(visibility.files_hidden(juror=juror, user=user))


def _decided_instead(*, juror: Ref, panel: Ref, joined: Ref, **place: Ref) -> QuerySet[Application]:
    """There is a chair, and all who preside before this juror are recused."""
    before_me = Q(is_chair=True) | Q(joined_at__lt=joined) | Q(joined_at=joined, pk__lt=juror)
    sitting = Juror.objects.filter(panel=panel, left_at=None)
    able = sitting.filter(before_me).exclude(visibility.jurors_recused_around())
    chair = sitting.filter(is_chair=True)
    # The last condition says it all; that the chair is recused leaves few files of a season to ask it of.
    without_chair = _decided_by_chair(juror=juror, **place).filter(visibility.files_hidden_from_any(chair))
    return without_chair.filter(Exists(chair), ~Exists(able))


def asked_of_presided(finish: Callable[..., QuerySet[Any, Any]], *names: str) -> Callable[..., list[Any]]:
    """What is asked of the files that a juror presides, written once for a chair and once for who takes its place.
    `names`: of what is given beside the juror, which `finish` takes by them."""

    def written(decided: Callable[..., QuerySet[Application]]) -> Callable[..., list[Any]]:
        return prepared(lambda **given: finish(decided(**given), **{name: given[name] for name in names}))

    chair, instead = written(_decided_by_chair), written(_decided_instead)
    return lambda juror, **given: (chair if juror.is_chair else instead)(**_place_of(juror), **given)


_one_presided = asked_of_presided(lambda files: files.values_list("pk")[:1])
_this_presided = asked_of_presided(lambda files, file: files.filter(pk=file).values_list("pk"), "file")


def presides_something(juror: Juror) -> bool:
    return bool(_one_presided(juror))


def presides(*, juror: Juror, application: Application) -> bool:
    return bool(_this_presided(juror, file=application.pk))


def presiding(application: Application) -> Juror | None:
    """Who decides this file; None when every juror is recused, or when the panel has no chair."""
    panel = Juror.objects.filter(panel__edition=application.edition_id, left_at=None)
    if not panel.filter(is_chair=True).exists():
        return None
    free = panel.exclude(visibility.jurors_recused(application)).select_related("user", "panel__edition")
    return free.order_by(*PRESIDING).first()


@dataclass(frozen=True)
class Seat:
    """A file as one juror finds it: what decides what they may see, the readings that count (drafts included: who may
    see which is decided by `visibility`), how many, which one of them is theirs; of the next file left in their queue,
    `code` and `name` of the territory, None when nothing is left."""

    application: Application
    juror: Juror
    facts: Facts
    readings: list[Assignment]
    counted: Readings
    own: Assignment | None
    following: dict[str, str] | None


def file_for(*, user: User, code: str, year: int) -> Seat | None:
    """A file through the person's seat; None when nothing of it may be seen. Two queries: what lists count in SQL is
    quicker told here of one file, from its panel with its readings."""
    application = next(iter(_file(code=code, year=year, user=user.pk)), None)
    if application is None:
        return None
    panel = _panel_before(application)
    juror = next((one for one in panel if one.user_id == user.pk and one.left_at is None), None)
    if juror is None:
        return None
    free = [one for one in panel if not one.recused]
    able = [one for one in free if one.left_at is None]
    rows = [one.given for one in free if hasattr(one, "given")]
    standing = sorted((row for row in rows if row.juror.left_at is None or is_handed_in(row)), key=_as_handed_in)
    first = [row for row in standing if row.appeal_id is None]
    levels = [row.review.proposed_level or 0 for row in first if is_handed_in(row)]
    have_read = {row.juror_id for row in first if is_handed_in(row)}
    may_read = [one for one in able if one.pk not in have_read and (juror.panel.chair_reads or not one.is_chair)]
    counted: Readings = {
        "readers": len(first),
        "readings": len(levels),
        "required": min(juror.panel.readers_per_file, len(levels) + len(may_read)),
        "spread": max(levels) - min(levels) if levels else 0,
    }
    own = next((row for row in standing if row.juror_id == juror.pk), None)
    facts = Facts(
        state=State(application.state),
        recused=juror.recused,
        reader=own is not None,
        anew=own is not None and own.appeal_id is not None,
        presides=any(one.is_chair and one.left_at is None for one in panel) and able[:1] == [juror],
        own_submitted=own is not None and is_handed_in(own),
        called=application.called,
        readings_in=all_in(counted),
    )
    if not visibility.sees_file(facts):
        return None
    return Seat(application, juror, facts, standing, counted, own, application.following)


def _as_handed_in(row: Assignment) -> tuple[Any, ...]:
    """The drafts last."""
    return (0, row.review.submitted_at, row.pk) if is_handed_in(row) else (1, row.pk)


def _panel_before(application: Application) -> list[Any]:
    """Everyone who sat or sits on the panel, in the order in which they preside; `recused` from this file or not,
    `given` it to read or without that attribute."""
    return _panel(
        edition=application.edition_id,
        application=application.pk,
        territory=application.territory_id,
        epci=application.territory.epci_id,
    )


def _left_after(user: Ref) -> QuerySet[Any, Any]:
    """Of a file: the next one left in the person's queue, by name, then round to its start."""
    open_ones = Q(application__state__in=policies.READABLE) | Q(appeal__state=AppealState.FILED)
    left = standing_assignments().filter(
        open_ones,
        juror__user=user,
        juror__left_at=None,
        application__edition=OuterRef("edition"),
        application__state__in=visibility.READ,
    )
    name = "application__territory__sort_key"
    before = Case(When(**{f"{name}__gt": OuterRef("territory__sort_key")}, then=0), default=1)
    rows = left.filter(review__submitted_at=None).exclude(application=OuterRef("pk")).annotate(before=before)
    rows = rows.order_by("before", name, "pk")
    return rows.values(town=JSONObject(code="application__territory__code", name="application__territory__name"))


_file = prepared(
    lambda code, year, user: (
        applications()
        .select_related("territory__epci")
        .filter(territory__code=code, edition__year=year)
        .annotate(
            called=Exists(Ballot.objects.filter(application=OuterRef("pk"), set_aside_at=None)),
            following=Subquery(_left_after(user)[:1]),
        )
    )
)
_panel = prepared(
    lambda edition, application, **where: (
        Juror.objects.filter(panel__edition=edition)
        .annotate(
            recused=ExpressionWrapper(
                visibility.recused_from(application=application, **where), output_field=BooleanField()
            ),
            # Nobody is given a file twice.
            given=FilteredRelation("assignments", condition=Q(assignments__application=application)),
        )
        .select_related(*WITH_GIVEN)
        .order_by(*PRESIDING)
    )
)


# --- what a reader has to read


def assignments_of(juror: Juror) -> QuerySet[Assignment]:
    """The files of a reader, those that they are recused from left out."""
    return _assignments(juror=juror.pk, edition=juror.panel.edition_id)


def to_read(juror: Juror) -> list[Any]:
    """The same, asked, with how much there is to read in each."""
    return _to_read(juror=juror.pk, edition=juror.panel.edition_id)


def _assignments(*, juror: Ref, edition: Ref) -> QuerySet[Assignment]:
    mine = standing_assignments().filter(
        juror=juror, application__edition=edition, application__state__in=visibility.READ
    )
    return mine.select_related(
        "review", "appeal", "application__deadline", "application__edition", "application__territory__department"
    ).order_by("application__territory__sort_key", "pk")


def with_sizes(rows: QuerySet[Assignment]) -> QuerySet[Any]:
    """How much there is to read in each file: `declared_level`, `claims` that wait for the jury, `pieces` of evidence,
    `initiatives`."""
    application = OuterRef("application")
    declared = Scorecard.objects.filter(application=application, kind=ScorecardKind.DECLARED).order_by("-round")
    evidence = Evidence.objects.filter(application=application, removed_at=None)
    initiatives = Initiative.objects.filter(application=application, removed_at=None)
    return rows.annotate(
        declared_level=Subquery(declared.values("level")[:1]),
        claims=Subquery(declared.values("claims_pending")[:1]),
        pieces=count(evidence, by="application"),
        initiatives=count(initiatives, by="application"),
    )


_to_read = prepared(lambda **whose: with_sizes(_assignments(**whose)))


def readings_wanted(panel: Panel, *, by: date) -> QuerySet[Assignment]:
    """First readings not handed in of files that may be read and are wanted by that day."""
    rows = live_assignments().filter(application__edition=panel.edition_id, application__state__in=policies.READABLE)
    late = rows.filter(application__deadline__day__lte=by, juror__left_at=None, review__submitted_at=None)
    return late.select_related("juror__user", "application__deadline").order_by("juror", "application__deadline__day")


def usual_minutes(panel: Panel) -> int | None:
    """What writing a reading takes on this panel: the median, once a few were timed."""
    timed = Review.objects.filter(assignment__juror__panel=panel, submitted_at__isnull=False, worked__gt=timedelta())
    times = [worked.total_seconds() for worked in timed.values_list("worked", flat=True)]
    return round(median(times) / 60) if len(times) >= FEW else None


def readings(application: Application) -> QuerySet[Assignment]:
    """Every reading that counts, drafts included: who may see which is decided by `visibility`."""
    return standing_assignments().filter(application=application).select_related(*READING).order_by(*AS_HANDED_IN)


def proved(application: Application) -> QuerySet[EvidenceUse]:
    """What the evidence of a file proves, with how much a worker drew of each piece."""
    return uses(application).select_related("evidence__preview")


def review_of(juror: Juror, application: Application) -> Review:
    """What this reader wrote so far; an empty one of version 0 before the first word."""
    found = Review.objects.filter(assignment__juror=juror, assignment__application=application).first()
    return found or Review(version=0)


def recent_reasons(juror: Juror) -> list[str]:
    """Why this person did not accept something, the latest first: often the same few reasons."""
    refused = Ruling.objects.filter(by=juror, accepted=False).order_by("-at").values_list("reason", flat=True)
    return list(dict.fromkeys(reason for reason in refused[:40] if len(reason) <= SHORT_REASON))[:3]


# --- appeals


def read_anew(appeal: Appeal) -> list[Assignment]:
    """Who reads the file for this appeal, with what they handed in."""
    rows = standing_assignments().filter(appeal=appeal).select_related("review", "juror__user")
    return list(rows.order_by("pk"))


def readings_anew_awaited(appeal: Appeal, given: list[Assignment]) -> int:
    """How many readings an answer still waits for: as many as the panel wants, or as there are jurors left to read."""
    wanted = min(
        appeal.application.edition.panel.readers_per_file, len(given) + new_readers(appeal.application).count()
    )
    return max(wanted, len(given)) - sum(is_handed_in(row) for row in given)


def is_handed_in(row: Assignment) -> bool:
    review = getattr(row, "review", None)
    return review is not None and review.submitted_at is not None


def appeals_for(*, user: User) -> QuerySet[Appeal]:
    """Those of the files that this person presides, the unanswered first."""
    appeals = Appeal.objects.select_related("application__territory__department", "application__edition", "filed_by")
    presided = Q(pk__in=[])
    for juror in seats_of(user=user):
        presided |= Q(application__in=files_presided(juror).values("pk"))
    return appeals.filter(presided).order_by(F("answered_at").asc(nulls_first=True), "filed_at")


def appeals_to_answer(juror: Juror) -> int:
    """How many wait for the answer of this person, who presides."""
    return Appeal.objects.filter(state=AppealState.FILED, application__in=files_presided(juror).values("pk")).count()


def organisers_told(application: Application) -> QuerySet[User]:
    """Those who are not recused from this file: they may learn of its appeal."""
    hidden = Juror.objects.filter(visibility.jurors_recused(application), panel__edition=application.edition_id)
    return User.objects.filter(is_organiser=True, is_active=True).exclude(pk__in=hidden.values("user")).order_by("pk")
