import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import fonts

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
