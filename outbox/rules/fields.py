"""The fields of a text: « {commune} » is filled for each reader. Nothing else of it is interpreted."""

import re
from collections.abc import Container, Mapping

FIELD = re.compile(r"\{([^{}]*)\}")


def found(text: str) -> list[str]:
    """What stands between braces, in order, each once."""
    return list(dict.fromkeys(FIELD.findall(text)))


def unknown(text: str, known: Container[str]) -> list[str]:
    return [name for name in found(text) if name not in known]


def filled(text: str, values: Mapping[str, str]) -> str:
    """One pass: what a value says between braces stays as it is."""
    return FIELD.sub(lambda seen: values.get(seen[1], seen[0]), text)
