import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Refused
from jury import actions, queries
from jury.doors import examination
from jury.models import Ballot, Decision, Juror, Panel, Review, Vote
from jury.pages import board
from jury.queries import ballots
from outbox import jobs
from outbox.models import Job, JobState, Mail

from .conftest import read, reading


@pytest.fixture
def ballot(read_twice, chair, now):
    return actions.open_ballot(application=read_twice, by=chair, now=now)


def cast(ballot, now, *voices):
    for juror, choice in voices:
        actions.vote(ballot=ballot, choice=choice, by=juror, now=now)


def closed(ballot, chair, now, *voices):
    cast(ballot, now, *voices)
    return actions.close_ballot(ballot=ballot, by=chair, now=now)


def test_close_keeps_the_count(ballot, jeanne, jules, chair, now):
    row = closed(ballot, chair, now, (jeanne, 3), (jules, 4), (chair, 4))
    assert (row.outcome, row.closed_at) == (4, now)
    assert row.count == {"votes": {"3": 1, "4": 2}, "abstentions": 0, "able": 3, "quorum": 3, "by_chair": False}


def test_close_without_quorum_is_refused(ballot, jeanne, jules, chair, now):
    with pytest.raises(NotNow, match="quorum"):
        closed(ballot, chair, now, (jeanne, 3), (jules, 4))


def test_close_on_a_tie_waits_for_the_chair(ballot, jeanne, jules, chair, now):
    with pytest.raises(NotNow, match="égalité"):
        closed(ballot, chair, now, (jeanne, 3), (jules, 4), (chair, None))
    assert closed(ballot, chair, now, (chair, 3)).outcome == 3


def test_close_counts_no_voice_of_a_juror_recused_since(ballot, jeanne, jules, chair, now, panel):
    cast(ballot, now, (jeanne, 3), (jules, 3), (chair, 4))
    actions.recuse(juror=jules, application=ballot.application, reason="Un ami.", by=jules.user, now=now)
    count = ballots.count(ballot)
    assert (count.votes, count.able, count.quorum) == ({3: 1, 4: 1}, 2, 2)


def test_vote_may_change_until_it_is_closed(ballot, jeanne, jules, chair, now):
    closed(ballot, chair, now, (jeanne, 3), (jeanne, 5), (jules, 5), (chair, 5))
    assert Vote.objects.get(juror=jeanne).choice == 5
    with pytest.raises(NotNow, match="clos"):
        cast(ballot, now, (jeanne, 3))


def test_vote_leaves_no_choice_in_the_trail(ballot, jeanne, now):
    cast(ballot, now, (jeanne, 3))
    assert AuditEntry.objects.get(verb="jury.voted").detail == {"application": ballot.application_id}


@pytest.mark.parametrize("choice", [1, 2, 0])
def test_vote_for_something_else_is_refused(ballot, jeanne, now, choice):
    with pytest.raises(Refused, match="choix"):
        cast(ballot, now, (jeanne, choice))


def test_vote_of_a_recused_juror_is_refused(ballot, aubaine, jules, now):
    actions.declare_interest(juror=jules, territory=aubaine, nature="élu", by=jules.user, now=now)
    with pytest.raises(NotAllowed):
        cast(ballot, now, (jules, 3))


def test_vote_of_who_left_is_refused(ballot, jules, organiser, now):
    left = actions.remove_juror(juror=jules, by=organiser, now=now)
    with pytest.raises(NotAllowed):
        cast(ballot, now, (left, 3))


@pytest.mark.parametrize("who", ["jeanne", "jules"])
def test_only_who_presides_opens_and_closes(ballot, who, request, now):
    juror = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        actions.close_ballot(ballot=ballot, by=juror, now=now)
    with pytest.raises(NotAllowed):
        actions.open_ballot(application=ballot.application, honour="Accueil", by=juror, now=now)


def test_open_twice_is_one_ballot(ballot, read_twice, chair, now):
    assert actions.open_ballot(application=read_twice, by=chair, now=now) == ballot


def test_open_before_the_readings_are_in_is_refused(in_reading, jeanne, chair, now):
    read(in_reading, jeanne, now)
    actions.rule(application=in_reading, on="SER-02", accepted=True, reason="Vu.", by=jeanne, now=now)
    with pytest.raises(NotNow, match="lectures"):
        actions.open_ballot(application=in_reading, by=chair, now=now)


def test_an_open_ballot_holds_the_file_still(ballot, read_twice, jeanne, chair, now):
    with pytest.raises(NotNow, match="vote est ouvert"):
        actions.rule(application=read_twice, on="SER-02", accepted=False, reason="Non.", by=jeanne, now=now)
    with pytest.raises(NotNow, match="vote est ouvert"):
        actions.decide(application=read_twice, level=4, by=chair, now=now)


def test_decide_follows_the_vote(ballot, read_twice, jeanne, jules, chair, now):
    closed(ballot, chair, now, (jeanne, 3), (jules, 3), (chair, 3))
    with pytest.raises(NotNow, match="voté le niveau 3"):
        actions.decide(application=read_twice, level=4, by=chair, now=now)
    assert actions.decide(application=read_twice, level=3, reasons="Le jury l’a voté.", by=chair, now=now).level == 3


def test_decide_gives_no_mention_that_was_voted_down(read_twice, jeanne, jules, chair, now):
    asked = actions.open_ballot(application=read_twice, honour="Accueil", by=chair, now=now)
    closed(asked, chair, now, (jeanne, 0), (jules, 0), (chair, 1))
    with pytest.raises(NotNow, match="Accueil"):
        actions.decide(application=read_twice, level=4, honours=["Accueil"], by=chair, now=now)
    assert actions.decide(application=read_twice, level=4, honours=["Sobriété"], by=chair, now=now).pk


def test_call_off_frees_the_file(ballot, read_twice, chair, now):
    actions.call_off(ballot=ballot, reason="Une pièce manque.", by=chair, now=now)
    assert actions.decide(application=read_twice, level=4, by=chair, now=now).level == 4


def test_reopen_sets_the_vote_aside(ballot, read_twice, jeanne, jules, chair, now):
    closed(ballot, chair, now, (jeanne, 3), (jules, 3), (chair, 3))
    actions.decide(application=read_twice, level=3, reasons="Voté.", by=chair, now=now)
    actions.reopen(application=read_twice, by=chair, reason="Une erreur.", now=now)
    assert queries.voted_level(read_twice) is None
    assert actions.decide(application=read_twice, level=4, by=chair, now=now).level == 4


def test_return_to_applicant_sets_the_vote_aside(ballot, read_twice, chair, now):
    actions.return_to_applicant(application=read_twice, by=chair, reason="Une date manque.", parts=["INC-01"], now=now)
    assert Ballot.objects.get().set_aside_at == now


def test_a_file_that_is_turned_down_is_voted_on_no_more(ballot, read_twice, organiser, now):
    actions.mark_ineligible(application=read_twice, by=organiser, reason="Hors du règlement.", now=now)
    assert (Ballot.objects.get().set_aside_at, queries.is_voting(read_twice)) == (now, False)


# --- undisputed files


@pytest.fixture
def agreed(in_reading, jeanne, jules, now):
    """Both readers propose the computed level."""
    for juror in (jeanne, jules):
        read(in_reading, juror, now, proposed_level=4)
    actions.rule(application=in_reading, on="SER-02", accepted=True, reason="Vu.", by=jeanne, now=now)
    return in_reading


def test_accept_decides_what_nobody_disputes(agreed, chair, now):
    done = actions.accept(files=[(agreed, 4)], by=chair, now=now)
    assert ([row.level for row in done.decisions], done.refusals) == ([4], [])


def test_accept_leaves_out_what_changed_since(read_twice, chair, now):
    done = actions.accept(files=[(read_twice, 4)], by=chair, now=now)
    assert (done.decisions, [row for row, _reason in done.refusals]) == ([], [read_twice])
    assert not Decision.objects.exists()


def spoil_spread(agreed, jeanne, chair, now):
    Review.objects.filter(assignment__juror=jeanne).update(proposed_level=3)


def spoil_ruling(agreed, jeanne, chair, now):
    actions.rule(application=agreed, on=agreed.initiatives.get(), accepted=False, reason="Non.", by=jeanne, now=now)


def spoil_honour(agreed, jeanne, chair, now):
    Review.objects.filter(assignment__juror=jeanne).update(honour="Accueil")


def spoil_vote(agreed, jeanne, chair, now):
    actions.open_ballot(application=agreed, by=chair, now=now)


def spoil_claim(agreed, jeanne, chair, now):
    agreed.rulings.all().delete()
    examination.count_claims(agreed)


def spoil_recusal(agreed, jeanne, chair, now):
    actions.recuse(juror=chair, application=agreed, reason="Un ami.", by=chair.user, now=now)


def spoil_reading(agreed, jeanne, chair, now):
    Review.objects.filter(assignment__juror=jeanne).update(submitted_at=None)


def spoil_readers(agreed, jeanne, chair, now):
    for row in agreed.assignments.all():
        actions.recuse(juror=row.juror, application=agreed, reason="Un ami.", by=row.juror.user, now=now)


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_spread,
        spoil_ruling,
        spoil_honour,
        spoil_vote,
        spoil_claim,
        spoil_recusal,
        spoil_reading,
        spoil_readers,
    ],
    ids=lambda f: f.__name__,
)
def test_a_file_is_disputed_when(agreed, jeanne, chair, now, spoil):
    assert list(board.undisputed(chair)) == [agreed]
    spoil(agreed, jeanne, chair, now)
    assert list(board.undisputed(chair)) == []


def test_a_reading_proposes_a_mention(in_reading, jeanne, now):
    row = actions.save_review(
        application=in_reading, by=jeanne, reading=reading(honour="  Accueil  des aînés "), seen=0, now=now
    )
    assert row.honour == "Accueil des aînés"


@pytest.mark.django_db(transaction=True)
def test_votes_and_the_closing_at_once_lose_no_voice(read_twice, panel, jeanne, jules, chair, now):
    """Each voice is in the count, or told that the vote is closed."""
    Panel.objects.update(quorum=1)
    ballot = actions.open_ballot(application=read_twice, by=chair, now=now)
    actions.vote(ballot=ballot, choice=3, by=chair, now=now)
    start = threading.Barrier(3)
    counted, told = [], []

    def run(act):
        try:
            start.wait(timeout=20)
            act(Ballot.objects.select_related("application").get(pk=ballot.pk))
        finally:
            connections.close_all()

    def voice(juror):
        def act(row):
            try:
                actions.vote(ballot=row, choice=4, by=Juror.objects.get(pk=juror.pk), now=now)
                counted.append(juror)
            except NotNow:
                told.append(juror)

        return act

    def close(row):
        actions.close_ballot(ballot=row, by=Juror.objects.get(pk=chair.pk), now=now)

    threads = [threading.Thread(target=run, args=[act]) for act in (voice(jeanne), voice(jules), close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    row = Ballot.objects.get(pk=ballot.pk)
    assert row.closed_at == now
    assert (sum(row.count["votes"].values()), len(counted) + len(told)) == (1 + len(counted), 2)


def test_one_reading_is_enough_when_nobody_else_may_read(agreed, jules, chair, now):
    actions.recuse(juror=jules, application=agreed, reason="Un ami.", by=jules.user, now=now)
    assert list(board.undisputed(chair)) == [agreed]


# --- who is called, how a vote ends


def letters(key):
    return sorted(Mail.objects.filter(key__startswith=key).values_list("to", flat=True))


def test_open_calls_those_who_may_vote_but_who_opened_it(ballot, jeanne, jules):
    assert letters("ballot-opened") == sorted([jeanne.user.email, jules.user.email])
    assert "Aubaine" not in Mail.objects.filter(key__startswith="ballot-opened").first().text


def test_open_calls_nobody_recused(read_twice, jules, jeanne, chair, now):
    actions.recuse(juror=jules, application=read_twice, reason="Un ami.", by=jules.user, now=now)
    actions.open_ballot(application=read_twice, by=chair, now=now)
    assert letters("ballot-opened") == [jeanne.user.email]


def test_a_second_open_vote_calls_who_has_answered_the_first(ballot, read_twice, jeanne, jules, chair, now):
    """Whoever has not yet gone to the session was called already."""
    cast(ballot, now, (jeanne, 3))
    second = actions.open_ballot(application=read_twice, honour="Accueil", by=chair, now=now)
    assert letters(f"ballot-opened:{second.pk}:") == [jeanne.user.email]


def test_call_off_asks_why_and_tells_it(ballot, read_twice, jeanne, chair, sign_in, now):
    with pytest.raises(Refused, match="pourquoi"):
        actions.call_off(ballot=ballot, reason=" ", by=chair, now=now)
    actions.call_off(ballot=ballot, reason="Une pièce manque.", by=chair, now=now)
    assert "Une pièce manque." in sign_in(jeanne.user).get("/jury/seance/2027/").text


def test_session_says_who_has_voted_and_not_what(ballot, jeanne, jules, chair, sign_in, now):
    cast(ballot, now, (jeanne, 3))
    [row] = sign_in(jules.user).get("/jury/seance/2027/").context["ballots"]
    assert row.roll == [("Clémence", False), ("Jeanne", True), ("Jules", False)]


HOUR = timedelta(hours=1)


@pytest.fixture
def timed(read_twice, chair, now):
    return actions.open_ballot(application=read_twice, closes_at=now + HOUR, by=chair, now=now)


def strike(ballot):
    """The worker comes when the hour has passed."""
    job = Job.objects.get(kind="jury.ballot")
    assert job.due_at == ballot.closes_at
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - HOUR)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    ballot.refresh_from_db()


@pytest.mark.parametrize(
    ("voices", "outcome", "why"),
    [
        ({"jeanne": 3, "jules": 3, "chair": 4}, 3, ""),
        ({"jeanne": 3, "jules": 4, "chair": 4}, 4, ""),
        ({"jeanne": 3, "jules": 3}, None, "quorum"),
        ({"jeanne": None, "jules": None, "chair": None}, None, "abstentions"),
        ({"jeanne": 3, "jules": 4, "chair": None}, None, "égalité"),
        ({}, None, "quorum"),
    ],
)
def test_at_its_hour_a_vote_is_counted_or_set_aside(timed, chair, voices, outcome, why, request, now):
    cast(timed, now, *((request.getfixturevalue(who), choice) for who, choice in voices.items()))
    strike(timed)
    assert (timed.outcome, why in timed.set_aside_for, bool(timed.set_aside_at)) == (outcome, True, outcome is None)
    assert letters("ballot-ended") == [chair.user.email]


def test_a_voice_after_the_hour_is_too_late(timed, jeanne, now):
    with pytest.raises(NotNow, match="clos"):
        cast(timed, now + HOUR, (jeanne, 3))


def test_a_vote_closed_before_its_hour_stays_as_it_is(timed, jeanne, jules, chair, now):
    closed(timed, chair, now, (jeanne, 3), (jules, 3), (chair, 3))
    strike(timed)
    assert (timed.closed_at, letters("ballot-ended")) == (now, [])


@pytest.mark.parametrize("hours", [-1, 0, 24 * 400])
def test_an_hour_that_cannot_be_is_refused(read_twice, chair, now, hours):
    with pytest.raises(Refused, match="heure"):
        actions.open_ballot(application=read_twice, closes_at=now + hours * HOUR, by=chair, now=now)


def test_a_vote_by_quorum_closes_with_the_voice_that_decides(read_twice, jeanne, jules, chair, now):
    ballot = actions.open_ballot(application=read_twice, at_quorum=True, by=chair, now=now)
    cast(ballot, now, (jeanne, 3), (jules, 4))
    ballot.refresh_from_db()
    assert ballot.closed_at is None
    cast(ballot, now, (chair, 4))
    ballot.refresh_from_db()
    assert (ballot.closed_at, ballot.outcome) == (now, 4)


def test_a_tie_at_the_quorum_waits_for_the_chair(read_twice, jeanne, jules, chair, panel, now):
    Panel.objects.update(quorum=2)
    ballot = actions.open_ballot(application=read_twice, at_quorum=True, by=chair, now=now)
    cast(ballot, now, (jeanne, 3), (jules, 4))
    ballot.refresh_from_db()
    assert ballot.closed_at is None
    cast(ballot, now, (chair, 3))
    ballot.refresh_from_db()
    assert ballot.outcome == 3


def test_open_from_the_page_with_its_hour(read_twice, chair, sign_in):
    hour = timezone.localtime() + HOUR
    posted = {"honour": "", "closing": "heure", "closes_at": hour.strftime("%Y-%m-%dT%H:%M")}
    sign_in(chair.user).post("/jury/01901/2027/vote/", posted)
    assert Ballot.objects.get().closes_at == hour.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "Il se clôt quand la présidence le décide."),
        ({"at_quorum": True}, "Il se clôt quand la présidence le décide, ou dès que le quorum est atteint."),
    ],
)
def test_the_mail_of_a_vote_says_how_it_ends(read_twice, chair, now, how, said):
    actions.open_ballot(application=read_twice, by=chair, now=now, **how)

    assert {said in mail.text for mail in Mail.objects.filter(key__startswith="ballot-opened:")} == {True}
