"""The stages of the demonstration, as jobs of the outbox: each may be killed and run again, and rings the next.

ground → for each year: files, in batches → readers → readings, in batches → publication of last year → aftermath.
One batch of a year calls the next: more at a time would wait for each other, as SQLite has one writer."""

import random
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.actions import mandates
from accounts.models import Role
from assessments import actions
from assessments.doors import frameworks
from assessments.enums import State
from assessments.models import Application, Edition
from jury import actions as jury
from jury import queries
from jury.jobs import minutes
from jury.models import Appeal, Juror, Panel
from label.demo import answers, files, people, readings, sample
from label.demo.files import FATES, Fate, Plan
from label.demo.words import texts
from outbox import jobs
from outbox.models import Job, JobState, Queue
from results import actions as results
from results.models import PublishedResult
from scoring import framework
from territories.actions import load_france
from territories.models import Territory

BATCH = 20
THIS_YEAR, LAST_YEAR = 2027, 2026
# Days from the first run: the season of this year is open, last year's is published.
DATES = {LAST_YEAR: (-420, -280, -200), THIS_YEAR: (-150, 60, 130)}
# From the files given out to the last decision.
READING = timedelta(days=6)
# Opens at nine, closes at six in the evening, is announced at eleven.
HOURS = (time(9), time(18), time(11))


def begin() -> None:
    """Ask the worker for the demonstration; asking again changes nothing."""
    with transaction.atomic():
        ground.schedule(total=5)


def is_ready() -> bool:
    last = aftermath.find()
    return last is not None and last.state == JobState.DONE


@jobs.kind("demo.ground", key="demo:ground", queue=Queue.BULK, words=_("Démonstration : les communes et les comptes"))
def ground(job: Job) -> None:
    """France, the palmarès of the past, frameworks, people, editions; then the files of both seasons are due."""
    load_france()
    jobs.progress(job, done=1)
    results.load_laureates()
    jobs.progress(job, done=2)
    people.make()
    jobs.progress(job, done=3)
    for year in DATES:
        _open(year, first_run=job.created_at)
    _help(now=timezone.now())
    jobs.progress(job, done=4)
    with jobs.finish(job):
        Job.objects.filter(pk=job.pk).update(done=5)
        for year in DATES:
            _schedule(write_files, year, total=len(plans(year)))


def _schedule(stage: jobs.Kind, year: int, *, total: int, start: int = 0) -> None:
    """The batch of this stage that begins with the plan number `start`."""
    stage.schedule(year=year, start=start, total=total)


def _batch(job: Job, drawn: list[Plan]) -> list[tuple[int, Plan]]:
    """Its plans, each with how many are done after it."""
    start = job.payload["start"]
    return list(enumerate(drawn[start : start + BATCH], start=start + 1))


def _open(year: int, *, first_run: datetime) -> None:
    """The edition, its panel, and the town halls that will take part."""
    organiser = people.person(people.ORGANISER)
    now = timezone.now()
    if not Edition.objects.filter(year=year).exists():
        row = frameworks.load(frameworks.path_of(year).read_text(encoding="utf-8"))
        today = timezone.localdate(first_run)
        opens, closes, announced = (
            timezone.make_aware(datetime.combine(today + timedelta(days=days), hour))
            for days, hour in zip(DATES[year], HOURS, strict=True)
        )
        actions.create_edition(
            year=year,
            framework=row,
            opens_at=opens,
            closes_at=closes,
            results_at=announced,
            by=organiser,
            simulated=True,
        )
    territories = [plan.territory for plan in plans(year)]
    town_halls = people.person(people.TOWN_HALLS)
    accounts.attach(user=town_halls, territories=territories, role=Role.SIGNATORY, by=organiser, now=now)
    commune = [sample.agents_commune()]
    for who, role in ((people.AGENT, Role.CONTRIBUTOR), (people.SIGNATORY, Role.SIGNATORY)):
        accounts.attach(user=people.person(who), territories=commune, role=role, by=organiser, now=now)
    edition = Edition.objects.get(year=year)
    _seat(edition, now=_time_of_jury(edition) - timedelta(days=10))


def _help(*, now: datetime) -> None:
    """A simulated helper, whose SIREN nobody has, waits for the answer of the demo accounts' commune."""
    helper = mandates.add_to_helper(
        siren="000000000",
        name=str(_("Syndicat numérique simulé")),
        email=people.address(people.HELPER),
        by=people.person(people.ORGANISER),
        now=now,
    )
    if not helper.mandates.exists():
        by = people.person(people.HELPER)
        mandates.ask_mandate(helper=helper, territory=sample.agents_commune(), by=by, now=now)


def _seat(edition: Edition, *, now: datetime) -> None:
    organiser = people.person(people.ORGANISER)
    panel = jury.open_panel(edition=edition, by=organiser)
    axes = [axis.id for axis in edition.framework.parsed.axes]
    for number, who in enumerate((people.CHAIR, *people.JURORS)):
        juror = jury.add_juror(
            panel=panel,
            email=people.address(who),
            name="",
            function=people.FUNCTIONS[who],
            is_chair=who == people.CHAIR,
            expertise=axes[number % len(axes)],
            until=THIS_YEAR,
            by=organiser,
            now=now,
        )
        jury.declare(juror=juror, by=juror.user, now=now)


def plans(year: int) -> list[Plan]:
    """Every file of the season with its fate: last year's were all decided; this year's stand anywhere."""
    commune = sample.agents_commune()
    drawn = [row for row in sample.draw(year) if row.pk != commune.pk]
    rng = random.Random(year)  # noqa: S311 -- a simulation, repeatable on purpose
    fates = [Fate.DECIDED] * len(drawn)
    if year == THIS_YEAR:
        fates = [fate for fate, count in FATES.items() for _one in range(count)]
        fates += [Fate.DRAFT] * (len(drawn) - len(fates))
        rng.shuffle(fates)
    schema = framework.load(frameworks.shipped_source(year)).schema
    levels = answers.wanted_levels(len(drawn), rng, schema=schema)
    peers = (commune, *drawn)
    own = Plan(commune, Fate.DRAFT if year == THIS_YEAR else Fate.DECIDED, f"{year}:{commune.code}", 3, peers)
    return [
        own,
        *(
            Plan(row, fate, f"{year}:{row.code}", level, peers)
            for row, fate, level in zip(drawn, fates, levels, strict=False)
        ),
    ]


@jobs.kind("demo.files", key="demo:files:{year}:{start}", queue=Queue.BULK, words=_("Démonstration : les dossiers"))
def write_files(job: Job) -> None:
    year, following = job.payload["year"], job.payload["start"] + BATCH
    edition = Edition.objects.select_related("framework").get(year=year)
    drawn = plans(year)
    for done, plan in _batch(job, drawn):
        files.write(plan, edition)
        jobs.progress(job, done=done)
    with jobs.finish(job):
        if following < len(drawn):
            _schedule(write_files, year, total=len(drawn), start=following)
        else:
            share_out.schedule(year=year)


@jobs.kind(
    "demo.readers", key="demo:readers:{year}", queue=Queue.BULK, words=_("Démonstration : le partage des lectures")
)
def share_out(job: Job) -> None:
    """Each file gets its readers; those that come later will wait for theirs."""
    year = job.payload["year"]
    edition = Edition.objects.get(year=year)
    with jobs.finish(job):
        readings.share_out(edition, by=people.person(people.ORGANISER), now=_time_of_jury(edition))
        _schedule(deliberate, year, total=len(plans(year)))


def _time_of_jury(edition: Edition) -> datetime:
    """When the readers get the files: after the closing, or long enough ago that nothing of theirs lies ahead."""
    return min(edition.closes_at + timedelta(hours=1), timezone.now() - READING)


@jobs.kind(
    "demo.readings",
    key="demo:readings:{year}:{start}",
    queue=Queue.BULK,
    words=_("Démonstration : les lectures et les décisions"),
)
def deliberate(job: Job) -> None:
    """Files are read and decided as far as their fate says, late ones arrive; the last batch publishes last year's."""
    year, following = job.payload["year"], job.payload["start"] + BATCH
    edition = Edition.objects.select_related("framework").get(year=year)
    chair = Juror.objects.select_related("user", "panel").get(panel__edition=edition, is_chair=True)
    drawn = plans(year)
    for done, plan in _batch(job, drawn):
        _bring_to_its_fate(plan, edition, chair)
        jobs.progress(job, done=done)
    with jobs.finish(job):
        if following < len(drawn):
            _schedule(deliberate, year, total=len(drawn), start=following)
        elif year == LAST_YEAR:
            _sign_minutes(edition)
            results.publish(edition=edition, by=people.person(people.ORGANISER), now=timezone.now())
            aftermath.schedule(total=3)


def _sign_minutes(edition: Edition) -> None:
    """Who presided signs on the day of the session; so does whoever stood in for a chair who was recused."""
    day = edition.closes_at + timedelta(days=5)
    sitting = queries.sitting(Panel.objects.get(edition=edition))
    for juror in sitting:
        if minutes.decisions_to_report(juror).exists():
            jury.sign_minutes(
                by=juror,
                held_on=timezone.localdate(day),
                place=texts("jury")["place"],
                present=sitting,
                statement=True,
                now=day,
            )


def _bring_to_its_fate(plan: Plan, edition: Edition, chair: Juror) -> None:
    now = _time_of_jury(edition)
    application = _application(edition, plan.territory)
    readings.examine(plan, application, chair=chair, organiser=people.person(people.ORGANISER), now=now)
    if plan.fate is Fate.LATE and application.state == State.DRAFT:
        files.submit(application, now=now - timedelta(hours=2))
    if plan.fate is Fate.WITHDRAWN and application.state not in (State.DRAFT, State.WITHDRAWN):
        actions.withdraw(application=application, by=people.person(people.TOWN_HALLS), now=now)


def _application(edition: Edition, territory: Territory) -> Application:
    rows = Application.objects.select_related("edition", "framework", "territory__department", "territory__epci")
    return rows.get(edition=edition, territory=territory)


@jobs.kind(
    "demo.aftermath", key="demo:aftermath", queue=Queue.BULK, words=_("Démonstration : la publication et ses suites")
)
def aftermath(job: Job) -> None:
    """What happens to a published season: an appeal that is upheld, another that waits, a result withdrawn."""
    edition = Edition.objects.get(year=LAST_YEAR)
    if edition.published_at is None:
        return jobs.later(job, due_at=timezone.now() + timedelta(seconds=5))
    words = texts("jury")
    # Of the first copies, which what follows does not alter: the same three again, should this be cut off.
    published = PublishedResult.objects.filter(edition=edition, replaces=None).order_by("territory__code")
    movable = [row for row in published if row.level == row.document["level"]["examined"] and row.level < 5]
    upheld, waiting, withdrawn = (movable[len(movable) * quarter // 4] for quarter in (1, 2, 3))
    within = edition.results_at + timedelta(days=20)
    town_halls = people.person(people.TOWN_HALLS)
    for row, grounds in ((upheld, words["appeals"]["grounds"][0]), (waiting, words["appeals"]["grounds"][1])):
        if not Appeal.objects.filter(application=row.application).exists():
            jury.file_appeal(application=row.application, by=town_halls, grounds=grounds, now=within)
    jobs.progress(job, done=1)
    appeal = Appeal.objects.get(application=upheld.application)
    if appeal.answered_at is None:
        chair = Panel.objects.get(edition=edition).jurors.get(is_chair=True)
        plan = next(plan for plan in plans(LAST_YEAR) if plan.territory.pk == upheld.application.territory_id)
        readings.read_anew(plan, appeal, chair, now=within + timedelta(days=5))
        jury.answer_appeal(
            appeal=appeal,
            by=chair,
            upheld=True,
            answer=words["appeals"]["upheld"],
            new_level=upheld.level + 1,
            now=within + timedelta(days=15),
        )
    jobs.progress(job, done=2)
    if withdrawn.withdrawn_at is None:
        organiser = people.person(people.ORGANISER)
        results.withdraw(result=withdrawn, reason=words["withdrawal"], by=organiser, now=timezone.now())
    with jobs.finish(job):
        Job.objects.filter(pk=job.pk).update(done=3)
    return None
