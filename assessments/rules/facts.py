"""Which facts a territory is asked about: those that may still change what it is asked. Pure."""

from collections.abc import Mapping
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


def presumed(framework: Framework, known: Mapping[str, Value]) -> dict[str, Value]:
    """The value, for the engine, of what is not asked: it decides nothing, but a rule waits for all its names."""
    left = set(framework.context) - set(asked(framework, known))
    return {name: _NOTHING[framework.context[name]] for name in framework.context if name in left}


_NOTHING: dict[str, Value] = {"boolean": False, "integer": 0, "string": ""}
