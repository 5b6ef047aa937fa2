import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.faults import REFUSED, DocumentError
from scoring.texts import MAX_BYTES, MAX_DEPTH, Doubtful, NotJson, decode, read_json, read_json_quickly
from tests.scoring.builders import is_helpful, places_of

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def faults_of(text):
    faults = read_json(text).faults
    return [(place, fault.line, fault.what) for place, fault in zip(places_of(faults), faults, strict=True)]


def refusal(source):
    with pytest.raises(DocumentError) as caught:
        decode(source)
    (fault,) = caught.value.faults
    assert is_helpful(fault.what, fault.mend)
    return fault.line, fault.what


@given(values, st.sampled_from([None, 1]))
def test_json_read_as_the_standard_library_does(value, indent):
    assert read_json(json.dumps(value, indent=indent)).value == value


def test_lines_of_keys_and_items():
    lines = read_json('{\n "a": [\n  1,\n  {"b":\n 2}]}').lines
    assert lines == {(): 1, ("a",): 2, ("a", 0): 3, ("a", 1): 4, ("a", 1, "b"): 4}


def test_empty_key_is_a_key():
    assert read_json('{"": 1}').value == {"": 1}


@pytest.mark.parametrize("number", ["1.0", "-0.5", "1e3", "1E3", "1e400"])
def test_number_that_is_no_integer(number):
    assert faults_of(f'{{"a":\n {number}}}') == [("a", 2, f"{number} n’est pas un entier.")]


@pytest.mark.parametrize(
    "number", [str(2**53), str(-(2**53)), "1" * 18, "1" * 5000], ids=lambda number: f"{len(number)} signs"
)
def test_integer_too_large(number):
    ((place, line, what),) = faults_of(f"[0,\n{number}]")
    assert (place, line) == ("[1]", 2)
    assert what.endswith("dépasse ±(2⁵³ − 1).")


@pytest.mark.parametrize("number", [2**53 - 1, 1 - 2**53, 0, -1])
def test_integer_at_the_limit(number):
    assert read_json(str(number)).value == number


def test_minus_zero_is_zero():
    assert read_json("-0").value == 0


def test_duplicate_keys_told_each_with_its_line():
    text = '{"a": 1,\n"a": {"b": 2},\n"c": {"d": 1,\n"d": 2}}'
    told = [
        ("document", 2, "la clé «\u202fa\u202f» est écrite deux fois."),
        ("c", 4, "la clé «\u202fd\u202f» est écrite deux fois."),
    ]
    assert faults_of(text) == told


def test_first_of_duplicate_keys_kept():
    assert read_json('{"a": 1, "a": [2, {"b": 3}], "c": 4}').value == {"a": 1, "c": 4}


def test_lone_surrogate_in_value():
    assert faults_of('["\\ud800"]') == [("[0]", 1, "un caractère de substitution isolé (\\ud800 à \\udfff).")]


def test_lone_surrogate_in_key():
    assert faults_of('{"\\udc00": 1}') == [("document", 1, "un caractère de substitution isolé (\\ud800 à \\udfff).")]


def test_surrogate_pair_is_one_character():
    assert read_json('"\\ud83d\\ude00"').value == "😀"


def test_refused_value_stands_as_such():
    assert read_json("[1.5]").value == [REFUSED]


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[1,]", "{'a': 1}", "NaN", "[Infinity]", "[-Infinity]", "01", "1 2", '"\t"']
)
def test_text_that_is_not_json(text):
    with pytest.raises(NotJson):
        read_json(text)


@pytest.mark.parametrize("text", ['{"a": 1,\n"b" 2}', '["NaN",\nNaN]', "[\n-Infinity,\nInfinity]"])
def test_syntax_error_tells_its_line(text):
    with pytest.raises(NotJson) as caught:
        read_json(text)
    fault = caught.value.fault
    assert fault.line == 2
    assert is_helpful(fault.what, fault.mend)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_nesting_too_deep(depth):
    with pytest.raises(DocumentError) as caught:
        read_json("[\n" * depth + "]" * depth)
    (fault,) = caught.value.faults
    assert fault.line == MAX_DEPTH + 1
    assert is_helpful(fault.what, fault.mend)


def test_nesting_at_the_limit():
    assert read_json("[" * MAX_DEPTH + "]" * MAX_DEPTH).faults == ()


def test_byte_order_mark_ignored():
    assert decode(b"\xef\xbb\xbf{}") == "{}"


def test_bytes_that_are_not_utf8():
    assert refusal(b"{\n\xff}") == (2, "l’octet 3 n’est pas de l’UTF-8.")


def test_string_with_a_lone_surrogate():
    assert refusal("\n\n\ud800") == (3, "un caractère de substitution isolé.")


def test_document_too_long():
    assert refusal(b" " * (MAX_BYTES + 1)) == (1, "le document dépasse 1024 Kio.")


def test_document_at_the_limit():
    assert len(decode(b" " * MAX_BYTES)) == MAX_BYTES


@pytest.mark.trial
def test_random_edits_of_json_never_crash():
    rng = random.Random(7)
    source = json.dumps({"a": [1, "é", {"b": None}], "c": "\ud83d\ude00"}, ensure_ascii=False, indent=1)
    for _ in range(3000):
        at = rng.randrange(len(source))
        text = source[:at] + rng.choice('{}[]",:\\u1e.-\n') * rng.randrange(3) + source[at + rng.randrange(3) :]
        try:
            read_json(text)
        except (NotJson, DocumentError):
            continue


@given(values, st.sampled_from([None, 1]))
def test_quick_reading_is_the_slow_one(value, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    try:
        read = read_json_quickly(text)
    except Doubtful:
        assert "\\u" in text
    else:
        assert read == read_json(text).value


@pytest.mark.parametrize("number", [2**53 - 1, 1 - 2**53])
def test_quick_reading_of_an_integer_at_the_limit(number):
    assert read_json_quickly(str(number)) == number


DOUBTFUL = ['{"a": 1, "a": 2}', "1.5", "1e3", "NaN", str(2**53), "1" * 5000, '"\\ud800"', "[" * 100_000, "{", ""]


@pytest.mark.parametrize("text", DOUBTFUL, ids=range(len(DOUBTFUL)))
def test_quick_reading_gives_up(text):
    with pytest.raises(Doubtful):
        read_json_quickly(text)
