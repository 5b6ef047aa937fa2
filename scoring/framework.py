"""Frameworks: read from JSON or YAML, checked whole, hashed, compared. The only module that knows YAML."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from scoring import measures, reachability
from scoring.faults import DocumentError, Fault, Faults, Path, gather, printable, shown
from scoring.hashing import digest_of_checked
from scoring.model import Axis, Framework, Issue, Question
from scoring.schema import build
from scoring.texts import Builder, NotJson, Source, build_or_raise, decode, read_json

__all__ = [
    "Framework",
    "FrameworkError",
    "Wording",
    "check",
    "compare",
    "load",
    "parse_document",
    "reworded",
    "wordings",
]


class FrameworkError(DocumentError):
    """A framework that cannot be used. `faults` says all that is wrong."""


def load(source: bytes | str) -> Framework:
    """The framework of a text, JSON or else YAML. Raises FrameworkError with every fault, each with its line."""
    return _framework(_read(source))


def parse_document(document: Any) -> Framework:
    """The framework of a document already read, as stored. Raises FrameworkError; the faults have no line."""
    return _framework(Source(document, None, ()))


def check(source: bytes | str, *, since: Framework | None = None, strict: bool = False) -> tuple[Fault, ...]:
    """Every fault of a text, those that `load` refuses and those that only its authors can judge.

    The latter are questions that no context can reach, ids whose meaning changed `since` an earlier version and,
    when `strict`, questions that no answers can reach, contexts that leave an axis without points and, since schema 2,
    all that `measures` finds out of bounds.
    """
    try:
        read = _read(source)
        framework = _framework(read)
    except FrameworkError as error:
        return error.faults

    def judge(faults: Faults) -> None:
        _check_reach(framework, faults, strict=strict)
        if since is not None:
            _check_meanings(since, framework, faults)

    return gather(judge, Faults(read.value, read.lines))


@dataclass(frozen=True)
class Wording:
    """One text that applicants read, and where it stands in its source: `source[start:end]`.

    `of`: the id of a question or the name of a fact; `what`: one of WORDED, or "option" and its id. One of OPTIONAL
    that is not written yet is an empty text, whose `around` is to be written around it."""

    of: str
    what: tuple[str, ...]
    text: str
    start: int
    end: int
    around: tuple[str, str] = ("", "")

    @property
    def optional(self) -> bool:
        return self.what[0] in OPTIONAL


WORDED = ("text", "short", "help", "evidence_hint", "unit")
OPTIONAL = ("short", "help", "evidence_hint")


def wordings(source: str) -> tuple[Wording, ...]:
    """The French texts of the facts and the questions of a source that `load` takes, in its order."""
    root = _root(source)
    short = ("short",) if root["schema"].value == "2" else ()
    found = [wording for name, fact in _facts(root).items() for wording in _worded(name, fact, ("help",))]
    for question in root["questions"].value:
        found += _worded(_pairs(question)["id"].value, question, (*short, "help", "evidence_hint"))
    return tuple(found)


def reworded(source: str, changes: Iterable[tuple[Wording, str]]) -> str:
    """The source with these texts in the place of those of its `wordings`; nothing else of it moves. An optional text
    that is left empty goes with its name."""
    edits: list[tuple[int, int, str]] = []
    emptied: dict[str, set[str]] = {}
    for wording, text in changes:
        if wording.optional and not text:
            if not wording.around[0]:
                emptied.setdefault(wording.of, set()).add(wording.what[0])
            continue
        before, behind = wording.around
        after = _left(source[wording.start : wording.end])
        edits.append((wording.start, wording.end, before + _quoted(text) + behind + after))
    for start, end, text in sorted([*edits, *_cuts(source, emptied)], reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _left(gone: str) -> str:
    """What stays of it: a block scalar ends after its line, and what follows must stay on the next one."""
    return gone[len(gone.rstrip()) :]


def _root(source: str) -> dict[str, yaml.Node]:
    return _pairs(yaml.compose(source, Loader=yaml.CSafeLoader))


def _facts(root: dict[str, yaml.Node]) -> dict[str, yaml.Node]:
    return _pairs(root["context"]) if "context" in root else {}


def _worded(of: str, node: yaml.Node, may: tuple[str, ...]) -> Iterator[Wording]:
    """`may`: the optional texts that it may take."""
    pairs = _pairs(node)
    for name in WORDED:
        if name in pairs:
            yield _wording(of, (name,), pairs[name])
        elif name in may and isinstance(node, yaml.MappingNode):
            yield _unwritten(of, name, node)
    for option in pairs["options"].value if "options" in pairs else ():
        fields = _pairs(option)
        yield _wording(of, ("option", fields["id"].value), fields["text"])


def _wording(of: str, what: tuple[str, ...], node: yaml.Node) -> Wording:
    text = _pairs(node)["fr"]
    return Wording(of, what, text.value, text.start_mark.index, text.end_mark.index)


def _unwritten(of: str, name: str, node: yaml.MappingNode) -> Wording:
    """It comes before the text, on a line of its own where each key has one."""
    key = next(key for key, _value in node.value if key.value == "text")
    at = key.start_mark.index
    behind = "}, " if node.flow_style else "}\n" + " " * key.start_mark.column
    return Wording(of, (name,), "", at, at, (f'"{name}": {{"fr": ', behind))


def _cuts(source: str, emptied: Mapping[str, Collection[str]]) -> Iterator[tuple[int, int, str]]:
    """Edits that take these texts away, each with its name. `emptied`: names by fact or question."""
    if not emptied:
        return
    root = _root(source)
    nodes = _facts(root) | {_pairs(question)["id"].value: question for question in root["questions"].value}
    for of, names in emptied.items():
        pairs, kept = nodes[of].value, False
        for at, (key, value) in enumerate(pairs):
            if key.value not in names:
                kept = True
            elif kept:
                start, end = _end(pairs[at - 1][1]), _end(value)
                yield start, end, _left(source[start:end])
            else:
                yield key.start_mark.index, pairs[at + 1][0].start_mark.index, ""


def _end(node: yaml.Node) -> int:
    """Of a collection in blocks, where its last word ends: the parser says where the next one begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _pairs(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Of a fact of schema 1, which is its type alone: none."""
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _quoted(text: str) -> str:
    """A scalar of JSON and of YAML alike, on one line; what YAML takes for the end of a line is escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\u{ord(sign):04x}" if sign in "\x85\u2028\u2029\ufeff" else sign for sign in written)


def compare(old: Framework, new: Framework) -> tuple[Fault, ...]:
    """The names of the new framework whose meaning is not what it was in the old one.

    A question with another text, kind, unit or option; a name of the context with another type.

    Points, weights, rules and levels may change from an edition to the next; what is asked under an id may not.
    """
    return gather(lambda faults: _check_meanings(old, new, faults), Faults(new.document))


def _framework(source: Source) -> Framework:
    framework = build_or_raise(source, build, FrameworkError)
    return replace(framework, hash=digest_of_checked(source.value))


# --- what only the authors can judge


def _check_reach(framework: Framework, faults: Faults, *, strict: bool) -> None:
    for question in reachability.unreachable(framework, by_answers=strict):
        index = framework.questions.index(question)
        what = "aucun contexte ne rend cette question applicable."
        faults.add(("questions", index, "applies_when"), what, "Corrigez la règle, ou retirez la question.")
    if strict:
        for gap in reachability.axes_without_points(framework):
            index = [axis.id for axis in framework.axes].index(gap.axis)
            faults.add(("axes", index), gap.what, "Ajoutez à cet axe une question qui s’y applique.")
    if strict and framework.schema > 1:
        for finding in measures.findings(framework):
            faults.add(_place(framework, finding), finding.what, "Voyez les mesures de « scoring/measures.py ».")


def _place(framework: Framework, finding: measures.Finding) -> Path:
    """What is to blame for a finding; the whole document when nothing is."""
    for key, found in (("questions", finding.question), ("issues", finding.issue), ("axes", finding.axis)):
        if found:
            parts: Sequence[Question | Issue | Axis] = getattr(framework, key)
            return key, [part.id for part in parts].index(found)
    return ()


def _check_meanings(old: Framework, new: Framework, faults: Faults) -> None:
    for name, kind in new.context.items():
        if old.context.get(name, kind) != kind:
            what = f"le type a changé\u202f: «\u202f{old.context[name]}\u202f» avant, «\u202f{kind}\u202f» maintenant."
            faults.add(("context", name), what, "Donnez un autre nom à ce qui est demandé.")
    for index, question in enumerate(new.questions):
        before = old.question_by_id.get(question.id)
        for what in _changes(before, question) if before else ():
            faults.add(("questions", index), what, "Donnez à la question un nouvel identifiant si son sens a changé.")


def _changes(old: Question, new: Question) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"la sorte de question a changé : « {old.kind} » avant, « {new.kind} » maintenant."
    if _words(old.text) != _words(new.text):
        yield "le texte français a changé."
    if _words(old.unit or {}) != _words(new.unit or {}):
        yield "l’unité a changé."
    texts = {option.id: _words(option.text) for option in old.options}
    for option in new.options:
        if texts.get(option.id, _words(option.text)) != _words(option.text):
            yield f"le texte de la réponse « {option.id} » a changé."


def _words(text: Mapping[str, str]) -> list[str]:
    """The words of the French text: spaces and line breaks carry no meaning."""
    return text.get("fr", "").split()


# --- reading


def _read(source: bytes | str) -> Source:
    try:
        text = decode(source)
        try:
            return read_json(text)
        except NotJson as error:
            return _read_yaml(text, error.fault)
    except DocumentError as error:
        raise FrameworkError(error.faults) from None


def _read_yaml(text: str, not_json: Fault) -> Source:
    """The value of a YAML text. When it is none, and looks like JSON, the fault is that of the JSON."""
    builder = Builder()
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                builder.note(_line(event), "un second document commence.", "Gardez un seul document par fichier.")
                break
            _feed(builder, event)
    except yaml.YAMLError as error:
        looks_like_json = text.lstrip()[:1] in ("{", "[")
        raise DocumentError([not_json if looks_like_json else _yaml_fault(error, text)]) from None
    return builder.source()


def _yaml_fault(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    line = mark.line if mark else text.encode()[: getattr(error, "position", 0)].count(b"\n")
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return Fault(
        "document", line + 1, f"ce n’est pas du YAML ({problem}).", "Vérifiez l’indentation et les guillemets."
    )


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1  # type: ignore[union-attr]


def _feed(builder: Builder, event: yaml.Event) -> None:
    """Hand one event to the builder; what makes YAML hazardous is refused, never interpreted."""
    line = _line(event)
    if isinstance(event, yaml.AliasEvent):
        builder.refuse(f"un renvoi YAML (« *{printable(str(event.anchor))} »).", "Écrivez la valeur elle-même.", line)
    elif isinstance(event, yaml.ScalarEvent):
        _scalar(builder, event, line)
    elif isinstance(event, yaml.MappingStartEvent):
        builder.open({}, line)
    elif isinstance(event, yaml.SequenceStartEvent):
        builder.open([], line)
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.close()
    if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
        if event.anchor is not None:
            builder.note(line, f"une ancre YAML (« &{printable(event.anchor)} »).", "Retirez-la.")
        if event.tag is not None:
            builder.note(line, f"une étiquette YAML (« {printable(event.tag)} »).", "Retirez-la.")


_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
# Read as the same number by YAML 1.1 and 1.2. One digit after zeros is the same in base 8 and 10.
_INTEGER = re.compile(r"[-+]?(?:[1-9][0-9]*|0*[0-7])")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,16}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# Read as something else than a string by YAML 1.1 or 1.2.
_DISPUTED = re.compile(
    r"""[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF            # booleans of 1.1
      | [-+]?0b[01_]+ | [-+]?0[0-7_]+ | [-+]?0x[0-9a-fA-F_]+        # integers of 1.1
      | [-+]?[1-9][0-9_]*(?::[0-5]?[0-9])*
      | [-+]?[0-9]+ | 0o[0-7]+                                      # integers of 1.2
      | [-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+][0-9]+)?          # numbers of 1.1
      | [-+]?[0-9][0-9_]*\.(?:[eE][-+][0-9]+)?
      | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
      | [-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?   # numbers of 1.2
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+).*)?        # dates of 1.1
      | = | <<                                                      # the default and merge keys of 1.1
    """,
    re.VERBOSE,
)


def _scalar(builder: Builder, event: yaml.ScalarEvent, line: int) -> None:
    """A scalar: quoted, it is a string; plain, it is what YAML 1.1 and 1.2 both read, or it is refused."""
    value = event.value
    if event.style:
        builder.put(value, line)
    elif value in _CONSTANTS:
        builder.put(_CONSTANTS[value], line)
    elif _HEXADECIMAL.fullmatch(value):
        builder.number(str(int(value, 16)), line)
    elif _INTEGER.fullmatch(value) or _FLOAT.fullmatch(value):
        builder.number(value, line)
    elif _DISPUTED.fullmatch(value):
        what = f"{shown(value)} n’a pas le même sens selon la version de YAML."
        builder.refuse(what, "Mettez-le entre guillemets.", line)
    else:
        builder.put(value, line)
