"""What people paste is taken whole or refused in words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refused
from accounts.rules import texts


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("  un texte\r\nsur deux lignes \r", "un texte\nsur deux lignes"),
        ("e\u0301le\u0300ve", "élève"),
        ("•\tune\n·  deux\n▪ trois", "- une\n- deux\n- trois"),
        ("dit “oui” puis “ non ”", "dit «\u202foui\u202f» puis «\u202fnon\u202f»"),
        ("mé\u00addia\u200bthèque", "médiathèque"),
        ("une ligne\x0bdeux", "une ligne\ndeux"),
        ("\x80\u2066\ue000\n\u2007", ""),
        ("👩‍🌾 et 🏳️‍🌈", "👩‍🌾 et 🏳️‍🌈"),
    ],
)
def test_what_word_and_phones_write_is_made_plain(pasted, kept):
    assert texts.taken(pasted) == kept


def test_one_line_is_one_line():
    assert texts.taken("Accueil \r\n\t des  aînés", lines=False) == "Accueil des aînés"


@pytest.mark.parametrize("mark", ["\u202e", "\u202a", "\u2067", "\u061c"])
def test_a_mark_that_turns_what_follows_is_left_out(mark):
    assert texts.taken(f"Zoé d’Alès{mark}") == "Zoé d’Alès"


def test_accents_are_counted_once():
    assert texts.taken("e\u0301" * 70, most=70) == "é" * 70


@pytest.mark.parametrize("text", ["a" * 4001, "é" * 60_000, "🏳" * 120_000, "nul\x00", "échap\x1b"])
def test_what_cannot_be_kept_is_refused_in_words(text):
    with pytest.raises(Refused, match=r"Rien n’est coupé|ne s’écrit pas"):
        texts.taken(text)


@given(st.text())
def test_a_text_is_kept_whole_and_once(text):
    try:
        kept = texts.taken(text)
    except Refused:
        return
    assert texts.taken(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    letters = [one for one in unicodedata.normalize("NFC", text) if one.isalnum()]
    assert [one for one in kept if one.isalnum()] == letters


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("999999999", 999_999_999),
        ("9" * 10, None),
        ("9" * 5_000, None),
        ("²", None),
        ("-1", None),
        ("٣٣", None),
    ],
)
def test_a_number_that_no_database_counts_with_is_none(text, number):
    assert texts.whole(text) == number
