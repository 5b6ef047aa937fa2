"""A slow line, a closed laptop, two people at once: what was typed is never lost."""

import pytest
from playwright.sync_api import expect

from accounts.models import Membership
from assessments.models import Answer
from tests.browser.conftest import PATIENCE, PHONE, shoot
from tests.season import AUBAINE, YEAR

pytestmark = pytest.mark.browser

QUESTIONS = f"/dossiers/{AUBAINE}/{YEAR}/questions/express/"
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def card(season):
    """`card(page, n)`: the n-th question of the entry path with radio buttons, on the page that is open."""

    def _card(page, number):
        return (
            page.locator("article.question").filter(has=page.locator(".choices:not(.apart) [name=answer]")).nth(number)
        )

    return _card


def other(card):
    """The value of an answer that is not chosen yet."""
    return card.locator("fieldset .choices").first.locator("input:not(:checked)").first.get_attribute("value")


def choose(card, value):
    card.locator(f"input[value='{value}']").check()


def last(question):
    row = Answer.objects.filter(application__territory__code=AUBAINE, application__edition__year=YEAR)
    return row.filter(question_id=question).latest("version")


def reopened(page):
    """The laptop closed and opened again: another tab of the same browser, where the page was."""
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(QUESTIONS)
    return again


def test_a_connection_cut_while_answering_loses_nothing(visit, season, card):
    page = visit(season.people["agent"], width=PHONE)
    page.goto(QUESTIONS)
    first = card(page, 0)
    question, before = first.get_attribute("id"), last(first.get_attribute("id")).version
    page.context.set_offline(True)
    first.locator("[value=not_applicable]").check()
    first.locator("[name=reason]").fill("La commune n’a pas d’accueil.")
    first.locator("[name=reason]").blur()
    expect(first.locator(".saved")).to_contain_text("Hors ligne")
    shoot(page, "saving/offline")
    assert last(question).version == before

    page.context.set_offline(False)

    expect(first.locator(".saved")).to_contain_text("Enregistré à")
    assert (last(question).version, last(question).reason) == (before + 1, "La commune n’a pas d’accueil.")
    assert page.evaluate("localStorage.length") == 0


def test_a_laptop_closed_while_offline_sends_on_return(visit, season, card):
    page = visit(season.people["agent"])
    page.goto(QUESTIONS)
    first = card(page, 1)
    question, before, value = first.get_attribute("id"), last(first.get_attribute("id")).version, other(first)
    page.context.set_offline(True)
    choose(first, value)
    expect(first.locator(".saved")).to_contain_text("Hors ligne")
    again = reopened(page)

    expect(card(again, 1).locator(".saved")).to_contain_text("Enregistré à")
    expect(card(again, 1).locator(f"input[value='{value}']")).to_be_checked()
    assert last(question).version == before + 1
    third = reopened(again)
    expect(card(third, 1).locator(f"input[value='{value}']")).to_be_checked()
    assert last(question).version == before + 1


def test_two_browsers_on_one_answer_keep_both(visit, season, card):
    mine, theirs = visit(season.people["agent"]), visit(season.people["signatory"])
    for page in (mine, theirs):
        page.goto(QUESTIONS)
    question = card(mine, 2).get_attribute("id")
    before = last(question).version
    value = other(card(theirs, 2))
    choose(card(theirs, 2), value)
    expect(card(theirs, 2).locator(".saved")).to_contain_text("Enregistré à")

    card(mine, 2).locator("[value=unknown]").check()

    choice = card(mine, 2).get_by_role("alert")
    expect(choice).to_contain_text("Deux réponses différentes")
    expect(choice).to_contain_text("Je ne sais pas")
    assert (last(question).version, last(question).state) == (before + 1, "answered")
    shoot(mine, "saving/two-answers")
    again = reopened(mine)
    # Nothing was chosen: what was typed is still there, beside what stands.
    expect(card(again, 2).get_by_role("alert")).to_contain_text("Deux réponses différentes")
    card(again, 2).get_by_role("button", name="Enregistrer ma réponse à la place").click()
    expect(card(again, 2).locator(".saved")).to_contain_text("Enregistré à")
    expect(card(again, 2).get_by_role("alert")).to_have_count(0)
    assert (last(question).version, last(question).state) == (before + 2, "unknown")

    again.goto(f"{QUESTIONS}{question}/historique/")
    assert again.locator("main ol.rows > li").count() == before + 2


def test_an_ended_session_keeps_what_was_typed(visit, season, card):
    page = visit(season.people["agent"])
    page.goto(QUESTIONS)
    first = card(page, 3)
    question, value, cookies = first.get_attribute("id"), other(first), page.context.cookies()
    before = last(question).version
    page.context.clear_cookies(name="session")
    choose(first, value)

    expect(first.locator(".saved")).to_contain_text("session est terminée")
    page.context.add_cookies(cookies)
    page.goto("about:blank")
    page.goto(QUESTIONS)
    expect(card(page, 3).locator(".saved")).to_contain_text("Enregistré à")
    assert last(question).version == before + 1


def test_two_tabs_of_one_person_are_called_two_tabs(visit, season, card):
    one = visit(season.people["agent"])
    two = one.context.new_page()
    for page in (one, two):
        page.goto(QUESTIONS)
    choose(card(one, 4), other(card(one, 4)))
    expect(card(one, 4).locator(".saved")).to_contain_text("Enregistré à")

    card(two, 4).locator("[value=unknown]").check()

    expect(card(two, 4).get_by_role("alert")).to_contain_text("dans un autre onglet")
    card(two, 4).get_by_role("link", name="Garder la réponse enregistrée").click()
    expect(card(two, 4).get_by_role("alert")).to_have_count(0)


def test_a_right_lost_while_writing_is_said_as_it_is(visit, season, card):
    page = visit(season.people["agent"])
    page.goto(QUESTIONS)
    own = Membership.objects.get(user=season.people["agent"], territory__code=AUBAINE)
    before = own.role
    Membership.objects.filter(pk=own.pk).update(role="reader")

    choose(card(page, 3), other(card(page, 3)))

    expect(card(page, 3).locator(".saved")).to_contain_text("Votre accès est en lecture")
    Membership.objects.filter(pk=own.pk).update(role=before)
