"""Rules of `applies_when`, checked against the framework and compiled once.

The language (see `grammar`) is total: a rule whose names all have a value is true or false, and never fails.
"""

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.faults import did_you_mean, printable, shown
from scoring.grammar import (
    Among,
    And,
    Compare,
    Credit,
    Literal,
    Name,
    Node,
    Not,
    Operand,
    Or,
    RuleError,
    Value,
    operands,
    read,
)

KINDS = ("commune", "epci")
CONTEXT = {"kind": "string", "population": "integer", "department": "string", "region": "string", "overseas": "boolean"}

Context = Mapping[str, Value]
Credits = Mapping[str, int | None]
Compiled = Callable[[Context, Credits], Any]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TYPES = ("boolean", "integer", "string")
_TYPE_OF = {bool: "boolean", int: "integer", str: "string"}
_IN_FRENCH = {"boolean": "un oui ou non", "integer": "un entier", "string": "une chaîne"}


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule ready to be asked. `names` and `questions` are all that it mentions, in order of appearance."""

    source: str
    node: Node
    names: tuple[str, ...] = field(init=False)
    questions: tuple[str, ...] = field(init=False)
    _holds: Compiled = field(init=False, repr=False)

    def __post_init__(self) -> None:
        leaves = list(operands(self.node))
        names = (leaf.name for leaf in leaves if isinstance(leaf, Name))
        questions = (leaf.question for leaf in leaves if isinstance(leaf, Credit))
        object.__setattr__(self, "names", tuple(dict.fromkeys(names)))
        object.__setattr__(self, "questions", tuple(dict.fromkeys(questions)))
        object.__setattr__(self, "_holds", _compile(self.node))

    def __reduce__(self) -> tuple[type["Rule"], tuple[str, Node]]:
        """Packed as it is written, and compiled again: a piece of a page is kept by the question that it shows."""
        return Rule, (self.source, self.node)

    def verdict(self, context: Context, credits: Credits) -> bool | None:
        """Whether the question applies; None when it cannot be decided.

        `credits` holds the credit of every question mentioned, None for one that is itself undecided.
        """
        for name in self.names:
            if name not in context:
                return None
        for question in self.questions:
            if credits[question] is None:
                return None
        return bool(self._holds(context, credits))

    def settled(self, context: Context) -> bool | None:
        """What the rule says whatever the names without a value would be; None where it may depend on them."""
        return _settled(self.node, context)

    def reads(self, context: Context, credits: Credits) -> dict[str, Value | None]:
        """What the rule saw: each name and `credit("ID")` with its value, None for those that have none."""
        seen: dict[str, Value | None] = {name: context.get(name) for name in self.names}
        return seen | {f'credit("{question}")': credits[question] for question in self.questions}


def compile_rule(source: str, types: Mapping[str, str], questions: Collection[str]) -> Rule:
    """Read a rule, check it against the names with their types and the known questions, compile it.

    Raises RuleError with every fault that can be told at once.
    """
    rule = Rule(source, read(source))
    faults = list(dict.fromkeys(_check(rule.node, types, questions)))
    if faults:
        raise RuleError(*faults)
    return rule


# --- checking


def _check(rule: Node, types: Mapping[str, str], questions: Collection[str]) -> Iterator[tuple[str, str]]:
    """Everything wrong with a rule that reads well: names, questions, types."""
    for leaf in operands(rule):
        yield from _check_operand(leaf, types, questions)
    yield from _check_boolean(rule, types)


def _check_operand(leaf: Operand, types: Mapping[str, str], questions: Collection[str]) -> Iterator[tuple[str, str]]:
    if isinstance(leaf, Name) and leaf.name not in types:
        mend = did_you_mean(leaf.name, types, "Déclarez-le sous « context ».")
        yield f"le nom « {printable(leaf.name)} » est inconnu.", mend
    if isinstance(leaf, Credit) and leaf.question not in questions:
        mend = did_you_mean(leaf.question, questions, "Écrivez l’identifiant d’une question du référentiel.")
        yield f"la question « {printable(leaf.question)} » n’existe pas.", mend


def _type(leaf: Node, types: Mapping[str, str]) -> str | None:
    """The type of an operand; None for an unknown name, already reported."""
    if isinstance(leaf, Name):
        return types.get(leaf.name)
    if isinstance(leaf, Literal):
        return _TYPE_OF[type(leaf.value)]
    return "integer" if isinstance(leaf, Credit) else "boolean"


def _check_boolean(node: Node, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A rule, or a part of one, that must be true or false."""
    if isinstance(node, Not):
        yield from _check_boolean(node.of, types)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from _check_boolean(part, types)
    elif isinstance(node, Compare):
        for left, sign, right in node.links:
            yield from _check_link(left, sign, right, types)
    elif isinstance(node, Among):
        for value in node.values:
            yield from _check_link(node.operand, "in", Literal(value), types)
    elif _type(node, types) not in ("boolean", None):
        yield f"{_written(node)} n’est ni vrai ni faux.", "Comparez-le à une valeur."


def _check_link(left: Operand, sign: str, right: Operand, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    kinds = _type(left, types), _type(right, types)
    if None in kinds:
        return
    if sign not in ("==", "!=", "in"):
        for side, kind in zip((left, right), kinds, strict=True):
            if kind != "integer":
                yield (
                    f"{_written(side)} n’est pas un entier : « {sign} » ne compare que des entiers.",
                    "Utilisez « == ».",
                )
    elif kinds[0] != kinds[1]:
        what = f"« {sign} » compare {_IN_FRENCH[str(kinds[0])]} ({_written(left)}) à {_IN_FRENCH[str(kinds[1])]}"
        yield f"{what} ({_written(right)}).", "Comparez deux valeurs du même type."
    else:
        yield from _check_kind(left, right)
        yield from _check_kind(right, left)


def _check_kind(side: Operand, other: Operand) -> Iterator[tuple[str, str]]:
    if side == Name("kind") and not (isinstance(other, Literal) and other.value in KINDS):
        word = other.value if isinstance(other, Literal) else None
        mend = did_you_mean(word, KINDS, 'Écrivez "commune" ou "epci".')
        yield f'« kind » ne se compare qu’à "commune" ou "epci", pas à {_written(other)}.', mend


def _written(node: Node) -> str:
    if isinstance(node, Name):
        return f"« {printable(node.name)} »"
    if isinstance(node, Literal):
        return shown(node.value)
    return f'credit("{printable(node.question)}")' if isinstance(node, Credit) else "la règle"


# --- with part of the context


def _settled(node: Node, context: Context) -> bool | None:
    if isinstance(node, Not):
        within = _settled(node.of, context)
        return None if within is None else not within
    if isinstance(node, (And, Or)):
        enough = isinstance(node, Or)
        parts = [_settled(part, context) for part in node.parts]
        if enough in parts:
            return enough
        return None if None in parts else not enough
    known = all(isinstance(leaf, Literal) or getattr(leaf, "name", None) in context for leaf in operands(node))
    return bool(_compile(node)(context, {})) if known else None


# --- compiling


def _compile(node: Node) -> Compiled:
    """The rule as nested functions of the context and the credits."""
    if isinstance(node, Name):
        return lambda context, credits, name=node.name: context[name]  # type: ignore[misc]
    if isinstance(node, Literal):
        return lambda context, credits, value=node.value: value  # type: ignore[misc]
    if isinstance(node, Credit):
        return lambda context, credits, question=node.question: credits[question]  # type: ignore[misc]
    if isinstance(node, Not):
        return _not(_compile(node.of))
    if isinstance(node, Among):
        operand, values, negated = _compile(node.operand), frozenset(node.values), node.negated
        return lambda context, credits: (operand(context, credits) in values) is not negated
    if isinstance(node, Compare):
        return _all([_compile_link(*link) for link in node.links])
    parts = [_compile(part) for part in node.parts]
    return _all(parts) if isinstance(node, And) else _any(parts)


def _compile_link(left: Operand, sign: str, right: Operand) -> Compiled:
    compare, one, other = OPERATORS[sign], _compile(left), _compile(right)
    return lambda context, credits: compare(one(context, credits), other(context, credits))


def _all(parts: list[Compiled]) -> Compiled:
    def holds(context: Context, credits: Credits) -> bool:
        for part in parts:  # noqa: SIM110 — a generator would double the time of a rule
            if not part(context, credits):
                return False
        return True

    return holds


def _any(parts: list[Compiled]) -> Compiled:
    none = _all([_not(part) for part in parts])
    return _not(none)


def _not(part: Compiled) -> Compiled:
    return lambda context, credits: not part(context, credits)
