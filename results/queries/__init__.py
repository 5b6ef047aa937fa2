"""Reads on what is published and on what is about to be. Everything public starts from `visibility`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from django.core.cache import cache
from django.db import connection
from django.db.models import (
    Count,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from assessments.doors import scorecards
from assessments.enums import Basis, ScorecardKind
from assessments.jobs import benchmarks
from assessments.models import Application, Edition, Evidence, Initiative, Scorecard
from assessments.queries import evidence, standing_initiatives
from assessments.rules import eligibility
from jury.doors.examination import rulings_of
from jury.models import Decision, Minutes
from jury.queries import standing_decisions
from outbox import jobs
from outbox.doors.letters import absolute
from outbox.models import Job, JobState, StoredFile
from results import visibility
from results.models import (
    Archive,
    Certificate,
    Credential,
    DataFile,
    DataRelease,
    FileCheck,
    Paper,
    PastLaureate,
    PublishedResult,
    Report,
)
from territories import queries as territories
from territories.models import Department, FormerName, Territory

PAGE = 25
DEPARTMENTS_KEPT = 3600  # seconds; the official list changes once a year


@dataclass(frozen=True)
class Search:
    """What is asked of the directory; every part is optional and already checked."""

    q: str = ""
    year: int | None = None
    level: int | None = None
    department: str | None = None
    region: str | None = None
    band: int | None = None
    kind: str | None = None
    honoured: bool = False
    # Keys of the results whose strongest axis is the one asked; None when none is.
    strongest: frozenset[int] | None = None
    sort: str = ""

    @property
    def about_results(self) -> bool:
        return self.year is not None or self.level is not None or self.honoured or self.strongest is not None

    @property
    def narrowed(self) -> bool:
        """By something else than words: there is something to empty."""
        return replace(self, q="", sort="") != Search()


@dataclass
class Found:
    """One page of territories, each with `public_results` and `palmares`, both the latest first."""

    territories: Sequence[Territory]
    total: int = 0
    # Of the total, how many have a result of this label; the others stand in a past palmarès. Not counted by name.
    labelled: int | None = None
    has_next: bool = False
    suggestions: list[Territory] = field(default_factory=list)
    former: FormerName | None = None

    @property
    def others(self) -> int:
        return self.total - self.labelled if self.labelled is not None else 0


def directory(search: Search, *, page: int, now: datetime) -> Found:
    """Those that answer `q`, the best first; without it, those that have a result or stand in a past palmarès, by name.
    Four queries at most, three of them for the rows; two more for a code."""
    start = (page - 1) * PAGE
    rows = Territory.objects.select_related("department", "epci").prefetch_related(_results(search, now), _palmares())
    if search.q:
        answered = territories.matches(search.q, within=_within(search, now))
        if search.sort:
            found = list(_sorted(rows.filter(pk__in=answered.found), search, now)[start : start + PAGE])
        else:
            found = territories.Ranked(answered.found, rows)[start : start + PAGE]
        near = (
            territories.Ranked(answered.near, Territory.objects.select_related("department"))[: territories.SUGGESTED]
            if page == 1
            else []
        )
        former = territories.former(answered, found[0]) if found and page == 1 else None
        return Found(
            found, len(answered.found), has_next=len(answered.found) > start + PAGE, suggestions=near, former=former
        )
    rows = _filtered(rows.filter(_known(search, now)), search)
    labelled = rows.filter(pk__in=Subquery(visibility.in_force(now=now).values("territory")))
    numbered = rows.annotate(total=_number(rows), labelled=_number(labelled))
    listed = list(_sorted(numbered, search, now)[start : start + PAGE])
    if not listed:
        return Found([], rows.count() if start else 0)
    total = listed[0].total
    return Found(listed, total, labelled=listed[0].labelled or 0, has_next=total > start + PAGE)


def _number(rows: QuerySet[Territory]) -> Subquery:
    """Computed once: a window would carry every column of every row."""
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))


def _sorted(rows: QuerySet[Any], search: Search, now: datetime) -> QuerySet[Any]:
    name = ("sort_key", "code")
    if search.sort == "level":
        latest = _asked(search, now).filter(territory=OuterRef("pk")).order_by("-edition__year")
        rows = rows.annotate(latest=Subquery(latest.values("level")[:1]))
        return rows.order_by(F("latest").desc(nulls_last=True), *name)
    if search.sort == "population":
        return rows.order_by(F("population").desc(nulls_last=True), *name)
    return rows.order_by(*name)


def by_department(*, now: datetime) -> dict[str, int]:
    """How many territories have a result in force, by code of department."""
    rows = visibility.in_force(now=now).order_by().values_list("territory__department")
    return dict(rows.annotate(n=Count("territory", distinct=True)))


def _asked(search: Search, now: datetime) -> QuerySet[PublishedResult]:
    asked = visibility.in_force(now=now)
    if search.year is not None:
        asked = asked.filter(edition__year=search.year)
    if search.level is not None:
        asked = asked.filter(level=search.level)
    if search.strongest is not None:
        asked = asked.filter(pk__in=search.strongest)
    return asked.exclude(honours=[]) if search.honoured else asked


def _known(search: Search, now: datetime) -> Q:
    known = Q(pk__in=Subquery(_asked(search, now).values("territory")))
    if not search.about_results:
        known |= Q(pk__in=Subquery(PastLaureate.objects.order_by().values("territory")))
    return known


def _filtered(rows: QuerySet[Territory], search: Search) -> QuerySet[Territory]:
    wanted = {
        "kind": search.kind,
        "department": search.department,
        "department__region": search.region,
        "band": search.band,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def _within(search: Search, now: datetime) -> territories.Within:
    """Filters other than the name, as a set of keys; read only when there are some."""
    if not search.narrowed:
        return territories.anywhere
    rows = _filtered(Territory.objects.order_by(), search)
    if search.about_results:
        rows = rows.filter(_known(search, now))
    keys = set(rows.values_list("pk", flat=True))
    return lambda home: home.pk in keys


def _results(search: Search, now: datetime) -> "Prefetch[Any]":
    """Those that were asked for: of an edition or a level, no other one is shown."""
    rows = _asked(search, now).select_related("edition").defer("document").order_by("-edition__year")
    return Prefetch("results", queryset=rows, to_attr="public_results")


def _palmares() -> "Prefetch[Any]":
    return Prefetch("past_laureates", queryset=PastLaureate.objects.order_by("-year"), to_attr="palmares")


def results(
    *, q: str, year: int | None, level: int | None, department: str | None, region: str | None, now: datetime
) -> Sequence[PublishedResult]:
    """Those in force, the latest edition first; when a place is named, the territories that answer best first."""
    wanted = {
        "edition__year": year,
        "level": level,
        "territory__department": department,
        "territory__department__region": region,
    }
    rows = visibility.in_force(now=now).filter(**{name: value for name, value in wanted.items() if value is not None})
    # A copy is long, and a list says little of it. Keys are sorted first: PostgreSQL would open every copy to sort it.
    shown = copied(visibility.dated(rows.select_related("certificate"), now=now)).defer("document")
    rows = rows.order_by("-edition__year", "territory__sort_key", "pk")
    if not q.strip():
        return territories.Ranked(rows.values_list("pk", flat=True), shown)
    keys: defaultdict[int, list[int]] = defaultdict(list)
    for pk, territory in rows.values_list("pk", "territory"):
        keys[territory].append(pk)
    found = territories.matches(q, within=lambda home: home.pk in keys)
    return territories.Ranked([pk for territory in found.pks for pk in keys[territory]], shown)


def copied(rows: QuerySet[PublishedResult]) -> QuerySet[Any]:
    """Each with what a line of a list says of its `document`: `copied_year` and the like."""
    return rows.annotate(
        **{f"copied_{name}": F(f"document__{name}") for name in ("year", "territory", "overall", "axes")}
    )


# Asked at each public request, twice when its page is not kept: the ORM took longer to write it than the database to
# answer it. Before the first edition, a row without one tells whether there is an official list.
STATE = """
SELECT
    (SELECT version FROM results_publicstate),
    (SELECT MAX(id) FROM territories_load),
    (SELECT MAX(computed_at) FROM jury_figures),
    edition.id, edition.framework_id, edition.published_at, edition.draft, edition.simulated,
    edition.opens_at, edition.closes_at, edition.results_at,
    edition.opens_at <= %s, edition.closes_at <= %s, edition.results_at <= %s
FROM (SELECT 1) AS always LEFT JOIN assessments_edition AS edition ON true
ORDER BY edition.id
"""


def public_state(*, now: datetime) -> tuple[object, ...]:
    """What tells one state of what is public from every other: the same as long as nobody could read anything else.

    One query of a few short rows: each edition with its instants, those that have come told apart; and beside each the
    count of changes, the official list, what was computed of the jury's readings."""
    instant = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(STATE, [instant, instant, instant])
        return tuple(cursor.fetchall())


def departments() -> list[tuple[str, str, str, str]]:
    """Code and name of every department and of its region, by region then name. Not of this label: kept for an hour."""
    rows = Department.objects.order_by("region__name", "name")
    columns = ("code", "name", "region__code", "region__name")
    kept = cache.get_or_set("results:departments", lambda: list(rows.values_list(*columns)), DEPARTMENTS_KEPT)
    return kept or []


def history(territory: Territory, *, now: datetime) -> list[Any]:
    """Its results, the latest first, withdrawn ones included (they are told as such), replaced ones not. Each is
    `dated`, and has its `benchmark` among what was published with it, None while a worker has not found it."""
    found = benchmarks.document_of(OuterRef("application"), Basis.PUBLISHED)
    rows = (
        visibility.public(now=now).filter(territory=territory, replaced_at=None, level__gte=1).annotate(benchmark=found)
    )
    rows = rows.select_related("edition", "certificate", "replaces").defer("replaces__document")
    return list(visibility.dated(rows, now=now).order_by("-edition__year"))


def members(grouping: Territory, *, now: datetime) -> list[Territory]:
    """The communes of an intercommunalité, by name, each with its `public_results`, the latest first."""
    rows = Territory.objects.filter(epci=grouping, ended_on=None).order_by("sort_key", "code")
    return list(rows.prefetch_related(_results(Search(), now)))


def expired_at(result: PublishedResult, *, now: datetime) -> datetime | None:
    """Since when a label is past, as `visibility.dated` says it."""
    rows = visibility.dated(PublishedResult.objects.filter(pk=result.pk), now=now)
    found: datetime | None = rows.values_list("expired_at", flat=True)[0]
    return found


def certificate(number: str, *, now: datetime) -> Certificate | None:
    """An announced certificate by its number, with its result and what replaced it; None when unknown."""
    return _registered(now).filter(number=number).first()


@dataclass(frozen=True)
class Line:
    """A line of the register: whose paper a file is, in the columns of `FileCheck`; nothing when it is unknown."""

    paper: Paper | Literal[""] = ""
    certificate: Certificate | None = None
    receipt: Scorecard | None = None
    minutes: Minutes | None = None


def paper_of_file(sha256: str, *, now: datetime) -> Line | None:
    """Whose paper this file is, byte for byte. A certificate's is known once it is announced; a receipt and minutes are
    known to whoever holds them."""
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None:
        return None
    owned = {
        Paper.CERTIFICATE: Q(file=stored),
        Paper.REPORT: Q(result__report__file=stored),
        Paper.CREDENTIAL: Q(credential__json=stored) | Q(credential__png=stored) | Q(credential__svg=stored),
    }
    papers = ((_registered(now).filter(condition).first(), paper) for paper, condition in owned.items())
    of_certificate = next((Line(paper, found) for found, paper in papers if found), None)
    return of_certificate or _kept(Paper.RECEIPT, receipt=stored) or _kept(Paper.MINUTES, file=stored)


def paper_claimed(kind: str, pk: int) -> Line | None:
    """The receipt or the minutes that a seal names (`outbox.claims`)."""
    return _kept(kind, pk=pk)


def _kept(kind: str, **which: Any) -> Line | None:
    """A paper for its readers alone."""
    if kind == Paper.RECEIPT:
        receipt = Scorecard.objects.filter(kind=ScorecardKind.DECLARED, **which).first()
        return Line(Paper.RECEIPT, receipt=receipt) if receipt else None
    minutes = Minutes.objects.filter(**which).first()
    return Line(Paper.MINUTES, minutes=minutes) if minutes else None


def _registered(now: datetime) -> QuerySet[Certificate]:
    return visibility.certificates(now=now).select_related(
        "result__edition", "result__territory", "result__replaced_by__certificate", "file"
    )


def credential(certificate: Certificate) -> Credential | None:
    """Its machine-readable twin; None while a worker makes it."""
    return Credential.objects.filter(certificate=certificate).select_related("json", "png", "svg").first()


def file_checks(*, now: datetime) -> QuerySet[FileCheck]:
    """With what the answer says; never the file itself."""
    told = Q(certificate=None) | Q(certificate__in=visibility.certificates(now=now))
    path = "certificate__result"
    return (
        FileCheck.objects.filter(told)
        .defer("upload", "receipt__inputs", "receipt__result")
        .select_related(
            f"{path}__edition",
            f"{path}__territory",
            f"{path}__replaced_by__certificate",
            "certificate__file",
            "receipt__application__edition",
            "receipt__application__territory__department",
            "minutes__panel__edition",
        )
    )


def papers(application: Application, *, now: datetime) -> PublishedResult | None:
    """The announced result of a file that stands or was withdrawn, with its papers; None before the announcement."""
    rows = visibility.public(now=now).filter(application=application, replaced_at=None)
    return rows.select_related("edition", "territory", "certificate__file", "report__file", "kit__file").first()


def data_files(release: DataRelease) -> QuerySet[DataFile]:
    return release.files.select_related("file").order_by("scope", "pk")


def ended(*, now: datetime) -> QuerySet[PublishedResult, Any]:
    """What was announced and no longer stands, the latest `ended_at` first."""
    rows = visibility.public(now=now).filter(level__gte=1).annotate(ended_at=Coalesce("withdrawn_at", "replaced_at"))
    rows = rows.filter(ended_at__isnull=False).select_related("edition", "territory", "certificate").defer("document")
    return rows.order_by("-ended_at", "-pk")


def shown(*, now: datetime) -> list[tuple[str, datetime | None]]:
    """The code of each territory that has something to show, and since when."""
    rows = Territory.objects.filter(_known(Search(), now)).order_by("code")
    latest = visibility.public(now=now).filter(territory=OuterRef("pk")).order_by("-published_at")
    return list(rows.annotate(since=Subquery(latest.values("published_at")[:1])).values_list("code", "since"))


def initiative_numbers(*, now: datetime) -> list[tuple[int, datetime]]:
    rows = visibility.initiatives(now=now).annotate(lasting=Coalesce("first", "pk"))
    return list(rows.order_by("lasting").values_list("lasting", "result__published_at"))


# --- the organiser's side, before the embargo ends


def counts_by_state(edition: Edition) -> dict[str, int]:
    rows = edition.applications.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def levels_to_publish(edition: Edition) -> dict[int, int]:
    """How many decided files at each level, from the highest."""
    rows = (
        standing_decisions()
        .filter(application__edition=edition, application__state="decided")
        .order_by()
        .values_list("level")
        .annotate(n=Count("pk"))
    )
    counted: Mapping[int, int] = dict(rows)
    grades = edition.framework.parsed.grades
    return {level: counted.get(level, 0) for level in reversed(grades)}


def departures(edition: Edition) -> QuerySet[Decision]:
    """The decisions to publish whose level is not the one that was calculated, each with its reasons."""
    rows = standing_decisions().filter(application__edition=edition, application__state="decided")
    rows = rows.exclude(level=F("examined_level")).select_related("application__territory")
    return rows.order_by("application__territory__sort_key")


def unreported(edition: Edition) -> int:
    """How many decisions to publish are in no signed minutes."""
    rows = standing_decisions().filter(application__edition=edition, application__state="decided", minutes=None)
    return rows.count()


def pending(edition: Edition, states: Iterable[str]) -> QuerySet[Application]:
    """The files that a publication waits for."""
    rows = edition.applications.filter(state__in=list(states)).select_related("territory")
    return rows.order_by("territory__sort_key")


def titles(*, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """Of the axes and of the issues of every edition opened, by id; the latest wording."""
    rows = Edition.objects.select_related("framework").defer("framework__document")
    axes: dict[str, str] = {}
    issues: dict[str, str] = {}
    for edition in rows.filter(draft=False, opens_at__lte=now).order_by("year"):
        framework = edition.framework.parsed
        axes |= {axis.id: axis.title["fr"] for axis in framework.axes}
        issues |= {issue.id: issue.title["fr"] for issue in framework.issues}
    return axes, issues


def public_initiatives(application: Application) -> list[Initiative]:
    """Those that counted: eligible, with evidence that the jury accepted, and not refused themselves."""
    rulings = rulings_of(application)
    terms = scorecards.terms(application)
    rows = standing_initiatives(application, refused=rulings.refused_evidence)
    proven = {row.pk for row in rows if row.proven}
    placed = [scorecards.placed(row, rulings) for row in rows if row.pk not in rulings.refused_initiatives]
    return [row for row in placed if eligibility.counts(row, terms, proven=row.pk in proven)]


def public_links(application: Application) -> dict[str, list[Evidence]]:
    """By question, the proofs that the commune shows to the public and that the jury did not refuse: links, and files
    of which a worker made a copy without metadata.

    One that also proves a confidential question would tell of it: it is left out."""
    known = application.framework.parsed.question_by_id
    shown: dict[str, list[Evidence]] = defaultdict(list)
    for piece in evidence(application).filter(Q(file=None) | Q(cleaned__isnull=False), public=True):
        piece.application = application
        names = [use.question_id for use in piece.uses.all() if use.question_id in known]
        if not any(known[name].confidential for name in names):
            for name in names:
                shown[name].append(piece)
    refused = rulings_of(application).refused_evidence
    return {name: [piece for piece in pieces if piece.pk not in refused] for name, pieces in shown.items()}


def address_of(piece: Evidence) -> str:
    """Where the public reads it: elsewhere, or here for a file."""
    if piece.url:
        return piece.url
    file = piece.application
    return absolute("results:proof", file.territory.code, file.edition.year, piece.pk)


def shown_files(result: PublishedResult) -> QuerySet[Evidence]:
    """The files that its lines name and that its territory still shows."""
    named = {link["url"] for line in result.document["lines"] for link in line.get("links", [])}
    rows = Evidence.objects.filter(
        application=result.application_id, public=True, removed_at=None, cleaned__isnull=False
    ).select_related("cleaned", "application__territory", "application__edition")
    return rows.filter(pk__in=[row.pk for row in rows if address_of(row) in named])


def last_archive(edition: Edition) -> Archive | None:
    return Archive.objects.filter(edition=edition).select_related("file").order_by("-pk").first()


@dataclass(frozen=True)
class Progress:
    """How far a publication is: files copied, certificates made, and what failed."""

    state: str
    done: int
    total: int
    certificates: int
    certificates_total: int
    failures: tuple[str, ...]

    @property
    def finished(self) -> bool:
        return self.state == JobState.DONE and self.certificates == self.certificates_total

    @property
    def moving(self) -> bool:
        """Worth asking again soon."""
        return not self.finished and self.state != JobState.DEAD and not self.failures


def publication_job(edition: Edition) -> Job | None:
    return jobs.named("edition.publish").find(edition=edition.pk)


def failed_jobs(edition: Edition) -> QuerySet[Job]:
    """Dead letters of this publication: the copy itself, certificates, credentials and reports, the announcement."""
    whole = ("edition.publish", "edition.announce", "benchmark.publish", "edition.reports")
    ours = Q(kind__in=whole, payload__edition=edition.pk)
    unmade = {"result__edition": edition, "file": None}
    for kind, payload, rows in (
        ("certificate.make", "certificate", Certificate.objects.filter(**unmade)),
        ("credential.issue", "certificate", Certificate.objects.filter(result__edition=edition, credential=None)),
        ("report.make", "report", Report.objects.filter(**unmade)),
    ):
        key_of = jobs.named(kind).key_of
        ours |= Q(key__in=[key_of(**{payload: pk}) for pk in rows.values_list("pk", flat=True)])
    return Job.objects.filter(ours, state=JobState.DEAD).order_by("pk")


def progress(edition: Edition) -> Progress | None:
    """None before the publication was started."""
    job = publication_job(edition)
    if job is None:
        return None
    certificates = Certificate.objects.filter(result__edition=edition)
    counted = certificates.aggregate(total=Count("pk"), made=Count("file"))
    failures = tuple(f"{failed.key}: {failed.error}" for failed in failed_jobs(edition))
    return Progress(job.state, job.done, job.total, counted["made"], counted["total"], failures)
