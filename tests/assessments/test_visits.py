"""Coming back to a file: when a visit ends, and what colleagues changed meanwhile."""

from datetime import timedelta

import pytest

from accounts.actions import erase_user
from assessments import actions
from assessments.enums import AnswerState
from assessments.models import Answer, Comment, Evidence, Initiative, Visit
from assessments.pages.news import MOST, news
from assessments.policies import VISIT_NOTED, VISIT_PAUSE
from tests.assessments.conftest import initiative_fields

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/"
MINUTE = timedelta(minutes=1)


def answer(application, by, at, name="INC-03", seen=0, value=AnswerState.UNKNOWN):
    actions.save_answer(application=application, question_id=name, state=value, seen=seen, by=by, now=at)


@pytest.fixture
def come(application, agent):
    """`come(moment)`: Agnès opens a page; when her visit before that one ended."""
    return lambda moment: actions.visit(application=application, by=agent, now=moment)


def test_first_visit_has_none_before(come, now):
    assert [come(now), come(now + VISIT_PAUSE)] == [None, None]


def test_visit_goes_on_from_page_to_page(come, now):
    come(now - timedelta(days=2))
    pages = [now + minutes * MINUTE for minutes in (0, 3, 28, 57, 86)]

    assert [come(moment) for moment in pages] == [now - timedelta(days=2)] * 5


def test_visit_ends_after_a_pause(come, now):
    come(now - timedelta(days=2))
    come(now)

    assert come(now + VISIT_PAUSE) == now - timedelta(days=2)
    assert come(now + 2 * VISIT_PAUSE + MINUTE) == now + VISIT_PAUSE


def test_visit_goes_on_while_its_person_answers(come, application, agent, signatory, now):
    come(now - timedelta(days=2))
    come(now)
    for seen in range(3):
        answer(application, agent, now + (seen + 1) * VISIT_PAUSE, seen=seen)
    answer(application, signatory, now + 3 * VISIT_PAUSE + 20 * MINUTE, name="SER-03")

    assert come(now + 4 * VISIT_PAUSE) == now - timedelta(days=2)
    assert come(now + 5 * VISIT_PAUSE + MINUTE) == now + 4 * VISIT_PAUSE


def test_visit_may_begin_by_an_answer(come, application, agent, now):
    """A page left open the day before, or the API."""
    come(now - timedelta(days=2))
    answer(application, agent, now)

    assert come(now + MINUTE) == now - timedelta(days=2)


def test_visit_is_noted_once_in_a_while(come, now, django_assert_num_queries):
    come(now)
    with django_assert_num_queries(1):
        come(now + VISIT_NOTED - MINUTE)
    assert Visit.objects.get().seen_at == now
    come(now + VISIT_NOTED)
    assert Visit.objects.get().seen_at == now + VISIT_NOTED


def test_visits_of_two_people_are_apart(come, application, signatory, now):
    come(now)

    assert actions.visit(application=application, by=signatory, now=now + timedelta(days=1)) is None
    assert Visit.objects.count() == 2


def test_account_that_is_erased_takes_its_visits(come, agent, now):
    come(now)
    erase_user(user=agent, by=agent, now=now)

    assert Visit.objects.count() == 0


def test_news_are_what_colleagues_changed(ready, agent, signatory, now):
    """One of each kind by Simon, one of each by Agnès; the latest answer of a question alone."""
    for by, start in ((agent, now), (signatory, now + 10 * MINUTE)):
        fields = initiative_fields(now, title=f"Idée de {by.name}")
        actions.save_initiative(application=ready, initiative=None, fields=fields, seen=0, by=by, now=start)
        actions.comment(application=ready, question_id="INC-01", text="À voir.", by=by, now=start + MINUTE)
        url = f"https://aubaine.example/{by.pk}"
        actions.add_evidence(application=ready, title=by.name, url=url, questions=["INC-01"], by=by, now=start)
    Evidence.objects.filter(added_by=signatory).update(added_at=now + 12 * MINUTE)
    answer(ready, signatory, now + 13 * MINUTE)
    answer(ready, signatory, now + 14 * MINUTE, seen=1, value=AnswerState.CLEARED)
    answer(ready, agent, now + 15 * MINUTE, name="SER-03")
    old = Initiative.objects.get(title="Permanences numériques")
    Initiative.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=9))
    actions.save_initiative(
        application=ready, initiative=old, fields={"title": "Permanences"}, seen=1, by=signatory, now=now + 16 * MINUTE
    )

    found = news(ready, user=agent, since=now - MINUTE)

    assert [(item.what, item.text, item.who, item.when - now) for item in found.items] == [
        ("Initiative modifiée", "Permanences", signatory, 16 * MINUTE),
        ("Réponse", "Quels publics aidez-vous ?", signatory, 14 * MINUTE),
        ("Preuve ajoutée", "Simon", signatory, 12 * MINUTE),
        ("Commentaire", "Aidez-vous les habitants ?", signatory, 11 * MINUTE),
        ("Initiative ajoutée", "Idée de Simon", signatory, 10 * MINUTE),
    ]
    assert found.more == 0
    assert news(ready, user=agent, since=now + 16 * MINUTE).items == []


def test_news_of_an_initiative_that_is_gone_lead_nowhere(ready, agent, signatory, now):
    actions.remove_initiative(initiative=Initiative.objects.get(), seen=1, by=signatory, now=now + MINUTE)

    (item,) = news(ready, user=agent, since=now).items
    assert (item.what, item.address) == ("Initiative retirée", "")


@pytest.mark.parametrize(("changes", "more"), [(3, 0), (MOST, 0), (MOST + 3, 3)])
def test_news_are_bounded_and_say_how_many_more(
    application, agent, signatory, now, changes, more, django_assert_max_num_queries
):
    Comment.objects.bulk_create(
        Comment(application=application, question_id="INC-01", text="Oui.", author=signatory, at=now + n * MINUTE)
        for n in range(1, changes + 1)
    )
    assert application.framework.parsed  # kept by this process from here on
    with django_assert_max_num_queries(3):
        found = news(application, user=agent, since=now)

    assert (len(found.items), found.more) == (changes - more, more)
    assert found.items[0].when == now + changes * MINUTE


def test_news_of_a_question_that_is_gone_keep_its_name(application, agent, signatory, now):
    Answer.objects.create(
        application=application, question_id="OLD-01", version=1, state=AnswerState.UNKNOWN, author=signatory, at=now
    )

    (item,) = news(application, user=agent, since=now - MINUTE).items
    assert (item.text, item.address) == ("OLD-01", "")


def test_overview_catches_up_with_colleagues_all_the_visit_long(ready, agent, signatory, sign_in, now):
    client = sign_in(agent)
    assert "Depuis votre dernière visite" not in client.get(PAGE).text
    Visit.objects.update(seen_at=now - timedelta(days=1))
    answer(ready, signatory, now - MINUTE)
    client.get(f"{PAGE}questions/mediation/")
    section = client.get(PAGE).text.split("Depuis votre dernière visite")[1].split("</section>")[0]

    assert 'href="/dossiers/01901/2027/questions/mediation/INC-03/historique/">Quels publics aidez-vous' in section
    assert "Réponse · Simon, le " in section


def test_overview_says_when_nothing_changed(ready, agent, signatory, sign_in, now):
    Visit.objects.create(application=ready, person=agent, seen_at=now - timedelta(days=1))

    assert "Vos collègues n’ont rien changé depuis le" in sign_in(agent).get(PAGE).text


def test_overview_of_someone_alone_has_nothing_to_catch_up_with(ready, agent, sign_in, now):
    Visit.objects.create(application=ready, person=agent, seen_at=now - timedelta(days=1))

    assert "Depuis votre dernière visite" not in sign_in(agent).get(PAGE).text


def test_news_show_something_of_everybody_before_many_things_of_one(application, agent, signatory, reader, now):
    Comment.objects.create(application=application, question_id="INC-02", text="Oui.", author=reader, at=now + MINUTE)
    Comment.objects.bulk_create(
        Comment(application=application, question_id="INC-01", text="Oui.", author=signatory, at=now + n * MINUTE)
        for n in range(2, MOST + 5)
    )

    found = news(application, user=agent, since=now)
    assert [item.who for item in found.items] == [signatory] * (MOST - 1) + [reader]
    assert found.more == 4


def test_overview_leads_to_every_change(ready, agent, signatory, sign_in, now):
    Visit.objects.create(application=ready, person=agent, seen_at=now - timedelta(days=1))
    Comment.objects.bulk_create(
        Comment(application=ready, question_id="INC-01", text="Oui.", author=signatory, at=now - n * MINUTE)
        for n in range(1, MOST + 3)
    )
    client = sign_in(agent)
    assert f'href="{PAGE}changements/"' in client.get(PAGE).text

    text = client.get(f"{PAGE}changements/").text
    assert text.count("Commentaire · Simon") == MOST + 2
    assert "Voir aussi" not in text


@pytest.mark.parametrize("query", ["", "?depuis=relecture", "?depuis=jamais"])
def test_page_of_changes_without_any_says_so(ready, agent, sign_in, query):
    assert "Vos collègues n’ont rien changé." in sign_in(agent).get(f"{PAGE}changements/{query}").text


def test_who_looks_in_their_place_is_no_visit_of_theirs(application, agent, organiser, sign_in):
    helping = sign_in(organiser)
    helping.post(f"/organisation/personnes/{agent.pk}/voir/", {"reason": "Elle ne trouve pas son dossier."})

    assert helping.get("/dossiers/01901/2027/").status_code == 200
    assert not agent.visits.exists()
