"""From bytes to values, exactly: what a document may hold, and the line of everything for the faults.

JSON is read here. YAML is read in `framework`, and feeds the same `Builder`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from scoring.faults import MAX_FAULTS, REFUSED, DocumentError, Fault, Faults, Path, TooManyFaults, place, shown

T = TypeVar("T")

MAX_BYTES = 1024 * 1024  # several times the largest framework we can think of
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_TOKEN = re.compile(r'[ \t\r\n]+|"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^ \t\r\n{}\[\],:"]+')
_LONGEST_INTEGER = 17
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Source:
    """A text once read: its value, the line of each path, and the faults found in reading it."""

    value: Any
    lines: dict[Path, int] | None
    faults: tuple[Fault, ...]


class Doubtful(ValueError):
    """The text may have a fault."""


def build_or_raise(source: Source, build: Callable[[Any, Faults], T], error: type[DocumentError]) -> T:
    """What `build` makes of the value; the error, with every fault of the reading and the building, if there are."""
    faults = Faults(source.value, source.lines)
    faults.found += source.faults
    try:
        built = build(source.value, faults)
    except TooManyFaults:
        raise error(faults.found) from None
    if faults.found:
        raise error(sorted(faults.found, key=lambda fault: fault.line or 0))
    return built


class NotJson(ValueError):
    """The text is not JSON. `fault` says where it stops being so."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.fault = Fault("document", line, what, "Vérifiez les guillemets, les virgules et les accolades.")


def decode(source: bytes | str) -> str:
    """The text of a document, without its BOM. Raises DocumentError when it is not UTF-8 or too long."""
    try:
        data = source.encode() if isinstance(source, str) else source
    except UnicodeEncodeError as error:
        line_breaks = str(source)[: error.start].count("\n")
        raise _refusal(line_breaks, "un caractère de substitution isolé.", "Retirez-le.") from None
    if len(data) > MAX_BYTES:
        raise _refusal(0, f"le document dépasse {MAX_BYTES // 1024} Kio.", "Retirez ce qui n’y sert pas.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"l’octet {error.start + 1} n’est pas de l’UTF-8."
        raise _refusal(data[: error.start].count(b"\n"), what, "Enregistrez le fichier en UTF-8.") from None


def _refusal(line_breaks: int, what: str, mend: str) -> DocumentError:
    return DocumentError([Fault("document", line_breaks + 1, what, mend)])


def read_json(text: str, builder: "Builder | None" = None) -> Source:
    """The value of a JSON text, with lines and faults.

    Raises NotJson when the syntax is not JSON's, DocumentError when it is nested too deep. `builder` knows what may be
    there.
    """
    _check_syntax(text)
    builder = builder or Builder()
    line = 1
    for token in _TOKEN.findall(text):
        if token[0] in " \t\r\n":
            line += token.count("\n")
        else:
            _feed(builder, token, line)
    return builder.source()


def read_json_quickly(text: str) -> Any:
    """The value of a JSON text that has no fault, many times faster than `read_json`.

    Raises Doubtful when it may have one: only the slow reading can tell which, and where.
    """
    if "\\u" in text:
        raise Doubtful("an escape may hide half of a surrogate pair")
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_not_quick, parse_constant=_not_quick, object_pairs_hook=map_of
        )
    except (json.JSONDecodeError, RecursionError):
        raise Doubtful("not JSON, or nested too deep") from None


def _not_quick(literal: str) -> NoReturn:
    raise Doubtful(literal)


def _integer(literal: str) -> int:
    if len(literal) <= _LONGEST_INTEGER and -MAX_INTEGER <= (value := int(literal)) <= MAX_INTEGER:
        return value
    raise Doubtful(literal)


def map_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads`: a key given twice raises Doubtful, since programs differ on which one they read."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Doubtful("duplicate key")
    return made


def _check_syntax(text: str) -> None:
    """Let the standard parser judge the syntax; it need not read the numbers for that."""
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=_not_json)
    except json.JSONDecodeError as error:
        raise NotJson(error.lineno, f"ce n’est pas du JSON (colonne {error.colno}).") from None
    except _Constant as error:
        before = next(match.start() for match in _TOKEN.finditer(text) if match.group() == str(error))
        raise NotJson(text.count("\n", 0, before) + 1, f"« {error} » n’est pas du JSON.") from None
    except RecursionError:
        pass  # the walk that follows refuses it, and knows the line


class _Constant(ValueError):
    """NaN or an infinity, which the standard parser knows and JSON does not."""


def _not_json(constant: str) -> NoReturn:
    raise _Constant(constant)


def _feed(builder: "Builder", token: str, line: int) -> None:
    """Hand one token of a valid JSON text to the builder."""
    first = token[0]
    if first == "{":
        builder.open({}, line)
    elif first == "[":
        builder.open([], line)
    elif first in "}]":
        builder.close()
    elif first == '"':
        builder.text(json.loads(token), line)
    elif first in "-0123456789":
        builder.number(token, line)
    elif first not in ",:":
        builder.put(_CONSTANTS[token], line)


class Builder:
    """Builds a value from a stream of events, and notes what may not be there."""

    def __init__(self) -> None:
        self._value: Any = None
        self._lines: dict[Path, int] = {}
        self._odd: list[tuple[Path, int, str, str]] = []
        self._frames: list[_Frame] = []

    def source(self) -> Source:
        """What was built, with its faults."""
        faults = (Fault(place(self._value, path), line, what, mend) for path, line, what, mend in self._odd)
        return Source(self._value, self._lines, tuple(faults))

    def open(self, container: dict[str, Any] | list[Any], line: int) -> None:
        """Enter a map or a list. Raises DocumentError past MAX_DEPTH."""
        if len(self._frames) == MAX_DEPTH:
            raise _refusal(line - 1, f"plus de {MAX_DEPTH} niveaux d’imbrication.", "Aucun document n’en demande tant.")
        self.put(container, line)
        self._frames.append(_Frame(container))

    def close(self) -> None:
        self._frames.pop()

    def text(self, value: str, line: int) -> None:
        """A string; half of a surrogate pair has no meaning on its own."""
        if is_text(value):
            self.put(value, line)
        else:
            self.refuse("un caractère de substitution isolé (\\ud800 à \\udfff).", "Retirez-le.", line)

    def number(self, literal: str, line: int) -> None:
        """A number as written, integer or not."""
        if any(mark in literal for mark in ".eE"):
            what = f"{literal[:_LONGEST_INTEGER]} n’est pas un entier."
            self.refuse(what, "Écrivez un entier, sans « . », « e » ni « E ».", line)
        elif len(literal) > _LONGEST_INTEGER or abs(int(literal)) > MAX_INTEGER:
            self.refuse(f"{literal[:_LONGEST_INTEGER]}… dépasse ±(2⁵³ − 1).", "Écrivez un entier plus petit.", line)
        else:
            self.put(int(literal), line)

    def put(self, value: Any, line: int) -> None:
        """One value, or one key where a map waits for one."""
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self._value = value
        elif frame.awaits_key:
            self._put_key(frame, value, line)
            return
        else:
            frame.put(value)
        self._lines.setdefault(self._path(), line)

    def _put_key(self, frame: "_Frame", key: Any, line: int) -> None:
        frame.awaits_key = False
        frame.step = None
        if not isinstance(key, str):
            if key is not REFUSED:
                self.note(line, f"la clé {shown(key)} n’est pas une chaîne.", "Mettez-la entre guillemets.")
        elif key in frame.container:
            self.note(line, f"la clé {shown(key)} est écrite deux fois.", "Gardez-en une seule.")
        else:
            frame.step = key
            frame.container[key] = REFUSED
            self._lines.setdefault(self._path(), line)

    def refuse(self, what: str, mend: str, line: int) -> None:
        """A value, or a key, that may not be there."""
        self.put(REFUSED, line)
        self.note(line, what, mend)

    def note(self, line: int, what: str, mend: str) -> None:
        """Say something of what was put or opened last."""
        self._odd.append((self._path(), line, what, mend))
        if len(self._odd) == MAX_FAULTS:
            raise DocumentError(self.source().faults)

    def _path(self) -> Path:
        return tuple(frame.step for frame in self._frames if frame.step is not None)


@dataclass
class _Frame:
    """One open map or list, and the step that leads to its current item (None when that item is lost)."""

    container: Any
    step: str | int | None = None
    awaits_key: bool = field(init=False)

    def __post_init__(self) -> None:
        self.awaits_key = isinstance(self.container, dict)

    def put(self, value: Any) -> None:
        if isinstance(self.container, list):
            self.step = len(self.container)
            self.container.append(value)
            return
        if self.step is not None:
            self.container[self.step] = value
        self.awaits_key = True


def is_text(value: Any) -> bool:
    """Whether the value is a string that UTF-8 can write."""
    if not isinstance(value, str):
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
