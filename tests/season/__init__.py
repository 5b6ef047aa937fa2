"""A small season for tests, built by actions only: this year's edition, open, with a file in every state; last year's,
published, with certificates, appeals and a withdrawn result.

Aubaine is the commune of the agent, the signatory and the reader; Beaupré that of the stranger. The juror reads
Beaupré's file, the second has handed in a reading of it, a third is recused from it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions import mandates
from accounts.models import Role, User
from assessments import actions
from assessments.doors import frameworks
from assessments.models import Application, Edition, Evidence, Initiative, Picture
from documents.pages import Page, Pages
from jury import actions as jury
from jury.jobs import previews
from jury.models import Juror
from label.demo import answers, files, people, readings
from label.demo.files import Fate, Plan
from outbox import jobs
from outbox.doors import files as stored_files
from outbox.jobs.heartbeat import beat
from outbox.models import Job, JobState, StoredFile
from results import actions as results
from results.models import PublishedResult
from territories.models import Department, Kind, Postcode, Region, Territory
from tests.conftest import make_territory

YEAR, LAST_YEAR = 2027, 2026
PASSWORD = people.PASSWORD
AUBAINE, BEAUPRE = "01901", "01902"
HELPER, OTHER_HELPER = "250000010", "250000020"

# How far each file has come. Aubaine's of this year is a draft in hand, Beaupré's is being read.
THIS_YEAR = {
    AUBAINE: ("Aubaine", 1_240, Fate.DRAFT),
    BEAUPRE: ("Beaupré", 6_400, Fate.READING),
    "01903": ("Clairval", 310, Fate.READ),
    "01904": ("Douvres-sur-Aube", 2_700, Fate.DECIDED),
    "01905": ("Estrées", 11_800, Fate.RETURNED),
    "01906": ("Fontenoy", 24_000, Fate.INELIGIBLE),
    "01907": ("Gerville", 61_000, Fate.WITHDRAWN),
    "01908": ("Hautecombe", 890, Fate.LATE),
}
PAST = (AUBAINE, BEAUPRE, "01903", "01904", "01905")


@dataclass(frozen=True)
class Season:
    """`people` by role, `files` of this year by code."""

    edition: Edition
    past: Edition
    people: dict[str, User]
    files: dict[str, Application]

    def seat(self, who: str, *, year: int = YEAR) -> Juror:
        return Juror.objects.get(user=self.people[who], panel__edition__year=year)


# The rows of the first season built in this process, and who is who by key.
_rows: dict[type[Model], list[Model]] = {}
_cast: dict[str, int] = {}


def build() -> Season:
    """The rows stay: the caller holds a transaction, or flushes. Built by actions the first time, in eight seconds; put
    back after that."""
    if _rows:
        _put_back()
    else:
        before = {model for model in apps.get_models(include_auto_created=True) if model._base_manager.exists()}
        _cast.update({who: person.pk for who, person in _build().items()})
        made = {model: list(model._base_manager.all()) for model in apps.get_models(include_auto_created=True)}
        _rows.update({model: rows for model, rows in made.items() if rows and model not in before})
    # A worker is alive now, however old the rows.
    beat("worker")
    people = User.objects.in_bulk(_cast.values())
    files = Application.objects.filter(edition__year=YEAR).select_related("edition", "territory", "framework")
    return Season(
        edition=Edition.objects.get(year=YEAR),
        past=Edition.objects.get(year=LAST_YEAR),
        people={who: people[pk] for who, pk in _cast.items()},
        files={row.territory.code: row for row in files},
    )


def _put_back() -> None:
    """Keys and all, in any order: the database checks references at the end. Its counters go on after them."""
    with transaction.atomic():
        for model, rows in _rows.items():
            model._base_manager.bulk_create(deepcopy(rows))
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), _rows):
                cursor.execute(sql)


def _build() -> dict[str, User]:
    now = timezone.now()
    france()
    cast = _people(now)
    past = _edition(LAST_YEAR, (-420, -280, -20), cast, now, simulated=True)
    _file_all(past, dict.fromkeys(PAST, Fate.DECIDED), now=past.closes_at)
    _show(past, now)
    _publish(past, cast)
    edition = _edition(YEAR, (-150, 60, 130), cast, now, simulated=False)
    _declare(edition, cast, now)
    _calibrate(edition, past, cast, now)
    _attach_files(edition, now)
    _file_all(edition, {code: fate for code, (_name, _population, fate) in THIS_YEAR.items()}, now=now)
    _show(edition, now)
    _put_to_vote(edition, cast, now)
    _around(cast, now)
    _together(edition, cast, now)
    return cast


def opened() -> Season:
    """This year's edition, open, with its panel, and no file yet: where a journey starts."""
    now = timezone.now()
    france()
    cast = _people(now)
    edition = _edition(YEAR, (-30, 60, 130), cast, now, simulated=False)
    return Season(edition, edition, cast, {})


def france() -> None:
    """One department, one EPCI and its communes. The official list comes from a file: here rows stand for it."""
    region = Region.objects.create(code="84", name="Auvergne-Rhône-Alpes")
    department = Department.objects.create(code="01", name="Ain", region=region)
    code = "200000001"
    epci = make_territory(department, code, "CC du Val d’Aubaine", 24_200, kind=Kind.EPCI, siren=code)
    for code, (name, population, _fate) in THIS_YEAR.items():
        commune = make_territory(department, code, name, population, epci=epci if code < "01904" else None)
        Postcode.objects.create(code="01190", territory=commune)


def _people(now: datetime) -> dict[str, User]:
    with override_settings(INSTANCE={**settings.INSTANCE, "demo": True}):
        people.make()
    organiser = people.person(people.ORGANISER)
    cast = {
        "agent": people.person(people.AGENT),
        "signatory": people.person(people.SIGNATORY),
        "reader": _newcomer("lectrice", "L’adjointe à la culture"),
        "stranger": _newcomer("voisine", "La maire de la commune voisine"),
        "juror": people.person("juree2"),
        # Has handed in a reading of Beaupré's file; the other is still reading it.
        "second": people.person("juree1"),
        "recused": people.person("juree3"),
        "chair": people.person(people.CHAIR),
        "organiser": organiser,
    }
    at = {territory.code: territory for territory in Territory.objects.filter(kind=Kind.COMMUNE)}
    for who, code, role in (
        ("agent", AUBAINE, Role.CONTRIBUTOR),
        ("signatory", AUBAINE, Role.SIGNATORY),
        ("reader", AUBAINE, Role.READER),
        ("stranger", BEAUPRE, Role.SIGNATORY),
    ):
        accounts.attach(user=cast[who], territories=[at[code]], role=role, by=organiser, now=now)
    cast["town_halls"] = people.person(people.TOWN_HALLS)
    accounts.attach(user=cast["town_halls"], territories=at.values(), role=Role.SIGNATORY, by=organiser, now=now)
    return cast


def _newcomer(who: str, function: str) -> User:
    user = accounts.ensure_user(email=people.address(who), name="", function=function, by=None)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def _edition(
    year: int, days: tuple[int, int, int], cast: dict[str, User], now: datetime, *, simulated: bool
) -> Edition:
    row = frameworks.load(frameworks.path_of(year).read_text(encoding="utf-8"))
    opens, closes, announced = (now + timedelta(days=number) for number in days)
    edition = actions.create_edition(
        year=year,
        framework=row,
        opens_at=opens,
        closes_at=closes,
        results_at=announced,
        by=cast["organiser"],
        simulated=simulated,
    )
    panel = jury.open_panel(edition=edition, by=cast["organiser"])
    for who in ("chair", "juror", "second", "recused"):
        juror = jury.add_juror(
            panel=panel,
            email=cast[who].email,
            name="",
            function=cast[who].function,
            is_chair=who == "chair",
            by=cast["organiser"],
            now=opens,
        )
        jury.declare(juror=juror, by=juror.user, now=opens)
    return edition


def _file_all(edition: Edition, fates: dict[str, Fate], *, now: datetime) -> None:
    """Each file is written, then read and decided as far as its fate says, as in the demonstration."""
    at = {row.code: row for row in Territory.objects.select_related("department", "epci")}
    # Each of the few files has an arobase: a level 0 shows little of a page.
    levels = answers.wanted_levels(len(fates), random.Random(edition.year), schema=1)
    peers = [at[code] for code in fates]
    plans = [
        Plan(at[code], fate, f"{edition.year}:{code}", level, peers)
        for (code, fate), level in zip(fates.items(), levels, strict=True)
    ]
    written = {plan: files.write(plan, edition) for plan in plans}
    organiser = people.person(people.ORGANISER)
    now += timedelta(hours=1)
    readings.share_out(edition, by=organiser, now=now)
    chair = Juror.objects.select_related("user", "panel").get(panel__edition=edition, is_chair=True)
    for plan, application in written.items():
        application.refresh_from_db()
        readings.examine(plan, application, chair=chair, organiser=organiser, now=now)
        if plan.fate is Fate.LATE:
            files.submit(application, now=now)
        if plan.fate is Fate.WITHDRAWN:
            actions.withdraw(application=application, by=people.person(people.TOWN_HALLS), now=now)


def _declare(edition: Edition, cast: dict[str, User], now: datetime) -> None:
    """Before the files are shared out: the third juror lives in Beaupré."""
    jury.declare_interest(
        juror=Juror.objects.get(user=cast["recused"], panel__edition=edition),
        territory=Territory.objects.get(code=BEAUPRE),
        nature="J’y habite.",
        by=cast["recused"],
        now=now,
    )


def _calibrate(edition: Edition, past: Edition, cast: dict[str, User], now: datetime) -> None:
    """Two files of last year were read for practice; the third juror was recused from one and read none."""
    chair, *readers = (
        Juror.objects.get(user=cast[who], panel__edition=edition) for who in ("chair", "juror", "second")
    )
    files = Application.objects.filter(edition=past, territory__code__in=(BEAUPRE, "01903"))
    calibration = jury.open_calibration(files=list(files.order_by("pk")), by=chair, now=now)
    axes = [axis.id for axis in past.framework.parsed.axes]
    for juror, mark in zip((chair, *readers), (2, 3, 1), strict=True):
        for application in files:
            reading = jury.Reading(marks=dict.fromkeys(axes, mark), proposed_level=mark)
            jury.try_reading(calibration=calibration, application=application, by=juror, reading=reading, now=now)
    jury.close_calibration(calibration=calibration, by=chair, now=now)


ONE_PIXEL = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


def _attach_files(edition: Edition, now: datetime) -> None:
    """A file among the evidence of Aubaine and of Beaupré: those of the demonstration are links."""
    by = people.person(people.TOWN_HALLS)
    question = edition.framework.parsed.questions[0].id
    for territory in Territory.objects.filter(code__in=(AUBAINE, BEAUPRE)).select_related("department"):
        application = actions.start(edition=edition, territory=territory, by=by, now=now)
        upload = ("deliberation.txt", f"Délibération du conseil municipal : {territory.name}.".encode())
        piece = actions.add_evidence(
            application=application, title="Délibération", upload=upload, questions=[question], by=by, now=now
        )
        # As the worker draws them, without its time.
        previews.keep(piece, Pages((Page(ONE_PIXEL, 1, 1),), total=1))
        Evidence.objects.filter(pk=piece.pk).update(thumbnail=_drawn())


def _show(edition: Edition, now: datetime) -> None:
    """A picture drawn for each initiative of the edition."""
    Picture.objects.bulk_create(
        Picture(initiative=row, alternative="La médiathèque", file=_drawn(), width=1, height=1, added_at=now)
        for row in Initiative.objects.filter(application__edition=edition)
    )


def _drawn() -> StoredFile:
    return stored_files.store(ONE_PIXEL, content_type="image/webp")


def _publish(edition: Edition, cast: dict[str, User]) -> None:
    """The worker's part is done here. One appeal waits, one is upheld, one result is withdrawn."""
    sitting = list(Juror.objects.filter(panel__edition=edition))
    chair = next(juror for juror in sitting if juror.user == cast["chair"])
    held_on = timezone.localdate(edition.closes_at)
    jury.sign_minutes(by=chair, held_on=held_on, place="Lyon", present=sitting, statement=True, now=timezone.now())
    results.publish(edition=edition, by=cast["organiser"], now=timezone.now())
    work("edition.publish", "benchmark.publish", "edition.reports", "receipt.make", "dossier.make")
    edition.refresh_from_db()
    by = people.person(people.TOWN_HALLS)
    published = {
        row.territory.code: row
        for row in PublishedResult.objects.filter(edition=edition).select_related(
            "territory", "application__edition", "application__territory"
        )
    }
    now = timezone.now()
    grounds = "La médiathèque a rouvert en septembre : le jury n’a pas pu le savoir."
    work("minutes.make")
    _waiting, second = (
        jury.file_appeal(application=published[code].application, by=by, grounds=grounds, now=now)
        for code in (BEAUPRE, "01903")
    )
    row = published["01903"]
    examined = row.document["level"]["examined"]
    plan = Plan(row.territory, Fate.DECIDED, "read anew", examined)
    readings.read_anew(plan, second, chair, now=now)
    jury.answer_appeal(
        appeal=second,
        by=chair,
        upheld=True,
        answer="Les pièces jointes établissent l’ouverture de la médiathèque.",
        new_level=next(level for level in (examined + 1, examined, examined - 1) if level != row.level and level < 6),
        now=now,
    )
    work("result.republish", "certificate.make", "credential.issue", "credential.status")
    _write_report(published[AUBAINE])
    reason = "La collectivité a demandé ce retrait."
    results.withdraw(result=published["01905"], reason=reason, by=cast["organiser"], now=now)


def _put_to_vote(edition: Edition, cast: dict[str, User], now: datetime) -> None:
    """Clairval's file, read twice, is before the jury: a mention was voted, the vote on its level is open."""
    application = Application.objects.select_related("edition", "territory").get(
        edition=edition, territory__code="01903"
    )
    seats = {row.user_id: row for row in Juror.objects.filter(panel__edition=edition).select_related("user", "panel")}
    chair = seats[cast["chair"].pk]
    honour = jury.open_ballot(application=application, honour="Accueil des aînés", by=chair, now=now)
    for who in ("chair", "juror", "second"):
        jury.vote(ballot=honour, choice=1, by=seats[cast[who].pk], now=now)
    jury.close_ballot(ballot=honour, by=chair, now=now)
    level = jury.open_ballot(application=application, by=chair, now=now)
    jury.vote(ballot=level, choice=level.examined_level, by=chair, now=now)


def _write_report(result: PublishedResult) -> None:
    """One is enough: each takes as long as ten certificates."""
    jobs.run(Job.objects.get(key=f"report:{result.report.pk}").pk)


def _around(cast: dict[str, User], now: datetime) -> None:
    """What waits: a request, an invitation, a key, an address to confirm, a file to check."""
    aubaine = Territory.objects.get(code=AUBAINE)
    candidate = _newcomer("candidat", "Le directeur général des services")
    accounts.request_membership(territory=aubaine, role=Role.READER, message="Je viens d’arriver.", by=candidate)
    accounts.invite(territory=aubaine, email=people.address("invitee"), role=Role.READER, by=cast["signatory"], now=now)
    _help(aubaine, cast, now)
    accounts.create_token(name="Tableur", by=cast["agent"])
    cast["agent"].emailaddress_set.create(email=people.address("nouvelle-adresse"))
    results.check_file(content=b"%PDF-1.7 a file that somebody doubts", now=now)


def _help(aubaine: Territory, cast: dict[str, User], now: datetime) -> None:
    """Two helpers; the mayor of Beaupré works for the first, which asks Aubaine for a mandate."""
    for siren, name, who in (
        (HELPER, "Syndicat numérique de l’Ain", "stranger"),
        (OTHER_HELPER, "CC du Val d’Aubaine", "organiser"),
    ):
        mandates.add_to_helper(siren=siren, name=name, email=cast[who].email, by=cast["organiser"], now=now)
    mandates.ask_mandate(helper=cast["stranger"].helpers.get(), territory=aubaine, by=cast["stranger"], now=now)


def _together(edition: Edition, cast: dict[str, User], now: datetime) -> None:
    """On Aubaine's first question: somebody in charge, a comment, a link sent."""
    application = Application.objects.select_related("edition", "framework", "territory").get(
        edition=edition, territory__code=AUBAINE
    )
    question = next(row for row in application.framework.parsed.questions if row.express).id
    common = {"application": application, "by": cast["signatory"], "now": now}
    actions.assign(part=question, person=cast["agent"], **common)
    actions.comment(question_id=question, text="La médiathèque le sait.", **common)
    actions.ask(question_id=question, email=people.address("bibliothecaire"), **common)


def work(*kinds: str) -> None:
    """Run what is due of these kinds, as the worker would."""
    while job := Job.objects.filter(kind__in=kinds, state=JobState.TODO, due_at__lte=timezone.now()).first():
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE, job.error


@contextmanager
def rolled_back(blocker: Any) -> Iterator[Season]:
    """A season for the tests of one module: built once, in a transaction that none of them ends."""
    with blocker.unblock(), transaction.atomic():
        built = build()
        # Once: references not yet looked at would be looked at again, all of them, at the end of every test.
        connection.check_constraints()
        yield built
        transaction.set_rollback(True)
