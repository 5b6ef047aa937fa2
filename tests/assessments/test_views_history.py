import pytest

from accounts.actions import mandates
from assessments import actions
from assessments.enums import AnswerState
from assessments.models import Answer
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/questions/mediation/INC-01/historique/"


@pytest.fixture
def answered(application, agent, signatory, now):
    """Twice, by two people."""
    for seen, (by, value) in enumerate(((agent, True), (signatory, False))):
        actions.save_answer(
            application=application,
            question_id="INC-01",
            state=AnswerState.ANSWERED,
            value=value,
            seen=seen,
            by=by,
            now=now,
        )
    return application


def values():
    return list(Answer.objects.order_by("version").values_list("version", "value"))


def test_history_says_who_and_from_what_to_what(answered, reader, sign_in):
    text = sign_in(reader).get(PAGE).text

    latest, first = text.split("<h2>")[1:]
    assert ("Non</h2>" in latest, "par Simon" in latest, "Avant\u202f: Oui" in latest) == (True, True, True)
    assert ("Oui</h2>" in first, "par Agnès" in first, "Avant\u202f: Sans réponse" in first) == (True,) * 3
    assert "Rétablir" not in text


def test_history_restores_an_older_answer(answered, agent, sign_in):
    client = sign_in(agent)
    assert "Rétablir" in client.get(PAGE).text

    response = client.post(PAGE, {"version": 1, "seen": 2})

    assert response.url == "/dossiers/01901/2027/questions/mediation/#INC-01"
    assert values() == [(1, True), (2, False), (3, True)]


@pytest.mark.parametrize(("posted", "status"), [({"version": 1, "seen": 1}, 409), ({"version": "x"}, 400)])
def test_history_restores_nothing_over_what_was_not_seen(answered, agent, sign_in, posted, status):
    assert sign_in(agent).post(PAGE, posted).status_code == status
    assert values() == [(1, True), (2, False)]


def test_history_of_a_question_without_an_answer_says_so(application, agent, sign_in):
    assert "Personne n’a encore répondu" in sign_in(agent).get(PAGE).text


def test_history_of_an_unknown_question_is_not_found(application, agent, sign_in):
    assert sign_in(agent).get(PAGE.replace("INC-01", "XXX-1")).status_code == 404


@pytest.mark.parametrize("more", [0, 6])
def test_history_uses_the_same_queries(answered, agent, sign_in, now, more, django_assert_num_queries):
    for seen in range(2, 2 + more):
        actions.clear_answer(application=answered, question_id="INC-01", seen=seen, by=agent, now=now)
    client = sign_in(agent)
    client.get(PAGE)

    with django_assert_num_queries(6):
        client.get(PAGE)


def test_history_says_for_which_helper_somebody_answered(application, aubaine, signatory, organiser, sign_in, now):
    by = make_user("Thaïs", "technicienne")
    helper = mandates.add_to_helper(siren="250000010", name="Le syndicat", email=by.email, by=organiser, now=now)
    mandate = mandates.grant_mandate(helper=helper, territory=aubaine, by=signatory, now=now)
    assert sign_in(by).post(PAGE.removesuffix("historique/"), {"seen": 0, "answer": "v:true"}).status_code == 302
    mandates.end_mandate(mandate=mandate, by=signatory, now=now)

    assert sign_in(by).get(PAGE).status_code == 404
    assert "par Thaïs pour Le syndicat" in " ".join(sign_in(signatory).get(PAGE).text.split())
