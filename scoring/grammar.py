"""The grammar of a rule: what it is made of, and how it is read.

rule    = or            ;  or = and ("or" and)*  ;  and = not ("and" not)*  ;  not = "not" not | test
test    = operand (op operand)+  |  operand ["not"] "in" "(" literal ("," literal)* [","] ")"  |  operand
        | "(" rule ")"
operand = name | literal | credit("ID")
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from scoring.faults import printable

MAX_LENGTH = 2000
MAX_DEPTH = 50
WORDS = frozenset({"and", "or", "not", "in", "credit"})  # True and False cannot be names: they have a capital

Value = bool | int | str


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Literal:
    value: Value


@dataclass(frozen=True)
class Credit:
    question: str


@dataclass(frozen=True)
class Not:
    of: "Node"


@dataclass(frozen=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Compare:
    """A chain: `links` are (left, operator, right), each a comparison of its own, all of which must hold."""

    links: tuple[tuple["Operand", str, "Operand"], ...]


@dataclass(frozen=True)
class Among:
    operand: "Operand"
    values: tuple[Value, ...]
    negated: bool


Operand = Name | Literal | Credit
Node = Operand | Not | And | Or | Compare | Among


class RuleError(ValueError):
    """A rule that cannot be used; `faults` are pairs (what, how to mend it)."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__("; ".join(" ".join(fault) for fault in faults))


def operands(node: Node) -> Iterator[Operand]:
    """The names, literals and credits of a rule, from left to right."""
    if isinstance(node, Not):
        yield from operands(node.of)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from operands(part)
    elif isinstance(node, Compare):
        yield node.links[0][0]
        yield from (right for _, _, right in node.links)
    elif isinstance(node, Among):
        yield node.operand
    else:
        yield node


def read(source: str) -> Node:
    """The tree of a rule. Raises RuleError at the first thing that the grammar does not know."""
    return _Parser(source).rule()


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+)
      | (?P<string>"[^"\\\r\n]*"|'[^'\\\r\n]*')
      | (?P<integer>-?(?:0|[1-9][0-9]*)(?![0-9A-Za-z_.]))
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<op>==|!=|<=|>=|<|>)
      | (?P<mark>[(),])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def is_name(text: str) -> bool:
    """Whether the text may name something of the context."""
    return _NAME.fullmatch(text) is not None and text not in WORDS


def _tokens(source: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(source):
        if match.lastgroup != "blank":
            yield _Token(str(match.lastgroup), match.group(), match.start() + 1)
    yield _Token("end", "", len(source) + 1)


class _Parser:
    """Reads one rule by recursive descent, one method a line of the grammar."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_LENGTH:
            raise RuleError((f"la règle dépasse {MAX_LENGTH} caractères.", "Coupez-la, ou simplifiez-la."))
        self._tokens = list(_tokens(source))
        self._depth = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[0]

    def _take(self) -> _Token:
        return self._tokens.pop(0)

    def _accept(self, text: str) -> bool:
        """Step over this word or mark if it comes next. A quoted "and" is a string, and keeps its quotes."""
        if self._next.text == text:
            self._take()
            return True
        return False

    def _refuse(self, expected: str) -> NoReturn:
        token = self._next
        found = "la règle s’arrête" if token.kind == "end" else f"« {printable(token.text)} » est inattendu"
        raise RuleError((f"{found} (colonne {token.column}).", f"On attend ici {expected}."))

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            self._refuse(f"« {text} »")

    def rule(self) -> Node:
        node = self._or()
        if self._next.kind != "end":
            self._refuse("« and », « or » ou la fin de la règle")
        return node

    def _or(self) -> Node:
        parts = [self._and()]
        while self._accept("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._accept("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Node:
        if self._accept("not"):
            self._deeper()
            node: Node = Not(self._not())
            self._depth -= 1
            return node
        return self._test()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RuleError((f"la règle a plus de {MAX_DEPTH} niveaux d’imbrication.", "Simplifiez-la."))

    def _test(self) -> Node:
        if self._accept("("):
            self._deeper()
            node = self._or()
            self._expect(")")
            self._depth -= 1
            return node
        left = self._operand()
        if self._next.kind == "op":
            return self._chain(left)
        if self._accept("in"):
            return Among(left, self._literals(), negated=False)
        if self._accept("not"):
            self._expect("in")
            return Among(left, self._literals(), negated=True)
        return left

    def _chain(self, left: Operand) -> Compare:
        links = []
        while self._next.kind == "op":
            sign = self._take().text
            right = self._operand()
            links.append((left, sign, right))
            left = right
        return Compare(tuple(links))

    def _literals(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._literal()]
        commas = 0
        while self._accept(","):
            commas += 1
            if self._next.text == ")":
                break
            values.append(self._literal())
        if not commas:
            self._refuse("une virgule, même après une valeur seule")
        self._expect(")")
        return tuple(values)

    def _operand(self) -> Operand:
        token = self._next
        if token.kind != "word" or token.text in ("True", "False"):
            return Literal(self._literal())
        if token.text in WORDS - {"credit"} or not _NAME.fullmatch(token.text):
            self._refuse('un nom, une valeur ou credit("…")')
        self._take()
        if token.text != "credit":
            return Name(token.text)
        self._expect("(")
        if self._next.kind != "string":
            self._refuse("l’identifiant d’une question, entre guillemets")
        question = self._take().text[1:-1]
        self._expect(")")
        return Credit(question)

    def _literal(self) -> Value:
        token = self._next
        if token.kind == "string":
            return self._take().text[1:-1]
        if token.kind == "integer":
            return int(self._take().text)
        if token.text not in ("True", "False"):
            self._refuse("une valeur : un entier, une chaîne entre guillemets, True ou False")
        return self._take().text == "True"
