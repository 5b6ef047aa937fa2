"""Many people at the same instant, on a real web server: those who save before the closing, those who wait for the
announcement, a whole jury. `tests/label/test_load.py` holds what must be true of them; `python -m bench.load` says how
long they waited, beside a page without data of the same server at the same time.

Each person asks from an address of loopback's own and waits for an answer before asking again: nothing here depends on
the speed of the machine."""

import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Membership, MembershipState, Role, User
from assessments.models import Answer, Application, Edition
from bench.web import percentile
from jury.models import Assignment, Interest, Juror, Review
from results.models import PublishedInitiative
from tests import crowd, season
from tests.label.test_server import Visitor
from tests.worker import wait

AGENTS, READERS, JURORS = 200, 500, 40
SAVES, READINGS = 2, 3  # of each agent before the closing is near, of each juror
SOON = timedelta(seconds=4)
PATIENCE = 900.0  # seconds: after them the server is held to hang; hundreds wait for one another
FLOOR = "/mentions-legales/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TOKEN = "t" * 32
CROWD = "@arobase.example"  # of everybody made by `tests.crowd`, and of the agents


@dataclass
class Asked:
    what: str
    status: int
    text: str
    begun: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        return (self.ended - self.begun).total_seconds()


@dataclass
class Person:
    """`number` makes the address of loopback from which it asks; signed in, when it is a user."""

    port: int
    number: int
    user: User | None = None
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        address = f"127.0.{1 + self.number // 250}.{1 + self.number % 250}"
        self.visitor = Visitor(address, self.port)
        self.visitor.patience = PATIENCE
        self.cookie = f"{settings.CSRF_COOKIE_NAME}={TOKEN}"
        if self.user:
            self.cookie += f"; {settings.SESSION_COOKIE_NAME}={session_of(self.user)}"

    def ask(self, what: str, path: str, form: dict[str, str] | None = None) -> Asked:
        headers, body = {"Cookie": self.cookie}, None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN, "HX-Request": "true"}
        begun = timezone.now()
        answer = self.visitor.ask("POST" if form is not None else "GET", path, body, **headers)
        self.asked.append(Asked(what, answer.status, answer.text, begun, timezone.now()))
        return self.asked[-1]


def session_of(user: User) -> str:
    session = SessionStore()
    known = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
    session.update(known)
    session.create()
    return str(session.session_key)


def together(port: int, lives: Sequence[Callable[[], None]], meanwhile: Callable[[], None]) -> list[Asked]:
    """All live at once; what the one who only asks for the floor saw meanwhile."""
    over, watcher = threading.Event(), Person(port, 249)

    def watch() -> None:
        while not over.is_set():
            watcher.ask("floor", FLOOR)
            over.wait(0.05)

    def live(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(lives) + 1) as pool:
        watching = pool.submit(live, watch)
        living = [pool.submit(live, work) for work in lives]
        try:
            meanwhile()
            for each in living:
                each.result()
        finally:
            over.set()
        watching.result()
    return watcher.asked


# The last two minutes before the closing


@dataclass
class Save:
    file: int
    question: str
    version: int
    value: bool
    asked: Asked


@dataclass(kw_only=True)
class Agent(Person):
    """Answers one question of a file, otherwise each time, on what it knows to be there."""

    file: Application
    question: str
    version: int
    value: bool = True

    def save(self) -> Save | None:
        """None when it was not acknowledged: the next says the same again."""
        address = f"/dossiers/{self.file.territory.code}/{season.YEAR}/questions/express/{self.question}/"
        given = {"answer": "v:true" if self.value else "v:false", "seen": str(self.version)}
        asked = self.ask("save", address, given)
        if asked.status != HTTPStatus.OK:
            return None
        self.version += 1
        saved = Save(self.file.pk, self.question, self.version, self.value, asked)
        self.value = not self.value
        return saved


def agents(port: int, built: season.Season, count: int) -> list[Agent]:
    """Two a file, each with a question of their own."""
    files = crowd.multiply([built.files[season.AUBAINE]], count // 2)
    questions = [each.id for each in built.edition.framework.parsed.questions if each.kind == "boolean"][:2]
    versions = {
        (row.application_id, row.question_id): row.version
        for row in Answer.objects.filter(application__in=files, question_id__in=questions).order_by("version")
    }
    users = User.objects.bulk_create(User(email=f"agent{number}{CROWD}") for number in range(count))
    Membership.objects.bulk_create(
        Membership(
            user=user,
            territory=files[number // 2].territory,
            role=Role.CONTRIBUTOR,
            state=MembershipState.ACTIVE,
            decided_at=timezone.now(),
        )
        for number, user in enumerate(users)
    )
    return [
        Agent(port, number, user, file=file, question=question, version=versions.get((file.pk, question), 0))
        for number, user in enumerate(users)
        for file, question in [(files[number // 2], questions[number % 2])]
    ]


@dataclass
class Closing:
    closes_at: datetime
    written: list[Save]
    refused: list[Asked]
    floor: list[Asked]
    connections: int  # of the web server to the database


def closing(port: int) -> Closing:
    """They save until they are refused."""
    built = season.build()
    written: list[Save] = []
    refused: list[Asked] = []

    def saves(agent: Agent) -> Callable[[], None]:
        def work() -> None:
            while saved := agent.save():
                written.append(saved)
            refused.append(agent.asked[-1])

        return work

    seen: list[Any] = []

    def close() -> None:
        wait(lambda: len(written) >= SAVES * AGENTS or refused, seconds=PATIENCE, every=0.1)
        seen.extend([timezone.now() + SOON, connections()])
        Edition.objects.filter(pk=built.edition.pk).update(closes_at=seen[0])

    floor = together(port, [saves(agent) for agent in agents(port, built, AGENTS)], close)
    return Closing(seen[0], written, refused, floor, seen[1])


def connections() -> int:
    """Of others than this one to its database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


# The minute of the ceremony


@dataclass
class Ceremony:
    results_at: datetime
    asked: list[Asked]
    shows: dict[str, str]  # by page: words that only a result has there
    floor: list[Asked]


def ceremony(port: int) -> Ceremony:
    """Each reader goes from page to page until each was asked for once after the instant."""
    built = season.build()
    shown = PublishedInitiative.objects.filter(result__edition=built.past, result__territory__code=season.AUBAINE)
    commune, title = f"/annuaire/{season.AUBAINE}/", str(escape(shown.order_by("pk")[0].title))
    shows = {"/annuaire/": f'href="{commune}"', commune: title, "/api/v1/results/": f'"{season.AUBAINE}"'}
    later(built.past, timedelta(hours=1))
    announced: list[datetime] = []
    readers = [Person(port, number) for number in range(READERS)]

    def reader(person: Person) -> Callable[[], None]:
        def read() -> None:
            turn = person.number
            left = set(shows)
            while left:
                page = list(shows)[turn % len(shows)]
                asked = person.ask(page, page)
                if asked.status != HTTPStatus.OK:
                    return
                if announced and asked.begun > announced[0]:
                    left.discard(page)
                turn += 1

        return read

    def announce() -> None:
        wait(lambda: all(each.asked for each in readers), seconds=PATIENCE, every=0.1)
        announced.append(later(built.past, SOON))

    floor = together(port, [reader(each) for each in readers], announce)
    return Ceremony(announced[0], [each for person in readers for each in person.asked], shows, floor)


def later(edition: Edition, by: timedelta) -> datetime:
    at = timezone.now() + by
    Edition.objects.filter(pk=edition.pk).update(results_at=at)
    return at


# Forty jurors


@dataclass
class Jury:
    asked: list[Asked]
    typed: dict[int, str]  # by assignment: what was acknowledged last
    floor: list[Asked]


def jury(port: int) -> Jury:
    """Each looks at the queue, opens a file that another reads too, and its reading saves itself as it is typed."""
    built = season.build()
    files = crowd.multiply([built.files[season.BEAUPRE]], JURORS // 2)
    panel = built.seat("chair").panel
    crowd.seat(panel, JURORS)
    jurors = list(Juror.objects.filter(panel=panel, user__email__endswith=CROWD).select_related("user"))
    Juror.objects.filter(pk__in=[juror.pk for juror in jurors]).update(declared_at=timezone.now())
    Interest.objects.filter(juror__in=jurors).delete()  # some would be recused from the file that they read
    assignments = Assignment.objects.bulk_create(
        Assignment(juror=juror, application=files[number // 2]) for number, juror in enumerate(jurors)
    )
    axes = [axis.id for axis in built.edition.framework.parsed.axes]
    people = [Person(port, number, juror.user) for number, juror in enumerate(jurors)]
    typed: dict[int, str] = {}

    def juror(number: int) -> Callable[[], None]:
        person, assignment = people[number], assignments[number]
        address = f"/jury/{files[number // 2].territory.code}/{season.YEAR}/"

        def read() -> None:
            person.ask("queue", "/jury/")
            person.ask("file", address)
            for seen in range(READINGS):
                form = {f"mark-{axis}": str((number + seen) % 5) for axis in axes}
                form |= {"seen": str(seen), "comment_to_jury": f"{person.user}, {seen}"}
                if person.ask("reading", f"{address}lecture/", form).status == HTTPStatus.OK:
                    typed[assignment.pk] = form["comment_to_jury"]

        return read

    floor = together(port, [juror(number) for number in range(JURORS)], lambda: None)
    return Jury([each for person in people for each in person.asked], typed, floor)


def tell(asked: Sequence[Asked], floor: Sequence[Asked]) -> None:
    """Prints how long each sort of page was waited for; nothing is asked of it."""
    beside = _middle_and_slowest(floor)
    print(f"\nfloor, {len(floor)} times: p50 {beside[0]:.0f} ms, p99 {beside[1]:.0f} ms")
    for what in dict.fromkeys(each.what for each in asked):
        some = [each for each in asked if each.what == what]
        ratios = (mine / its for mine, its in zip(_middle_and_slowest(some), beside, strict=True))
        print(f"{what}, {len(some)} times: p50 {next(ratios):.1f} × the floor’s, p99 {next(ratios):.1f} ×")


def _middle_and_slowest(asked: Sequence[Asked]) -> tuple[float, float]:
    times = [each.seconds for each in asked]
    return percentile(times, 50), percentile(times, 99)


def comments() -> dict[int, str]:
    """By assignment, of the jurors of `jury`."""
    reviews = Review.objects.filter(assignment__juror__user__email__endswith=CROWD)
    return dict(reviews.values_list("assignment", "comment_to_jury"))


def said(text: str) -> str:
    """A page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
