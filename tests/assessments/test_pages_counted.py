"""How far it is to go: pages counted on the way of somebody who only follows what the pages offer."""

from datetime import timedelta

import pytest
from django.test.html import Element, parse_html
from django.urls import reverse

from assessments.doors import frameworks
from assessments.enums import State
from assessments.models import Answer, Application, Edition
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

# As docs/journey.md says; the aims are 3 and 12.
FIRST_ANSWER, EXPRESS_PATH = 3, 6


@pytest.fixture
def edition(db, now):
    """Open, with the real questionnaire."""
    return Edition.objects.create(
        year=2027,
        framework=frameworks.load(frameworks.path_of(2027).read_text(encoding="utf-8")),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
    )


class Walk:
    """A visitor with no address in mind: `click` and `press` know only what the page shows. `pages`: all seen since."""

    def __init__(self, client):
        self.client, self.pages = client, []

    def arrive(self, response):
        assert response.status_code == 200
        self.pages.append(response.request["PATH_INFO"])
        self.main = parse_html(response.text)

    def click(self, words):
        link = next(node for node in elements(self.main, "a") if said(node).startswith(words))
        self.arrive(self.client.get(given(link, "href")))

    def press(self, words, **data):
        action, fields = self.form(words)
        self.arrive(self.client.post(action, fields | data, follow=True))

    def save(self, form, **data):
        """What a page with JavaScript does on each answer: a request, and no other page."""
        response = self.client.post(given(form, "data-hx-post"), hidden(form) | data, headers={"HX-Request": "true"})
        assert "Enregistré à" in response.text

    def form(self, words):
        form = next(
            node
            for node in elements(self.main, "form")
            if any(said(button).startswith(words) for button in elements(node, "button"))
        )
        return given(form, "action") or self.pages[-1], hidden(form)


def elements(node, name):
    if isinstance(node, Element):
        if node.name == name:
            yield node
        for child in node.children:
            yield from elements(child, name)


def given(node, name):
    return dict(node.attributes).get(name)


def said(node):
    return "".join(child if isinstance(child, str) else said(child) for child in node.children).strip()


def hidden(form):
    kept = [field for field in elements(form, "input") if given(field, "type") == "hidden"]
    return {given(field, "name"): given(field, "value") or "" for field in kept}


def test_express_path_takes_few_pages(edition, aubaine, signatory, client):
    walk = Walk(client)

    walk.arrive(client.post(reverse("account_login"), {"login": signatory.email, "password": PASSWORD}, follow=True))
    walk.press("Commencer le dossier 2027")
    asked = {given(field, "name") for field in elements(walk.main, "input") if given(field, "value") == "yes"}
    walk.press("Enregistrer et continuer", **dict.fromkeys(asked, "no"))
    cards = [form for form in elements(walk.main, "form") if given(form, "data-answer")]
    walk.save(cards[0], answer="unknown")
    assert (Answer.objects.count(), len(walk.pages)) == (1, FIRST_ANSWER)

    for card in cards[1:]:
        walk.save(card, answer="unknown")
    walk.click("Vue d’ensemble")
    walk.click("Relire et déposer")
    walk.press("Déposer la candidature", statement="yes")

    assert Application.objects.get().state == State.SUBMITTED
    assert len(walk.pages) == EXPRESS_PATH
