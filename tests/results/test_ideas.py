"""The search of initiatives by its rules alone."""

import pytest

from results.rules import stems
from results.rules.ideas import Idea, Index


def idea(pk, title, *, place="Aubaine", issues=("mediation",), **facts):
    """Of a village of the Ain, unless said otherwise."""
    usual = {
        "axis": "inclusion",
        "operator": "in_house",
        "cost": "",
        "started": 0,
        "inspired_by": 0,
        "kind": "commune",
        "band": 500,
        "department": "01",
        "department_name": "Ain",
        "year": 2027,
    }
    who = {"territory": key(place), "name": place}
    return Idea(pk=pk, number=pk, title=title, issues=tuple(issues), **who, **usual | facts)


def key(place):
    return sum(map(ord, place))


def index(*rows):
    """Each an idea, or an idea and its text."""
    pairs = [row if isinstance(row, tuple) and not isinstance(row, Idea) else (row, "") for row in rows]
    return Index(
        (one, stems.tokens(one.title, text), one.name, f"{one.department_name} Auvergne-Rhône-Alpes")
        for one, text in pairs
    )


def found(of, q, **wanted):
    return list(of.search(q, wanted).pks)


def test_the_most_taken_up_come_first():
    copied = idea(1, "Un atelier", place="Aubaine")
    others = [idea(pk, "Un autre atelier", place=f"P{pk}", inspired_by=key("Aubaine")) for pk in (2, 3)]
    elsewhere = idea(4, "Un vélo", place="Loin", issues=("mobilite",), inspired_by=key("Aubaine"))
    whole = index(elsewhere, *others, copied)

    assert next(iter(whole.search("", {}, sort="copied").pks)) == 1
    assert whole.copies == {1: 2}


def test_the_most_taken_up_are_of_many_places():
    many = [idea(pk, f"Un atelier {pk}", place="Aubaine") for pk in range(1, 5)]
    other = idea(5, "Un atelier", place="Ailleurs")
    takers = [idea(6, "Un essai", place="P6", inspired_by=key("Aubaine")), idea(7, "Un essai", place="P7")]
    takers += [idea(8, "Un essai", place="P8", inspired_by=key("Ailleurs")), idea(9, "Un", inspired_by=key("Aubaine"))]

    assert 5 in list(index(*many, other, *takers).search("", {}, sort="copied").pks)[:3]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("vélos", "Un vélo pour chacun"),
        ("velo", "Des vélos à prêter"),
        ("tiers lieux", "Un tiers-lieu"),
        ("tierslieu", "Un tiers-lieu"),
        ("mediatheque", "La médiathèque"),
        ("médiath", "La médiathèque"),
        ("open data", "Les données ouvertes"),
        ("opendata", "Les données ouvertes"),
        ("données ouvertes", "L’open data pour tous"),
        ("wi-fi", "Le wifi au marché"),
        ("aubaine", "Un atelier"),
        ("Ain", "Un atelier"),
        ("atelier aubaine", "Un atelier"),
    ],
)
def test_words_find_what_they_mean(typed, title):
    assert found(index(idea(1, title), idea(2, "Une piscine", place="Ailleurs")), typed)[:1] == [1]


def test_a_word_of_one_fault_finds_the_one_that_is_written():
    whole = index(idea(1, "La médiathèque ouvre"), idea(2, "Une piscine"))
    word = "mediatheque"
    faults = [word[:at] + word[at + 1 :] for at in range(len(word))]
    faults += [word[:at] + "k" + word[at + 1 :] for at in range(len(word))]
    faults += [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]

    assert [fault for fault in faults if found(whole, fault) != [1]] == []


def test_what_was_understood_is_said():
    assert index(idea(1, "La médiathèque")).search("mediateque", {}).read == {"mediateque": "mediatheque"}


def test_two_words_typed_as_one_are_two():
    assert found(index(idea(1, "Un atelier numérique"), idea(2, "Un atelier")), "ateliernumerique") == [1]


def test_every_word_is_needed_when_one_initiative_has_them_all():
    whole = index(idea(1, "Prêter un ordinateur"), idea(2, "Réparer un ordinateur"))

    assert found(whole, "prêter ordinateurs") == [1]


def test_the_most_words_are_enough_when_none_has_them_all():
    answer = index(idea(1, "Prêter un ordinateur"), idea(2, "Un potager")).search("prêter un ordinateur neuf", {})

    assert (list(answer.pks), answer.partial) == ([1], True)


def test_nothing_answers_words_that_say_nothing():
    assert found(index(idea(1, "Un atelier")), "de la") == []


def test_a_title_comes_before_a_text():
    whole = index((idea(1, "Autre chose"), "un vélo"), idea(2, "Un vélo", place="Ailleurs"))

    assert found(whole, "vélo") == [2, 1]


def test_a_whole_word_comes_before_one_that_begins_so():
    whole = index(idea(1, "Une ordination"), idea(2, "Un ordi", place="Ailleurs"))

    assert found(whole, "ordi") == [2, 1]


def test_a_page_shows_many_communes():
    """Twenty-five of Aubaine, one of each of ten others: all ten are among the first twenty-five."""
    of_one = [idea(number, f"Un atelier, {number}") for number in range(25)]
    of_others = [idea(100 + number, f"Un atelier, {100 + number}", place="B" * (number + 1)) for number in range(10)]
    first = found(index(*of_one, *of_others), "atelier")[:25]

    assert {number for number in first if number >= 100} == set(range(100, 110))


def test_one_title_of_many_communes_leaves_room_to_others():
    same = [idea(number, "Un atelier", place="A" * (number + 1)) for number in range(25)]
    first = found(index(*same, idea(100, "Un atelier de couture", place="Z")), "atelier")[:10]

    assert 100 in first


def test_filters_count_what_each_of_their_values_would_give():
    """Of the facet that is asked, its other values too; of the others, what is left."""
    whole = index(idea(1, "Un vélo", band=500), idea(2, "Un vélo", band=2000, cost="under_1000"), idea(3, "Un four"))
    answer = whole.search("vélo", {"band": 500})

    assert list(answer.pks) == [1]
    assert dict(answer.counts["band"]) == {500: 1, 2000: 1}
    assert dict(answer.counts["cost"]) == {}
    assert dict(answer.counts["issue"]) == {"mediation": 1}


def test_the_latest_come_first_when_asked():
    whole = index(idea(1, "Un vélo", started=5), idea(2, "Un vélo", started=9))

    assert list(whole.search("vélo", {}, sort="recent").pks) == [2, 1]


def test_similar_ones_are_of_others_and_under_other_titles():
    whole = index(
        idea(1, "Un atelier de réparation"),
        idea(2, "Un atelier de réparation", place="Ailleurs"),
        idea(3, "La réparation des vélos", place="Autre"),
        idea(4, "La réparation du dimanche"),
        idea(5, "Un potager", place="Encore", issues=("ecology",)),
    )

    assert [other.pk for other in whole.similar(1)] == [3]


def test_the_chain_goes_up_by_those_that_inspired():
    whole = index(
        idea(1, "Un atelier", place="A", inspired_by=key("B")),
        idea(2, "Un atelier plus ancien", place="B", inspired_by=key("C")),
        idea(3, "Un potager", place="B", issues=("ecology",)),
        idea(4, "Le premier atelier", place="C", inspired_by=key("A")),
    )

    assert [other.pk for other in whole.sources(1)] == [2, 4]


def test_those_that_it_inspired_share_an_issue_with_it():
    whole = index(
        idea(1, "Un atelier", place="A"),
        idea(2, "Un autre atelier", place="B", inspired_by=key("A")),
        idea(3, "Un potager", place="C", inspired_by=key("A"), issues=("ecology",)),
    )

    assert [other.pk for other in whole.taken_up(1)] == [2]
