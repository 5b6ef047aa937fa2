from datetime import UTC, date, datetime

import pytest

from documents import french


@pytest.mark.parametrize(
    ("when", "words"), [(date(2027, 3, 1), "1er\u00a0mars 2027"), (date(2027, 11, 12), "12\u00a0novembre 2027")]
)
def test_day(when, words):
    assert french.day(when) == words


def test_moment_names_the_hour():
    assert french.moment(datetime(2027, 8, 2, 9, 5, tzinfo=UTC)) == "2\u00a0août 2027 à 9\u00a0h\u00a005"


@pytest.mark.parametrize(("value", "words"), [(0, "0"), (999, "999"), (34969, "34\u202f969")])
def test_number(value, words):
    assert french.number(value) == words


@pytest.mark.parametrize(("value", "words"), [(0, "0\u00a0réponse"), (1, "1\u00a0réponse"), (2, "2\u00a0réponses")])
def test_plural_begins_at_two(value, words):
    assert french.counted(value, "réponse", "réponses") == words


@pytest.mark.parametrize(("value", "words"), [(1, "1\u00a0arobase sur\u00a05"), (5, "5\u00a0arobases sur\u00a05")])
def test_level(value, words):
    assert french.level(value) == words


def test_grouped_keeps_every_character():
    assert french.grouped("abcdefghi", 4) == "abcd efgh i"


def test_level_zero_has_its_words():
    assert french.level(0) == "pas encore d’arobase"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("CC Vallée de l’Ubaye - Serre-Ponçon", "Communauté de communes Vallée de l’Ubaye - Serre-Ponçon"),
        ("CA du Bassin de Brive", "Communauté d’agglomération du Bassin de Brive"),
        ("CU d’Alençon", "Communauté urbaine d’Alençon"),
        ("Métropole de Lyon", "Métropole de Lyon"),
        ("Caen", "Caen"),
        ("CC", "CC"),
    ],
)
def test_kind_of_an_intercommunality_is_written_out(name, written):
    assert french.in_full(name) == written


@pytest.mark.parametrize(
    ("names", "said"),
    [(["services"], "services"), (["inclusion", "écologie", "services"], "inclusion, écologie et services")],
)
def test_names_are_listed(names, said):
    assert french.listed(names) == said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Tarbes", "de Tarbes"),
        ("Abeilhan", "d’Abeilhan"),
        ("Évreux", "d’Évreux"),
        ("Œuilly", "d’Œuilly"),
        ("Yvetot", "d’Yvetot"),
        ("Yutz", "de Yutz"),
        ("Hyères", "d’Hyères"),
        ("Haguenau", "de Haguenau"),
        ("Le Luc", "du Luc"),
        ("Les Portes du Coglais", "des Portes du Coglais"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses"),
        ("Lespinasse", "de Lespinasse"),
        ("Le", "de Le"),
        ("CC Val d’Aubaine", "de la communauté de communes Val d’Aubaine"),
        ("CA Est Ensemble", "de la communauté d’agglomération Est Ensemble"),
        ("Métropole de Lyon", "de la métropole de Lyon"),
        ("Syndicat numérique", "du syndicat numérique"),
        ("Agence des pays", "de l’agence des pays"),
        ("Agent territorial", "d’Agent territorial"),
    ],
)
def test_of_elides_and_contracts(name, words):
    assert french.of(name) == words


def test_with_article_leaves_a_name_of_no_kind():
    assert french.with_article("Le Luc") == "Le Luc"
    assert french.with_article("Syndicat numérique") == "le syndicat numérique"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Tarbes", "à Tarbes"),
        ("Le Luc", "au Luc"),
        ("Les Portes du Coglais", "aux Portes du Coglais"),
        ("CC Val d’Aubaine", "à la communauté de communes Val d’Aubaine"),
        ("Syndicat numérique", "au syndicat numérique"),
    ],
)
def test_at_contracts(name, words):
    assert french.at(name) == words
