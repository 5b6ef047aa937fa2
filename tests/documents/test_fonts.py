import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import fonts, vectors

FRENCH = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸabcdefghijklmnopqrstuvwxyzàâäæçèéêëîïôöœùûüÿ0123456789"
    ".,;:!?…’“”«»‹›()[]{}/\\-–—_@&#%‰€§°·•+−×÷=<>≤≥*²³½\u00a0 "
)


def test_french_is_drawn_as_written():
    assert fonts.drawable(FRENCH) == FRENCH


@given(st.text())
def test_drawable_text_is_covered(text):
    assert set(fonts.drawable(text)) <= fonts.COVERED


@given(st.text())
def test_drawable_text_is_stable(text):
    assert fonts.drawable(fonts.drawable(text)) == fonts.drawable(text)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("« Où ? »".replace(" ", "\u202f"), "« Où ? »".replace(" ", "\u00a0")),
        ("L'Haÿ", "L’Haÿ"),
        ("e\u0301te\u0301", "été"),
        ("№\u00a05", "No\u00a05"),
        ("Hồ", "Ho"),
        ("bravo 🎉", "bravo ◊"),
        ("un\ndeux\ttrois", "un deux trois"),
        ("mot\u00adcoupé", "motcoupé"),
    ],
)
def test_what_the_typeface_lacks_is_replaced(typed, drawn):
    assert fonts.drawable(typed) == drawn


@pytest.mark.parametrize(("face", "counters"), [(fonts.REGULAR, 1), (fonts.BOLD, 1), (fonts.CODE, 2)])
def test_zero_is_plain_in_text_and_barred_in_numbers_that_are_copied(face, counters):
    contours, _width = vectors.lettering("0", face, 10)
    assert sum(name == "Z" for name, _points in contours) == 1 + counters


def test_what_is_copied_is_covered():
    assert {*string.ascii_letters, *string.digits, "-"} <= fonts.COPIED
