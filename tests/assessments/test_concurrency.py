"""Real threads on a real database: who is first wins, nobody loses a word."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import NotNow
from assessments import actions
from assessments.actions import StaleAnswer
from assessments.doors import scorecards
from assessments.enums import AnswerState, ScorecardKind, State
from assessments.models import Answer, Application

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Run each work in a thread of its own, all from the same instant; what each returned or raised."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def saving(application, by, now, value, question_id="INC-02", seen=0):
    """Each writer has read the file for itself."""
    instance = Application.objects.select_related("edition", "framework").get(pk=application.pk)

    def save():
        return actions.save_answer(
            application=instance,
            question_id=question_id,
            state=AnswerState.ANSWERED,
            value=value,
            seen=seen,
            by=by,
            now=now,
        )

    return save


def test_two_writers_of_one_version_one_wins(application, agent, signatory, now):
    for seen in range(8):
        results = together(
            saving(application, agent, now, seen % 4, seen=seen),
            saving(application, signatory, now, 4, seen=seen),
        )

        stale = [result for result in results if isinstance(result, StaleAnswer)]
        won = [result for result in results if isinstance(result, tuple)]
        assert (len(stale), len(won)) == (1, 1), results
        assert stale[0].current.value == won[0].answer.value
        assert {stale[0].proposed.value, won[0].answer.value} == {seen % 4, 4}
    assert list(application.answers.values_list("version", flat=True)) == list(range(1, 9))


def test_writers_of_different_questions_all_win(application, agent, now):
    answers = {"INC-01": True, "INC-02": 3, "INC-03": ["aines"], "SER-01": "agent", "SER-02": 2, "SER-03": False}

    together(*[saving(application, agent, now, value, question_id=name) for name, value in answers.items()])

    assert dict(Answer.objects.values_list("question_id", "value")) == answers


def test_same_save_sent_twice_at_once_is_written_once(application, agent, now):
    results = together(*[saving(application, agent, now, 2) for _ in range(4)])

    assert [result.answer.version for result in results] == [1, 1, 1, 1]
    assert Answer.objects.count() == 1


def test_submission_racing_a_save_loses_nothing(ready, agent, signatory, now):
    save = saving(ready, agent, now, ["aines"], question_id="INC-03")
    instance = Application.objects.select_related("edition", "framework", "territory").get(pk=ready.pk)

    saved, card = together(save, lambda: actions.submit(application=instance, by=signatory, now=now))

    frozen = '"INC-03"' in card.inputs
    assert frozen is not isinstance(saved, NotNow)
    assert Answer.objects.filter(question_id="INC-03").exists() is frozen
    ready.refresh_from_db()
    assert ready.state == State.SUBMITTED


def test_submission_sent_twice_at_once_freezes_once(ready, signatory, now):
    def submitting():
        instance = Application.objects.select_related("edition", "framework", "territory").get(pk=ready.pk)
        return lambda: actions.submit(application=instance, by=signatory, now=now)

    results = together(submitting(), submitting())

    assert sorted(type(result).__name__ for result in results) == ["NotNow", "Scorecard"]
    assert ready.scorecards.filter(kind=ScorecardKind.DECLARED).count() == 1


def test_start_twice_at_once_makes_one_file(edition, aubaine, agent, signatory, now):
    results = together(
        lambda: actions.start(edition=edition, territory=aubaine, by=agent, now=now),
        lambda: actions.start(edition=edition, territory=aubaine, by=signatory, now=now),
    )

    assert results[0] == results[1]
    assert Application.objects.count() == 1


# Each step: who, to which question, what (a value, « je ne sais pas », erased, or an older version again), and whether
# they first read what stands (else they still see what they last read).
QUESTIONS = ("INC-02", "INC-01")
step = st.tuples(
    st.integers(0, 2),
    st.sampled_from(QUESTIONS),
    st.sampled_from([0, 1, AnswerState.UNKNOWN, AnswerState.CLEARED, "restore"]),
    st.booleans(),
)


def said(row):
    return row.value if row.state == AnswerState.ANSWERED else row.state


def writing(application, by, now, question, what, *, seen, accepted):
    """The action of one step, and what it would say."""
    common = {"application": application, "question_id": question, "seen": seen, "by": by, "now": now}
    if what == "restore":
        return lambda: actions.restore_answer(version=1, **common), accepted[0]
    if isinstance(what, AnswerState):
        return lambda: actions.save_answer(state=what, **common), what
    value = bool(what) if question == "INC-01" else what
    return lambda: actions.save_answer(state=AnswerState.ANSWERED, value=value, **common), value


def attempt(write):
    try:
        return write()
    except StaleAnswer as refusal:
        return refusal


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=25))
def test_any_interleaving_loses_no_accepted_answer(application, agent, signatory, now, steps):
    Answer.objects.all().delete()
    accepted = {question: [] for question in QUESTIONS}
    seen = {(person, question): 0 for person in range(3) for question in QUESTIONS}
    for person, question, what, reads in steps:
        rows = accepted[question]
        if what == "restore" and not rows:
            continue
        follows = len(rows) if reads else seen[person, question]
        by = (agent, signatory, agent)[person]
        write, value = writing(application, by, now, question, what, seen=follows, accepted=rows)
        result = attempt(write)
        if isinstance(result, StaleAnswer):
            assert (follows < len(rows), rows[follows] != value) == (True, True)
            assert (said(result.current), said(result.proposed)) == (rows[-1], value)
        else:
            if follows == len(rows):
                rows.append(value)
            assert rows[follows] == value
            seen[person, question] = follows + 1
        kept = application.answers.filter(question_id=question).order_by("version")
        assert [said(row) for row in kept] == rows
    scored = scorecards.inputs(application)["answers"]
    for question, rows in accepted.items():
        last = rows[-1] if rows else AnswerState.CLEARED
        document = scored.get(question, {"state": AnswerState.CLEARED})
        assert document.get("value", document.get("state")) == last
