"""How firmly a frozen result holds its level: found once by a worker, read by the jury's pages and lists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import wording
from assessments.doors import scorecards
from assessments.models import Robustness, Scorecard
from outbox import jobs
from outbox.models import Job, Queue
from scoring.model import Framework

QUESTIONS = 2


@jobs.kind(
    "robustness.make",
    key="robustness:{result}",
    queue=Queue.SCORES,
    words=gettext_lazy("Solidité d’un niveau"),
)
def make(job: Job) -> None:
    """Of one scorecard. Two that have the same result share the row. Payload: `scorecard`."""
    card = Scorecard.objects.select_related("application__framework").get(pk=job.payload["scorecard"])
    row = measure(card)
    with jobs.finish(job):
        Robustness.objects.bulk_create([row], ignore_conflicts=True)


def remake(cards: QuerySet[Scorecard]) -> None:
    """Where the row of a scored card is missing, whatever became of its job."""
    known = Robustness.objects.filter(result_hash=OuterRef("result_hash"))
    missing = cards.exclude(level=None).exclude(Exists(known)).order_by("pk")
    # One after the other: a card weighs as much as its whole file.
    for pk in list(missing.values_list("pk", flat=True)):
        row = measure(Scorecard.objects.select_related("application__framework").get(pk=pk))
        Robustness.objects.bulk_create([row], ignore_conflicts=True)


def measure(card: Scorecard) -> Robustness:
    """The row of a scored card, not yet saved. Raises ValueError for an incomplete one."""
    from scoring import robustness as engine  # noqa: PLC0415 -- NumPy stays out of web processes

    result = scorecards.score(card.application, json.loads(card.inputs))
    found = engine.robustness(result)
    document = {
        "level": found.level,
        "stable": found.stable,
        "draws": {str(level): count for level, count in found.draws.items()},
        "margins": [
            [margin.level, margin.axis, str(margin.gap), margin.obligations] for margin in engine.margins(result)
        ],
        "influences": [[question.id, str(change)] for question, change in engine.influences(result)[:QUESTIONS]],
    }
    return Robustness(result_hash=card.result_hash, document=document)


def document_of(result_hash: OuterRef) -> Subquery:
    """On any rows that have the hash of a result: the document found for it, None while there is none."""
    return Subquery(Robustness.objects.filter(result_hash=result_hash).values("document")[:1])


def unstable(result_hash: OuterRef | Subquery) -> Exists:
    """The level of this result is at the mercy of the weights. False too while nothing is known."""
    return Exists(Robustness.objects.filter(result_hash=result_hash, document__stable=False))


@dataclass(frozen=True)
class Draws:
    """One level and the share of the draws that give it."""

    level: int
    share: Fraction


@dataclass(frozen=True)
class Threshold:
    """The nearest minimum. `gap` is in points of percentage, 0 or more; `held` when it is reached; `axis` is its title,
    empty for the score as a whole and for the share of the `obligations` met."""

    level: int
    axis: str
    gap: Fraction
    held: bool
    obligations: bool = False

    @property
    def words(self) -> str:
        """« 0,4 point sous ce que demande le niveau 4, sur l’ensemble »."""
        gap = wording.gap(self.gap / 100) if self.held else wording.lacking(self.gap / 100)
        where = _("sur l’axe %(axis)s") % {"axis": self.axis} if self.axis else _("sur l’ensemble")
        if self.obligations:
            where = _("sur les obligations prouvées")
        words = _("%(gap)s au-dessus de ce que demande le niveau %(n)s, %(where)s")
        if not self.held:
            words = _("%(gap)s sous ce que demande le niveau %(n)s, %(where)s")
        return words % {"gap": gap, "n": self.level, "where": where}


@dataclass(frozen=True)
class Firmness:
    """A document, for a page. `level` is that of the exact weights; it is `stable` when nearly all draws give it."""

    level: int
    stable: bool
    draws: list[Draws]
    nearest: Threshold | None
    questions: list[tuple[str, str]]


def firmness(document: Mapping[str, Any] | None, framework: Framework) -> Firmness | None:
    """None while the worker has found nothing."""
    if document is None:
        return None
    counts = {int(level): count for level, count in document["draws"].items()}
    draws = [Draws(level, Fraction(count, sum(counts.values()))) for level, count in sorted(counts.items()) if count]
    nearest = None
    if document["margins"]:
        level, axis, written, *rest = document["margins"][0]
        title = framework.axis_by_id[axis].title["fr"] if axis else ""
        gap = Fraction(written)
        nearest = Threshold(level, title, abs(gap), held=gap >= 0, obligations=rest == [True])
    return Firmness(
        level=document["level"],
        stable=document["stable"],
        draws=draws,
        nearest=nearest,
        questions=[(name, framework.question_by_id[name].text["fr"]) for name, _by in document["influences"]],
    )
