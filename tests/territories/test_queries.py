import pytest

from territories import queries
from territories.models import Kind
from territories.queries import suggestions

pytestmark = pytest.mark.both


def names(found):
    return [territory.name for territory in found]


@pytest.mark.parametrize("q", ["ambérieu en bugey", "AMBERIEU-EN-BUGEY", "Amberieu", "bugey", "mberieu"])
def test_search_name_however_typed(france, q):
    assert names(queries.search(q)) == ["Ambérieu-en-Bugey"]


def test_search_ranks_beginning_before_word_and_larger_first(france):
    assert names(queries.search("st trivier")) == [
        "Saint-Trivier-sur-Moignans",
        "Saint-Trivier-de-Courtes",
        "Bourg-Saint-Trivier",
    ]


def test_search_exact_name_with_or_without_article_first(france):
    assert names(queries.search("havre")) == ["Le Havre", "Havre"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("01004", ["Ambérieu-en-Bugey"]),
        ("01400", ["L’Abergement-Clémenciat"]),
        ("014", ["L’Abergement-Clémenciat"]),
        ("2a004", ["Ajaccio"]),
        ("20090", ["Ajaccio"]),
        ("200069193", ["CC de la Dombes"]),
        ("200 069 193", ["CC de la Dombes"]),
        ("99999", []),
        ("?!", []),
    ],
)
def test_search_by_code(france, q, found):
    assert names(queries.search(q)) == found


def test_search_insee_code_before_the_same_postcode(france):
    france["Ambérieu-en-Bugey"].postcodes.create(code="01001")

    assert names(queries.search("01001")) == ["L’Abergement-Clémenciat", "Ambérieu-en-Bugey"]


def test_search_commune_by_its_own_siren(aubaine):
    assert queries.search("210109011") == [aubaine]


def test_search_filters_by_kind_and_department(france):
    assert names(queries.search("", kind=Kind.EPCI)) == ["CC de la Dombes"]
    assert names(queries.search("", department="2A")) == ["Ajaccio"]


def test_search_blank_lists_by_name(france):
    assert names(queries.search(" ", limit=3)) == ["L’Abergement-Clémenciat", "Ajaccio", "Ambérieu-en-Bugey"]


@pytest.mark.parametrize("q", ["bugey", "saint trivier"])
def test_search_takes_one_query(france, django_assert_num_queries, q):
    with django_assert_num_queries(1):
        names(queries.search(q))
        [territory.department.name for territory in queries.matching("")[:0]]


@pytest.mark.parametrize("q", ["%", "_", "'; drop", "\\", "a" * 400])
def test_search_takes_signs_as_letters(france, q):
    assert queries.search(q) == []


@pytest.mark.parametrize(
    ("q", "first"), [("Amberieu en Bugei", "Ambérieu-en-Bugey"), ("ajacio", "Ajaccio"), ("abergment clemenciat", None)]
)
def test_suggest_corrects_a_few_letters(france, q, first):
    assert names(queries.suggest(q))[0] == (first or "L’Abergement-Clémenciat")


def test_suggest_keeps_to_the_department(france):
    assert queries.suggest("ajacio", department="01") == []


def test_suggest_nothing_alike(france):
    assert queries.suggest("zzzzzzzz") == []


def test_answer_suggests_only_when_nothing_is_found(france):
    assert queries.answer("ajaccio").suggested == []
    assert names(queries.answer("ajacio").suggested) == ["Ajaccio"]


def test_answer_blank_reads_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.answer("  ") == queries.Answer("  ", [], [])


def test_index_is_read_again_when_a_territory_comes(france, department):
    from tests.conftest import make_territory

    suggestions.names()
    make_territory(department, "01996", "Zyxwville", 10)

    assert names(queries.suggest("zyxville")) == ["Zyxwville"]
