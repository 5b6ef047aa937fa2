"""What makes a questionnaire fair, measured: what asks more at once than a territory can take, an issue that weighs too
much, points that no proof holds up. `check --strict` tells what is out of bounds.

Measured at one size for each band and at each step of population, every declared fact being true, then false."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from scoring.display import percent
from scoring.grammar import Value
from scoring.model import OBLIGATION, Framework, Question

STEPS = (500, 1_000, 2_000, 3_500, 10_000, 20_000, 50_000)
SIZES = (300, 700, 1_500, 2_500, 6_000, 15_000, 30_000, 80_000)
KINDS = ("commune", "epci")
FEW_PEOPLE = 500

MOST_NEW, MOST_NEW_POINTS, MOST_LOST, AS_GOOD_AS = 8, Fraction(4, 100), Fraction(3, 100), Fraction(75, 100)
LEAST_ISSUE, MOST_ISSUE = Fraction(4, 100), Fraction(9, 100)
LEAST_INITIATIVES, MOST_INITIATIVES = Fraction(20, 100), Fraction(25, 100)
LIGHTLY_PROVEN, MOST_LIGHTLY_PROVEN = 70, Fraction(15, 100)
MOST_FOR_FEW, MOST_FOR_ALL = 65, 115


@dataclass(frozen=True)
class Finding:
    """Something out of bounds: the question, issue or axis to blame (none for the whole), and what was measured."""

    what: str
    question: str = ""
    issue: str = ""
    axis: str = ""


@dataclass(frozen=True, eq=False)
class Asked:
    """The questions that one context is asked."""

    framework: Framework
    context: Mapping[str, Value]
    name: str

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(q for q in self.framework.questions if q.rule is None or q.rule.verdict(self.context, {}))

    @cached_property
    def points(self) -> dict[str, int]:
        """By axis."""
        return {axis.id: sum(q.points for q in self.questions if q.axis == axis.id) for axis in self.framework.axes}

    @property
    def issues(self) -> dict[str, Fraction]:
        """The share of the overall score that each issue holds."""
        weights = {axis.id: axis.weight for axis in self.framework.axes if self.points[axis.id]}
        total = sum(weights.values())
        shares = dict.fromkeys(self.framework.issue_by_id, Fraction())
        for question in self.questions:
            if total and self.points[question.axis]:
                shares[question.issue] += Fraction(
                    weights[question.axis] * question.points, total * self.points[question.axis]
                )
        return shares

    @property
    def initiatives(self) -> dict[str, Fraction]:
        """The share of each axis that its initiatives hold."""
        counted = [q for q in self.questions if not q.takes_answer]
        return {
            axis: Fraction(sum(q.points for q in counted if q.axis == axis), points)
            for axis, points in self.points.items()
            if points
        }

    @property
    def lightly_proven(self) -> Fraction:
        """The share of the points other than initiatives that are worth more than 70 % without a proof."""
        answered = [q for q in self.questions if q.takes_answer]
        light = sum(q.points for q in answered if q.unproven_credit > LIGHTLY_PROVEN)
        return Fraction(light, max(sum(q.points for q in answered), 1))


@dataclass(frozen=True, eq=False)
class Step:
    """What one inhabitant more changes."""

    before: Asked
    after: Asked

    @property
    def new(self) -> tuple[Question, ...]:
        return tuple(q for q in self.after.questions if q not in self.before.questions)

    @property
    def new_points(self) -> dict[str, Fraction]:
        """The share of each axis, after the step, that the new questions hold."""
        return {
            axis: Fraction(sum(q.points for q in self.new if q.axis == axis), points)
            for axis, points in self.after.points.items()
            if points
        }

    @property
    def lost(self) -> Fraction:
        """What a file at 75 % loses of its overall score, its answers standing and the new questions having none."""
        weights = {axis.id: axis.weight for axis in self.after.framework.axes if self.after.points[axis.id]}
        total = sum(weights.values())
        lost = sum((weights[axis] * share for axis, share in self.new_points.items()), Fraction())
        return AS_GOOD_AS * lost / total if total else Fraction()


def contexts(framework: Framework, sizes: Sequence[int] = SIZES) -> Iterator[Asked]:
    for kind in KINDS:
        for size in sizes:
            for true in (True, False):
                yield asked(framework, kind, size, true=true)


def asked(framework: Framework, kind: str, population: int, *, true: bool) -> Asked:
    """A territory of which every declared fact is true, or false."""
    by_type: dict[str, Value] = {"boolean": true, "integer": int(true), "string": ""}
    facts = {name: by_type[kind_of_fact] for name, kind_of_fact in framework.context.items()}
    known: dict[str, Value] = {
        "kind": kind,
        "population": population,
        "department": "01",
        "region": "84",
        "overseas": False,
    }
    return Asked(framework, known | facts, f"{kind}, {population} habitants, tout {'oui' if true else 'non'}")


def steps(framework: Framework) -> Iterator[Step]:
    for kind in KINDS:
        for size in STEPS:
            for true in (True, False):
                yield Step(asked(framework, kind, size - 1, true=true), asked(framework, kind, size, true=true))


def findings(framework: Framework) -> Iterator[Finding]:
    """All that is out of bounds."""
    yield from _obligations(framework)
    for here in contexts(framework):
        yield from _out_of_balance(here)
    for step in steps(framework):
        yield from _cliff(step)


def _obligations(framework: Framework) -> Iterator[Finding]:
    theirs = [question for question in framework.questions if question.nature == OBLIGATION]
    for question in theirs:
        if not question.references:
            yield Finding("une obligation sans référence.", question=question.id)
        if question.confidential:
            what = "une obligation confidentielle\u202f: un seuil manqué trahirait la réponse."
            yield Finding(what, question=question.id)
    if theirs and not any(level.min_obligations for level in framework.levels):
        yield Finding("aucun niveau ne demande d’obligations (« min_obligations »).")


def _out_of_balance(here: Asked) -> Iterator[Finding]:
    for issue, share in here.issues.items():
        if not LEAST_ISSUE <= share <= MOST_ISSUE:
            yield Finding(f"cet enjeu pèse {percent(share)} de l’ensemble ({here.name}).", issue=issue)
    for axis, share in here.initiatives.items():
        if not LEAST_INITIATIVES <= share <= MOST_INITIATIVES:
            yield Finding(f"les initiatives y pèsent {percent(share)} ({here.name}).", axis=axis)
    if here.lightly_proven > MOST_LIGHTLY_PROVEN:
        yield Finding(f"{percent(here.lightly_proven)} des points tiennent sans preuve ({here.name}).")
    few = int(str(here.context["population"])) < FEW_PEOPLE
    count, most = len(here.questions), MOST_FOR_FEW if few else MOST_FOR_ALL
    if count > most:
        yield Finding(f"{count} questions, au lieu de {most} au plus ({here.name}).")


def _cliff(step: Step) -> Iterator[Finding]:
    name = step.after.name
    if len(step.new) > MOST_NEW:
        yield Finding(f"{len(step.new)} questions apparaissent d’un coup ({name}).")
    for axis, share in step.new_points.items():
        if share > MOST_NEW_POINTS:
            yield Finding(f"{percent(share)} des points apparaissent d’un coup ({name}).", axis=axis)
    if step.lost > MOST_LOST:
        yield Finding(f"un dossier à 75\u202f% perd {percent(step.lost)} d’un coup ({name}).")
