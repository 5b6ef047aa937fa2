import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotNow, Refused
from assessments import actions
from assessments.actions import StaleAnswer
from assessments.enums import AnswerState, State
from assessments.models import Answer

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def save(application, by, now, question_id="INC-01", state=AnswerState.ANSWERED, value=True, seen=0, **fields):
    return actions.save_answer(
        application=application, question_id=question_id, state=state, value=value, seen=seen, by=by, now=now, **fields
    )


def rows(application):
    return list(application.answers.order_by("version").values_list("question_id", "version", "value"))


def test_save_adds_a_version(application, agent, now):
    save(application, agent, now)
    saved = save(application, agent, now, value=False, seen=1)

    assert rows(application) == [("INC-01", 1, True), ("INC-01", 2, False)]
    assert (saved.answer.version, saved.sheet.answers["INC-01"].value) == (2, False)


def test_save_same_twice_is_harmless(application, agent, now):
    save(application, agent, now)
    saved = save(application, agent, now)

    assert rows(application) == [("INC-01", 1, True)]
    assert saved.answer.version == 1


def test_save_replayed_after_a_later_answer_keeps_the_later_one(application, agent, signatory, now):
    save(application, agent, now)
    save(application, signatory, now, value=False, seen=1)

    saved = save(application, agent, now)

    assert (saved.answer.version, saved.answer.value) == (2, False)


def test_save_stale_gives_both_versions(application, agent, signatory, now):
    save(application, signatory, now, value=False)

    with pytest.raises(StaleAnswer) as refusal:
        save(application, agent, now, value=True)

    assert refusal.value.current.value is False
    assert refusal.value.current.author_id == signatory.pk
    assert refusal.value.proposed.value is True
    assert rows(application) == [("INC-01", 1, False)]


def test_no_answer_is_stored_before_the_first(application, agent, now):
    fields = {"question_id": "INC-01", "state": AnswerState.ANSWERED, "value": True, "at": now}

    with pytest.raises(IntegrityError, match="answer_first_is_version_1"), transaction.atomic():
        Answer.objects.create(application=application, version=0, **fields)


@pytest.mark.parametrize(("written", "seen"), [(0, 1), (1, 2), (1, 7)])
def test_save_on_a_version_that_does_not_exist_is_refused(application, agent, now, written, seen):
    for version in range(written):
        save(application, agent, now, seen=version)

    with pytest.raises(Refused):
        save(application, agent, now, value=False, seen=seen)

    assert Answer.objects.count() == written


@pytest.mark.parametrize(
    ("question_id", "value"),
    [("INC-01", 1), ("INC-02", 5), ("INC-02", True), ("INC-03", ["vieux"]), ("SER-01", "autre"), ("SER-02", "3"),
     ("INI-01", 2), ("XXX-99", True)],
)  # fmt: skip
def test_save_value_that_does_not_fit_is_refused(application, agent, now, question_id, value):
    with pytest.raises(Refused):
        save(application, agent, now, question_id=question_id, value=value)

    assert Answer.objects.count() == 0


def test_save_not_applicable_without_reason_is_refused(application, agent, now):
    with pytest.raises(Refused, match="Dites en quelques mots"):
        save(application, agent, now, state=AnswerState.NOT_APPLICABLE, value=None, reason="  ")


def test_save_hidden_question_is_kept(application, agent, now):
    saved = save(application, agent, now, question_id="SER-02", value=3)

    assert saved.sheet.answers["SER-02"].value == 3


def test_clear_keeps_the_history(application, agent, now):
    save(application, agent, now)
    saved = actions.clear_answer(application=application, question_id="INC-01", seen=1, by=agent, now=now)

    assert saved.sheet.answers == {}
    assert saved.sheet.version("INC-01") == 2
    assert rows(application) == [("INC-01", 1, True), ("INC-01", 2, None)]


def test_save_after_closing_is_refused(application, agent, edition, now):
    with pytest.raises(NotNow, match="closes"):
        save(application, agent, edition.closes_at)

    assert Answer.objects.count() == 0


def test_save_after_submission_with_an_old_instance_is_refused(ready, signatory, agent, now):
    stale_instance = type(ready).objects.get(pk=ready.pk)
    actions.submit(application=ready, by=signatory, now=now)
    before = Answer.objects.count()

    with pytest.raises(NotNow, match="déposé"):
        save(stale_instance, agent, now, question_id="INC-03", value=["aines"])

    assert Answer.objects.count() == before
    assert stale_instance.state == State.SUBMITTED


def test_restore_says_an_older_version_again(application, agent, signatory, now):
    save(application, agent, now)
    save(application, signatory, now, state=AnswerState.NOT_APPLICABLE, value=None, reason="Pas d’accueil.", seen=1)

    actions.restore_answer(application=application, question_id="INC-01", version=1, seen=2, by=agent, now=now)
    saved = actions.restore_answer(application=application, question_id="INC-01", version=2, seen=3, by=agent, now=now)

    assert rows(application) == [
        ("INC-01", version, value) for version, value in enumerate((True, None, True, None), 1)
    ]
    assert (saved.answer.state, saved.answer.reason) == (AnswerState.NOT_APPLICABLE, "Pas d’accueil.")


def test_restore_over_an_unseen_answer_gives_both(application, agent, signatory, now):
    save(application, agent, now)
    save(application, signatory, now, value=False, seen=1)

    with pytest.raises(StaleAnswer):
        actions.restore_answer(application=application, question_id="INC-01", version=1, seen=1, by=agent, now=now)

    assert rows(application) == [("INC-01", 1, True), ("INC-01", 2, False)]


def test_restore_of_a_version_that_does_not_exist_is_refused(application, agent, now):
    save(application, agent, now)

    with pytest.raises(Refused, match="n’existe pas"):
        actions.restore_answer(application=application, question_id="INC-01", version=4, seen=1, by=agent, now=now)
