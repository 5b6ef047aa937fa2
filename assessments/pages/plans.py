"""The way to the next level, shown as a short list of things to do, confirmed by its score."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from assessments import wording
from assessments.doors import scorecards
from assessments.jobs.plans import Stage, inputs, stage
from assessments.models import Application, Plan
from assessments.pages.simulation import Control, Simulation
from outbox.models import Job
from scoring.credits import FULL
from scoring.engine import Result
from scoring.model import Framework, Question
from scoring.parts import Part

FIRST = 7
PART = "plan"  # the questions of a plan, beside issues and axes


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


def part(way: Way) -> Part:
    """The questions of its steps, as a part of the questionnaire."""
    title = _("Le chemin vers le niveau %(n)s") % {"n": way.level}
    return Part(PART, title, tuple(step.control.question for step in way.steps))
