from datetime import timedelta

import pytest

from accounts.models import AuditEntry, User
from accounts.refusals import NotAllowed, NotNow
from assessments.models import Edition
from jury import actions, queries
from jury.models import Juror, Panel
from outbox.models import Mail

from .conftest import read, seat


def test_open_panel_twice_makes_one(edition, organiser):
    assert actions.open_panel(edition=edition, by=organiser) == actions.open_panel(edition=edition, by=organiser)
    assert (Panel.objects.count(), AuditEntry.objects.filter(verb="jury.open").count()) == (1, 1)


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
    assert queries.readings_of(in_reading) == {"readers": 2, "readings": 1, "required": 1, "spread": 0}


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
    assert AuditEntry.objects.filter(verb="jury.declare").count() == 1


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


def test_quorum_is_set_by_the_organiser_with_its_trail(panel, organiser, juror_user):
    assert actions.set_quorum(panel=panel, quorum=5, by=organiser) == actions.set_quorum(
        panel=panel, quorum=5, by=organiser
    )
    with pytest.raises(NotAllowed):
        actions.set_quorum(panel=panel, quorum=1, by=juror_user)
    assert Panel.objects.get().quorum == 5
    assert AuditEntry.objects.filter(verb="jury.quorum").count() == 1


def test_quorum_does_not_change_during_a_vote(read_twice, panel, chair, organiser, now):
    ballot = actions.open_ballot(application=read_twice, honour="", by=chair, now=now)
    with pytest.raises(NotNow):
        actions.set_quorum(panel=panel, quorum=1, by=organiser)
    actions.call_off(ballot=ballot, by=chair, now=now)
    assert actions.set_quorum(panel=panel, quorum=1, by=organiser).quorum == 1
