from datetime import timedelta

import pytest

from accounts.models import AuditEntry, User
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments.enums import State
from assessments.models import Edition
from jury import actions, queries
from jury.jobs import planning
from jury.models import Ballot, Juror, Panel
from jury.queries import ballots, departures
from outbox.models import Mail
from tests.conftest import make_user

from .conftest import read, reading, seat


def test_open_panel_twice_makes_one(edition, organiser):
    assert actions.open_panel(edition=edition, by=organiser) == actions.open_panel(edition=edition, by=organiser)
    assert (Panel.objects.count(), AuditEntry.objects.filter(verb="jury.opened").count()) == (1, 1)


def test_open_panel_by_a_juror_is_refused(edition, juror_user):
    with pytest.raises(NotAllowed):
        actions.open_panel(edition=edition, by=juror_user)


def test_add_juror_makes_the_person_and_writes(panel, organiser, now):
    juror = actions.add_juror(
        panel=panel, email="Nadia@jury.example", name="Nadia", function="juriste", by=organiser, now=now
    )
    assert juror.user == User.objects.get(email="nadia@jury.example")
    assert Mail.objects.filter(to="nadia@jury.example", subject="Vous siégez au jury").count() == 1


def test_add_juror_twice_writes_once(panel, juror_user, organiser, now):
    first, second = (seat(panel, juror_user, organiser, now) for _ in range(2))
    assert first == second
    assert Mail.objects.filter(to=juror_user.email).count() == 1


def test_add_juror_as_second_chair_is_refused(chair, panel, juror_user, organiser, now):
    with pytest.raises(NotNow):
        seat(panel, juror_user, organiser, now, is_chair=True)
    assert not Juror.objects.filter(user=juror_user).exists()


def test_remove_juror_hides_everything(in_reading, jeanne, organiser, now):
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    assert not queries.is_juror(user=jeanne.user)
    assert queries.file_for(user=jeanne.user, code="01901", year=2027) is None
    assert queries.readings_of(in_reading)["readers"] == 1


def test_remove_juror_keeps_the_reading_handed_in(in_reading, jeanne, organiser, now):
    read(in_reading, jeanne, now)
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    assert queries.readings_of(in_reading) == {"readers": 2, "readings": 1, "required": 2, "spread": 0}


def test_add_juror_who_left_seats_again(jeanne, panel, organiser, now):
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    again = seat(panel, jeanne.user, organiser, now + timedelta(days=1))
    assert (again.pk, again.left_at) == (jeanne.pk, None)


def test_declare_is_made_in_person(jeanne, organiser, now):
    with pytest.raises(NotAllowed):
        actions.declare(juror=jeanne, by=organiser, now=now)


def test_declare_twice_keeps_the_first(jeanne, now):
    actions.declare(juror=jeanne, by=jeanne.user, now=now + timedelta(days=1))
    assert Juror.objects.get().declared_at == jeanne.declared_at
    assert AuditEntry.objects.filter(verb="jury.declared").count() == 1


def test_reading_before_the_declaration_is_refused(in_reading, jeanne, now):
    Juror.objects.filter(pk=jeanne.pk).update(declared_at=None)
    jeanne.refresh_from_db()
    with pytest.raises(NotNow, match="déclarez vos liens"):
        read(in_reading, jeanne, now)


@pytest.fixture
def next_edition(edition):
    """The edition after."""
    year = timedelta(days=365)
    return Edition.objects.create(
        year=edition.year + 1,
        framework=edition.framework,
        opens_at=edition.opens_at + year,
        closes_at=edition.closes_at + year,
        results_at=edition.results_at + year,
    )


def test_renew_seats_those_whose_term_goes_on(
    panel, aubaine, jeanne, juror_user, chair_user, second_juror_user, next_edition, organiser, now
):
    Juror.objects.update(until=2028, expertise="services")
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=juror_user, now=now)
    seat(panel, chair_user, organiser, now, is_chair=True, until=2029)
    seat(panel, second_juror_user, organiser, now)
    first, second = actions.renew(edition=next_edition, by=organiser, now=now)
    assert (first.user, first.expertise, first.until, first.declared_at) == (juror_user, "services", 2028, None)
    assert [row.territory for row in first.interests.all()] == [aubaine]
    assert (second.user, second.is_chair) == (chair_user, True)
    assert actions.renew(edition=next_edition, by=organiser, now=now) == []


def set_rules(panel, by, **rules):
    return actions.set_rules(panel=panel, by=by, **{"quorum": panel.quorum, "chair_reads": False, **rules})


def test_quorum_is_set_by_the_organiser_with_its_trail(panel, jeanne, jules, organiser, juror_user):
    assert set_rules(panel, organiser, quorum=2) == set_rules(panel, organiser, quorum=2)
    with pytest.raises(NotAllowed):
        set_rules(panel, juror_user, quorum=1)
    assert Panel.objects.get().quorum == 2
    assert AuditEntry.objects.filter(verb="jury.quorum_set").count() == 1


@pytest.mark.parametrize("quorum", [0, 4, 99])
def test_quorum_beyond_those_who_sit_is_refused(panel, jeanne, jules, chair, organiser, quorum):
    with pytest.raises(Refused, match="de 1 à 3"):
        set_rules(panel, organiser, quorum=quorum)


def test_quorum_does_not_change_during_a_vote(read_twice, panel, chair, organiser, now):
    ballot = actions.open_ballot(application=read_twice, honour="", by=chair, now=now)
    with pytest.raises(NotNow):
        set_rules(panel, organiser, quorum=1)
    actions.call_off(ballot=ballot, reason="Une pièce manque.", by=chair, now=now)
    assert set_rules(panel, organiser, quorum=1).quorum == 1


# --- a member changed in place


def edit(juror, organiser, **changes):
    said = {"name": juror.user.name, "function": juror.user.function, "expertise": juror.expertise}
    said |= {"until": juror.until, "is_chair": juror.is_chair}
    return actions.edit_juror(juror=juror, by=organiser, **said | changes)


def test_edit_changes_in_place(jeanne, organiser):
    edit(jeanne, organiser, function="géographe", expertise="services", until=2029)
    jeanne.refresh_from_db()
    assert (jeanne.user.function, jeanne.expertise, jeanne.until) == ("géographe", "services", 2029)


def test_presidency_passes_from_one_to_the_other(in_reading, jeanne, chair, organiser, now):
    edit(jeanne, organiser, is_chair=True)
    chair.refresh_from_db()
    assert (queries.presiding(in_reading), chair.is_chair, chair.left_at) == (jeanne, False, None)


def test_a_box_unticked_leaves_no_panel_without_chair(chair, organiser):
    with pytest.raises(Refused, match="présidence"):
        edit(chair, organiser, is_chair=False)


def test_edit_of_who_left_is_refused(jeanne, organiser, now):
    left = actions.remove_juror(juror=jeanne, by=organiser, now=now)
    with pytest.raises(NotNow):
        edit(left, organiser, function="géographe")


def test_edit_from_the_page(jeanne, chair, organiser, sign_in):
    page = f"/organisation/editions/2027/jury/{jeanne.pk}/"
    posted = {"name": "Jeanne", "function": "géographe", "expertise": "services", "until": "2028"}
    assert sign_in(organiser).post(page, posted).status_code == 302
    jeanne.refresh_from_db()
    assert (jeanne.user.function, jeanne.expertise, jeanne.until) == ("géographe", "services", 2028)
    refused = sign_in(organiser).post(f"/organisation/editions/2027/jury/{chair.pk}/", posted)
    assert (refused.status_code, "donnez-la" in refused.text) == (422, True)


# --- a member removed at every phase: what it breaks is said before, and is opened again after


def begin(file, jeanne, jules, chair, now):
    actions.save_review(application=file, by=jeanne, reading=reading(), seen=0, now=now)


def hand_in(file, jeanne, jules, chair, now):
    read(file, jeanne, now)


def hand_both_in(file, jeanne, jules, chair, now):
    for juror in (jeanne, jules):
        read(file, juror, now, proposed_level=4)
    actions.rule(application=file, on="SER-02", accepted=True, reason="Vu.", by=jeanne, now=now)


def vote(file, jeanne, jules, chair, now):
    hand_both_in(file, jeanne, jules, chair, now)
    ballot = actions.open_ballot(application=file, by=chair, now=now)
    for juror in (jeanne, jules):
        actions.vote(ballot=ballot, choice=4, by=juror, now=now)


def decide(file, jeanne, jules, chair, now):
    hand_both_in(file, jeanne, jules, chair, now)
    actions.decide(application=file, level=4, by=chair, now=now)


def ask_more(file, jeanne, jules, chair, now):
    actions.return_to_applicant(application=file, by=chair, reason="Une date.", parts=["INC-01"], now=now)


def publish(file, jeanne, jules, chair, now):
    decide(file, jeanne, jules, chair, now)
    files.move(application=file, to=State.PUBLISHED, by=chair.user, now=now)


PHASES = [lambda *_: None, begin, hand_in, hand_both_in, vote, ask_more, decide, publish]


@pytest.mark.parametrize(
    ("phase", "to_confide", "kept", "voices", "counted"),
    [
        # What `readings_of` says afterwards: readers, readings, required. Only Jules, then nobody else, may read.
        (PHASES[0], 1, 0, 0, (1, 0, 1)),
        (begin, 1, 0, 0, (1, 0, 1)),
        (hand_in, 0, 1, 0, (2, 1, 2)),
        (hand_both_in, 0, 1, 0, (2, 2, 2)),
        (vote, 0, 1, 1, (2, 2, 2)),
        (ask_more, 1, 0, 0, (1, 0, 1)),
        (decide, 0, 1, 0, (2, 2, 2)),
        (publish, 0, 1, 0, (2, 2, 2)),
    ],
    ids=["given", "begun", "handed in", "both in", "voting", "returned", "decided", "published"],
)
def test_a_reader_removed(in_reading, jeanne, jules, chair, organiser, now, phase, to_confide, kept, voices, counted):
    phase(in_reading, jeanne, jules, chair, now)
    told = departures.of(Juror.objects.select_related("panel").get(pk=jeanne.pk))
    assert (told.to_confide, told.kept, told.voices, told.chairs) == (to_confide, kept, voices, False)
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    found = queries.readings_of(in_reading)
    assert (found["readers"], found["readings"], found["required"]) == counted


@pytest.mark.parametrize(
    "phase",
    PHASES,
    ids=["given", "begun", "handed in", "both in", "voting", "returned", "decided", "published"],
)
def test_a_chair_removed_stops_the_decision_until_another_is_named(
    in_reading, jeanne, jules, chair, organiser, now, phase
):
    phase(in_reading, jeanne, jules, chair, now)
    assert departures.of(Juror.objects.select_related("panel").get(pk=chair.pk)).chairs
    actions.remove_juror(juror=chair, by=organiser, now=now)
    assert queries.presiding(in_reading) is None
    edit(jules, organiser, is_chair=True)
    assert queries.presiding(in_reading) == jules


def test_a_third_reader_removed_is_called_again(in_reading, jeanne, jules, chair, panel, organiser, now):
    """While the readings differ: the third one is asked of who is left."""
    nora, more = (seat(panel, make_user(name, "juriste"), organiser, now) for name in ("Nora", "Josée"))
    for juror, level in ((jeanne, 1), (jules, 4)):
        read(in_reading, juror, now, proposed_level=level)
    third = actions.call_third_reader(application=in_reading, by=chair, now=now).juror
    actions.remove_juror(juror=third, by=organiser, now=now)
    counted = queries.readings_of(in_reading)
    assert (counted["readers"], queries.readings_awaited(in_reading, counted)) == (2, 3)
    again = actions.call_third_reader(application=in_reading, by=chair, now=now).juror
    assert {third, again} == {nora, more}


def test_a_vote_loses_the_voice_of_who_left(in_reading, jeanne, jules, chair, organiser, now):
    vote(in_reading, jeanne, jules, chair, now)
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    ballot = Ballot.objects.get()
    assert ballots.count(ballot).votes == {4: 1}
    actions.vote(ballot=ballot, choice=4, by=chair, now=now)
    assert actions.close_ballot(ballot=ballot, by=chair, now=now).outcome == 4


def test_a_file_given_to_who_left_is_proposed_again(in_reading, jeanne, jules, chair, panel, organiser, now):
    more = seat(panel, make_user("Josée", "géographe"), organiser, now)
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    asked = planning.problem(panel)
    assert (asked.needs, asked.eligible) == ({in_reading.pk: 1}, {in_reading.pk: [more.pk]})


def test_quorum_comes_down_to_those_who_stay(panel, jeanne, jules, chair, organiser, now):
    told = departures.of(Juror.objects.select_related("panel").get(pk=jules.pk))
    assert (told.quorum, told.sitting) == (3, 2)
    actions.remove_juror(juror=jules, by=organiser, now=now)
    assert Panel.objects.get().quorum == 2


def test_departure_is_told_before_it_is_done(in_reading, jeanne, chair, organiser, sign_in):
    page = f"/organisation/editions/2027/jury/{jeanne.pk}/retirer/"
    client = sign_in(organiser)
    assert "1 lecture qui n’est pas rendue" in client.get(page).text
    assert client.post(page).status_code == 302
    jeanne.refresh_from_db()
    assert jeanne.left_at


@pytest.mark.parametrize(("chair_reads", "able"), [(False, {"Jules"}), (True, {"Jules", "Clémence"})])
def test_the_chair_is_given_files_if_wished(in_reading, jeanne, chair, panel, organiser, now, chair_reads, able):
    set_rules(panel, organiser, chair_reads=chair_reads)
    panel.refresh_from_db()
    assert {str(one) for one in planning.readers(panel)} - {"Jeanne"} == able
    assert {str(one) for one in queries.eligible_readers(in_reading)} - {"Jeanne"} == able
    assert queries.readings_of(in_reading)["required"] == 2
