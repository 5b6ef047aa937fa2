import pytest

from scoring.faults import (
    LONGEST_SHOWN,
    MAX_FAULTS,
    REFUSED,
    DocumentError,
    Fault,
    Faults,
    TooManyFaults,
    did_you_mean,
    escaped,
    gather,
    place,
    printable,
    shown,
)


def test_fault_is_one_line():
    assert str(Fault("a.b", 3, "est faux.", "Corrigez.")) == "a.b, ligne 3\u202f: est faux. Corrigez."
    assert str(Fault("a.b", None, "est faux.")) == "a.b\u202f: est faux."


def test_error_tells_every_fault():
    assert (
        str(DocumentError([Fault("a", 1, "x."), Fault("b", 2, "y.")])) == "a, ligne 1\u202f: x.\nb, ligne 2\u202f: y."
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ((), "document"),
        (("title",), "title"),
        (("questions", 0, "points"), "questions[A-1].points"),
        (("questions", 1, "points"), "questions[1].points"),
        (("questions", 2, "points"), "questions[2].points"),
        (("questions", 9), "questions[9]"),
        (("other", "x", 0, "y"), "other.x[0].y"),
        (("a\nb",), "a\\nb"),
        (("x" * 70,), f"{'x' * 60}…"),
    ],
)
def test_place_of_path(path, said):
    assert place({"questions": [{"id": "A-1"}, {"id": 3}, "x"], "title": "t"}, path) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "null"),
        (True, "true"),
        (12, "12"),
        (10**100, f"1{'0' * 59}…"),
        ("é\n", "«\u202fé\\n\u202f»"),
        ({}, "un dictionnaire"),
        ([1], "une liste"),
        ((1,), "une liste"),
        (1.5, "«\u202f1.5\u202f»"),
    ],
)
def test_value_shown(value, said):
    assert shown(value) == said


def test_printable_cuts_and_escapes():
    assert printable("\x1b[31m\ud800" + "x" * 60) == "\\x1b[31m\\ud800" + "x" * 54 + "…"
    assert escaped("é😀\t" + "x" * 60) == "é😀\\t" + "x" * 60


def test_line_is_that_of_the_nearest_thing_written():
    faults = Faults({}, {(): 1, ("a",): 3})
    faults.add(("a", "b", "c"), "x.")
    faults.add(("z",), "x.")
    assert [fault.line for fault in faults.found] == [3, 1]


def test_line_unknown_without_a_text():
    faults = Faults({})
    faults.add(("a",), "x.")
    assert str(faults.found[0]) == "a\u202f: x."


def test_gathering_stops_when_there_are_too_many():
    def endless(faults):
        while True:
            faults.add((), "x.")

    assert len(gather(endless, Faults())) == MAX_FAULTS
    with pytest.raises(TooManyFaults):
        endless(Faults())


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("popluation", "Vouliez-vous dire «\u202fpopulation\u202f»\u202f?"),
        ("zzz", "Retirez-le."),
        (3, "Retirez-le."),
        (REFUSED, "Retirez-le."),
        ("population" * 10, "Retirez-le."),
    ],
)
def test_nearest_known_word(word, said):
    assert did_you_mean(word, ["population", "region"], "Retirez-le.") == said


@pytest.mark.parametrize(("length", "whole"), [(LONGEST_SHOWN, True), (LONGEST_SHOWN + 1, False)])
def test_long_text_is_cut(length, whole):
    assert ("x" * length in shown("x" * length)) is whole
    assert ("…" in shown("x" * length)) is not whole


@pytest.mark.parametrize(("length", "guessed"), [(LONGEST_SHOWN, True), (LONGEST_SHOWN + 1, False)])
def test_close_word_is_looked_for_up_to_a_length(length, guessed):
    assert bool(did_you_mean("x" * length, ["x" * (length - 1)])) is guessed
