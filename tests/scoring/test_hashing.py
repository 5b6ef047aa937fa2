import enum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from scoring.hashing import NotCanonical, canonical, canonical_of_checked, digest, digest_of_checked
from tests.scoring.test_texts import values


@given(values)
def test_canonical_is_that_of_the_package(value):
    assert canonical(value) == canonical_of_checked(value) == rfc8785.dumps(value)


@given(st.dictionaries(st.text(st.sampled_from("a\ue000\ufffd😀\U0010ffff")), st.integers(0, 9)))
def test_keys_sorted_by_utf16_unit(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_canonical_of_characters_to_escape():
    assert canonical('\x00\x1f\x7f"\\/é\n') == '"\\u0000\\u001f\x7f\\"\\\\/é\\n"'.encode()


@pytest.mark.parametrize("value", [2**53 - 1, 1 - 2**53])
def test_canonical_of_the_largest_integers(value):
    assert canonical(value) == str(value).encode()


def test_digest_of_empty_map():
    hexadecimal = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert (digest({}), digest_of_checked({})) == (hexadecimal, hexadecimal)


def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        b"x",
        {1, 2},
        object(),
        {1: 2},
        {"\udfff": 1},
        [[{"a": 0.5}]],
        deep(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_without_canonical_form(value):
    with pytest.raises(
        NotCanonical, match=r"^the value is nested too deep$| is not a key of text$| has no place in a document$"
    ):
        canonical(value)


def test_order_of_keys_is_irrelevant():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_true_is_not_one():
    assert digest([True]) != digest([1])


class Word(enum.StrEnum):
    ONE = "one"


def test_enumerated_string_is_its_value():
    assert canonical(Word.ONE) == b'"one"'
