import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments.enums import AnswerState, State
from assessments.models import Application
from jury import actions, queries, visibility
from jury.actions import StaleReview
from jury.doors import examination
from jury.models import Review
from outbox.models import Mail

from .conftest import accept_claim, read, reading
from .test_visibility import EVERY_CASE

FILE = "/jury/01901/2027/"


def revise(application, juror, now, *, seen=1, **fields):
    return actions.revise_review(application=application, by=juror, reading=reading(**fields), seen=seen, now=now)


@pytest.fixture
def apart(in_reading, jeanne, jules, now):
    """Read twice, two levels apart."""
    read(in_reading, jeanne, now, proposed_level=2)
    read(in_reading, jules, now, proposed_level=4)
    accept_claim(in_reading, jeanne, now)
    return in_reading


@pytest.fixture
def nora(panel, organiser, now):
    juror = actions.add_juror(
        panel=panel, email="n@jury.example", name="Nora", function="juriste", by=organiser, now=now
    )
    return actions.declare(juror=juror, by=juror.user, now=now)


def test_revise_keeps_what_was_said(apart, jeanne, now):
    row = revise(apart, jeanne, now, proposed_level=3)
    assert (row.proposed_level, row.version, row.submitted_at) == (3, 2, now)
    assert [(before["proposed_level"], before["until"]) for before in row.earlier] == [(2, now.isoformat())]
    assert AuditEntry.objects.filter(verb="jury.review_revised").count() == 1


def test_revise_twice_keeps_both(apart, jeanne, now):
    revise(apart, jeanne, now, proposed_level=3)
    row = revise(apart, jeanne, now, seen=2, proposed_level=4)
    assert [before["proposed_level"] for before in row.earlier] == [2, 3]


def test_revise_with_the_same_words_is_harmless(apart, jeanne, now):
    assert revise(apart, jeanne, now, proposed_level=2).earlier == []


def test_revise_from_an_old_window_is_stale(apart, jeanne, now):
    with pytest.raises(StaleReview):
        revise(apart, jeanne, now, seen=0, proposed_level=3)


def test_revise_before_the_others_have_read_is_refused(in_reading, jeanne, now):
    read(in_reading, jeanne, now)
    with pytest.raises(NotNow, match="autres lectures"):
        revise(in_reading, jeanne, now, proposed_level=1)


def test_revise_a_draft_is_refused(in_reading, jeanne, now):
    with pytest.raises(NotNow, match="pas rendue"):
        revise(in_reading, jeanne, now)


def test_revise_while_the_jury_votes_is_refused(read_twice, jeanne, chair, now):
    actions.open_ballot(application=read_twice, by=chair, now=now)
    with pytest.raises(NotNow, match="vote est ouvert"):
        revise(read_twice, jeanne, now, proposed_level=1)


def test_revise_with_a_gap_writes_nothing(apart, jeanne, now):
    with pytest.raises(Refused):
        revise(apart, jeanne, now, proposed_level=None)
    assert Review.objects.get(assignment__juror=jeanne).earlier == []


def test_revise_of_a_decided_file_is_refused(decided, jeanne, now):
    with pytest.raises(NotNow):
        revise(decided, jeanne, now, proposed_level=1)


def test_only_who_sees_the_others_may_revise():
    allowed = [case for case in EVERY_CASE if visibility.may_revise(case)]
    assert allowed
    assert all(case.reader and case.own_submitted and visibility.sees_other_reviews(case) for case in allowed)
    assert {case.state for case in allowed} == {State.SUBMITTED, State.UNDER_REVIEW}


def test_revise_from_the_page(apart, jeanne, jules, sign_in):
    client = sign_in(jeanne.user)
    assert "Réviser ma lecture" in client.get(FILE).content.decode()
    form = {"mark-inclusion": "3", "mark-services": "2", "proposed_level": "3", "comment_to_territory": "Revu."}
    assert client.post(FILE + "lecture/", {**form, "seen": "1", "reviser": "1"}).status_code == 302
    page = sign_in(jules.user).get(FILE).content.decode()
    assert "Revu." in page
    assert "Révisée 1 fois" in page


def test_revise_from_the_page_with_a_gap_keeps_what_was_typed(apart, jeanne, sign_in):
    form = {"mark-inclusion": "3", "comment_to_territory": "Déjà écrit.", "seen": "1", "reviser": "1"}
    answer = sign_in(jeanne.user).post(FILE + "lecture/", form)
    assert answer.status_code == 422
    assert "Déjà écrit." in answer.content.decode()


# --- a third reader


def test_a_wide_spread_waits_for_a_third_reading(apart, nora, chair, now):
    with pytest.raises(NotNow, match="2 rendue"):
        actions.decide(application=apart, level=4, by=chair, now=now)


def test_a_wide_spread_that_nobody_else_may_read_is_decided(apart, chair, now):
    assert actions.decide(application=apart, level=4, by=chair, now=now).waiver == ""


def test_a_spread_that_readers_closed_waits_for_nobody(apart, jeanne, nora, chair, now):
    revise(apart, jeanne, now, proposed_level=4)
    assert actions.decide(application=apart, level=4, by=chair, now=now).level == 4


def test_third_reader_is_the_least_loaded_who_may_read(apart, nora, panel, other, organiser, chair, now):
    actions.assign(application=other, juror=nora, by=organiser, now=now)
    free = actions.add_juror(panel=panel, email="f@jury.example", name="F", function="élu", by=organiser, now=now)
    actions.declare(juror=free, by=free.user, now=now)
    assert actions.call_third_reader(application=apart, by=chair, now=now).juror == free
    assert Mail.objects.filter(to="f@jury.example", subject="Des dossiers à lire").exists()


def test_third_reader_is_blind_and_the_decision_waits(apart, nora, chair, now):
    actions.call_third_reader(application=apart, by=chair, now=now)
    facts = queries.file_for(user=nora.user, code="01901", year=2027).facts
    assert not visibility.sees_other_reviews(facts)
    with pytest.raises(NotNow, match="2 rendue"):
        actions.decide(application=apart, level=4, by=chair, now=now)
    read(apart, nora, now, proposed_level=4)
    assert actions.decide(application=apart, level=4, by=chair, now=now).level == 4


def test_third_reader_when_readings_agree_is_refused(read_twice, nora, chair, now):
    with pytest.raises(NotNow, match="plus d’une arobase"):
        actions.call_third_reader(application=read_twice, by=chair, now=now)


def test_third_reader_twice_is_refused(apart, nora, chair, now):
    actions.call_third_reader(application=apart, by=chair, now=now)
    with pytest.raises(NotNow, match="déjà demandée"):
        actions.call_third_reader(application=apart, by=chair, now=now)


def test_third_reader_by_a_reader_is_refused(apart, nora, jeanne, now):
    with pytest.raises(NotAllowed):
        actions.call_third_reader(application=apart, by=jeanne, now=now)


def test_third_reader_from_the_page(apart, nora, chair, sign_in):
    client = sign_in(chair.user)
    assert "proposée à Nora" in client.get(FILE).content.decode()
    assert client.post(FILE + "troisieme-lecture/").url == FILE
    assert "n’est pas encore rendue" in client.get(FILE).content.decode()


# --- what stands while something is awaited


def examined_of(file):
    return examination.examine(Application.objects.select_related("complement").get(pk=file.pk))


def test_a_pending_complement_keeps_the_score_with_the_rulings_given(in_reading, jeanne, chair, signatory, now):
    initiative = in_reading.initiatives.get()
    actions.rule(application=in_reading, on=initiative, accepted=False, reason="Non.", by=jeanne, now=now)
    before = examined_of(in_reading).examined
    actions.return_to_applicant(application=in_reading, by=chair, reason="Une date.", parts=["INC-01"], now=now)
    no = {"state": AnswerState.ANSWERED, "value": False, "seen": 1, "by": signatory, "now": now}
    files.save_answer(application=in_reading, question_id="INC-01", **no)
    pending = examined_of(in_reading)
    assert pending.examined.input_hash == before.input_hash
    assert pending.examined.overall < pending.declared.overall


def test_all_readings_are_in_once_the_third_is(apart, jeanne, nora, chair, now):
    """Two readings apart are shown to each other; a third, once asked for, is awaited like the first ones."""

    def all_in():
        return queries.file_for(user=jeanne.user, code="01901", year=2027).facts.readings_in

    assert all_in()
    actions.call_third_reader(application=apart, by=chair, now=now)
    assert not all_in()
    with pytest.raises(NotNow, match="autres"):
        revise(apart, jeanne, now, proposed_level=3)
    read(apart, nora, now)
    assert all_in()
    assert revise(apart, jeanne, now, proposed_level=3).proposed_level == 3
