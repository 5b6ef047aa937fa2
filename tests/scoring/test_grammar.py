import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.grammar import (
    MAX_DEPTH,
    MAX_LENGTH,
    Among,
    And,
    Compare,
    Credit,
    Literal,
    Name,
    Not,
    Or,
    RuleError,
    is_name,
    operands,
    read,
)
from tests.scoring.builders import is_helpful

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("a", A),
        ("True", Literal(True)),
        ("true", Name("true")),
        ("not a", Not(A)),
        ("not not a", Not(Not(A))),
        ("a or b and not c", Or((A, And((B, Not(C)))))),
        ("(a or b) and c", And((Or((A, B)), C))),
        ("a and b and c", And((A, B, C))),
        ("a == 1", Compare(((A, "==", Literal(1)),))),
        ("1 <= a < b != -20", Compare(((Literal(1), "<=", A), (A, "<", B), (B, "!=", Literal(-20))))),
        ("a in (1,)", Among(A, (1,), negated=False)),
        ("a not in ('x', \"y\",)", Among(A, ("x", "y"), negated=True)),
        ("not a in (1, 2)", Not(Among(A, (1, 2), negated=False))),
        ("credit('X-1') > 0", Compare(((Credit("X-1"), ">", Literal(0)),))),
        ("a=='and'", Compare(((A, "==", Literal("and")),))),
        ("\t a>-1 ", Compare(((A, ">", Literal(-1)),))),
        ('"b"in("a","b")', Among(Literal("b"), ("a", "b"), negated=False)),
    ],
)
def test_rule_read(source, tree):
    assert read(source) == tree


@pytest.mark.parametrize(
    "source",
    [
        "",
        "a b",
        "a and",
        "a ==",
        "== 1",
        "(a",
        "a)",
        "a in ()",
        "a in (1)",
        "a in ('59')",
        "a in 1",
        "a in (b,)",
        "a in (1 2)",
        "a in (,)",
        "a in (1,,)",
        "a not (1,)",
        "a in (1,) == b",
        "a == b in (1,)",
        "a in (1,) in (1,)",
        "(a) == b",
        "a == (b)",
        "a == not b",
        "a + 1",
        "a.b",
        "a[0]",
        "a is b",
        "a = 1",
        "a <> 1",
        "01",
        "1.5 > a",
        "1_0 > a",
        "0x1 > a",
        "1and a",
        "- 1 < a",
        "+1 < a",
        "A",
        "_a",
        "None",
        "and",
        "in",
        "é",
        "credit",
        "credit(A)",
        "credit('A'",
        "credit('A', 'B')",
        "credit()",
        "f('A')",
        "__import__('os')",
        "'a",
        "'a\\'b'",
        "'a\nb'",
        "a\nand b",
        "a # b",
        "'a' 'b'",
        "'''a'''",
        "r'a'",
        "a;b",
        "lambda: a",
    ],
)
def test_rule_refused(source):
    with pytest.raises(RuleError) as caught:
        read(source)
    assert is_helpful(*caught.value.faults[0])


def test_refusal_tells_column_and_what_was_expected():
    with pytest.raises(RuleError) as caught:
        read("a in ('59')")
    assert caught.value.faults == (
        ("«\u202f)\u202f» est inattendu (colonne 11).", "On attend ici une virgule, même après une valeur seule."),
    )


def test_refusal_at_the_end():
    with pytest.raises(RuleError) as caught:
        read("a and")
    assert caught.value.faults[0][0] == "la règle s’arrête (colonne 6)."


@pytest.mark.parametrize("nested", ["({})", "not {}", "not ({})"])
def test_depth_at_the_limit_and_beyond(nested):
    def rule(levels):
        source = "a"
        for _ in range(levels):
            source = nested.format(source)
        return source

    each = nested.count("(") + nested.count("not")
    read(rule(MAX_DEPTH // each))
    with pytest.raises(RuleError, match="50 niveaux") as caught:
        read(rule(MAX_DEPTH // each + 1))
    assert is_helpful(*caught.value.faults[0])


def test_depth_counts_what_is_open_only():
    read(" and ".join(["(not a)"] * 100))


@pytest.mark.parametrize("closed", ["(a)", "not a"])
def test_depth_at_the_limit_and_beyond_after_what_is_closed(closed):
    read(f"{closed} and {'(' * MAX_DEPTH}a{')' * MAX_DEPTH}")
    with pytest.raises(RuleError, match="50 niveaux"):
        read(f"{closed} and {'(' * (MAX_DEPTH + 1)}a{')' * (MAX_DEPTH + 1)}")


def test_length_at_the_limit_and_beyond():
    read("a" * MAX_LENGTH)
    with pytest.raises(RuleError, match="2000 caractères") as caught:
        read("a" * (MAX_LENGTH + 1))
    assert is_helpful(*caught.value.faults[0])


def test_operands_from_left_to_right():
    source = "not a and (b in (1, 2) or 1 < c <= credit('X')) or True"
    assert list(operands(read(source))) == [A, B, Literal(1), C, Credit("X"), Literal(True)]


@pytest.mark.parametrize("name", ["a", "has_port", "x2"])
def test_name_allowed(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "A", "2a", "_a", "é", "a-b", "a ", "and", "or", "not", "in", "credit"])
def test_name_refused(name):
    assert not is_name(name)


pieces = st.sampled_from(
    ["a", "b", "and", "or", "not", "in", "(", ")", ",", "==", "<", "1", "-2", "'x'", "True", "credit('X')", " ", "0"]
)


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_whatever_is_read_is_valid_python(source):
    try:
        read(source)
    except RuleError:
        return
    ast.parse(source.strip(), mode="eval")
