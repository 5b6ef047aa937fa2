"""What is wrong in a document, where it is, and how to mend it."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

Path = tuple[str | int, ...]

MAX_FAULTS = 200  # a hostile file must not cost more than a broken one
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """One fault. `line` counts from 1 and is None when the document did not come from a text."""

    place: str
    line: int | None
    what: str
    mend: str = ""

    def __str__(self) -> str:
        line = "" if self.line is None else f", ligne {self.line}"
        return f"{self.place}{line} : {self.what} {self.mend}".rstrip()


class Refused:
    """Stands in a document for a value already reported, so that nothing is said of it twice."""


REFUSED = Refused()


class TooManyFaults(Exception):
    """Enough was found: reading on would only cost time."""


class Faults:
    """Gathers the faults of one document, so that all are said at once."""

    def __init__(self, root: Any = None, lines: Mapping[Path, int] | None = None) -> None:
        self._root = root
        self._lines = lines
        self.found: list[Fault] = []

    def add(self, path: Path, what: str, mend: str = "") -> None:
        self.found.append(Fault(place(self._root, path), self._line(path), what, mend))
        if len(self.found) >= MAX_FAULTS:
            raise TooManyFaults

    def _line(self, path: Path) -> int | None:
        """The line of the path, or of the nearest thing around it that is written."""
        if self._lines is None:
            return None
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


class DocumentError(ValueError):
    """A document that cannot be used. `faults` says all that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def gather(check: Callable[[Faults], object], faults: Faults) -> tuple[Fault, ...]:
    """Run a check until its end or until there are too many faults; all those found."""
    with suppress(TooManyFaults):
        check(faults)
    return tuple(faults.found)


def place(root: Any, path: Path) -> str:
    """A path as a reader says it: an item of a list goes by its id when it has one."""
    shown, here = "", root
    for step in path:
        here = _child(here, step)
        if isinstance(step, int):
            name = here.get("id") if isinstance(here, dict) else None
            shown += f"[{printable(name) if isinstance(name, str) else step}]"
        else:
            shown += f".{printable(step)}" if shown else printable(step)
    return shown or "document"


def _child(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def shown(value: Any) -> str:
    """A value as it goes into a sentence: short, on one line."""
    if isinstance(value, dict):
        return "un dictionnaire"
    if isinstance(value, (list, tuple)):
        return "une liste"
    if value is None or isinstance(value, (bool, int)):
        return cut(json.dumps(value))
    return f"« {printable(str(value))} »"


def printable(text: str) -> str:
    """The text cut short, and safe on one line of a terminal."""
    return escaped(cut(text))


def escaped(text: str) -> str:
    """The text with its control characters and lone surrogates written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def did_you_mean(word: Any, known: Iterable[str], otherwise: str = "") -> str:
    """« Vouliez-vous dire… » with the nearest known word, or the sentence given."""
    if isinstance(word, str) and len(word) <= LONGEST_SHOWN:
        close = get_close_matches(word, list(known), n=1)
        if close:
            return f"Vouliez-vous dire « {close[0]} » ?"
    return otherwise
