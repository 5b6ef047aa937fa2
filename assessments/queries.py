"""Reads on editions and files. Access is the look-up: a file is found through a membership, or not at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)

from accounts.models import AuditEntry, Membership, MembershipState, User
from accounts.rules.digests import digest
from assessments.enums import AnswerState, Basis, ScorecardKind, State
from assessments.models import (
    Answer,
    Application,
    Benchmark,
    Carer,
    Comment,
    Complement,
    Edition,
    Enquiry,
    Evidence,
    EvidenceUse,
    Framework,
    FrameworkImpact,
    Initiative,
    InitiativeVersion,
    LinkedPage,
    Picture,
    Plan,
    Scorecard,
    Visit,
)
from assessments.transitions import COUNTED
from outbox import jobs
from outbox.models import Job, JobState
from prepared import prepared
from scoring.model import Question
from territories.models import Territory


@dataclass(frozen=True)
class Sheet:
    """All that stands in a file at one moment: what the engine reads and the pages show.

    `latest` has the last row of each question, cleared ones included (their version counts); `proven` are the
    questions with a piece of evidence; `orphans` are questions whose last row follows none, which an action refuses to
    commit."""

    latest: Mapping[str, Answer]
    proven: frozenset[str]
    initiatives: tuple[Initiative, ...]
    proven_initiatives: frozenset[int]
    orphans: frozenset[str]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """Those that say something."""
        return {name: row for name, row in self.latest.items() if row.state != AnswerState.CLEARED}

    def version(self, question_id: str) -> int:
        """What a writer must have seen: 0 before any answer."""
        row = self.latest.get(question_id)
        return row.version if row else 0


# What every save asks, written once a process.
_same_question = Answer.objects.filter(application=OuterRef("application"), question_id=OuterRef("question_id"))
_last = Answer.objects.filter(~Exists(_same_question.filter(version__gt=OuterRef("version")))).order_by()
_live_uses = EvidenceUse.objects.filter(evidence__removed_at=None)
_proofs_of_answer = _live_uses.filter(
    evidence__application=OuterRef("application"), question_id=OuterRef("question_id")
)
_proofs_of_initiative = _live_uses.filter(initiative=OuterRef("pk"))
_answers = _last.annotate(
    follows=Exists(_same_question.filter(version=OuterRef("version") - 1)), proven=Exists(_proofs_of_answer)
)
_initiatives = Initiative.objects.filter(removed_at=None).annotate(proven=Exists(_proofs_of_initiative)).order_by()
_answers_of = prepared(lambda application: _answers.filter(application=application))
_initiatives_of = prepared(lambda application: _initiatives.filter(application=application))


def sheet(application: Application, *, refused: Collection[int] = ()) -> Sheet:
    """Two queries. `refused` are the pieces of evidence that the jury did not accept: they prove nothing."""
    if refused:
        rows = list(_without(refused, _answers.filter(application=application), _proofs_of_answer))
    else:
        rows = _answers_of(application=application.pk)
    initiatives = standing_initiatives(application, refused=refused)
    return Sheet(
        latest={row.question_id: row for row in rows},
        proven=frozenset(row.question_id for row in rows if row.proven),
        initiatives=tuple(initiatives),
        proven_initiatives=frozenset(row.pk for row in initiatives if row.proven),
        orphans=frozenset(row.question_id for row in rows if row.version > 1 and not row.follows),
    )


def answer_sheets(applications: Collection[Application]) -> dict[int, Sheet]:
    """By file, what is answered and nothing else, in one query: what says which questions still lack an answer."""
    rows = _answers.filter(application__in=applications)
    latest: dict[int, dict[str, Answer]] = {file.pk: {} for file in applications}
    for row in rows:
        latest[row.application_id][row.question_id] = row
    return {pk: Sheet(said, frozenset(), (), frozenset(), frozenset()) for pk, said in latest.items()}


def given(applications: Collection[Application]) -> dict[int, set[str]]:
    """By file, the questions that people gave an answer to, asked or not, in one query of three columns: for lists."""
    rows = Answer.objects.filter(application__in=applications).order_by("version")
    latest = {(pk, name): state for pk, name, state in rows.values_list("application", "question_id", "state")}
    found: dict[int, set[str]] = {file.pk: set() for file in applications}
    for (pk, name), state in latest.items():
        if state != AnswerState.CLEARED:
            found[pk].add(name)
    return found


def standing_initiatives(application: Application, *, refused: Collection[int] = ()) -> "list[Any]":
    """One query. Each is `proven` or not, by evidence that the jury did not refuse."""
    if refused:
        rows = list(_without(refused, _initiatives.filter(application=application), _proofs_of_initiative))
    else:
        rows = _initiatives_of(application=application.pk)
    # They are few: to sort them in SQL takes longer, for Django compares each column with those of the order.
    return sorted(rows, key=attrgetter("created_at", "pk"))


def _without(refused: Collection[int], rows: QuerySet[Any], proofs: QuerySet[EvidenceUse]) -> QuerySet[Any]:
    """The same rows, `proven` by other pieces alone."""
    proven: QuerySet[Any] = rows.annotate(proven=Exists(proofs.exclude(evidence__in=refused)))
    return proven


def find_inspirations(initiatives: Iterable[Initiative]) -> None:
    """The territories that inspired some of them, for who shows or copies several: one query, none when nobody did."""
    prefetch_related_objects([row for row in initiatives if row.inspired_by_id], "inspired_by")


def versions(application: Application, question_id: str) -> QuerySet[Answer]:
    """All that was ever said to a question, the latest first."""
    rows = Answer.objects.filter(application=application, question_id=question_id)
    return rows.select_related("author").order_by("-version")


@dataclass(frozen=True)
class Shared:
    """What colleagues share on a file: who takes care of each part, and how much is said about each question."""

    carers: Mapping[str, User]
    talk: Mapping[str, int]
    replies: Mapping[str, int]

    def carer(self, question: Question) -> User | None:
        """Of the question itself, or else of its issue."""
        return self.carers.get(question.id) or self.carers.get(question.issue)


@dataclass(frozen=True)
class Around(Shared):
    """And what stands around the file: how many people have each role, how many live pieces of evidence there are, how
    many complements were asked for; the year of the file before this one, if any."""

    roles: Mapping[str, int]
    pieces: int
    complements: int
    earlier: int | None


def shared(application: Application, *, answers: Iterable[Answer] = ()) -> Shared:
    """Two queries: who cares for what and how much is said; then the people, with those who gave the `answers`."""
    told = _by_kind(_told(application=application.pk))
    return Shared(carers=_carers(told, answers), talk=told["talk"], replies=told["reply"])


def around(application: Application, *, answers: Iterable[Answer]) -> Around:
    """The same, in as many queries."""
    file = {"application": application.pk, "territory": application.territory_id, "year": application.edition.year}
    told = _by_kind(_told_around(**file))
    return Around(
        carers=_carers(told, answers),
        talk=told["talk"],
        replies=told["reply"],
        roles=told["member"],
        pieces=told["piece"].get("", 0),
        complements=told["complement"].get("", 0),
        earlier=told["earlier"].get(""),
    )


def _by_kind(rows: Iterable[tuple[str, str, int]]) -> Mapping[str, dict[str, int]]:
    told: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for kind, name, number in rows:
        told[kind][name] = number
    return told


def _carers(told: Mapping[str, dict[str, int]], answers: Iterable[Answer]) -> dict[str, User]:
    """By what they take care of; the answers are given their author on the way."""
    given = [row for row in answers if row.author_id]
    people = User.objects.in_bulk({*told["carer"].values(), *(row.author_id for row in given)})
    for row in given:
        row.author = people[row.author_id]
    return {part: people[pk] for part, pk in told["carer"].items()}


def _rows_told(*, application: Any) -> tuple[QuerySet[Any, Any], ...]:
    """Kind, name, number."""
    carers = Carer.objects.filter(application=application).order_by()
    said = Comment.objects.filter(application=application).order_by().values("question_id")
    replied = Enquiry.objects.filter(application=application, replied_at__isnull=False).order_by()
    n = Count("pk")
    return (
        carers.values_list(Value("carer"), "part", "person_id"),
        said.values_list(Value("talk"), "question_id", n),
        replied.values("question_id").values_list(Value("reply"), "question_id", n),
    )


def _rows_around(*, application: Any, territory: Any, year: Any) -> tuple[QuerySet[Any, Any], ...]:
    """Kind, name, number."""
    active = Membership.objects.filter(territory=territory, state=MembershipState.ACTIVE).order_by()
    pieces = Evidence.objects.filter(application=application, removed_at=None).order_by()
    asked = Complement.objects.filter(application=application).order_by()
    earlier = Application.objects.filter(territory=territory, edition__year__lt=year).order_by()
    n, unnamed = Count("pk"), Value("")
    return (
        active.values("role").values_list(Value("member"), "role", n),
        pieces.values("application").values_list(Value("piece"), unnamed, n),
        asked.values("application").values_list(Value("complement"), unnamed, n),
        earlier.values("territory").values_list(Value("earlier"), unnamed, Max("edition__year")),
    )


def _together(first: QuerySet[Any, Any], *others: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return first.union(*others, all=True)


_told = prepared(lambda application: _together(*_rows_told(application=application)))
_told_around = prepared(
    lambda application, **where: _together(
        *_rows_told(application=application), *_rows_around(application=application, **where)
    )
)


def comments(application: Application, question_id: str) -> QuerySet[Comment]:
    return Comment.objects.filter(application=application, question_id=question_id).select_related("author")


def who_works_on(application: Application, question: Question) -> list[User]:
    """Who takes care of a question or of its issue, and who commented it before: those of the team, each once."""
    parts = [question.id, question.issue]
    carers = Carer.objects.filter(application=application, part__in=parts).values("person")
    said = Comment.objects.filter(application=application, question_id=question.id).values("author")
    team = members(application).filter(Q(user__in=carers) | Q(user__in=said))
    return [member.user for member in team]


def enquiries(application: Application, question_id: str) -> QuerySet[Enquiry]:
    """Those that wait or were replied to; the cancelled ones are over."""
    rows = Enquiry.objects.filter(application=application, question_id=question_id, cancelled_at=None)
    return rows.select_related("asked_by")


def enquiry_by_secret(secret: str) -> Enquiry | None:
    rows = Enquiry.objects.select_related("asked_by", "application__territory__department", "application__edition")
    rows = rows.select_related("application__framework").defer("application__framework__document")
    return rows.filter(secret_digest=digest(secret)).first()


class Change(NamedTuple):
    """What somebody (the key of a user) changed. `name` is the id of a question, or a title."""

    kind: str
    name: str
    pk: int
    who: int | None
    when: datetime


def changes_since(application: Application, *, user: User, since: datetime, most: int) -> tuple[list[Change], int]:
    """What others than this person changed, the latest first, and how many changes there are: two queries.

    Of an answer given several times, the last one; what an organiser put aside is told elsewhere (`parked`)."""
    answers = _last.filter(application=application, at__gt=since, parked_from=None).exclude(author=user)
    said = Comment.objects.filter(application=application, at__gt=since).exclude(author=user)
    cards = Initiative.objects.filter(application=application, updated_at__gt=since).exclude(updated_by=user)
    pieces = Evidence.objects.filter(application=application, added_at__gt=since, removed_at=None)
    how = Case(
        When(removed_at__isnull=False, then=Value("initiative_removed")),
        When(created_at__gt=since, then=Value("initiative_added")),
        default=Value("initiative_changed"),
    )
    changes = _changes(answers, Value("answer"), "question_id", "author", "at").union(
        _changes(said, Value("comment"), "question_id", "author", "at"),
        _changes(cards, how, "title", "updated_by", "updated_at"),
        _changes(pieces.exclude(added_by=user), Value("evidence"), "title", "added_by", "added_at"),
        all=True,
    )
    latest = [Change(*row) for row in changes.order_by("-when", "kind", "-key")[:most]]
    return latest, len(latest) if len(latest) < most else changes.count()


def _changes(rows: QuerySet[Any], kind: Expression, name: str, who: str, when: str) -> QuerySet[Any, Any]:
    """The columns of a `Change`, the same of every table."""
    named: QuerySet[Any] = rows.order_by().annotate(kind=kind, name=F(name), key=F("pk"), who=F(who), when=F(when))
    return named.values_list("kind", "name", "key", "who", "when")


def answered_since(application: Application, *, user: User, since: datetime) -> QuerySet[Answer, datetime]:
    """When this person answered questions of the file, in order."""
    mine = Answer.objects.filter(application=application, author=user, at__gt=since)
    return mine.order_by("at").values_list("at", flat=True)


def last_reading(application: Application, *, user: User) -> datetime | None:
    """The moment up to which this person read the whole file; None if they never said so."""
    rows = Visit.objects.filter(application=application, person=user)
    return rows.values_list("read_at", flat=True).first()


def editions() -> QuerySet[Edition]:
    return Edition.objects.select_related("framework").defer("framework__document")


def framework_of(year: int) -> Framework | None:
    """The questionnaire of an edition, with the files made of it, never its text."""
    rows = Framework.objects.select_related("pdf", "workbook").defer("document")
    return rows.filter(editions__year=year, editions__draft=False).first()


def shown_editions() -> QuerySet[Edition]:
    """Those that are no draft: what anybody but the organiser may know of."""
    return editions().filter(draft=False)


def open_edition(*, now: datetime) -> Edition | None:
    """The edition that takes applications now, the latest if several do."""
    return shown_editions().filter(opens_at__lte=now, closes_at__gt=now).order_by("-year").first()


def upcoming_edition(*, now: datetime) -> Edition | None:
    return shown_editions().filter(opens_at__gt=now).order_by("opens_at").first()


def applications() -> QuerySet[Application]:
    """With what nearly every page of a file needs; never the whole questionnaire, which is parsed once a process."""
    return Application.objects.select_related("edition", "framework", "territory__department").defer(
        "framework__document"
    )


def locked(application: Application) -> Application:
    """The row as it is now, held until the end of the caller's transaction.

    Every action that writes into a file begins so: its writers wait for each other, and above all for its submission;
    what is checked of the state stays true until the commit. What takes time (a file to scan and to store) comes
    before."""
    return applications().select_for_update(of=("self",)).get(pk=application.pk)


# PostgreSQL takes longer to plan a join more than to run them all: the few pages that name the department ask for it.
_through_members = (
    Application.objects.select_related("edition", "framework", "territory", "complement")
    .defer("framework__document")
    .annotate(
        membership_id=F("territory__memberships__pk"),
        role=F("territory__memberships__role"),
        member=F("territory__memberships__user"),
        standing=F("territory__memberships__state"),
    )
)


def _of_member(*, code: Any, year: Any, user: Any) -> QuerySet[Any]:
    return _through_members.filter(
        territory__code=code, edition__year=year, member=user, standing=MembershipState.ACTIVE
    )


_file = prepared(_of_member)
_held_file = prepared(lambda **whose: _of_member(**whose).select_for_update(of=("self",)))


def file_of(*, user: User, code: str, year: int, lock: bool = False) -> tuple[Application, Membership] | None:
    """A file through the person's active membership, with that membership, in one query. None for a stranger."""
    rows = (_held_file if lock else _file)(code=code, year=year, user=user.pk)
    if not rows:
        return None
    application = rows[0]
    return application, Membership(
        pk=application.membership_id,
        user=user,
        territory=application.territory,
        role=application.role,
        state=MembershipState.ACTIVE,
    )


def files_of(*, user: User) -> QuerySet[Application]:
    """Every file of the territories that this person acts for, the latest first."""
    mine = Membership.objects.filter(user=user, state=MembershipState.ACTIVE, territory=OuterRef("territory"))
    return applications().filter(Exists(mine)).order_by("-edition__year", "territory__sort_key")


def previous_file(application: Application) -> Application | None:
    """The file of the same territory in the latest edition before this one."""
    earlier = applications().filter(territory=application.territory_id, edition__year__lt=application.edition.year)
    return earlier.order_by("-edition__year").first()


def members(application: Application) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(territory=application.territory_id, state=MembershipState.ACTIVE)
        .select_related("user", "mandate__helper")
        .order_by("user__name", "pk")
    )


def initiative_versions(initiative: Initiative) -> QuerySet[InitiativeVersion]:
    """What it said before and what was set aside, the latest first."""
    return InitiativeVersion.objects.filter(initiative=initiative).select_related("author").order_by("-at", "-pk")


def inspirations(versions: Iterable[InitiativeVersion]) -> dict[int, Territory]:
    """The territories that they name, by key; no query when none does."""
    named = {pk for each in versions if (pk := each.content["inspired_by"])}
    return Territory.objects.in_bulk(named) if named else {}


def removed_initiatives(application: Application) -> QuerySet[Initiative]:
    """Those that can be brought back."""
    return Initiative.objects.filter(application=application, removed_at__isnull=False).order_by("-removed_at")


def is_proven(initiative: Initiative) -> bool:
    return _live_uses.filter(initiative=initiative).exists()


def pictures(application: Application) -> QuerySet[Picture]:
    """Those of its live initiatives, drawn or not yet."""
    rows = Picture.objects.filter(initiative__application=application, initiative__removed_at=None, removed_at=None)
    return rows.select_related("file", "initiative")


def evidence(application: Application) -> QuerySet[Evidence]:
    """Live pieces, with what they prove."""
    return (
        Evidence.objects.filter(application=application, removed_at=None)
        .select_related("file", "replaces", "page")
        .prefetch_related("uses")
    )


def uses(application: Any) -> QuerySet[EvidenceUse]:
    """What the live pieces of a file prove, each use with its piece, those of one piece together."""
    rows = _live_uses.filter(evidence__application=application)
    return rows.select_related("evidence__file", "evidence__replaces", "evidence__page").order_by(
        "evidence__added_at", "evidence", "pk"
    )


def proofs(application: Application) -> dict[str, list[Evidence]]:
    """The live pieces by the question that they prove, in one query."""
    found: dict[str, list[Evidence]] = {}
    for use in _proofs(application=application.pk):
        found.setdefault(use.question_id, []).append(use.evidence)
    return found


_proofs = prepared(lambda application: uses(application).filter(initiative=None))


def pages_of_initiatives(application: Application) -> dict[int, LinkedPage]:
    """What a worker found behind the link of each, by its key; of a proof, see `evidence`."""
    rows = LinkedPage.objects.filter(initiative__application=application)
    return {row.initiative_id: row for row in rows if row.initiative_id}


def declared_scorecards(application: Application) -> QuerySet[Scorecard]:
    """One a submission, the last one first."""
    return application.scorecards.filter(kind=ScorecardKind.DECLARED).order_by("-round")


def withdrawn_at(application: Application) -> datetime | None:
    """When the candidature was taken back, as the trail says; None when it was not."""
    entries = AuditEntry.objects.filter(object_type=Application._meta.label, object_id=str(application.pk))
    return entries.filter(verb=f"application.{State.WITHDRAWN}").values_list("at", flat=True).first()


def declared_scorecard(application: Application) -> Scorecard | None:
    """The last one frozen at a submission."""
    return declared_scorecards(application).first()


def editions_with_counts() -> QuerySet[Edition]:
    """Every edition, with how many files were started and submitted."""
    counted = Q(applications__state__in=COUNTED)
    return editions().annotate(started=Count("applications"), submitted=Count("applications", filter=counted))


def counts_by_state(edition: Edition) -> dict[str, int]:
    rows = edition.applications.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def plan_of(application: Application, input_hash: str) -> tuple[Plan | None, Job | None]:
    """The plan made from these inputs, and the job that makes it while it is not. At most two queries."""
    plan = Plan.objects.filter(application=application, input_hash=input_hash).first()
    job = jobs.named("plan.make").find(plan=plan.pk) if plan and not plan.document else None
    return plan, job


def versions_of(edition: Edition) -> QuerySet[Framework]:
    """The versions of its questionnaire that were loaded, the latest first."""
    return Framework.objects.filter(year=edition.year).defer("document").order_by("-loaded_at", "-pk")


def states(edition: Edition) -> set[str]:
    return set(edition.applications.order_by().values_list("state", flat=True).distinct())


def drafts_elsewhere(edition: Edition, framework: Framework) -> QuerySet[Application]:
    """The drafts that follow another version."""
    return applications().filter(edition=edition, state=State.DRAFT).exclude(framework=framework).order_by("pk")


def impact(edition: Edition, framework: Framework) -> FrameworkImpact | None:
    return FrameworkImpact.objects.filter(edition=edition, framework=framework).first()


def next_impact(edition: Edition, framework: Framework) -> dict[str, Any]:
    """What the job that measures takes: one at a time, another once it is done."""
    last = impact(edition, framework)
    at = last.measured_at.isoformat() if last else ""
    return {"edition": edition.pk, "framework": framework.pk, "last": at}


def measuring(edition: Edition, framework: Framework) -> Job | None:
    """The measure that is asked for and not done."""
    job = jobs.named("framework.impact").find(**next_impact(edition, framework))
    return job if job and job.state == JobState.TODO else None


def parked(application: Application, latest: Mapping[str, Answer]) -> dict[str, Answer]:
    """What was answered before it was put aside, by question; one query, none when nothing is aside."""
    versions = {name: row.version - 1 for name, row in latest.items() if row.parked_from_id}
    if not versions:
        return {}
    rows = Answer.objects.filter(application=application, question_id__in=versions)
    return {row.question_id: row for row in rows if row.version == versions[row.question_id]}


def asked_by(rows: Iterable[Answer]) -> dict[str, Framework]:
    """The version that each row was parked from, by question."""
    parked_from = {row.question_id: row.parked_from_id for row in rows if row.parked_from_id}
    if not parked_from:
        return {}
    versions = Framework.objects.defer("document").in_bulk(set(parked_from.values()))
    return {name: versions[pk] for name, pk in parked_from.items()}


def benchmark_of(application: Application) -> dict[str, Any] | None:
    """What was found of the scores declared at the closing, None before."""
    rows = Benchmark.objects.filter(application=application, basis=Basis.DECLARED)
    return rows.values_list("document", flat=True).first()
