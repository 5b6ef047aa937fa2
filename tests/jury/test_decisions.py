import threading
from datetime import timedelta

import pytest
from django.db import connections

from accounts.models import AuditEntry, Membership
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments.enums import ScorecardKind, State
from assessments.models import Application, Scorecard
from jury import actions, queries
from jury.models import Decision, Juror, Recusal, Review
from outbox.models import Mail

from .conftest import BINDING, accept_claim, read


def decide(application, juror, now, *, level=4, **fields):
    return actions.decide(application=application, level=level, by=juror, now=now, **fields)


def nothing_was_decided(application):
    application.refresh_from_db()
    return (
        application.state == State.UNDER_REVIEW
        and not Decision.objects.exists()
        and not Scorecard.objects.filter(kind=ScorecardKind.EXAMINED).exists()
    )


def test_decide_freezes_the_examined_score_and_moves_the_file(read_twice, chair, now):
    decision = decide(read_twice, chair, now, honours=["Accueil", " "])
    read_twice.refresh_from_db()
    assert read_twice.state == State.DECIDED
    assert decision.scorecard == Scorecard.objects.get(kind=ScorecardKind.EXAMINED)
    assert (decision.level, decision.examined_level, decision.honours) == (4, 4, ["Accueil"])
    assert AuditEntry.objects.filter(verb="jury.decided").count() == 1


def test_decide_waits_for_a_signature_to_be_confirmed(read_twice, chair, now):
    own = Membership.objects.filter(user=read_twice.submitted_by, territory=read_twice.territory)
    own.update(to_confirm=True)
    with pytest.raises(NotNow, match="confirmée par l’organisateur"):
        decide(read_twice, chair, now)
    assert nothing_was_decided(read_twice)

    own.update(to_confirm=False)
    assert decide(read_twice, chair, now).level == 4


def test_decide_one_level_away_keeps_the_reasons(read_twice, chair, now):
    assert decide(read_twice, chair, now, level=5, reasons="Un accueil exemplaire.").reasons == "Un accueil exemplaire."


@pytest.mark.parametrize("questionnaire", [BINDING])
def test_level_raised_over_obligations_names_them(read_twice, chair, now, sign_in):
    """Examined: 50 % and the first level, for want of one obligation of one."""
    told = (
        "Ce niveau demande 1 obligation prouvée sur 1\u202f; aucune ne l’est. "
        "Ne le sont pas\u202f: «\u202fOù en est votre site\u202f?\u202f»."
    )
    assert told in sign_in(chair.user).get("/jury/01901/2027/").text
    decision = decide(read_twice, chair, now, level=2, reasons="Un accueil exemplaire.")
    assert decision.examined_level == 1
    assert decision.reasons == f"Un accueil exemplaire.\n\n{told}"


@pytest.mark.parametrize("questionnaire", [BINDING])
def test_level_that_is_not_raised_says_nothing_of_obligations(read_twice, chair, now):
    assert decide(read_twice, chair, now, level=1).reasons == ""


@pytest.mark.parametrize(("level", "reasons"), [(3, ""), (5, "  "), (2, "Trop généreux."), (6, "Mieux."), (0, "Non.")])
def test_decide_too_far_or_without_reasons_writes_nothing(read_twice, chair, now, level, reasons):
    with pytest.raises(NotNow):
        decide(read_twice, chair, now, level=level, reasons=reasons)
    assert nothing_was_decided(read_twice)


def test_decide_while_a_claim_awaits_writes_nothing(in_reading, jeanne, jules, chair, now):
    read(in_reading, jeanne, now)
    read(in_reading, jules, now)
    with pytest.raises(NotNow, match="pas concerné"):
        decide(in_reading, chair, now)
    assert nothing_was_decided(in_reading)


def test_decide_with_a_reading_missing_writes_nothing(in_reading, jeanne, chair, now):
    read(in_reading, jeanne, now)
    accept_claim(in_reading, jeanne, now)
    with pytest.raises(NotNow, match="1 rendue"):
        decide(in_reading, chair, now, waiver=" ")
    assert nothing_was_decided(in_reading)


def test_decide_with_a_reading_missing_says_why(in_reading, jeanne, chair, now):
    read(in_reading, jeanne, now)
    accept_claim(in_reading, jeanne, now)
    assert decide(in_reading, chair, now, waiver="Un lecteur est malade.").waiver == "Un lecteur est malade."


def test_decide_with_all_readings_needs_no_waiver(read_twice, chair, now):
    assert decide(read_twice, chair, now, waiver="Inutile.").waiver == ""


def test_decide_with_a_recused_reader_counts_the_others_alone(in_reading, jeanne, jules, chair, now):
    read(in_reading, jeanne, now)
    accept_claim(in_reading, jeanne, now)
    actions.recuse(juror=jules, application=in_reading, reason="Un ami.", by=jules.user, now=now)
    assert decide(in_reading, chair, now).waiver == ""


def test_decide_writes_the_register_of_recusals(in_reading, jeanne, jules, chair, now, aubaine, organiser, panel):
    late = actions.add_juror(panel=panel, email="n@jury.example", name="N", function="juriste", by=organiser, now=now)
    actions.declare(juror=late, by=late.user, now=now)
    late.interests.create(territory=aubaine, nature="élue")
    read(in_reading, jeanne, now)
    read(in_reading, jules, now)
    accept_claim(in_reading, jeanne, now)
    decide(in_reading, chair, now)
    assert [row.juror for row in Recusal.objects.all()] == [late]


@pytest.mark.parametrize("who", ["jeanne", "jules"])
def test_decide_by_a_reader_is_refused(read_twice, who, request, now):
    with pytest.raises(NotAllowed):
        decide(read_twice, request.getfixturevalue(who), now)
    assert nothing_was_decided(read_twice)


def test_decide_by_a_recused_chair_is_refused(read_twice, aubaine, chair, now):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    with pytest.raises(NotAllowed):
        decide(read_twice, chair, now)


def test_recused_chair_is_stood_in_for_by_the_longest_serving(read_twice, aubaine, jeanne, jules, chair, now):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    assert queries.presiding(read_twice) == jeanne
    assert [queries.presides(juror=juror, application=read_twice) for juror in (chair, jeanne, jules)] == [
        False,
        True,
        False,
    ]
    assert decide(read_twice, jeanne, now).decided_by == jeanne


def test_nobody_presides_a_panel_without_chair(submitted, jeanne):
    assert queries.presiding(submitted) is None
    assert not queries.presides(juror=jeanne, application=submitted)


def test_decide_twice_tells_the_second(decided, chair, now):
    with pytest.raises(NotNow, match="décidé"):
        decide(decided, chair, now, level=5, reasons="Mieux.")
    assert Decision.objects.get().level == 4


def test_reopen_keeps_the_decision_and_gives_the_file_back(decided, chair, now):
    actions.reopen(application=decided, by=chair, reason="Une erreur de saisie.", now=now)
    decided.refresh_from_db()
    assert (decided.state, Decision.objects.get().reopened_at) == (State.UNDER_REVIEW, now)
    decide(decided, chair, now, level=3, reasons="Relu.")
    assert list(Scorecard.objects.filter(kind="examined").values_list("round", flat=True)) == [1, 2]


def test_reopen_without_reason_is_refused(decided, chair, now):
    with pytest.raises(Refused):
        actions.reopen(application=decided, by=chair, reason=" ", now=now)
    assert Decision.objects.get().reopened_at is None


def test_reopen_after_publication_is_refused(decided, chair, organiser, now):
    files.move(application=decided, to=State.PUBLISHED, by=organiser, now=now)
    with pytest.raises(NotNow, match="réexamen"):
        actions.reopen(application=decided, by=chair, reason="Trop tard.", now=now)


def test_return_to_applicant_reopens_the_readings_and_writes(in_reading, jeanne, jules, signatory, reader, now):
    read(in_reading, jeanne, now)
    actions.return_to_applicant(
        application=in_reading, by=jules, reason="Il manque une date.", parts=["INC-01"], now=now
    )
    assert in_reading.state == State.RETURNED
    assert (Review.objects.get().submitted_at, Review.objects.get().proposed_level) == (None, 3)
    mail = Mail.objects.get(subject__contains="complément")
    assert mail.to == signatory.email
    assert "Il manque une date." in mail.text


def test_return_to_applicant_without_reason_writes_nothing(in_reading, jeanne, now):
    read(in_reading, jeanne, now)
    with pytest.raises(NotNow):
        actions.return_to_applicant(application=in_reading, by=jeanne, reason="", parts=["INC-01"], now=now)
    assert Review.objects.get().submitted_at == now
    assert not Mail.objects.filter(subject__contains="complément").exists()


def test_return_to_applicant_twice_writes_each_time(in_reading, jeanne, signatory, now):
    for hours in (1, 3):
        later = now + timedelta(hours=hours)
        actions.return_to_applicant(
            application=in_reading, by=jeanne, reason=f"Point {hours}.", parts=["INC-01"], now=later
        )
        files.submit(application=in_reading, by=signatory, now=later)
    assert Mail.objects.filter(subject__contains="complément").count() == 2


def test_mark_ineligible_tells_the_commune_why(submitted, organiser, now):
    actions.mark_ineligible(application=submitted, by=organiser, reason="Hors délai.", now=now)
    assert submitted.state == State.INELIGIBLE
    assert "Hors délai." in Mail.objects.get(subject__contains="recevable").text


def test_mark_ineligible_by_a_juror_is_refused(submitted, chair, now):
    with pytest.raises(NotAllowed):
        actions.mark_ineligible(application=submitted, by=chair.user, reason="Non.", now=now)


def test_no_jury_comment_leaves_by_mail(decided):
    assert not Mail.objects.filter(text__contains="fragile").exists()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_one_wins_and_the_other_is_told(read_twice, chair, now):
    start = threading.Barrier(2)
    told, won = [], []

    def run(level, reasons):
        try:
            start.wait(timeout=20)
            application = Application.objects.get(pk=read_twice.pk)
            won.append(decide(application, Juror.objects.get(pk=chair.pk), now, level=level, reasons=reasons).level)
        except NotNow as refusal:
            told.append(refusal.reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=args) for args in ((4, ""), (5, "Mieux."))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (len(won), len(told)) == (1, 1)
    assert "décidé" in told[0]
    assert [row.level for row in Decision.objects.all()] == won
    assert Scorecard.objects.filter(kind="examined").count() == 1
