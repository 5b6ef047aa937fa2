"""Which facts a territory is asked about: those that may still change what it is asked. Pure."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from scoring.grammar import Value
from scoring.model import Framework
from scoring.rules import CONTEXT


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


# « Je ne sais pas », the answer of a yes or no: no value that a rule reads.
UNKNOWN = "unknown"


def guessed(framework: Framework, known: Mapping[str, Value], unknown: Iterable[str]) -> dict[str, Value]:
    """The value, for the engine, of a yes or no that the territory does not know, until the jury says it: the one that
    leaves more questions to answer, yes when both leave as many. Nothing is gained by not knowing."""
    official = tuple((name, known[name]) for name in CONTEXT if name in known)
    return {name: _guess(framework, official, name) for name in unknown}


@lru_cache(maxsize=4096)
def _guess(framework: Framework, known: tuple[tuple[str, Value], ...], name: str) -> bool:
    rules = [question.rule for question in framework.questions if question.rule and name in question.rule.names]

    def left(value: bool) -> int:
        return sum(rule.settled({**dict(known), name: value}) is not False for rule in rules)

    return left(True) >= left(False)


def presumed(framework: Framework, known: Mapping[str, Value]) -> dict[str, Value]:
    """The value, for the engine, of what is not asked: it decides nothing, but a rule waits for all its names."""
    left = set(framework.context) - set(asked(framework, known))
    return {name: _NOTHING[framework.context[name]] for name in framework.context if name in left}


_NOTHING: dict[str, Value] = {"boolean": False, "integer": 0, "string": ""}
