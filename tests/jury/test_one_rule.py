"""What lists tell in SQL is what the one rule says of each file, on files made at random."""

import random
from datetime import timedelta

import pytest

from accounts.models import Membership
from assessments import actions as files
from assessments.enums import ScorecardKind, State
from assessments.models import Application, Scorecard
from jury import actions, policies, queries
from jury.doors import examination
from jury.models import Assignment, Ballot, Recusal, Review, Ruling
from jury.pages import board
from tests.season import work

from .conftest import MARKS, accept_claim

pytestmark = pytest.mark.both
FILES = 12


@pytest.fixture(params=range(4))
def at_random(request, more_files, jeanne, jules, chair, now):
    """Files read, ruled on, voted on and recused from by chance; about one in four is ready and undisputed."""
    chance = random.Random(request.param)
    for application in more_files(FILES):
        application.state = chance.choice([State.SUBMITTED, *[State.UNDER_REVIEW] * 8, State.DECIDED])
        application.save(update_fields=["state"])
        for juror in [jeanne, jules] + [chair] * (chance.random() < 0.1):
            if chance.random() < 0.95:
                _read(chance, Assignment.objects.create(application=application, juror=juror), now)
        _rule(chance, application, jeanne, now)
        if chance.random() < 0.15:
            closed = {"closed_at": now, "outcome": 4} if chance.random() < 0.5 else {}
            set_aside = now if chance.random() < 0.5 else None
            Ballot.objects.create(
                application=application, examined_level=4, opened_by=chair, set_aside_at=set_aside, **closed
            )
        if chance.random() < 0.1:
            Membership.objects.filter(user=application.submitted_by).update(to_confirm=True)
        if chance.random() < 0.1:
            juror = chance.choice([jeanne, jules, chair])
            Recusal.objects.create(juror=juror, application=application, reason="Par hasard.")
        if chance.random() < 0.1:
            Scorecard.objects.filter(application=application).update(level=None, overall_sort=None)
    return Application.objects.select_related("edition", "framework", "territory", "submitted_by")


def _read(chance, assignment, now):
    if chance.random() < 0.95:
        Review.objects.create(
            assignment=assignment,
            marks=MARKS,
            proposed_level=chance.choice([4] * 9 + [3]),
            honour=chance.choice([""] * 15 + ["Accueil"]),
            submitted_at=chance.choice([now] * 15 + [None]),
        )


def _rule(chance, application, juror, now):
    for question, accepted in (("SER-02", 0.95), ("SER-02", 0.9)):
        if chance.random() < 0.7:
            Ruling.objects.create(
                application=application,
                question_id=question,
                accepted=chance.random() < accepted,
                reason="Par hasard.",
                by=juror,
                at=now,
            )
    examination.count_claims(application)


def test_undisputed_list_tells_the_rule(at_random, chair):
    files = at_random.filter(pk__in=queries.files_presided(chair))
    expected = {application.pk for application in files if _why_not(application, chair) is None}
    assert {row.pk for row in board.undisputed(chair)} == expected
    assert 0 < len(expected) < FILES


def _why_not(application, chair):
    standing = queries.standing(
        application,
        queries.readings_of(application),
        claims=len(examination.live(application).claims_pending),
        voting=queries.is_voting(application),
    )
    return policies.why_not_accept(standing, queries.agreement(application, chair))


def test_board_tells_the_claims_of_each_file(at_random, chair):
    shown = {row.pk: row.claims for row in board.page(chair, board.Filters())[0]}
    files = at_random.filter(pk__in=shown)
    assert shown == {application.pk: len(examination.live(application).claims_pending) for application in files}


def test_list_counts_the_readings_of_each_file(at_random, chair):
    """`with_readings` counts in SQL what `file_for` counts of one file."""
    counted = {row.pk: row for row in queries.with_readings(queries.files_presided(chair))}
    names = ("readers", "readings", "required", "spread")
    for application in at_random.filter(pk__in=counted):
        seat = queries.file_for(user=chair.user, code=application.territory.code, year=2027)
        assert seat is not None
        assert seat.counted == {name: getattr(counted[application.pk], name) for name in names}


# --- the column of the claims


def card_of(application):
    return Scorecard.objects.filter(application=application, kind=ScorecardKind.DECLARED).latest("round")


def test_claims_are_counted_at_the_submission(submitted):
    assert card_of(submitted).claims_pending == 1


def test_ruling_settles_a_claim(in_reading, jeanne, now):
    accept_claim(in_reading, jeanne, now)
    assert card_of(in_reading).claims_pending == 0


def test_claim_ruled_on_before_a_complement_is_not_asked_twice(in_reading, jeanne, signatory, now):
    accept_claim(in_reading, jeanne, now)
    actions.return_to_applicant(application=in_reading, by=jeanne, reason="Une date manque.", parts=["INC-01"], now=now)
    files.submit(application=in_reading, by=signatory, now=now + timedelta(hours=1))
    work("claims.count")
    assert (card_of(in_reading).round, card_of(in_reading).claims_pending) == (2, 0)
