import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import fonts
from documents.paper import STEPS, Style, balance, fit, wrap
from tests.documents.samples import LONG_EPCI, LONGEST_COMMUNE

STYLE = Style(12)
words = st.text(st.sampled_from("aéMœ- ’/"), max_size=80)


@given(words, st.integers(40, 400))
def test_wrapped_lines_hold_the_text_within_the_width(text, width):
    lines = wrap(text, STYLE, width)
    assert "".join(lines).rstrip(" ") == fonts.drawable(text).lstrip(" ").rstrip(" ") or not text.strip(" ")
    assert all(STYLE.width(line) <= width + 1e-6 for line in lines)


@given(words, st.integers(40, 400))
def test_balanced_text_takes_no_more_lines(text, width):
    assert len(balance(text, STYLE, width)) == len(wrap(text, STYLE, width))


def test_balanced_name_has_no_lonely_word():
    lines = balance(LONG_EPCI, Style(20), 700)
    assert len(lines) == 2
    assert min(map(Style(20).width, lines)) > 0.8 * max(map(Style(20).width, lines))


def test_name_is_cut_after_a_hyphen():
    assert [line[-1] for line in wrap(LONGEST_COMMUNE, Style(40), 600)[:-1]] == ["-"]


def test_word_wider_than_the_line_is_sliced():
    assert len(wrap("a" * 100, STYLE, 100)) > 1


def test_address_is_cut_after_a_slash():
    lines = wrap("https://arobase.example/verifier/2027-7KQ4M9XWZT2/", STYLE, 200, STEPS)
    assert lines == ("https://arobase.example/verifier/", "2027-7KQ4M9XWZT2/")


def test_fit_shrinks_until_the_text_holds():
    style, lines = fit(LONGEST_COMMUNE, Style(62), 700, lines=1, smallest=10)
    assert len(lines) == 1
    assert 10 < style.size < 62
    assert style.width(lines[0]) <= 700


def test_fit_keeps_a_short_text_large():
    assert fit("Y", Style(62), 700, lines=1, smallest=10)[0].size == 62


def test_fit_never_goes_under_the_smallest():
    style, lines = fit("mot " * 100, Style(20), 100, lines=1, smallest=9)
    assert style.size == 9
    assert len(lines) > 1


@pytest.mark.parametrize("lines", [1, 3])
def test_height_runs_from_capitals_to_last_baseline(lines):
    assert Style(10, leading=1.5).height(lines) == pytest.approx(6.68 + 15 * (lines - 1))


def test_dash_between_two_words_never_begins_a_line():
    for width in range(60, 400, 7):
        lines = wrap("Communauté de communes Vallée de l’Ubaye - Serre-Ponçon – Pays", STYLE, width)
        assert not [line for line in lines if line.lstrip().startswith(("-", "–"))], width
