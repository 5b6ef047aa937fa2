import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.rules import stems


def test_stems_ignore_accents_apostrophes_and_plurals():
    assert stems.stems("L’Œuvre des médiathèques") == stems.stems("oeuvre mediatheque")


def test_stems_leave_empty_words_aside():
    assert stems.stems("dans la commune et pour les habitants") == stems.stems("commune habitant")


@pytest.mark.parametrize(("one", "several"), [("vélo", "vélos"), ("abri", "abris"), ("lieu", "lieux"), ("eau", "eaux")])
def test_stems_ignore_the_plural_that_the_stemmer_keeps(one, several):
    assert stems.stems(one) == stems.stems(several)


def test_tokens_are_plain_words_surrounded_by_blanks():
    assert stems.tokens("Données", "ouvertes, données") == " donnees ouvertes "


@given(st.text())
def test_every_word_of_a_text_is_found_in_its_tokens(text):
    tokens = stems.tokens(text)

    assert all(f" {word} " in tokens for word in stems.words(text))
