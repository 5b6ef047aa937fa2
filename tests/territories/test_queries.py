from datetime import date

import pytest
from django.utils import timezone

from territories import queries
from territories.models import FormerName, Kind, Load, Nature, Territory
from tests.conftest import make_territory

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
def test_search_takes_two_queries(france, django_assert_num_queries, q):
    names(queries.search(q))
    with django_assert_num_queries(2):
        [territory.department.name for territory in queries.search(q)]


@pytest.mark.parametrize("q", ["%", "_", "'; drop", "\\", "a" * 400])
def test_search_takes_signs_as_letters(france, q):
    assert queries.search(q) == []


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Amberieu en Bugei", "Ambérieu-en-Bugey"),
        ("ajacio", "Ajaccio"),
        ("abergemant clemenciat", "L’Abergement-Clémenciat"),
        ("bage-domartin 01", "Bâgé-Dommartin"),
    ],
)
def test_a_few_letters_are_corrected(france, q, first):
    answer = queries.answer(q)

    assert (answer.found, names(answer.suggested)[0]) == ([], first)
    assert names(queries.search(q))[0] == first


def test_a_shortened_word_is_understood(france):
    assert names(queries.answer("ambérieu en bgy").found) == ["Ambérieu-en-Bugey"]


def test_correction_keeps_to_the_department(france):
    assert queries.search("ajacio", department="01") == []


def test_nothing_alike(france):
    assert queries.answer("zzzzzzzz") == queries.Answer("zzzzzzzz", [], [])


def test_answer_blank_reads_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.answer("  ") == queries.Answer("  ", [], [])


def test_index_is_read_again_when_a_territory_comes(france, department):
    queries.search("bugey")
    make_territory(department, "01996", "Zyxwville", 10)

    assert names(queries.search("zyxville")) == ["Zyxwville"]


def test_index_is_read_again_after_a_load_that_renames(france):
    queries.search("bugey")
    Territory.objects.filter(code="01004").update(name="Zyxwville", search_name="zyxwville", sort_key="zyxwville")
    Load.objects.create(year=2027, at=timezone.now())

    assert names(queries.search("zyxwville")) == ["Zyxwville"]


@pytest.fixture
def renamed(france):
    """Bâgé-le-Châtel was delegated to Bâgé-Dommartin, which had another code before."""
    whole = france["Bâgé-Dommartin"]
    return FormerName.objects.create(
        code="01026",
        name="Bâgé-le-Châtel",
        search_name="bage le chatel",
        nature=Nature.DELEGATED,
        territory=whole,
        last_year=2025,
    )


@pytest.mark.parametrize("q", ["Bâgé le Châtel", "bage-le-chatel 01", "01026"])
def test_former_name_or_code_leads_to_what_is_in_being(renamed, q):
    answer = queries.answer(q)

    assert (names(answer.found)[:1], answer.former) == (["Bâgé-Dommartin"], renamed)


@pytest.mark.parametrize("q", ["Bâgé-Dommartin", "01025", "bage"])
def test_name_of_today_tells_no_former_one(renamed, q):
    assert queries.answer(q).former is None


def test_what_has_ended_is_not_found(france):
    Territory.objects.filter(code="01004").update(ended_on=date(2026, 1, 1))

    assert queries.search("bugey") == []
    assert queries.search("01004") == []
    assert "Ambérieu-en-Bugey" not in names(queries.search(""))
