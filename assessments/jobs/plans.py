"""The way to the next level: found by a worker."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from assessments.doors import scorecards
from assessments.models import Application, Plan
from outbox import jobs
from outbox.models import Job, JobState, Queue
from scoring.answers import with_initiatives
from scoring.engine import Result
from scoring.moves import moves

if TYPE_CHECKING:
    from scoring.plan import Plan as Found


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
