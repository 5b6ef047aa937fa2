import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments.enums import State
from jury import actions
from jury.actions import StaleReview
from jury.models import Review

from .conftest import read, reading


def save(application, juror, now, *, seen=0, **fields):
    return actions.save_review(application=application, by=juror, reading=reading(**fields), seen=seen, now=now)


def test_save_review_keeps_a_partial_draft(in_reading, jeanne, now):
    review = save(in_reading, jeanne, now, marks={"inclusion": 0}, proposed_level=None, comment_to_territory="")
    assert (review.marks, review.proposed_level, review.version) == ({"inclusion": 0}, None, 1)


def test_save_review_counts_versions(in_reading, jeanne, now):
    save(in_reading, jeanne, now)
    assert save(in_reading, jeanne, now, seen=1, proposed_level=2).version == 2


def test_save_review_with_the_same_words_twice_is_harmless(in_reading, jeanne, now):
    save(in_reading, jeanne, now)
    assert save(in_reading, jeanne, now, seen=0).version == 1


def test_save_review_from_an_old_window_is_stale(in_reading, jeanne, now):
    save(in_reading, jeanne, now)
    save(in_reading, jeanne, now, seen=1, comment_to_jury="B")
    with pytest.raises(StaleReview) as refused:
        save(in_reading, jeanne, now, seen=1, comment_to_jury="C")
    assert refused.value.current.comment_to_jury == "B"
    assert Review.objects.get().comment_to_jury == "B"


@pytest.mark.parametrize("wrong", [{"marks": {"inclusion": 5}}, {"marks": {"beauty": 1}}, {"proposed_level": 6}])
def test_save_review_out_of_range_is_refused(in_reading, jeanne, now, wrong):
    with pytest.raises(Refused):
        save(in_reading, jeanne, now, **wrong)
    assert not Review.objects.exists()


def test_save_review_by_somebody_else_is_refused(in_reading, chair, now):
    with pytest.raises(NotAllowed):
        save(in_reading, chair, now)


def test_save_review_once_recused_is_refused(in_reading, aubaine, jeanne, now):
    actions.declare_interest(juror=jeanne, territory=aubaine, nature="élue", by=jeanne.user, now=now)
    with pytest.raises(NotAllowed):
        save(in_reading, jeanne, now)


def test_save_review_of_a_decided_file_is_refused(decided, jeanne, now):
    with pytest.raises(NotNow):
        save(decided, jeanne, now, seen=1, comment_to_jury="Trop tard.")


def test_submit_review_hands_in_with_its_trail(in_reading, jeanne, now):
    assert read(in_reading, jeanne, now).submitted_at == now
    assert AuditEntry.objects.filter(verb="jury.review_submitted").count() == 1


def test_submit_review_twice_is_harmless(in_reading, jeanne, now):
    read(in_reading, jeanne, now)
    read(in_reading, jeanne, now)
    assert AuditEntry.objects.filter(verb="jury.review_submitted").count() == 1


@pytest.mark.parametrize("gap", [{"marks": {"inclusion": 1}}, {"proposed_level": None}, {"comment_to_territory": "  "}])
def test_submit_review_with_a_gap_keeps_nothing(in_reading, jeanne, now, gap):
    with pytest.raises(Refused):
        read(in_reading, jeanne, now, **gap)
    assert not Review.objects.exists()


def test_submitted_review_does_not_change(in_reading, jeanne, now):
    read(in_reading, jeanne, now)
    with pytest.raises(NotNow):
        save(in_reading, jeanne, now, seen=1, proposed_level=1)
    assert Review.objects.get().proposed_level == 3


def test_save_review_takes_up_a_file_back_with_its_complement(in_reading, jeanne, jules, signatory, now):
    from assessments import actions as files

    read(in_reading, jeanne, now)
    actions.return_to_applicant(application=in_reading, by=jules, reason="Une date manque.", parts=["INC-01"], now=now)
    files.submit(application=in_reading, by=signatory, now=now)
    assert Review.objects.get().submitted_at is None
    save(in_reading, jeanne, now, seen=1, proposed_level=2)
    in_reading.refresh_from_db()
    assert in_reading.state == State.UNDER_REVIEW
