"""Which facts a territory is asked about: those that may still change what it is asked. Pure."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from scoring.grammar import Literal, Value
from scoring.model import Framework
from scoring.reachability import links
from scoring.rules import CONTEXT, Rule


def asked(framework: Framework, known: Mapping[str, Value]) -> tuple[str, ...]:
    """The declared names, less those that only stand in rules that what is official of the territory settles: an EPCI
    is not asked about a maternity « sur votre commune », nor a village about what is asked of cities alone."""
    return _asked(framework, tuple((name, known[name]) for name in CONTEXT if name in known))


@lru_cache(maxsize=4096)  # a page and a save ask it many times of one territory
def _asked(framework: Framework, known: tuple[tuple[str, Value], ...]) -> tuple[str, ...]:
    official = dict(known)
    rules = [question.rule for question in framework.questions if question.rule]
    mentioned = {name for rule in rules for name in rule.names}
    opened = {name for rule in rules if rule.settled(official) is None for name in rule.names}
    return tuple(name for name in framework.context if name in opened or name not in mentioned)


# « Je ne sais pas », of a yes or no, a number or a word: no value that a rule reads.
UNKNOWN = "unknown"
LONGEST = 200  # characters of a word


def guessed(framework: Framework, known: Mapping[str, Value], unknown: Iterable[str]) -> dict[str, Value]:
    """The value, for the engine, of what the territory does not know, until the jury says it: among those that rules
    tell apart, the one that leaves most questions to answer, yes when both leave as many. Nothing is gained by not
    knowing."""
    official = tuple((name, known[name]) for name in CONTEXT if name in known)
    return {name: _guess(framework, official, name) for name in unknown}


@lru_cache(maxsize=4096)
def _guess(framework: Framework, known: tuple[tuple[str, Value], ...], name: str) -> Value:
    rules = [question.rule for question in framework.questions if question.rule and name in question.rule.names]

    def left(value: Value) -> int:
        return sum(rule.settled({**dict(known), name: value}) is not False for rule in rules)

    return max(_told_apart(framework.context[name], rules), key=left)


def _told_apart(kind: str, rules: Iterable[Rule]) -> list[Value]:
    """Values of which one at least is in each class that these rules make, the greatest first."""
    if kind == "boolean":
        return [True, False]
    sides = (side for rule in rules for pair in links(rule.node) for side in pair)
    written = {side.value for side in sides if isinstance(side, Literal)}
    if kind == "integer":
        return sorted({0, *(n + step for n in written if type(n) is int for step in (-1, 0, 1))}, reverse=True)
    return [*sorted((word for word in written if isinstance(word, str)), reverse=True), ""]


def presumed(framework: Framework, known: Mapping[str, Value]) -> dict[str, Value]:
    """The value, for the engine, of what is not asked: it decides nothing, but a rule waits for all its names."""
    left = set(framework.context) - set(asked(framework, known))
    return {name: _NOTHING[framework.context[name]] for name in framework.context if name in left}


_NOTHING: dict[str, Value] = {"boolean": False, "integer": 0, "string": ""}
