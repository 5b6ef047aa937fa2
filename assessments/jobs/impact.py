"""What another version of a questionnaire would change for the files of an edition, measured before it is adopted."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessments import queries
from assessments.doors import scorecards
from assessments.enums import State
from assessments.models import Application, Edition, Framework, FrameworkImpact
from outbox import jobs
from outbox.models import Job, Queue
from scoring import framework as engine_framework
from scoring import impact
from scoring.framework import Framework as EngineFramework
from scoring.impact import Change, Impact

# Progress is written once in so many files: each write costs a commit.
STRIDE = 20
SHOWN = 5  # questions told of each file that changes level
IN_HAND = (State.DRAFT, State.RETURNED)
OUT = (State.WITHDRAWN, State.INELIGIBLE)


def counted() -> QuerySet[Application]:
    """The files that count: neither withdrawn nor ineligible."""
    return queries.applications().exclude(state__in=OUT).order_by("territory__sort_key", "pk")


def of_file(application: Application, framework: EngineFramework) -> Impact:
    """A file as it stands when its applicant holds it, as it was last frozen otherwise."""
    card = None if application.state in IN_HAND else application.scorecards.order_by("-frozen_at", "-pk").first()
    inputs = json.loads(card.inputs) if card else scorecards.inputs(application)
    return impact.impact(scorecards.score(application, inputs), framework)


def questions(old: EngineFramework, new: EngineFramework) -> dict[str, Any]:
    """What the two versions ask differently. `meanings` are faults: an id, once used, keeps its meaning."""
    before = {question["id"]: question for question in old.document["questions"]}
    after = {question["id"]: question for question in new.document["questions"]}
    return {
        "gone": [_named(old, name) for name in before if name not in after],
        "new": [_named(new, name) for name in after if name not in before],
        "changed": [
            _named(new, name) | {"keys": _different(before[name], after[name])}
            for name in after
            if name in before and before[name] != after[name]
        ],
        "rest": _different(
            *({key: part for key, part in each.document.items() if key != "questions"} for each in (old, new))
        ),
        "meanings": [str(fault) for fault in engine_framework.compare(old, new)],
    }


def _named(framework: EngineFramework, name: str) -> dict[str, Any]:
    return {"id": name, "text": framework.question_by_id[name].text["fr"]}


def _different(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def summary(impacts: Iterable[tuple[Application, Impact]]) -> dict[str, Any]:
    """How many files go from each level to each, which ones change level and why, and what would be put aside."""
    levels: Counter[tuple[int, int]] = Counter()
    moved, parked, files = [], 0, 0
    for application, each in impacts:
        files += 1
        parked += len(each.parked)
        before, after = each.before.level or 0, each.after.level or 0
        levels[before, after] += 1
        if before != after:
            moved.append(_moved(application, each))
    return {
        "files": files,
        "parked": parked,
        "levels": [[*pair, n] for pair, n in sorted(levels.items())],
        "moved": moved,
    }


def _moved(application: Application, each: Impact) -> dict[str, Any]:
    return {
        "code": application.territory.code,
        "name": application.territory.name,
        "level": [each.before.level, each.after.level],
        "overall": [None if of.overall is None else str(of.overall) for of in (each.before, each.after)],
        "axes": {
            name: [list(each.before.axes.get(name, (0, 0))), list(sums)] for name, sums in each.after.axes.items()
        },
        "changes": [_change(change) for change in each.changes[:SHOWN]],
        "more": max(len(each.changes) - SHOWN, 0),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "id": change.question.id,
        "text": change.question.text["fr"],
        "what": change.what,
        "before": list(change.before),
        "after": list(change.after),
    }


@jobs.kind(
    "framework.impact",
    key="impact:{edition}:{framework}:{last}",
    queue=Queue.SCORES,
    words=gettext_lazy("Effets d’une version du référentiel"),
)
def measure(job: Job) -> None:
    """Payload: `edition`, `framework`. The row is written again by a later measure."""
    edition = Edition.objects.select_related("framework").get(pk=job.payload["edition"])
    framework = Framework.objects.get(pk=job.payload["framework"])
    known = framework.parsed
    files = list(counted().filter(edition=edition))
    impacts = []
    for position, application in enumerate(files):
        if position % STRIDE == 0:
            jobs.progress(job, done=position, total=len(files))
        impacts.append((application, of_file(application, known)))
    document = questions(edition.framework.parsed, known) | summary(impacts)
    with jobs.finish(job):
        FrameworkImpact.objects.update_or_create(
            edition=edition, framework=framework, defaults={"document": document, "measured_at": timezone.now()}
        )
