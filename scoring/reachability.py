"""What contexts and answers can reach: questions that none makes applicable, axes that some leave without points.

A context has endless values, but rules only tell apart a few of them, around the constants that they mention. One value
of each such class stands for all, so the search is exact; when it grows too long, nothing is claimed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.credits import FULL, attainable
from scoring.grammar import Among, And, Compare, Credit, Literal, Name, Node, Not, Operand, Or, Value, operands
from scoring.model import Framework, Question
from scoring.rules import CONTEXT, KINDS, Rule

MAX_TRIES = 20_000  # a second at most, where the shipped frameworks need a few hundred
MAX_VARIABLES = 100

Variable = Name | Credit
CreditsOf = Callable[[Question], frozenset[int]]


@dataclass(frozen=True)
class Gap:
    """An axis without points in some context; `context` is None where neither that nor the contrary was proved."""

    axis: str
    context: Mapping[str, Value] | None

    @property
    def what(self) -> str:
        if self.context is None:
            return "trop de contextes à essayer pour prouver que cet axe a toujours des points."
        names = ", ".join(f"{name} = {value}" for name, value in self.context.items())
        return f"un contexte laisse cet axe sans points ({names})."


def unreachable(framework: Framework, *, by_answers: bool = False) -> tuple[Question, ...]:
    """The questions proved not applicable whatever the context, if every question mentioned could have any credit.

    With `by_answers`, credits are only those that answers give, so that more may be proved.
    """
    search = _Search(framework, attainable if by_answers else _any_credit)
    return tuple(question for question in framework.questions if question.rule and search.never(question.rule))


def axes_without_points(framework: Framework) -> tuple[Gap, ...]:
    """The axes that some context, with some answers, leaves with nothing to earn."""
    return tuple(gap for axis in framework.axes if (gap := _gap(framework, axis.id)))


def _gap(framework: Framework, axis: str) -> Gap | None:
    rules = [question.rule for question in framework.questions if question.axis == axis and question.points]
    if None in rules:
        return None
    try:
        context = _Search(framework, attainable).find([_Test(rule, wanted=False) for rule in rules if rule])
    except _TooLongError:
        return Gap(axis, None)
    return None if context is None else Gap(axis, context)


def _any_credit(question: Question) -> frozenset[int]:
    return frozenset(range(FULL + 1))


class _TooLongError(Exception):
    """More tries than we can afford."""


@dataclass(frozen=True)
class _Test:
    """What a choice of values must satisfy: the rule holds, or does not.

    With `unless`, only where that question has a credit: one that does not apply has none.
    """

    rule: Rule
    wanted: bool
    unless: str | None = None

    @property
    def variables(self) -> tuple[Variable, ...]:
        own: list[Variable] = [Name(name) for name in self.rule.names]
        own += [Credit(question) for question in self.rule.questions]
        return (*own, Credit(self.unless)) if self.unless else tuple(own)

    def passes(self, context: dict[str, Any], credits: dict[str, int | None]) -> bool:
        if self.unless and not credits[self.unless]:
            return True
        return self.rule.verdict(context, credits) is self.wanted


class _Search:
    """Searches for a context, with credits that answers can give in it, that passes tests. Its tries are counted."""

    def __init__(self, framework: Framework, credits: CreditsOf) -> None:
        self.framework = framework
        self.credits = credits
        self.tries = 0

    def never(self, rule: Rule) -> bool:
        """Whether it is proved that the rule never holds."""
        try:
            return self.find([_Test(rule, wanted=True)]) is None
        except _TooLongError:
            return False

    def find(self, tests: Sequence[_Test]) -> dict[str, Value] | None:
        """A context that passes them all, or None when there is none."""
        every = [*tests, *self._consequences(tests)]
        every.sort(key=lambda test: len(test.variables))
        variables = tuple(dict.fromkeys(variable for test in every for variable in test.variables))
        if len(variables) > MAX_VARIABLES:
            raise _TooLongError
        domains = _Domains(self.framework, self.credits, [test.rule.node for test in every])
        rank = {variable: index for index, variable in enumerate(variables)}
        due: list[list[_Test]] = [[] for _ in variables]
        for test in every:
            if not test.variables:
                if not test.passes({}, {}):
                    return None
                continue
            due[max(rank[variable] for variable in test.variables)].append(test)
        context: dict[str, Any] = {}
        credits: dict[str, int | None] = {}
        return context if self._extend(0, variables, domains, due, context, credits) else None

    def _consequences(self, tests: Iterable[_Test]) -> Iterator[_Test]:
        """A question mentioned has a credit only where its own rule holds, and so on down."""
        pending = [question for test in tests for question in test.rule.questions]
        seen = set()
        while pending:
            question = self.framework.question_by_id[pending.pop()]
            if question.rule and question.id not in seen:
                yield _Test(question.rule, wanted=True, unless=question.id)
                pending += question.rule.questions
            seen.add(question.id)

    def _extend(
        self,
        depth: int,
        variables: Sequence[Variable],
        domains: "_Domains",
        due: Sequence[Sequence[_Test]],
        context: dict[str, Any],
        credits: dict[str, int | None],
    ) -> bool:
        """Give a value to one more variable, and back; a test is passed as soon as it has all it reads."""
        if depth == len(variables):
            return True
        variable = variables[depth]
        for value in domains.of(variable):
            self.tries += 1
            if self.tries > MAX_TRIES:
                raise _TooLongError
            if isinstance(variable, Name):
                context[variable.name] = value
            else:
                credits[variable.question] = int(value)
            if all(test.passes(context, credits) for test in due[depth]) and self._extend(
                depth + 1, variables, domains, due, context, credits
            ):
                return True
        return False


class _Domains:
    """The values worth trying for each variable of some rules."""

    def __init__(self, framework: Framework, credits: CreditsOf, nodes: Sequence[Node]) -> None:
        self.framework = framework
        self.credits = credits
        self.types = CONTEXT | dict(framework.context)
        self.links = [link for node in nodes for link in links(node)]
        # Two variables compared with each other share their constants, with room for each to stand between two of them.
        self.tied = any(not isinstance(side, Literal) and not isinstance(other, Literal) for side, other in self.links)
        self.leaves = {leaf for node in nodes for leaf in operands(node) if not isinstance(leaf, Literal)}
        self.room = len(self.leaves) if self.tied else 1
        self._known: dict[Variable, list[Value]] = {}

    def of(self, variable: Variable) -> list[Value]:
        if variable not in self._known:
            self._known[variable] = self._values(variable)
        return self._known[variable]

    def _values(self, variable: Variable) -> list[Value]:
        if isinstance(variable, Credit):
            values = sorted(self._credits(variable))
            return list(values if self.tied else self._classes(variable, values))
        if variable.name == "kind":
            return list(KINDS)
        kind = self.types[variable.name]
        if kind == "boolean":
            return [False, True]
        return self._strings(variable) if kind == "string" else self._integers(variable)

    def _credits(self, variable: Credit) -> frozenset[int]:
        return self.credits(self.framework.question_by_id[variable.question])

    def _constants(self, variable: Variable, kind: type) -> set[Any]:
        """The literals of a type that the variable is compared with, or may be through another one."""
        sides = [other for side, other in self.links if self.tied or side == variable]
        return {side.value for side in sides if isinstance(side, Literal) and type(side.value) is kind}

    def _strings(self, variable: Name) -> list[Value]:
        constants = self._constants(variable, str)
        fresh = (f"autre{index or ''}" for index in range(len(constants) + self.room))
        others = [word for word in fresh if word not in constants][: self.room]
        return [*sorted(constants), *others]

    def _integers(self, variable: Name) -> list[Value]:
        constants = self._constants(variable, int) | {0}
        if self.tied:
            constants = constants.union(*(self._credits(leaf) for leaf in self.leaves if isinstance(leaf, Credit)))
        around = {value + step for value in constants for step in range(-self.room, self.room + 1)}
        if variable.name == "population":
            around = {value for value in around if value >= 0}
        return list(sorted(around) if self.tied else self._classes(variable, sorted(around)))

    def _classes(self, variable: Variable, values: Iterable[int]) -> list[int]:
        """One value of each class that the constants tell apart: between two of them, or equal to one."""
        constants = sorted(self._constants(variable, int) | {0})
        classes = {(bisect_left(constants, value), bisect_right(constants, value)): value for value in values}
        return list(classes.values())


def links(node: Node) -> Iterator[tuple[Operand, Operand]]:
    """What a rule compares, each pair both ways round."""
    if isinstance(node, Not):
        yield from links(node.of)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from links(part)
    elif isinstance(node, Among):
        for value in node.values:
            yield node.operand, Literal(value)
            yield Literal(value), node.operand
    elif isinstance(node, Compare):
        for left, _, right in node.links:
            yield left, right
            yield right, left
