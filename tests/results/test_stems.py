from hypothesis import given
from hypothesis import strategies as st

from results.rules import stems


def test_stems_ignore_accents_apostrophes_and_plurals():
    assert stems.stems("L’Œuvre des médiathèques") == stems.stems("oeuvre mediatheque")


def test_stems_leave_empty_words_aside():
    assert stems.stems("dans la commune et pour les habitants") == stems.stems("commune habitant")


def test_tokens_are_surrounded_by_blanks():
    assert stems.tokens("Données", "ouvertes") == " donne ouvert "


@given(st.text())
def test_every_stem_of_a_text_is_found_in_its_tokens(text):
    tokens = stems.tokens(text)

    assert all(f" {stem} " in tokens for stem in stems.stems(text))
