"""The jury is called when it is time: days wanted and their reminders, files that come back, what waits on the home."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.refusals import NotAllowed, Refused
from assessments import actions as files
from jury import actions
from jury.jobs import calls
from jury.models import Deadline
from outbox import jobs
from outbox.models import Job, JobState, Mail

from .conftest import read


def letters(key):
    return sorted(Mail.objects.filter(key__startswith=key).values_list("to", flat=True))


def in_days(now, days):
    return timezone.localdate(now + timedelta(days=days))


def run(kind):
    for job in Job.objects.filter(kind=kind, state=JobState.TODO):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(hours=1))
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.DONE, job.error


@pytest.fixture
def wanted(in_reading, chair, now):
    actions.want_by(applications=[in_reading], day=in_days(now, 10), by=chair, now=now)
    return in_reading


def test_want_by_plans_three_reminders(wanted, now):
    days = Job.objects.filter(kind="jury.remind").values_list("payload__day", flat=True)
    assert sorted(days) == [in_days(now, days).isoformat() for days in (7, 10, 13)]


def test_want_by_again_changes_nothing(wanted, chair, now):
    assert actions.want_by(applications=[wanted], day=in_days(now, 10), by=chair, now=now) == 0


def test_want_by_no_day_any_more(wanted, chair, now):
    assert actions.want_by(applications=[wanted], day=None, by=chair, now=now) == 1
    assert not Deadline.objects.exists()


@pytest.mark.parametrize("days", [-1, 90, 400])
def test_want_by_a_day_that_cannot_be_is_refused(in_reading, chair, now, days):
    with pytest.raises(Refused, match="date souhaitée"):
        actions.want_by(applications=[in_reading], day=in_days(now, days), by=chair, now=now)


def test_want_by_is_for_who_presides(in_reading, jeanne, now):
    with pytest.raises(NotAllowed):
        actions.want_by(applications=[in_reading], day=in_days(now, 10), by=jeanne, now=now)


def test_want_by_leaves_alone_the_files_of_a_recused_chair(in_reading, chair, now):
    actions.recuse(juror=chair, application=in_reading, reason="Un ami.", by=chair.user, now=now)
    with pytest.raises(NotAllowed):
        actions.want_by(applications=[in_reading], day=in_days(now, 10), by=chair, now=now)


def test_remind_writes_once_to_who_has_not_read(wanted, jeanne, jules, now):
    read(wanted, jeanne, now)
    run("jury.remind")
    assert set(letters("jury-remind")) == {jules.user.email}


def test_remind_is_one_letter_a_day_whatever_the_files(wanted, other, jules, chair, organiser, now):
    actions.assign(application=other, juror=jules, by=organiser, now=now)
    actions.want_by(applications=[other], day=in_days(now, 10), by=chair, now=now)
    calls.remind(Job.objects.filter(kind="jury.remind", payload__day=in_days(now, 10).isoformat()).get())
    assert letters(f"jury-remind:{jules.pk}:") == [jules.user.email]
    assert "2 dossiers" in Mail.objects.get(key__startswith=f"jury-remind:{jules.pk}:").text


@pytest.mark.parametrize("spoil", ["returned", "recused", "left", "no day"])
def test_remind_writes_nothing_when_nothing_is_wanted(wanted, jeanne, jules, chair, organiser, now, spoil):
    if spoil == "returned":
        actions.return_to_applicant(application=wanted, by=chair, reason="Une date manque.", parts=["INC-01"], now=now)
    elif spoil == "no day":
        actions.want_by(applications=[wanted], day=None, by=chair, now=now)
    for juror in (jeanne, jules):
        if spoil == "recused":
            actions.recuse(juror=juror, application=wanted, reason="Un ami.", by=juror.user, now=now)
        elif spoil == "left":
            actions.remove_juror(juror=juror, by=organiser, now=now)
    run("jury.remind")
    assert letters("jury-remind") == []


@pytest.fixture
def back(read_twice, jeanne, chair, signatory, now):
    """Returned, then submitted again."""
    actions.return_to_applicant(application=read_twice, by=chair, reason="Une date manque.", parts=["INC-01"], now=now)
    later = now + timedelta(hours=1)
    files.submit(application=read_twice, by=signatory, now=later)
    return read_twice


def test_a_file_that_comes_back_calls_its_readers_and_who_presides(back, jeanne, jules, chair):
    run("jury.completed")
    assert letters("complement-received") == sorted(one.user.email for one in (jeanne, jules, chair))
    assert "Aubaine" not in Mail.objects.filter(key__startswith="complement-received").first().text


def test_a_file_that_comes_back_calls_nobody_recused(back, jeanne, jules, chair, now):
    actions.recuse(juror=jules, application=back, reason="Un ami.", by=jules.user, now=now)
    run("jury.completed")
    assert letters("complement-received") == sorted(one.user.email for one in (jeanne, chair))


def home(client):
    [seat] = client.get("/jury/").context["seats"]
    return [todo.what for todo in seat["todos"]]


def test_home_tells_a_file_that_came_back(back, jeanne, sign_in):
    assert home(sign_in(jeanne.user)) == ["1 dossier est revenu complété"]


def test_home_tells_a_vote_until_one_has_voted(read_twice, jeanne, chair, sign_in, now):
    ballot = actions.open_ballot(application=read_twice, by=chair, now=now)
    client = sign_in(jeanne.user)
    assert home(client) == ["1 vote attend votre voix"]
    actions.vote(ballot=ballot, choice=4, by=jeanne, now=now)
    assert home(client) == []


def test_home_tells_no_vote_on_a_hidden_file(read_twice, jeanne, chair, sign_in, now):
    actions.open_ballot(application=read_twice, by=chair, now=now)
    actions.recuse(juror=jeanne, application=read_twice, reason="Un ami.", by=jeanne.user, now=now)
    assert home(sign_in(jeanne.user)) == []


@pytest.mark.parametrize(("days", "told"), [(2, ["1 lecture est demandée"]), (10, [])])
def test_home_tells_what_is_wanted_soon(in_reading, jeanne, chair, sign_in, now, days, told):
    actions.want_by(applications=[in_reading], day=in_days(now, days), by=chair, now=now)
    assert home(sign_in(jeanne.user)) == told


def test_home_of_the_chair_tells_decisions_without_minutes(decided, chair, sign_in):
    assert home(sign_in(chair.user)) == ["1 décision attend un procès-verbal"]


def test_queue_is_by_the_day_wanted(in_reading, other, jules, chair, organiser, sign_in, now):
    """Beaupré, wanted sooner, comes before Aubaine."""
    actions.assign(application=other, juror=jules, by=organiser, now=now)
    for application, days in ((in_reading, 20), (other, 10)):
        actions.want_by(applications=[application], day=in_days(now, days), by=chair, now=now)
    [seat] = sign_in(jules.user).get("/jury/").context["seats"]
    assert [row.application for row in seat["left"]] == [other, in_reading]
    assert [row.wanted for row in seat["left"]] == [date.fromordinal(in_days(now, 0).toordinal() + n) for n in (10, 20)]
