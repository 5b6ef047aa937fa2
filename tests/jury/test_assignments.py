from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Stale
from assessments.enums import State
from jury import actions
from jury.jobs import planning, proposals
from jury.models import Assignment, Juror, Proposal
from label.demo.readings import share_out
from outbox import jobs
from outbox.models import Job, Mail

from .conftest import reading


def mails_of(juror):
    return Mail.objects.filter(to=juror.user.email, subject="Des dossiers à lire").count()


def test_assign_opens_the_reading_and_writes(submitted, jeanne, organiser, now):
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    submitted.refresh_from_db()
    assert (submitted.state, mails_of(jeanne)) == (State.UNDER_REVIEW, 1)


def test_assign_twice_is_harmless(submitted, jeanne, organiser, now):
    for _ in range(2):
        actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    assert (Assignment.objects.count(), mails_of(jeanne)) == (1, 1)


def test_assign_to_a_recused_juror_is_refused(submitted, aubaine, jeanne, organiser, now):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=organiser, now=now)
    with pytest.raises(NotNow, match="déport"):
        actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    submitted.refresh_from_db()
    assert (Assignment.objects.count(), submitted.state, mails_of(jeanne)) == (0, State.SUBMITTED, 0)


def test_assign_to_somebody_who_left_is_refused(submitted, jeanne, organiser, now):
    actions.remove_juror(juror=jeanne, by=organiser, now=now)
    with pytest.raises(NotNow):
        actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)


def test_assign_by_the_chair_is_refused(submitted, jeanne, chair, now):
    with pytest.raises(NotAllowed):
        actions.assign(application=submitted, juror=jeanne, by=chair.user, now=now)


def test_unassign_before_the_reading_begins(in_reading, jeanne, organiser):
    for _ in range(2):
        actions.unassign(application=in_reading, juror=jeanne, by=organiser)
    assert not Assignment.objects.filter(juror=jeanne).exists()
    assert AuditEntry.objects.filter(verb="jury.unassigned").count() == 1


def test_unassign_a_reading_begun_is_refused(in_reading, jeanne, organiser, now):
    actions.save_review(application=in_reading, by=jeanne, reading=reading(), seen=0, now=now)
    with pytest.raises(NotNow):
        actions.unassign(application=in_reading, juror=jeanne, by=organiser)
    assert Assignment.objects.filter(juror=jeanne).exists()


def test_sharing_gives_each_file_its_readers(submitted, other, jeanne, jules, chair, edition, organiser, now):
    rows = share_out(edition, by=organiser, now=now)
    assert {(row.application, row.juror) for row in rows} == {
        (file, juror) for file in (submitted, other) for juror in (jeanne, jules)
    }
    submitted.refresh_from_db()
    assert submitted.state == State.UNDER_REVIEW
    assert (mails_of(jeanne), mails_of(chair)) == (1, 0)


def test_sharing_again_changes_nothing(submitted, other, jeanne, jules, edition, organiser, now):
    share_out(edition, by=organiser, now=now)
    assert share_out(edition, by=organiser, now=now) == []
    assert mails_of(jeanne) == 1


def test_sharing_leaves_out_the_recused(submitted, other, aubaine, jeanne, jules, edition, organiser, now):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=organiser, now=now)
    share_out(edition, by=organiser, now=now)
    assert [row.application for row in Assignment.objects.filter(juror=jeanne)] == [other]


def test_sharing_replaces_a_reader_who_left(in_reading, jeanne, jules, panel, stranger, edition, organiser, now):
    newcomer = actions.add_juror(
        panel=panel, email="nadia@jury.example", name="Nadia", function="juriste", by=organiser, now=now
    )
    actions.declare(juror=newcomer, by=newcomer.user, now=now)
    actions.remove_juror(juror=jules, by=organiser, now=now)
    rows = share_out(edition, by=organiser, now=now)
    assert [(row.application, row.juror) for row in rows] == [(in_reading, newcomer)]


def test_sharing_leaves_out_who_has_not_declared(submitted, jeanne, jules, edition, organiser, now):
    Juror.objects.filter(pk=jules.pk).update(declared_at=None)
    assert [row.juror for row in share_out(edition, by=organiser, now=now)] == [jeanne]


def test_assign_to_who_has_not_declared_is_refused(submitted, jeanne, organiser, now):
    Juror.objects.filter(pk=jeanne.pk).update(declared_at=None)
    jeanne.refresh_from_db()
    with pytest.raises(NotNow, match="déclaré"):
        actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)


# --- the proposal


@pytest.fixture
def proposal(submitted, other, jeanne, jules, edition, organiser, now):
    """Worked out: both jurors read both files."""
    asked = actions.propose(edition=edition, by=organiser, now=now)
    jobs.run(Job.objects.get(kind="jury.propose").pk)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def nadia(panel, organiser, now):
    juror = actions.add_juror(
        panel=panel, email="nadia@jury.example", name="Nadia", function="juriste", by=organiser, now=now
    )
    return actions.declare(juror=juror, by=juror.user, now=now)


def test_proposal_is_worked_out_by_the_worker_and_gives_nothing(proposal, submitted, other, jeanne, jules):
    assert proposal.pairs == sorted([file.pk, juror.pk] for file in (submitted, other) for juror in (jeanne, jules))
    assert not Assignment.objects.exists()


def test_proposal_is_the_same_twice(proposal, edition, organiser, now):
    again = actions.propose(edition=edition, by=organiser, now=now + timedelta(hours=1))
    assert proposals.work_out(again) == {"pairs": [tuple(pair) for pair in proposal.pairs], "basis": proposal.basis}


def test_proposal_asked_again_forgets_the_former(proposal, edition, organiser, now):
    again = actions.propose(edition=edition, by=organiser, now=now + timedelta(hours=1))
    assert (again.pk, again.pairs, Proposal.objects.count()) == (proposal.pk, None, 1)


def test_proposal_by_a_juror_is_refused(panel, jeanne, edition, now):
    with pytest.raises(NotAllowed):
        actions.propose(edition=edition, by=jeanne.user, now=now)


def test_confirm_gives_the_files_and_ends_the_proposal(proposal, organiser, now):
    rows = actions.confirm(proposal=proposal, by=organiser, now=now, seen=planning.digest(proposal))
    assert [[row.application_id, row.juror_id] for row in rows] == proposal.pairs
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("twice", ["confirmed", "adjusted"])
def test_confirm_of_another_proposal_than_shown_is_stale(proposal, submitted, jeanne, nadia, twice, organiser, now):
    seen = planning.digest(proposal)
    if twice == "confirmed":
        Proposal.objects.all().delete()
    else:
        Proposal.objects.update(pairs=proposal.pairs[1:])
    with pytest.raises(Stale):
        actions.confirm(proposal=proposal, by=organiser, now=now, seen=seen)
    assert not Assignment.objects.exists()


def test_confirm_once_a_reader_is_recused_is_stale(proposal, submitted, jeanne, organiser, now):
    actions.recuse(juror=jeanne, application=submitted, reason="Un ami.", by=jeanne.user, now=now)
    with pytest.raises(Stale):
        actions.confirm(proposal=proposal, by=organiser, now=now, seen=planning.digest(proposal))


def test_adjust_replaces_one_reader(submitted, jeanne, jules, nadia, panel, edition, organiser, now):
    asked = actions.propose(edition=edition, by=organiser, now=now)
    jobs.run(Job.objects.get(kind="jury.propose").pk)
    asked.refresh_from_db()
    (_file, gone), (_same, kept) = asked.pairs
    third = ({jeanne.pk, jules.pk, nadia.pk} - {gone, kept}).pop()
    people = {juror.pk: juror for juror in (jeanne, jules, nadia)}
    actions.adjust(proposal=asked, application=submitted, juror=people[gone], instead=people[third], by=organiser)
    asked.refresh_from_db()
    assert asked.pairs == sorted([[submitted.pk, kept], [submitted.pk, third]])
    assert len(actions.confirm(proposal=asked, by=organiser, now=now, seen=planning.digest(asked))) == 2


@pytest.mark.parametrize("who", ["jules", "chair"])
def test_adjust_to_who_reads_it_or_may_not_is_refused(proposal, submitted, jeanne, who, organiser, request):
    instead = request.getfixturevalue(who)
    with pytest.raises(NotNow):
        actions.adjust(proposal=proposal, application=submitted, juror=jeanne, instead=instead, by=organiser)


def test_adjust_of_a_reading_that_is_not_proposed_is_refused(proposal, submitted, nadia, jeanne, organiser):
    with pytest.raises(NotNow):
        actions.adjust(proposal=proposal, application=submitted, juror=nadia, instead=jeanne, by=organiser)


def test_plan_says_what_is_short_and_what_each_gets(submitted, other, jeanne, panel, organiser, now):
    asked = Proposal(panel=panel, asked_at=now, asked_by=organiser)
    asked.pairs = proposals.work_out(asked)["pairs"]
    plan = planning.plan(asked)
    assert (plan.loads, plan.short) == ([(jeanne, 0, 2)], [submitted, other])


def test_plan_counts_the_files_already_given(submitted, other, jeanne, jules, panel, organiser, now):
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    asked = Proposal(panel=panel, asked_at=now, asked_by=organiser)
    asked.pairs = proposals.work_out(asked)["pairs"]
    assert planning.plan(asked).loads == [(jeanne, 1, 2), (jules, 0, 2)]


def test_sharing_takes_up_a_file_back_with_its_complement(in_reading, jeanne, signatory, edition, organiser, now):
    from assessments import actions as files

    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Une date manque.", parts=["INC-01"], now=now)
    files.submit(application=in_reading, by=signatory, now=now + timedelta(hours=1))
    share_out(edition, by=organiser, now=now + timedelta(hours=2))
    in_reading.refresh_from_db()
    assert in_reading.state == State.UNDER_REVIEW
