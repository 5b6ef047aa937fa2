"""A level aimed at: the improvements there are, the minima missed, and whether a set of improvements reaches them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring import engine
from scoring.credits import FULL
from scoring.engine import Result, Sums
from scoring.model import OBLIGATION
from scoring.moves import Improvement, moves

SLACK = 1e-6  # in percent: more than floating point may cost; what it lets through is checked exactly


@dataclass(frozen=True)
class Minimum:
    """A minimum of the level that is missed: by how much, and what an improvement gives towards it, in one unit."""

    lacking: float
    gain: Callable[[Improvement], float]


class Target:
    """`level` aimed at from a result that has not reached it, with what applies and what is possible held as they are.

    `improvements` has, for each question in document order, those worth considering, the cheapest first: a set takes at
    most one of each. `minima` are those missed, the overall one first: improvements never undo one that is reached.
    """

    def __init__(self, result: Result, level: int) -> None:
        self.result = result
        self.level = result.framework.levels[level - 1]
        self.improvements = moves(result)
        self.minima = self._minima()

    def _minima(self) -> list[Minimum]:
        """Those of the scores are in percent; that of the obligations counts those which are to be met besides."""
        axes = {name: sums for name, sums in self.result.axes.items() if sums[1]}
        questions = [question for question in self.result.framework.questions if question.axis in axes]
        worth = {question.id: FULL * question.points / axes[question.axis][1] for question in questions}
        weights = {axis.id: axis.weight for axis in self.result.framework.axes if axis.id in axes}
        total = sum(weights.values())
        missed = []
        lacking = self.level.min_overall - FULL * (self.result.overall or Fraction())
        if lacking > 0:
            shares = {question.id: worth[question.id] * weights[question.axis] / total for question in questions}
            missed.append(Minimum(float(lacking), _gain(shares)))
        for name, (earned, possible) in axes.items():
            lacking = self.level.min_axis - Fraction(FULL * earned, possible)
            if lacking > 0:
                of_axis = {question.id: worth[question.id] for question in questions if question.axis == name}
                missed.append(Minimum(float(lacking), _gain(of_axis)))
        met, total = self.result.obligations
        asked = -(-self.level.min_obligations * total // FULL)
        if met < asked:
            missed.append(Minimum(asked - met, self._newly_met))
        return missed

    def _newly_met(self, improvement: Improvement) -> int:
        """How many obligations it brings to full credit."""
        questions = self.result.framework.question_by_id
        return sum(
            questions[name].nature == OBLIGATION and before < after == FULL
            for name, (before, after) in improvement.credits.items()
        )

    def reached(self, chosen: Sequence[Improvement]) -> bool:
        """Whether a set reaches the level exactly."""
        framework, axes = self.result.framework, self.axes(chosen)
        mean = engine.overall(framework, axes)
        obligations = self.obligations(chosen)
        return mean is not None and engine.level(framework.levels, mean, axes.values(), obligations) >= self.level.level

    def obligations(self, chosen: Iterable[Improvement]) -> Sums:
        """What a set makes of the obligations met, over how many there are."""
        met, total = self.result.obligations
        return met + sum(map(self._newly_met, chosen)), total

    def axes(self, chosen: Sequence[Improvement]) -> dict[str, tuple[int, int]]:
        """What a set makes of the sums of the axes."""
        questions, sums = self.result.framework.question_by_id, dict(self.result.axes)
        for improvement in chosen:
            for name, (before, after) in improvement.credits.items():
                earned, possible = sums[questions[name].axis]
                sums[questions[name].axis] = earned + questions[name].points * (after - before), possible
        return sums


def _gain(worth: Mapping[str, float]) -> Callable[[Improvement], float]:
    """What an improvement adds to a score, from what each question adds for each hundredth of credit."""
    return lambda improvement: sum(
        worth.get(name, 0.0) * (after - before) for name, (before, after) in improvement.credits.items()
    )
