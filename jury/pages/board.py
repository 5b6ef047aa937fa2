"""The chair's board: one row a file, whatever their number in the same few queries."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    When,
)
from django.utils.translation import gettext_lazy as _

from assessments.enums import ScorecardKind, State
from assessments.jobs import robustness
from assessments.models import Application, Scorecard
from jury import policies, queries
from jury.models import Assignment, Ballot, Juror, Ruling
from jury.visibility import Ref
from prepared import prepared

# As many as a telephone shows in six screens.
PAGE = 30

ORDER_LABELS = {
    "nom": _("par nom"),
    "score": _("du meilleur score au moindre"),
    "ecart": _("du plus grand écart au moindre"),
    "solidite": _("les niveaux fragiles d’abord"),
    "habitants": _("du plus grand nombre d’habitants au moindre"),
    "region": _("par région"),
}
ORDERS: dict[str, list[Any]] = {
    "nom": ["territory__sort_key", "pk"],
    "score": [F("_score").desc(nulls_last=True), "territory__sort_key", "pk"],
    "ecart": [F("_spread").desc(nulls_last=True), "territory__sort_key", "pk"],
    "solidite": ["-_fragile", "territory__sort_key", "pk"],
    "habitants": ["-territory__population", "territory__sort_key", "pk"],
    "region": ["territory__department__region__name", "territory__sort_key", "pk"],
}


@dataclass(frozen=True)
class Filters:
    """What the chair asked for; an empty value asks for nothing."""

    state: str = ""
    level: int | None = None
    region: str = ""
    department: str = ""
    band: str = ""
    spread: bool = False
    fragile: bool = False
    order: str = "nom"
    page: int = 1

    @property
    def asked(self) -> bool:
        """Anything but the whole list by name."""
        return replace(self, page=1) != Filters()


@dataclass(frozen=True)
class Facets:
    """How many files in each state, and the regions and departments they come from. Hidden files are in no count."""

    states: dict[State, int] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.states.values())


def facets(juror: Juror) -> Facets:
    """One query."""
    states = dict.fromkeys((state for state in State), 0)
    departments: dict[str, str] = {}
    regions: dict[str, str] = {}
    for state, code, name, region, region_name, count in _counted(juror):
        states[State(state)] += count
        departments[code] = name
        regions[region] = region_name
    by_name = sorted(regions.items(), key=lambda item: item[1])
    return Facets({state: count for state, count in states.items() if count}, dict(by_name), departments)


_counted = queries.asked_of_presided(
    lambda files: (
        files.order_by("territory__department")
        .values_list(
            "state",
            "territory__department",
            "territory__department__name",
            "territory__department__region",
            "territory__department__region__name",
        )
        .annotate(n=Count("pk"))
    )
)


def page(juror: Juror, filters: Filters) -> tuple[list[Any], bool]:
    """The rows of a page and whether another one follows. Three queries; figures are only computed for the page.

    Each row has `declared_level`, whether it is `fragile`, `overall_share`, `decided_level`, `required` readings, the
    day by which they are `wanted`, `claims` that await a ruling, whether the jury is `voting`, `proposals` (readings
    handed in) and their `spread`; the last two are empty for a `blind` reader."""
    first = (filters.page - 1) * PAGE
    asked = _sorted(_filtered(queries.files_presided(juror), juror, filters), juror, filters)
    keys = list(asked.values_list("pk", flat=True)[first : first + PAGE + 1])
    shown = keys[:PAGE]
    # As many places as a page has rows, whatever it has, so that the queries are written once; no file has key 0.
    places = {f"file_{place}": pk for place, pk in enumerate([*shown, *[0] * (PAGE - len(shown))])}
    found = {row.pk: row for row in _figures(juror=juror.pk, **places)} if shown else {}
    for row in found.values():
        row.handed_in = []
    for reading in _proposals(**places) if shown else []:
        found[reading.application_id].handed_in.append(reading)
    for row in found.values():
        _complete(row)
    return [found[pk] for pk in shown if pk in found], len(keys) > PAGE


@dataclass(frozen=True)
class Line:
    """A row as the page writes it; levels are 1 to 5 or None, `proposed` in words."""

    code: str
    name: str
    department: str
    state: str
    state_words: str
    voting: bool
    share: Fraction | None
    declared: int | None
    fragile: bool
    blind: bool
    proposed: str
    spread: int | None
    readings: int
    required: int
    wanted: date | None
    claims: int | None
    decided: int | None


def line(row: Any) -> Line:
    return Line(
        code=row.territory.code,
        name=str(row.territory),
        department=row.territory.department_id,
        state=row.state,
        state_words=row.get_state_display(),
        voting=row.voting,
        share=row.overall_share,
        declared=row.declared_level,
        fragile=row.fragile,
        blind=row.blind,
        proposed=", ".join(str(one.review.proposed_level) for one in row.proposals),
        spread=row.spread,
        readings=row.readings,
        required=row.required,
        wanted=row.wanted,
        claims=row.claims,
        decided=row.decided_level,
    )


def everything(juror: Juror) -> list[Any]:
    """As the rows of all pages, by name; the readings handed in say all that they hold, and who wrote them."""
    shown = with_figures(queries.files_presided(juror).select_related("territory"), juror)
    whole = Prefetch(
        "assignments",
        queryset=_handed_in().select_related("review", "juror__user").order_by("review__submitted_at"),
        to_attr="handed_in",
    )
    rows = list(shown.order_by(*ORDERS["nom"]).prefetch_related(whole))
    for row in rows:
        _complete(row)
    return rows


def rulings(juror: Juror) -> QuerySet[Ruling]:
    """All those on the files that this person presides, one line each, in the order of the files, then in their own."""
    rows = Ruling.objects.filter(application__in=queries.files_presided(juror).values("pk"))
    rows = rows.select_related("application__territory", "evidence", "initiative", "by__user")
    return rows.order_by("application__territory__sort_key", "application", "at", "pk")


def _complete(row: Any) -> None:
    row.overall_share = None if row.overall is None else Fraction(row.overall, 10_000)
    row.readings = len(row.handed_in)
    row.proposals = [] if row.blind else row.handed_in
    levels = [one.review.proposed_level for one in row.proposals]
    # A single reading is apart from nothing.
    row.spread = max(levels) - min(levels) if len(levels) > 1 else None


def with_figures(files: QuerySet[Application], juror: Ref) -> QuerySet[Any]:
    declared = _declared(OuterRef("pk"))
    standing = queries.standing_decisions().filter(application=OuterRef("pk"))
    return files.annotate(
        declared_level=Subquery(declared.values("level")[:1]),
        fragile=_is_fragile(),
        overall=Subquery(declared.values("overall_sort")[:1]),
        decided_level=Subquery(standing.values("level")[:1]),
        required=queries.required_readings(),
        wanted=F("deadline__day"),
        claims=Subquery(declared.values("claims_pending")[:1]),
        blind=_is_blind(juror),
        voting=Exists(Ballot.objects.filter(queries.IS_OPEN, application=OuterRef("pk"))),
    )


def undisputed(juror: Juror) -> QuerySet[Any]:
    """Those that `policies.why_not_accept` lets go, in one query. `agreed` is the level that everybody proposes."""
    handed_in = _handed_in().filter(application=OuterRef("pk"))
    declared = _declared(OuterRef("pk"))
    unconfirmed = queries.unconfirmed_signature(user=OuterRef("submitted_by"), territory=OuterRef("territory"))
    return (
        queries.files_presided(juror)
        .filter(
            ~_is_blind(juror),
            ~Exists(unconfirmed),
            ~Exists(Ruling.objects.filter(queries.CORRECTS, application=OuterRef("pk"))),
            ~Exists(Ballot.objects.filter(application=OuterRef("pk"), set_aside_at=None)),
            state__in=policies.READABLE,
        )
        .annotate(agreed=Subquery(declared.values("level")[:1]))
        .alias(claims=Subquery(declared.values("claims_pending")[:1]))
        .filter(agreed__isnull=False, claims=0)
        .filter(~Exists(handed_in.exclude(review__proposed_level=OuterRef("agreed"), review__honour="")))
        .filter(queries.all_read(juror.panel, handed_in))
        .select_related("territory")
        .order_by("agreed", "territory__sort_key", "pk")
    )


def _filtered(files: QuerySet[Application], juror: Juror, filters: Filters) -> QuerySet[Application]:
    if filters.state:
        files = files.filter(state=filters.state)
    if filters.level:
        level = Subquery(_declared(OuterRef("pk")).values("level")[:1])
        files = files.alias(_level=level).filter(_level=filters.level)
    if filters.region:
        files = files.filter(territory__department__region=filters.region)
    if filters.band:
        files = files.filter(territory__band=filters.band)
    if filters.department:
        files = files.filter(territory__department=filters.department)
    if filters.spread:
        files = files.alias(_wide=_spread(juror)).filter(_wide__gt=1)
    if filters.fragile:
        files = files.filter(_is_fragile())
    return files


def _is_fragile() -> Exists:
    """The declared level is at the mercy of the weights."""
    hash_of = _declared(OuterRef(OuterRef("pk"))).values("result_hash")[:1]
    return robustness.unstable(Subquery(hash_of))


def _sorted(files: QuerySet[Any], juror: Juror, filters: Filters) -> QuerySet[Any]:
    if filters.order == "score":
        files = files.alias(_score=Subquery(_declared(OuterRef("pk")).values("overall_sort")[:1]))
    if filters.order == "ecart":
        files = files.alias(_spread=_spread(juror))
    if filters.order == "solidite":
        files = files.alias(_fragile=_is_fragile())
    return files.order_by(*ORDERS[filters.order])


def _is_blind(juror: Ref) -> Exists:
    """A chair who also reads a file is as blind as any reader until the own reading is in."""
    return Exists(queries.unread_by(juror, OuterRef("pk")))


def _spread(juror: Juror) -> Case:
    """Between the levels proposed; nothing where this person is blind, and of a single reading, apart from nothing."""
    proposed = _handed_in().filter(application=OuterRef("pk")).order_by().values("application")
    between = Max("review__proposed_level") - Min("review__proposed_level")
    spread = Subquery(proposed.annotate(n=between, given=Count("pk")).filter(given__gt=1).values("n"))
    return Case(When(~_is_blind(juror), then=spread), output_field=IntegerField())


def _handed_in() -> QuerySet[Assignment]:
    return queries.live_assignments().filter(review__submitted_at__isnull=False)


def _declared(application: OuterRef) -> QuerySet[Scorecard]:
    return Scorecard.objects.filter(application=application, kind=ScorecardKind.DECLARED).order_by("-round")


_figures = prepared(
    lambda juror, **places: with_figures(
        Application.objects.filter(pk__in=[*places.values()]).select_related("territory"), juror
    )
)
_proposals = prepared(
    lambda **places: (
        _handed_in()
        .filter(application__pk__in=[*places.values()])
        .select_related("review")
        .only("application", "review__proposed_level")
        .order_by("review__submitted_at")
    )
)
