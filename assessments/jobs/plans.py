"""The way to the next level: found by a worker, shown as a short list of things to do, confirmed by its score."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import wording
from assessments.doors import scorecards
from assessments.models import Application, Plan
from assessments.pages.simulation import Control, Simulation
from assessments.rules.parts import Part
from outbox import jobs
from outbox.models import Job, JobState, Queue
from scoring.answers import with_initiatives
from scoring.credits import FULL
from scoring.engine import Result
from scoring.model import Framework, Question
from scoring.moves import moves

if TYPE_CHECKING:
    from scoring.plan import Plan as Found

FIRST = 7
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


@jobs.kind("plan.make", key="plan:{plan}", queue=Queue.SCORES, words=gettext_lazy("Chemin vers le niveau suivant"))
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
    """{"found", "steps": [{"question", "issue", "answer", "cost"}], "appearing": [question],
    "missed": [{"axis", "asked", "reached", "obligations"}]}.

    `answer` is as a file has it, or the new number of initiatives of the issue. The last two say why none was found, as
    in `scoring.plan.Plan`; `reached` is a fraction, written as such."""
    from scoring.plan import plan  # noqa: PLC0415 -- NumPy stays out of web processes

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
        "missed": [
            {"axis": each.axis, "asked": each.asked, "reached": str(each.reached), "obligations": each.obligations}
            for each in found.missed
        ],
        "appearing": [question.id for question in found.appearing],
    }


def find(application: Application, result: Result) -> "Found | None":
    """The plan of a result, for a worker: the one made for the same inputs, scored again, or a new one. None as for
    `scoring.plan.plan`."""
    from scoring.plan import Plan as Found  # noqa: PLC0415 -- NumPy stays out of web processes
    from scoring.plan import carry_out, plan  # noqa: PLC0415 -- the same

    rows = Plan.objects.filter(application=application, input_hash=result.input_hash, document__found=True)
    made = rows.first()
    if made is None or made.document is None or result.level is None:
        return plan(result)
    steps = [(each["question"], each["answer"]) for each in made.document["steps"]]
    improvements = [each for options in moves(result) for each in options if (each.question.id, each.answer) in steps]
    return Found(result.level + 1, tuple(improvements), carry_out(result, improvements))


@dataclass(frozen=True)
class Step:
    """One thing to do. `gain` is in points, for every question that it serves; `cost` counts its effort."""

    control: Control
    issue: str
    gain: str
    cost: int

    @property
    def effort(self) -> str:
        return wording.effort(self.cost)


@dataclass(frozen=True)
class Way:
    """Where the plan is and, when it is ready, its steps, the lightest first, and the score that they give together,
    computed again for this page.

    When there is none, `missed` has the minima out of reach, in words, and `appearing` the questions to blame, if any.
    """

    stage: Stage
    level: int | None = None
    steps: tuple[Step, ...] = ()
    simulation: Simulation | None = None
    missed: tuple[str, ...] = ()
    appearing: tuple[Question, ...] = ()

    @property
    def first(self) -> tuple[Step, ...]:
        """What one begins with: few enough to be held in mind."""
        return self.steps[:FIRST]

    @property
    def others(self) -> tuple[Step, ...]:
        return self.steps[FIRST:]


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
    if plan is None or plan.document is None or where not in (Stage.READY, Stage.IMPOSSIBLE):
        return Way(where, following)
    if where == Stage.IMPOSSIBLE:
        missed = tuple(_missed(result.framework, each) for each in plan.document.get("missed", ()))
        appearing = tuple(result.framework.question_by_id[each] for each in plan.document.get("appearing", ()))
        return Way(where, following, missed=missed, appearing=appearing)
    simulation = Simulation(result, scorecards.score(application, inputs(plan.document, result)))
    steps = sorted((_step(simulation, each) for each in plan.document["steps"]), key=lambda step: step.cost)
    return Way(where, following, tuple(steps), simulation)


def _missed(framework: Framework, missed: Mapping[str, Any]) -> str:
    figures = {
        "reached": wording.percent(Fraction(missed["reached"]) / FULL),
        "asked": wording.percent(Fraction(missed["asked"], FULL)),
    }
    if missed.get("obligations"):
        return _("%(reached)s des obligations seraient prouvées, et il en faut %(asked)s") % figures
    if missed["axis"] is None:
        return _("l’ensemble n’atteindrait que %(reached)s, et il en faut %(asked)s") % figures
    figures["axis"] = framework.axis_by_id[missed["axis"]].title["fr"]
    return _("l’axe « %(axis)s » n’atteindrait que %(reached)s, et il en faut %(asked)s") % figures


def _step(simulation: Simulation, step: Mapping[str, Any]) -> Step:
    framework = simulation.today.framework
    control = simulation.controls[step["question"]]
    question = control.question
    served = [control]
    if not question.takes_answer:
        served = [
            each
            for each in simulation.controls.values()
            if not each.question.takes_answer and framework.pool(each.question) == framework.pool(question)
        ]
    gain = sum(each.supposed.earned - each.today.earned for each in served)
    return Step(control, framework.issue_by_id[question.issue].title["fr"], wording.points(gain), step["cost"])


def inputs(document: Mapping[str, Any], result: Result) -> dict[str, Any]:
    """The file once the steps are done, as the engine takes it."""
    framework, today = result.framework, result.application.inputs
    answers, initiatives = dict(today["answers"]), dict(today["initiatives"])
    for step in document["steps"]:
        question = framework.question_by_id[step["question"]]
        if question.takes_answer:
            answers[question.id] = step["answer"]
        else:
            initiatives = with_initiatives(framework, initiatives, question, step["answer"])
    return {"context": today["context"], "answers": answers, "initiatives": initiatives}


def part(way: Way) -> Part:
    """The questions of its steps, as a part of the questionnaire."""
    title = _("Le chemin vers le niveau %(n)s") % {"n": way.level}
    return Part(PART, title, tuple(step.control.question for step in way.steps))
