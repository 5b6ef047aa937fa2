"""Two files axis by axis: each shown as its own page shows it to this juror, blindness and recusal included."""

import pytest

from jury import actions

from .conftest import read, reading

PAGE = "/jury/cote-a-cote/2027/"
BOTH = f"{PAGE}?file=01901&file=01902"


@pytest.fixture
def both(in_reading, other, jeanne, jules, organiser, now):
    """Jeanne and Jules read Aubaine's file and Beaupré's."""
    for juror in (jeanne, jules):
        actions.assign(application=other, juror=juror, by=organiser, now=now)
    return in_reading, other


def test_two_files_are_read_axis_by_axis(both, jeanne, now, sign_in):
    actions.save_review(application=both[1], by=jeanne, reading=reading(marks={"inclusion": 4}), seen=0, now=now)
    page = sign_in(jeanne.user).get(BOTH)
    assert [axis.id for axis in page.context["axes"]] == ["inclusion", "services"]
    assert [cell.mark for cell in page.context["axes"][0].cells] == [None, 4]
    assert 'data-label="Beaupré">4/4</td>' in page.text
    assert page.text.count("Aidez-vous les habitants") == 1


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?file=01901", f"{PAGE}?file=&file="])
def test_with_less_than_two_the_page_asks_for_them(both, jeanne, address, sign_in):
    page = sign_in(jeanne.user).get(address)
    assert (page.status_code, page.context["axes"]) == (200, [])
    assert [name for _code, name in page.context["files"]] == ["Aubaine", "Beaupré"]


def test_a_reader_is_as_blind_there_as_on_the_file(both, jeanne, jules, now, sign_in):
    """Of Aubaine both readings are in, of Beaupré only that of Jules: Jeanne sees his of the first alone."""
    for file, juror in ((both[0], jeanne), (both[0], jules), (both[1], jules)):
        read(file, juror, now)
    sides = sign_in(jeanne.user).get(BOTH).context["sides"]
    assert [[row.juror for row in side.others] for side in sides] == [[jules], []]


@pytest.mark.parametrize("address", [BOTH, f"{PAGE}?file=01901", f"{PAGE}?file=01902&file=01901"])
def test_a_file_that_a_juror_is_recused_from_is_not_found(both, jeanne, now, address, sign_in):
    actions.recuse(juror=jeanne, application=both[0], reason="Un ami.", by=jeanne.user, now=now)
    client = sign_in(jeanne.user)
    assert client.get(address).status_code == 404
    assert "Aubaine" not in client.get(f"{PAGE}?file=01902").text


def test_a_file_that_one_neither_reads_nor_presides_is_not_found(in_reading, other, jeanne, sign_in):
    assert sign_in(jeanne.user).get(BOTH).status_code == 404


def test_who_presides_compares_any_two(in_reading, other, chair, sign_in):
    assert [side.review for side in sign_in(chair.user).get(BOTH).context["sides"]] == [None, None]


def test_a_file_being_completed_is_not_compared(both, jeanne, now, sign_in):
    actions.return_to_applicant(application=both[0], by=jeanne, reason="Une date.", parts=["INC-01"], now=now)
    assert sign_in(jeanne.user).get(BOTH).status_code == 409


def test_side_by_side_of_who_does_not_sit_is_not_found(both, organiser, sign_in):
    assert sign_in(organiser).get(BOTH).status_code == 404
