"""The page of questions fits: what a question takes, wide and on a phone; what stays in reach; how one finds one."""

from statistics import median

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, PHONE, WIDE, shoot
from tests.season import AUBAINE, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

FILE = f"/dossiers/{AUBAINE}/{YEAR}/"
expect.set_options(timeout=PATIENCE)


@pytest.mark.parametrize(("width", "usual", "most"), [(WIDE, 450, 550), (PHONE, 650, 750)])
def test_a_question_is_not_taller_than_a_screen(visit, season, width, usual, most):
    heights = measured(visit(season.people["agent"], width=width), "express")

    assert median(heights) <= usual, heights
    assert max(heights) <= most, heights


@pytest.mark.parametrize(("width", "usual", "most"), [(WIDE, 450, 550), (PHONE, 650, 750)])
def test_no_question_of_a_town_is_taller(visit, season, width, usual, most):
    page, axes = visit(season.people["agent"], width=width), season.files[AUBAINE].framework.parsed.axis_by_id
    heights = [height for axis in axes for height in measured(page, axis)]

    assert median(heights) <= usual
    assert max(heights) <= most


def measured(page, part):
    page.goto(f"{FILE}questions/{part}/")
    shoot(page, f"questions/{part}")
    return page.locator("article.question").evaluate_all("cards => cards.map((card) => card.offsetHeight)")


def test_progress_and_saving_stay_in_reach_on_a_phone(visit, season):
    page = visit(season.people["agent"], width=PHONE)
    page.goto(f"{FILE}questions/express/")
    page.locator("article.question").last.scroll_into_view_if_needed()

    for part in ("#avancement", "#situation", ".filebar summary"):
        expect(page.locator(part)).to_be_in_viewport()


def test_an_answer_moves_the_progress_and_its_mark(visit, season):
    page = visit(season.people["agent"])
    page.goto(f"{FILE}questions/express/")
    card = page.locator("article.question").filter(has=page.locator("[name=answer]")).first
    name, before = card.get_attribute("id"), page.locator("#avancement").inner_text()
    card.locator("summary", has_text="Historique").click()
    card.get_by_role("button", name="Effacer ma réponse").click()
    expect(card.locator(".saved")).to_contain_text("Sans réponse")
    expect(page.locator("#avancement")).not_to_have_text(before)

    card.locator("[value=unknown]").check()

    expect(card.locator(".saved")).to_contain_text("Enregistré à")
    expect(page.locator("#avancement")).to_have_text(before)
    expect(page.locator(f"#repere-{name} a.done")).to_have_count(1)
    expect(card).to_contain_text("Pour trouver la réponse")


def test_a_question_is_found_by_a_word_of_it(visit, season):
    page = visit(season.people["agent"], width=PHONE)
    page.goto(f"{FILE}questions/")
    page.get_by_label("Un mot de la question").fill("accessibilite")
    page.get_by_role("button", name="Chercher", exact=True).click()

    link = page.locator("main .tight-rows a").first
    text = link.inner_text()
    link.click()
    expect(page.locator("article.question h2", has_text=text)).to_be_in_viewport()


def test_without_a_script_each_question_has_its_button(visit, season):
    page = visit(season.people["agent"], javascript=False)
    page.goto(f"{FILE}questions/express/")

    expect(page.locator("article.question .save-by-hand").first).to_be_visible()
    expect(page.get_by_text("Enregistrez chaque réponse avec le bouton")).to_be_visible()
