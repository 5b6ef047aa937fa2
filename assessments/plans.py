"""The way to the next level: found by a worker, shown as a short list of things to do, confirmed by its score."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import scorecards, wording
from assessments.models import Application, Plan
from assessments.questionnaire import Part
from assessments.simulation import Control, Inputs, Simulation
from outbox import jobs
from outbox.models import Job, JobState
from scoring.engine import Result

PART = "plan"  # the questions of a plan, beside issues and axes


class Stage(StrEnum):
    """Where the plan of a file is."""

    INCOMPLETE = "incomplete"  # no level yet, so no next one
    TOP = "top"
    UNASKED = "unasked"  # or made for other answers
    WAITING = "waiting"
    FAILED = "failed"
    IMPOSSIBLE = "impossible"
    READY = "ready"


@jobs.handler("plan.make", gettext_lazy("Chemin vers le niveau suivant"))
def make(job: Job) -> None:
    """Payload: `plan`. One that was replaced meanwhile, or is made already, is left as it is."""
    row = (
        Plan.objects.select_related("application__framework")
        .filter(pk=job.payload["plan"], document__isnull=True)
        .first()
    )
    document = work_out(row) if row else None
    with jobs.finish(job):
        if row:
            Plan.objects.filter(pk=row.pk, document__isnull=True).update(document=document, inputs="")


def work_out(row: Plan) -> dict[str, Any]:
    """{"found", "steps": [{"question", "issue", "answer", "cost"}]}; `answer` is as a file has it, or the new number of
    initiatives of the issue."""
    from scoring.plan import plan  # noqa: PLC0415 -- SciPy stays out of web processes

    found = plan(scorecards.score(row.application, json.loads(row.inputs)))
    assert found is not None  # noqa: S101 -- not asked for at the top, nor without a level
    return {
        "found": found.result is not None,
        "steps": [
            {
                "question": each.question.id,
                "issue": each.question.issue,
                "answer": each.answer,
                "cost": each.cost,
            }
            for each in found.improvements
        ],
    }


@dataclass(frozen=True)
class Step:
    """One thing to do. `gain` is in points, for every question that it serves; `cost` counts its effort."""

    control: Control
    issue: str
    gain: str
    cost: int


@dataclass(frozen=True)
class Way:
    """Where the plan is and, when it is ready, its steps and the score that they give, computed again for this page."""

    stage: Stage
    level: int | None = None
    steps: tuple[Step, ...] = ()
    simulation: Simulation | None = None

    @property
    def cost(self) -> int:
        return sum(step.cost for step in self.steps)


def stage(result: Result, plan: Plan | None, job: Job | None) -> Stage:
    if result.level is None:
        return Stage.INCOMPLETE
    if result.level == result.framework.levels[-1].level:
        return Stage.TOP
    if plan is None:
        return Stage.UNASKED
    if plan.document is None:
        return Stage.FAILED if job and job.state == JobState.DEAD else Stage.WAITING
    return Stage.READY if plan.document["found"] else Stage.IMPOSSIBLE


def way(application: Application, result: Result, plan: Plan | None, job: Job | None) -> Way:
    """What the page shows. `plan` is the one made for this result, if any."""
    where = stage(result, plan, job)
    following = None if result.level is None else result.level + 1
    if where != Stage.READY or plan is None or plan.document is None:
        return Way(where, following)
    simulation = Simulation(result, scorecards.score(application, inputs(plan.document, result.application.inputs)))
    steps = tuple(_step(simulation, each) for each in plan.document["steps"])
    return Way(where, following, steps, simulation)


def _step(simulation: Simulation, step: Mapping[str, Any]) -> Step:
    framework = simulation.today.framework
    control = simulation.controls[step["question"]]
    question = control.question
    served = [control]
    if not question.takes_answer:
        served = [
            each
            for each in simulation.controls.values()
            if each.question.kind == question.kind and each.question.issue == question.issue
        ]
    gain = sum(each.supposed.earned - each.today.earned for each in served)
    return Step(control, framework.issue_by_id[question.issue].title["fr"], wording.points(gain), step["cost"])


def inputs(document: Mapping[str, Any], today: Inputs) -> dict[str, Any]:
    """The file once the steps are done, as the engine takes it."""
    answers, initiatives = dict(today["answers"]), dict(today["initiatives"])
    for step in document["steps"]:
        if isinstance(step["answer"], int):
            initiatives[step["issue"]] = step["answer"]
        else:
            answers[step["question"]] = step["answer"]
    return {"context": today["context"], "answers": answers, "initiatives": initiatives}


def part(way: Way) -> Part:
    """The questions of its steps, as a part of the questionnaire."""
    title = _("Le chemin vers le niveau %(n)s") % {"n": way.level}
    return Part(PART, title, tuple(step.control.question for step in way.steps))
