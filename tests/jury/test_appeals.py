from datetime import timedelta

import pytest

from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions as files
from assessments.enums import State
from assessments.models import Edition
from jury import actions, queries, visibility
from jury.models import Appeal, AppealState, Juror
from jury.queries import departures
from outbox.models import Job, Mail
from tests.conftest import make_user

from .conftest import BINDING, announced, read, seat


@pytest.fixture
def published(decided, organiser, now):
    return announced(decided, organiser, now)


def appeal(application, user, now, grounds="Une preuve a été mal lue."):
    return actions.file_appeal(application=application, by=user, grounds=grounds, now=now)


@pytest.fixture
def nora(panel, organiser, now):
    """Has read nothing yet."""
    return seat(panel, make_user("Nora", "juriste"), organiser, now)


@pytest.fixture
def filed(published, signatory, now):
    return appeal(published, signatory, now)


def answer(row, juror, now, **fields):
    fields = {"upheld": False, "answer": "Relue, la preuve ne suffit pas.", **fields}
    return actions.answer_appeal(appeal=row, by=juror, now=now, **fields)


def test_file_appeal_tells_the_chair_and_the_organiser(filed, chair, organiser):
    told = Mail.objects.filter(subject="Une demande de réexamen").values_list("to", flat=True)
    assert set(told) == {chair.user.email, organiser.email}


def test_file_appeal_does_not_tell_a_recused_chair(published, aubaine, jeanne, chair, organiser, signatory, now):
    actions.declare_interest(juror=chair, territory=aubaine, nature="élue", by=chair.user, now=now)
    appeal(published, signatory, now)
    told = Mail.objects.filter(subject="Une demande de réexamen").values_list("to", flat=True)
    assert set(told) == {jeanne.user.email, organiser.email}


@pytest.mark.parametrize(("who", "why"), [("agent", "signe"), ("stranger", "rattaché")])
def test_file_appeal_by_who_does_not_sign_is_refused(published, who, why, request, now):
    with pytest.raises(NotAllowed, match=why):
        appeal(published, request.getfixturevalue(who), now)
    assert not Appeal.objects.exists()


def test_file_appeal_twice_is_refused(filed, signatory, now):
    with pytest.raises(NotNow, match="déjà"):
        appeal(filed.application, signatory, now)
    assert Appeal.objects.count() == 1


def test_file_appeal_after_the_delay_is_refused(published, signatory, now):
    with pytest.raises(NotNow, match="60 jours"):
        appeal(published, signatory, now + timedelta(days=51))


def test_file_appeal_before_the_announcement_tells_nothing(decided, signatory, organiser, now):
    with pytest.raises(NotNow) as before:
        appeal(decided, signatory, now)
    files.move(application=decided, to=State.PUBLISHED, by=organiser, now=now)
    Edition.objects.update(published_at=now)
    decided.refresh_from_db()
    with pytest.raises(NotNow) as after:
        appeal(decided, signatory, now)
    assert before.value.reason == after.value.reason


def test_file_appeal_without_grounds_is_refused(published, signatory, now):
    with pytest.raises(Refused):
        appeal(published, signatory, now, grounds=" ")


def test_answer_appeal_upheld_asks_for_a_new_copy(filed, chair, now):
    row = answer(filed, chair, now, upheld=True, new_level=5)
    job = Job.objects.get(kind="result.republish")
    assert (row.state, row.new_level, job.payload) == (AppealState.UPHELD, 5, {"appeal": row.pk})
    assert Mail.objects.filter(subject__contains="réponse").count() == 1


@pytest.mark.parametrize("questionnaire", [BINDING])
def test_appeal_that_raises_a_level_over_obligations_names_them(read_twice, organiser, signatory, chair, now, sign_in):
    """Decided at the first level, for want of one obligation of one."""
    actions.decide(application=read_twice, level=1, by=chair, now=now)
    row = appeal(announced(read_twice, organiser, now), signatory, now)
    told = (
        "Ce niveau demande 1 obligation prouvée sur 1\u202f; aucune ne l’est. "
        "Ne le sont pas\u202f: «\u202fOù en est votre site\u202f?\u202f»."
    )
    assert told in sign_in(chair.user).get(f"/jury/reexamens/{row.pk}/").text
    assert answer(row, chair, now, upheld=True, new_level=2, answer="Relu.").answer == f"Relu.\n\n{told}"


def test_answer_appeal_that_raises_over_no_obligation_keeps_the_reasons(filed, chair, now):
    assert answer(filed, chair, now, upheld=True, new_level=5, answer="Relu. ").answer == "Relu."


def test_answer_appeal_rejected_publishes_nothing(filed, chair, now):
    row = answer(filed, chair, now, new_level=5)
    assert (row.state, row.new_level) == (AppealState.REJECTED, None)
    assert not Job.objects.filter(kind="result.republish").exists()


@pytest.mark.parametrize("level", [None, 4, 3, 2, 6])
def test_answer_appeal_with_a_wrong_level_is_refused(filed, chair, now, level):
    with pytest.raises(Refused):
        answer(filed, chair, now, upheld=True, new_level=level)
    assert Appeal.objects.get().state == AppealState.FILED


OUTCOMES = [
    # Decided at, of an examined level of 4; upheld with; what stands after, or why not.
    (3, None, 3),
    (4, None, 4),
    (5, None, 5),
    (3, 4, 4),
    (3, 5, 5),
    (4, 5, 5),
    (3, 2, "n’abaisse jamais"),
    (4, 3, "n’abaisse jamais"),
    (5, 4, "n’abaisse jamais"),
    (3, 3, "déjà le niveau publié"),
    (5, 5, "déjà le niveau publié"),
    (5, 6, "Le niveau va de"),
    (4, 0, "Le niveau va de"),
]


@pytest.mark.parametrize(("decided_at", "upheld_with", "outcome"), OUTCOMES)
def test_outcomes_of_an_appeal(read_twice, signatory, chair, organiser, now, decided_at, upheld_with, outcome):
    actions.decide(application=read_twice, level=decided_at, reasons="Le jury l’a dit.", by=chair, now=now)
    row = appeal(announced(read_twice, organiser, now), signatory, now)
    told = {"upheld": upheld_with is not None, "new_level": upheld_with}
    if isinstance(outcome, str):
        with pytest.raises(Refused, match=outcome):
            answer(row, chair, now, **told)
        assert Appeal.objects.get().state == AppealState.FILED
        return
    answered = answer(row, chair, now, **told)
    assert answered.state == (AppealState.REJECTED if upheld_with is None else AppealState.UPHELD)
    assert (answered.new_level or decided_at) == outcome
    assert Job.objects.filter(kind="result.republish").exists() == (outcome > decided_at)
    assert Mail.objects.filter(to=signatory.email, key__startswith="appeal").exists()


def test_answer_appeal_twice_is_refused(filed, chair, now):
    answer(filed, chair, now)
    with pytest.raises(NotNow):
        answer(filed, chair, now, upheld=True, new_level=5)
    assert Appeal.objects.get().state == AppealState.REJECTED


def test_answer_appeal_without_reasons_is_refused(filed, chair, now):
    with pytest.raises(Refused):
        answer(filed, chair, now, answer="  ")


def test_answer_appeal_by_a_reader_is_refused(filed, jeanne, now):
    with pytest.raises(NotAllowed):
        answer(filed, jeanne, now)


def test_appeals_are_listed_to_who_presides(filed, jeanne, chair):
    assert list(queries.appeals_for(user=chair.user)) == [filed]
    assert not queries.appeals_for(user=jeanne.user).exists()


# --- the file read anew


def read_anew(row, jurors, by, now):
    return actions.read_anew(appeal=row, jurors=jurors, by=by, now=now)


def test_an_appeal_is_answered_once_the_file_is_read_anew(filed, nora, chair, now):
    with pytest.raises(NotNow, match="1 lecture"):
        answer(filed, chair, now)
    read_anew(filed, [nora], chair, now)
    with pytest.raises(NotNow, match="1 lecture"):
        answer(filed, chair, now)
    read(filed.application, nora, now, proposed_level=5)
    assert answer(filed, chair, now, upheld=True, new_level=5).state == AppealState.UPHELD


def test_readers_anew_are_told_and_count_in_no_first_reading(filed, nora, chair, now):
    before = queries.readings_of(filed.application)
    read_anew(filed, [nora], chair, now)
    read(filed.application, nora, now, proposed_level=1)
    assert queries.readings_of(filed.application) == before
    assert Mail.objects.filter(to=nora.user.email, subject="Des dossiers à lire").count() == 1


def test_readers_anew_may_be_given_twice_without_harm(filed, nora, chair, now):
    read_anew(filed, [nora], chair, now)
    assert read_anew(filed, [nora], chair, now) == []
    assert filed.assignments.count() == 1


def test_who_read_the_file_first_cannot_read_it_anew(filed, nora, jeanne, chair, now):
    with pytest.raises(NotNow, match="Jeanne a déjà lu"):
        read_anew(filed, [nora, jeanne], chair, now)
    assert not filed.assignments.exists()


def test_who_is_recused_cannot_read_it_anew(filed, nora, chair, now):
    actions.recuse(juror=nora, application=filed.application, reason="Un ami.", by=nora.user, now=now)
    with pytest.raises(NotNow, match="ne peut pas le lire"):
        read_anew(filed, [nora], chair, now)


def test_readers_anew_are_chosen_by_who_presides(filed, nora, jeanne, now):
    with pytest.raises(NotAllowed):
        read_anew(filed, [nora], jeanne, now)


def test_a_reader_anew_writes_until_the_answer(filed, nora, chair, jeanne, now):
    read_anew(filed, [nora], chair, now)
    actions.recuse(juror=nora, application=filed.application, reason="Un ami.", by=nora.user, now=now)
    answer(filed, chair, now)
    with pytest.raises(NotAllowed):
        read(filed.application, nora, now)


def test_a_reader_anew_is_blind_until_the_own_reading_is_in(filed, nora, chair, now):
    read_anew(filed, [nora], chair, now)
    assert not others_seen(nora)
    read(filed.application, nora, now)
    assert others_seen(nora)


def others_seen(juror):
    return visibility.sees_other_reviews(queries.file_for(user=juror.user, code="01901", year=2027).facts)


# --- a member removed while an appeal is answered


def test_a_reader_anew_removed_is_awaited_of_somebody_else(filed, nora, panel, chair, organiser, now):
    read_anew(filed, [nora], chair, now)
    more = seat(panel, make_user("Josée", "géographe"), organiser, now)
    assert departures.of(Juror.objects.select_related("panel").get(pk=nora.pk)).anew == 1
    actions.remove_juror(juror=nora, by=organiser, now=now)
    with pytest.raises(NotNow, match="1 lecture"):
        answer(filed, chair, now)
    assert [row.juror for row in read_anew(filed, [more], chair, now)] == [more]


def test_a_reading_anew_handed_in_stays_when_its_author_leaves(filed, nora, chair, organiser, now):
    read_anew(filed, [nora], chair, now)
    read(filed.application, nora, now, proposed_level=5)
    actions.remove_juror(juror=nora, by=organiser, now=now)
    assert answer(filed, chair, now, upheld=True, new_level=5).state == AppealState.UPHELD


def test_a_chair_removed_leaves_the_appeal_to_who_takes_over(filed, jeanne, chair, organiser, now):
    actions.remove_juror(juror=chair, by=organiser, now=now)
    assert queries.presiding(filed.application) is None
    user = jeanne.user
    actions.edit_juror(
        juror=jeanne, name=user.name, function=user.function, expertise="", until=None, is_chair=True, by=organiser
    )
    jeanne.refresh_from_db()
    assert answer(filed, jeanne, now).answered_by == jeanne
