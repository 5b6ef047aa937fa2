"""One simulated file: started, filled in by the bulk action, submitted."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from assessments import actions
from assessments.enums import Cost, State
from assessments.models import Application, Edition, Initiative
from label.demo import answers, people, pictures
from label.demo.words import texts
from scoring import facts
from scoring.framework import Framework
from territories.models import Territory
from territories.rules.names import search_name

Document = dict[str, Any]


class Fate(StrEnum):
    """How far a file of this year's season has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LATE = "late"  # submitted after the readers were assigned: waits for them
    RETURNED = "returned"
    READING = "reading"
    READ = "read"
    DECIDED = "decided"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"


# A season in progress: every state of a file can be seen in it.
FATES = {
    Fate.DRAFT: 34,
    Fate.LATE: 16,
    Fate.READING: 37,
    Fate.READ: 20,
    Fate.DECIDED: 22,
    Fate.RETURNED: 4,
    Fate.INELIGIBLE: 2,
    Fate.WITHDRAWN: 4,
}


@dataclass(frozen=True)
class Plan:
    """One territory of a season, with what chance holds for it, the level that its file is written for, and whom it may
    have taken an idea from."""

    territory: Territory
    fate: Fate
    seed: str
    level: int
    peers: Sequence[Territory] = field(default=(), repr=False, compare=False)

    def rng(self, purpose: str) -> random.Random:
        return random.Random(f"{self.seed}:{purpose}")  # noqa: S311 -- a simulation, repeatable on purpose


def write(plan: Plan, edition: Edition) -> Application:
    """Start and fill the file; submit it unless it stays a draft or comes late. Running it again changes nothing."""
    rng = plan.rng("file")
    by = people.person(people.TOWN_HALLS)
    length = edition.closes_at - edition.opens_at
    now = edition.opens_at + length * rng.uniform(0.02, 0.35)
    application = actions.start(edition=edition, territory=plan.territory, by=by, now=now)
    if application.state != State.DRAFT:
        return application
    framework = edition.framework.parsed
    whole = plan.fate is not Fate.DRAFT
    document = simulate(framework, application, edition, rng, level=plan.level, whole=whole, peers=plan.peers)
    actions.fill(application=application, document=document, by=by, now=now + timedelta(days=1))
    if plan.fate is Fate.DECIDED:
        _illustrate(plan, application, now=now + timedelta(days=1))
    if plan.fate not in (Fate.DRAFT, Fate.LATE):
        submit(application, now=now + timedelta(days=2))
    return application


def submit(application: Application, *, now: datetime) -> None:
    actions.submit(application=application, by=people.person(people.TOWN_HALLS), now=now)


def simulate(
    framework: Framework,
    application: Application,
    edition: Edition,
    rng: random.Random,
    *,
    level: int,
    whole: bool,
    peers: Sequence[Territory] = (),
) -> Document:
    """A document for the bulk action, whose computed level is the one wanted."""
    declared = declared_context(framework, application.official_context, rng)
    context = application.official_context | facts.presumed(framework, application.official_context) | declared
    found, initiatives, _result = answers.at_level(
        framework, context, level, rng, claims=claims(framework), skipped=0.04 if whole else 0.55
    )
    proven = [name for name, answer in found.items() if answer.pop("evidence", False)]
    territory = application.territory
    return {
        "context": declared,
        "answers": found,
        "initiatives": list(_initiatives(territory, _wanted(initiatives), edition, rng, peers)),
        "evidence": list(_evidence(territory, proven)),
    }


def _illustrate(plan: Plan, application: Application, *, now: datetime) -> None:
    """A drawing for one initiative of every other file."""
    rows = list(Initiative.objects.filter(application=application, removed_at=None).order_by("pk"))
    rng = plan.rng("picture")
    if not rows or rng.random() < 0.5 or any(row.pictures.exists() for row in rows):
        return
    chosen, kind = rng.choice(rows), rng.randrange(pictures.KINDS)
    axis = chosen.axis or rng.choice(list(pictures.COLOURS))
    actions.add_picture(
        initiative=chosen,
        alternative=pictures.alternative(),
        upload=("dessin.png", pictures.draw(axis, kind)),
        by=people.person(people.TOWN_HALLS),
        now=now,
    )


def claims(framework: Framework) -> dict[str, str]:
    """Which questions some communes say do not concern them, with their reason."""
    return {
        question: claim["reason"]
        for claim in texts("jury")["claims"]
        for question in claim["questions"]
        if question in framework.question_by_id and not framework.question_by_id[question].express
    }


def declared_context(framework: Framework, official: Mapping[str, Any], rng: random.Random) -> Document:
    """What the commune says of itself: larger ones have more of everything."""
    size = min(1.0, 0.45 + official["population"] / 12_000)
    chances = {
        "has_website": 0.97,
        "uses_ai": 0.5,
        "publishes_ai_content": 0.25 * size,
        "collects_fees": 0.9,
        "has_maternity": 0.15 * size,
        "has_id_desk": 0.5 * size,
        "has_video": 0.6 * size,
    }
    drawn = {name: rng.random() < chances.get(name, size) for name in framework.context}
    return {name: drawn[name] for name in facts.asked(framework, official)}


def slug(territory: Territory) -> str:
    return re.sub(r"[^a-z0-9]+", "-", search_name(territory.name)).strip("-")


def _evidence(territory: Territory, proven: list[str]) -> Iterator[Document]:
    """A page of the (simulated) site for every three questions."""
    for number, start in enumerate(range(0, len(proven), 3), start=1):
        yield {
            "title": f"Page du site, pièce {number} (simulée)",
            "url": f"https://{slug(territory)}.example/numerique/piece-{number}",
            "questions": proven[start : start + 3],
            "public": True,
        }


def _wanted(initiatives: Mapping[str, Any]) -> Iterator[tuple[str, str | None, int]]:
    """Issue, axis (none before schema 2), number."""
    for issue, counted in initiatives.items():
        if isinstance(counted, int):
            yield issue, None, counted
        else:
            yield from ((issue, axis, count) for axis, count in counted.items())


def _initiatives(
    territory: Territory,
    wanted: Iterable[tuple[str, str | None, int]],
    edition: Edition,
    rng: random.Random,
    peers: Sequence[Territory],
) -> Iterator[Document]:
    used: set[str] = set()
    for issue, axis, count in wanted:
        known = [
            item
            for item in texts("initiatives")["initiatives"]
            if issue in item["issues"]
            and axis in (None, item["axis"])
            and territory.kind in item["kinds"]
            and (territory.population or 0) >= item["min_population"]
            and item["title"] not in used
        ]
        # A larger commune does what the smallest cannot: the most demanding come first, with two more to choose from.
        rng.shuffle(known)
        fitting = sorted(known, key=lambda item: item["min_population"], reverse=True)[: count + 2]
        for item in rng.sample(fitting, min(count, len(fitting))):
            used.add(item["title"])
            told = _initiative(item, issue, axis, territory, edition, rng)
            yield told | _besides(item["title"], territory, edition, peers)


def _initiative(
    item: Mapping[str, Any],
    issue: str,
    axis: str | None,
    territory: Territory,
    edition: Edition,
    rng: random.Random,
) -> Document:
    closing: date = edition.closes_at.date()
    started = closing - timedelta(days=rng.randint(90, 640))
    ended = None if item["running"] else started + timedelta(days=rng.randint(20, 80))
    return {
        "title": item["title"],
        "description": item["description"].replace("{territory}", territory.name),
        "started_on": started,
        "ended_on": ended,
        "operator": item["operator"],
        "issues": [issue],
        **({"axis": axis} if axis else {}),
        "link": f"https://{slug(territory)}.example/initiatives/{rng.randint(100, 999)}",
    }


def _besides(title: str, territory: Territory, edition: Edition, peers: Sequence[Territory]) -> Document:
    """What an initiative may say of itself besides: often its cost and whom to ask, at times what it gave, with whom it
    is done and where the idea comes from. By a chance of its own: what is told above does not move."""
    rng = random.Random(f"{edition.year}:{territory.code}:{title}")  # noqa: S311 -- a simulation
    said, many = texts("initiatives"), rng.randint(40, 90)
    numbers = {"n": many, "m": rng.randint(8, many - 20)}
    # The larger the territory, the dearer what it does.
    weights = (6, 3, 1, 0) if (territory.population or 0) < 3_500 else (2, 4, 3, 1)
    fields: Document = {}
    if rng.random() < 0.8:
        fields["cost"] = rng.choices(Cost.values, weights)[0]
    if rng.random() < 0.7:
        function = rng.choice(texts("functions")["agents"])
        fields["contact"] = f"{function[0].upper()}{function[1:]}, numerique@{slug(territory)}.example"
        fields["contact_public"] = True
    if rng.random() < 0.4:
        fields["results"] = rng.choice(said["results"]).format(**numbers)
    if rng.random() < 0.3:
        fields["partners"] = rng.choice(said["partners"])
    if rng.random() < 0.25 and peers:
        # Some territories inspire many, most none: the same few come first.
        inspirer = peers[int(len(peers) * rng.random() ** 2)]
        fields["inspired_by"] = inspirer if inspirer.pk != territory.pk else None
    return fields
