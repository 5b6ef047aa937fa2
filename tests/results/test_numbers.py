import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from results.rules import numbers


def certified(start):
    return numbers.written(start + numbers.check_character(start))


# As `new` makes them, from characters that Hypothesis draws.
fresh = st.text(numbers.ALPHABET, min_size=10, max_size=10).map(lambda characters: certified(f"2027{characters}"))
places = st.integers(0, numbers.LENGTH - 1)


def plain(number):
    return number.replace("-", "")


def test_new_is_well_formed():
    assert all(numbers.is_well_formed(numbers.new(year=2027)) for _attempt in range(200))


def test_new_twice_differs():
    assert numbers.new(year=2027) != numbers.new(year=2027)


@given(fresh, places, st.sampled_from(numbers.ALPHABET))
def test_one_wrong_character_is_seen(number, place, wrong):
    digits = plain(number)
    assume(digits[place] != wrong)

    assert not numbers.is_well_formed(numbers.written(digits[:place] + wrong + digits[place + 1 :]))


@given(fresh, places, places)
def test_two_characters_exchanged_are_seen(number, one, other):
    digits = list(plain(number))
    assume(digits[one] != digits[other])
    digits[one], digits[other] = digits[other], digits[one]

    assert not numbers.is_well_formed(numbers.written("".join(digits)))


@given(fresh, st.data())
def test_read_forgives_case_blanks_hyphens_and_look_alikes(number, data):
    typed = ""
    for character in plain(number):
        looks = {"0": "0Oo", "1": "1IiLl"}.get(character, character + character.lower())
        typed += data.draw(st.sampled_from(["", " ", "-", "\u202f", "‑"])) + data.draw(st.sampled_from(looks))

    assert numbers.read(typed) == number


@given(st.text())
def test_read_anything_is_a_fixed_point(text):
    once = numbers.read(text)

    assert numbers.read(once) == once


@pytest.mark.parametrize(("typed", "number"), [("abc", "ABC"), ("2027", "2027"), ("2027a", "2027-A"), ("-", "")])
def test_read_adds_no_hyphen_to_what_ends_before_it(typed, number):
    assert numbers.read(typed) == number


def test_truncated_is_not_well_formed():
    assert not numbers.is_well_formed(numbers.new(year=2027)[:-1])


def test_number_of_the_year_begins_with_it():
    assert numbers.new(year=2031).startswith("2031-")
