"""The cheapest set of improvements that reaches the next level, scored for real."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from scoring import engine, knapsack
from scoring.answers import parse_application, with_initiatives
from scoring.credits import FULL
from scoring.engine import Result, Sums, score
from scoring.model import Framework, Level, Question
from scoring.moves import Improvement
from scoring.target import Target

TRIES = 20


@dataclass(frozen=True)
class Shortfall:
    """A minimum of a level that is missed, in percent: where `axis` is None that of the overall score, or that of the
    `obligations` met."""

    axis: str | None
    asked: int
    reached: Fraction
    obligations: bool = False


@dataclass(frozen=True)
class Plan:
    """The way to `level`: what to do, in document order, and the result that it gives, scored for real.

    `result` is None, and `improvements` empty, when no plan was found. `missed` then says why: what is out of reach
    with every improvement made or, where `appearing` names questions, what the cheapest set misses once they apply.
    """

    level: int
    improvements: tuple[Improvement, ...] = ()
    result: Result | None = None
    missed: tuple[Shortfall, ...] = ()
    appearing: tuple[Question, ...] = ()

    @property
    def cost(self) -> int:
        return sum(improvement.cost for improvement in self.improvements)


def plan(result: Result) -> Plan | None:
    """The plan to the level after that of a result; None at the top, and for an incomplete result.

    Among the cheapest sets, the one that changes the fewest questions, then the first in document order.
    """
    if result.level is None or result.level == len(result.framework.levels):
        return None
    level = result.level + 1
    target = Target(result, level)
    cheapest = None
    for chosen in islice(_sets(target), TRIES):
        planned = carry_out(result, chosen)
        if planned.level is not None and planned.level >= level:
            return Plan(level, tuple(chosen), planned)
        cheapest = cheapest or planned
    if cheapest is None:
        everything = [each[-1] for each in target.improvements]  # the dearer, the better
        missed = _missed(target.level, result.framework, target.axes(everything), target.obligations(everything))
        return Plan(level, missed=missed)
    appearing = [
        after.question
        for before, after in zip(result.lines, cheapest.lines, strict=True)
        if after.possible > before.possible
    ]
    missed = _missed(target.level, result.framework, cheapest.axes, cheapest.obligations)
    return Plan(level, missed=missed, appearing=tuple(appearing))


def _sets(target: Target) -> Iterator[Sequence[Improvement]]:
    """Each set that reaches the level with applicability held as it is: the cheapest; then the fewest questions
    changed; then the first in document order. One minimum missed is a knapsack: much quicker than a programme."""
    if len(target.minima) == 1:
        return knapsack.sets(target)
    from scoring import programme  # noqa: PLC0415 -- SciPy takes its time and memory: not where nobody needs it

    return programme.sets(target)


def _missed(level: Level, framework: Framework, axes: Mapping[str, Sums], obligations: Sums) -> tuple[Shortfall, ...]:
    """The minima of a level that these sums do not reach."""
    scores: list[tuple[str | None, int, Fraction]] = [
        (None, level.min_overall, (engine.overall(framework, axes) or Fraction()) * FULL)
    ]
    scores += [
        (name, level.min_axis, Fraction(FULL * earned, possible))
        for name, (earned, possible) in axes.items()
        if possible
    ]
    missed = [Shortfall(*score) for score in scores if score[2] < score[1]]
    met, total = obligations
    if met * FULL < level.min_obligations * total:
        missed.append(Shortfall(None, level.min_obligations, Fraction(met * FULL, total), obligations=True))
    return tuple(missed)


def carry_out(result: Result, improvements: Sequence[Improvement]) -> Result:
    """The result of the same application once the improvements are made, applicability recomputed."""
    inputs = result.application.inputs
    answers, initiatives = dict(inputs["answers"]), inputs["initiatives"]
    for improvement in improvements:
        if improvement.question.takes_answer:
            answers[improvement.question.id] = improvement.answer
        else:
            initiatives = with_initiatives(result.framework, initiatives, improvement.question, improvement.answer)
    planned = {"context": inputs["context"], "answers": answers, "initiatives": initiatives}
    return score(result.framework, parse_application(result.framework, planned))
