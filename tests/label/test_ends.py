"""What is kept of people ends when the page about personal data says so, and not before."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Invitation, Role
from label import ends
from outbox.jobs import mail
from outbox.models import Job, JobState, Mail, MailState
from season.models import HelpRequest
from tests.conftest import make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SEASON = timedelta(days=ends.SEASON)
MARGIN = timedelta(hours=1)


@pytest.fixture
def letter():
    return mail.queue(key="news", to="agnes@aubaine.example", subject="Des nouvelles", text="…")


def due(model):
    return sum(rows for end, rows in ends.count(now=NOW) if end.due(now=NOW).model is model)


@pytest.mark.parametrize(("age", "gone"), [(SEASON - MARGIN, 0), (SEASON + MARGIN, 1)])
def test_mail_that_left_ends_after_a_season(letter, age, gone):
    Mail.objects.update(state=MailState.SENT, sent_at=NOW - age)

    ends.purge(now=NOW)

    assert Mail.objects.count() == 1 - gone


def test_mail_that_waits_never_ends(letter):
    Mail.objects.update(created_at=NOW - 2 * SEASON)

    ends.purge(now=NOW)

    assert Mail.objects.count() == 1


@pytest.mark.parametrize(("state", "finished_at"), [(JobState.TODO, None), (JobState.DEAD, NOW - 2 * SEASON)])
def test_task_that_is_not_done_never_ends(letter, state, finished_at):
    Job.objects.update(state=state, finished_at=finished_at, created_at=NOW - 2 * SEASON)

    assert due(Job) == 0


def test_task_done_ends_after_a_season(letter):
    Job.objects.update(state=JobState.DONE, finished_at=NOW - SEASON - MARGIN)

    assert due(Job) == 1


@pytest.mark.parametrize(("age", "gone"), [(29, 0), (31, 1)])
def test_invitation_without_answer_ends_a_month_after_its_link(aubaine, organiser, age, gone):
    Invitation.objects.create(
        territory=aubaine,
        email="nouveau@aubaine.example",
        role=Role.READER,
        secret_digest="0" * 64,
        invited_by=organiser,
        expires_at=NOW - timedelta(days=age),
    )

    ends.purge(now=NOW)

    assert Invitation.objects.count() == 1 - gone


def test_help_that_nobody_answered_never_ends():
    HelpRequest.objects.create(page="/", text="…", email="a@b.example", at=NOW - 2 * SEASON)

    assert due(HelpRequest) == 0


def test_session_that_ran_out_ends_at_once():
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=NOW - MARGIN)
    Session.objects.create(session_key="b" * 32, session_data="", expire_date=NOW + MARGIN)

    ends.purge(now=NOW)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["b" * 32]


def test_nothing_is_deleted_unless_asked(letter, capsys):
    Mail.objects.update(state=MailState.SENT, sent_at=NOW - 2 * SEASON)

    call_command("purge")

    assert "Courriels: 1" in capsys.readouterr().out
    assert Mail.objects.count() == 1


def test_what_a_whole_season_left_can_go(season):
    """Nothing that stays names what goes."""
    gone = ends.purge(now=NOW + 3 * SEASON)

    assert sum(rows for _end, rows in gone) > 0
    assert ends.count(now=NOW + 3 * SEASON) == [(end, 0) for end in ends.ENDS]


def test_each_end_is_said_on_the_page(client):
    page = client.get("/donnees-personnelles/").content.decode()

    rows = re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', page)
    assert len(rows) == len(ends.ENDS)
    assert all(str(end.days) in said for end, (_what, said) in zip(ends.ENDS, rows, strict=True) if end.days)


def test_device_stays_listed_as_long_as_its_session_lives():
    """Else nobody could end it."""
    person = make_user("Anne", "secrétaire de mairie")
    for key, ends_at in (("a" * 32, NOW - MARGIN), ("b" * 32, NOW + MARGIN)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends_at)
        UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", last_seen_at=NOW - 2 * SEASON)

    ends.purge(now=NOW)

    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["b" * 32]
