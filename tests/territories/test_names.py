import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories.rules.names import search_name, sort_key


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("L’Abergement-Clémenciat", "l abergement clemenciat"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("St-Étienne", "saint etienne"),
        ("Ste Foy", "sainte foy"),
        ("Œuf-en-Ternois", "oeuf en ternois"),
        ("Ville-d’Æ", "ville d ae"),
        ("  PARIS ", "paris"),
        ("Est", "est"),
        ("CA du Grand Avignon (COGA)", "ca du grand avignon coga"),
        ("Communauté d’agglomération du Bassin de Brive", "ca du bassin de brive"),
        ("!?", ""),
    ],
)
def test_search_name_of_a_name(name, plain):
    assert search_name(name) == plain


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Le Havre", "havre"),
        ("L’Abergement-Clémenciat", "abergement clemenciat"),
        ("Les Abymes", "abymes"),
        ("CC de la Dombes", "dombes"),
        ("CA du Bassin de Brive", "bassin de brive"),
        ("Lescar", "lescar"),
        ("La", "la"),
    ],
)
def test_sort_key_of_a_name(name, key):
    assert sort_key(name) == key


@given(st.text(max_size=60))
def test_search_name_twice_is_once(name):
    assert search_name(search_name(name)) == search_name(name)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=400), max_size=60))
def test_search_name_is_plain_ascii(name):
    plain = search_name(name)

    assert plain == " ".join(plain.split())
    assert all(
        letter == " " or (letter.isascii() and letter.isalnum() and letter == letter.lower()) for letter in plain
    )
