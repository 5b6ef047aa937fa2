import pytest

from accounts.models import Membership, MembershipState, Role
from assessments.enums import State
from assessments.models import Application
from jury import actions, queries, visibility
from jury.models import Juror, Recusal
from tests.conftest import join, make_territory


@pytest.fixture
def sister(department, epci):
    """Another commune of Aubaine's EPCI."""
    return make_territory(department, "01903", "Sœurville", 900, epci=epci)


@pytest.fixture
def far_epci(department):
    return make_territory(department, "200000002", "CC Lointaine", 5_000, kind="epci", siren="200000002")


def touch(juror, territory, organiser, now):
    return actions.declare_interest(juror=juror, territory=territory, nature="conseil", by=organiser, now=now)


def hidden(juror):
    return set(Application.objects.filter(visibility.files_hidden_from(juror)))


@pytest.mark.parametrize(
    ("place", "touched"),
    [("aubaine", True), ("epci", True), ("sister", True), ("beaupre", False), ("far_epci", False)],
)
def test_file_is_hidden_by_an_interest_in(place, touched, request, submitted, jeanne, organiser, now):
    touch(jeanne, request.getfixturevalue(place), organiser, now)
    assert (submitted in hidden(jeanne)) == touched


def test_file_of_an_epci_is_hidden_by_an_interest_in_a_member(edition, epci, sister, jeanne, organiser, now):
    file = Application.objects.create(edition=edition, territory=epci, framework=edition.framework)
    touch(jeanne, sister, organiser, now)
    assert hidden(jeanne) == {file}


def test_file_without_epci_is_not_hidden_by_an_interest_without_epci(
    submitted, other, far_epci, jeanne, organiser, now
):
    touch(jeanne, far_epci, organiser, now)
    assert hidden(jeanne) == set()


def test_file_is_hidden_by_the_own_attachment(submitted, other, sister, jeanne):
    join(jeanne.user, sister, Role.READER)
    assert hidden(jeanne) == {submitted}


def test_three_ways_round_say_the_same(in_reading, other, sister, jeanne, jules, organiser, now):
    touch(jeanne, sister, organiser, now)
    in_sql = {row.juror for row in queries.live_assignments().filter(application=in_reading)}
    of_file = set(Juror.objects.filter(visibility.jurors_recused(in_reading)))
    around = queries.with_readings(Application.objects.filter(pk=in_reading.pk)).get()
    assert (in_sql, of_file, around.required) == ({jules}, {jeanne}, 1)


@pytest.mark.parametrize("recused", ["nobody", "jeanne", "chair"])
def test_one_file_says_what_lists_say(recused, read_twice, jeanne, jules, chair, organiser, now):
    """Read twice; who read second has left the panel since."""
    panel = {"jeanne": jeanne, "jules": jules, "chair": chair}
    actions.remove_juror(juror=jules, by=organiser, now=now)
    if recused in panel:
        actions.recuse(juror=panel[recused], application=read_twice, reason="Un ami.", by=organiser, now=now)
    for name, juror in panel.items():
        seat = queries.file_for(user=juror.user, code="01901", year=2027)
        if name in (recused, "jules"):
            assert seat is None
        else:
            said = seat.counted, seat.readings, seat.facts.presides
            assert said == (
                queries.readings_of(read_twice),
                list(queries.readings(read_twice)),
                queries.presides(juror=juror, application=read_twice),
            )


def test_file_started_after_the_declaration_is_hidden_without_a_row(
    panel, jeanne, aubaine, organiser, edition, signatory, now
):
    touch(jeanne, aubaine, organiser, now)
    file = Application.objects.create(edition=edition, territory=aubaine, framework=edition.framework)
    assert not Recusal.objects.exists()
    assert hidden(jeanne) == {file}


LINKS = {
    "a row": lambda juror, file, place, by, now: actions.recuse(
        juror=juror, application=file, reason="Un ami.", by=by, now=now
    ),
    "an interest": lambda juror, file, place, by, now: touch(juror, place, by, now),
    "an attachment": lambda juror, file, place, by, now: join(juror.user, place, Role.READER),
    "an attachment that was asked for": lambda juror, file, place, by, now: Membership.objects.create(
        user=juror.user, territory=place, role=Role.READER, state=MembershipState.REQUESTED
    ),
}


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("place", ["aubaine", "epci", "sister", "beaupre", "far_epci"])
@pytest.mark.parametrize("who", ["jeanne", "chair"])
def test_juror_and_file_say_the_same_of_each_other(
    link, place, who, request, submitted, other, edition, epci, jeanne, jules, chair, organiser, now
):
    """Whatever links them; and so who presides, file by file and all at once: never nobody, never two."""
    submission = {"state": State.SUBMITTED, "submitted_at": now, "submitted_by": organiser}
    Application.objects.create(edition=edition, territory=epci, framework=edition.framework, **submission)
    juror = request.getfixturevalue(who)
    LINKS[link](juror, submitted, request.getfixturevalue(place), organiser, now)

    files, panel = Application.objects.filter(edition=edition), [jeanne, jules, chair]
    recused = {file: set(Juror.objects.filter(visibility.jurors_recused(file))) for file in files}
    for each in panel:
        assert hidden(each) == {file for file in files if each in recused[file]}
    some = set(files.filter(visibility.files_hidden_from_any(Juror.objects.filter(pk=juror.pk))))
    assert some == hidden(juror)
    for file in files:
        assert [each for each in panel if queries.presides(juror=each, application=file)] == [queries.presiding(file)]
