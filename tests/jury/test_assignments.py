from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Stale
from assessments.enums import State
from jury import actions, planning
from jury.models import Assignment
from outbox.models import Mail

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
    assert AuditEntry.objects.filter(verb="jury.unassign").count() == 1


def test_unassign_a_reading_begun_is_refused(in_reading, jeanne, organiser, now):
    actions.save_review(application=in_reading, by=jeanne, reading=reading(), seen=0, now=now)
    with pytest.raises(NotNow):
        actions.unassign(application=in_reading, juror=jeanne, by=organiser)
    assert Assignment.objects.filter(juror=jeanne).exists()


def test_assign_all_gives_each_file_its_readers(submitted, other, jeanne, jules, chair, edition, organiser, now):
    rows = actions.assign_all(edition=edition, by=organiser, now=now)
    assert {(row.application, row.juror) for row in rows} == {
        (file, juror) for file in (submitted, other) for juror in (jeanne, jules)
    }
    submitted.refresh_from_db()
    assert submitted.state == State.UNDER_REVIEW
    assert (mails_of(jeanne), mails_of(chair)) == (1, 0)


def test_assign_all_again_changes_nothing(submitted, other, jeanne, jules, edition, organiser, now):
    actions.assign_all(edition=edition, by=organiser, now=now)
    assert actions.assign_all(edition=edition, by=organiser, now=now) == []
    assert mails_of(jeanne) == 1


def test_assign_all_leaves_out_the_recused(submitted, other, aubaine, jeanne, jules, edition, organiser, now):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=organiser, now=now)
    actions.assign_all(edition=edition, by=organiser, now=now)
    assert [row.application for row in Assignment.objects.filter(juror=jeanne)] == [other]


def test_assign_all_replaces_a_reader_who_left(in_reading, jeanne, jules, panel, stranger, edition, organiser, now):
    newcomer = actions.add_juror(
        panel=panel, email="nadia@jury.example", name="Nadia", function="juriste", by=organiser, now=now
    )
    actions.remove_juror(juror=jules, by=organiser, now=now)
    rows = actions.assign_all(edition=edition, by=organiser, now=now)
    assert [(row.application, row.juror) for row in rows] == [(in_reading, newcomer)]


def test_assign_all_refuses_another_plan_than_the_preview(submitted, jeanne, jules, panel, organiser, now):
    digest = planning.plan(panel).digest
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    with pytest.raises(Stale):
        actions.assign_all(edition=panel.edition, by=organiser, now=now, expected=digest)
    assert Assignment.objects.count() == 1


def test_plan_is_the_same_twice_and_says_what_is_short(submitted, other, jeanne, panel):
    plan = planning.plan(panel)
    assert plan.digest == planning.plan(panel).digest
    assert (plan.loads, plan.short) == ([(jeanne, 0, 2)], [submitted, other])


def test_plan_counts_the_files_already_given(submitted, other, jeanne, jules, panel, organiser, now):
    actions.assign(application=submitted, juror=jeanne, by=organiser, now=now)
    assert planning.plan(panel).loads == [(jeanne, 1, 2), (jules, 0, 2)]


def test_assign_all_takes_up_a_file_back_with_its_complement(in_reading, jeanne, signatory, edition, organiser, now):
    from assessments import actions as files

    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Une date manque.", now=now)
    files.submit(application=in_reading, by=signatory, now=now + timedelta(hours=1))
    actions.assign_all(edition=edition, by=organiser, now=now + timedelta(hours=2))
    in_reading.refresh_from_db()
    assert in_reading.state == State.UNDER_REVIEW
