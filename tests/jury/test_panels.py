from datetime import timedelta

import pytest

from accounts.models import AuditEntry, User
from accounts.refusals import NotAllowed, NotNow
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
    assert queries.readings_of(in_reading) == {"readers": 2, "readings": 1, "required": 1}


def test_add_juror_who_left_seats_again(jeanne, panel, organiser, now):
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    again = seat(panel, jeanne.user, organiser, now + timedelta(days=1))
    assert (again.pk, again.left_at) == (jeanne.pk, None)
