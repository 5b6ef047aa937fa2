"""From the sign-up to the receipt on a phone: a lone secretary, and a mayor who never saw the site."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from accounts import actions as accounts
from accounts.models import Membership
from assessments.enums import State
from assessments.models import Application
from outbox.jobs import mail
from outbox.models import Mail
from tests import season as seasons
from tests.browser.conftest import PATIENCE, PHONE, shoot
from tests.browser.test_journey import express
from tests.season import PASSWORD, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

CODE, NAME = "01903", "Clairval"
SECRETARY, MAYOR = "mairie@clairval.example", "maire@clairval.example"
FILE = f"/dossiers/{CODE}/{YEAR}"
MOST = 14  # pages, both together
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def season(server):
    # The address of mails is the one that this server answers at.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SITE_URL", server.url)
        patch.setattr(settings, "EMAIL_BACKEND", "outbox.mail.OutboxBackend")
        opened = seasons.opened()
        # Nobody acts for this commune yet.
        Membership.objects.filter(territory__code=CODE).delete()
        yield opened


@pytest.fixture
def seen():
    """The pages that were shown, each as often as it was."""
    return []


@pytest.fixture
def phone(visit, seen):
    def _phone():
        page = visit(width=PHONE)
        page.on("domcontentloaded", lambda one: seen.append(one.url.removeprefix(server_of(one.url))))
        return page

    return _phone


def server_of(url):
    return re.match(r"https?://[^/]+", url)[0]


def link_for(email):
    """The last personal link that was written to this address."""
    text = mail.whole(Mail.objects.filter(to=email).latest("pk"))
    return re.search(re.escape(settings.SITE_URL) + r"/compte/\S+", text)[0]


def press(page, words):
    page.get_by_role("button", name=words).click()
    page.wait_for_load_state()


def test_few_pages_from_the_sign_up_to_the_receipt(season, phone, seen):
    secretary = phone()
    sign_up(secretary)
    secretary.goto(link_for(SECRETARY))
    press(secretary, "Oui, confirmer cette adresse")
    join(secretary)
    accounts.approve_membership(membership=Membership.objects.get(territory__code=CODE), by=season.people["organiser"])
    answer_and_invite(secretary)
    before = len(seen)
    sign(phone())

    assert Application.objects.get(territory__code=CODE).state == State.SUBMITTED
    assert len(seen) <= MOST, seen
    assert len(seen) - before <= 4, seen[before:]


def sign_up(page):
    page.goto("/compte/inscription/")
    shoot(page, "way/01-inscription")
    fill_in(page, SECRETARY, "Claire", "secrétaire de mairie")
    press(page, "Créer mon compte")
    shoot(page, "way/02-confirmez")


def fill_in(page, email, name, function):
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_label("Prénom et nom").fill(name)
    page.locator("[name=function]").fill(function)


def join(page):
    shoot(page, "way/03-rejoindre")
    page.locator("main input[type=search]").fill(NAME)
    page.locator("main [name=territory]").first.check()
    page.locator("[name=role][value=contributor]").check()
    press(page, "Envoyer ma demande")
    shoot(page, "way/04-demande")


def answer_and_invite(page):
    page.goto("/dossiers/")
    press(page, f"Commencer le dossier {YEAR}")
    for no in page.locator("main [value=no]").all():
        no.check()
    press(page, "Enregistrer et continuer")
    for question in express():
        card = page.locator(f"[id='{question}']")
        card.locator("[name=answer][value=unknown]").check()
        expect(card.locator(".saved")).to_contain_text("Enregistré à")
    page.locator("main").get_by_role("link", name="Relire et déposer").click()
    page.get_by_label("Son adresse électronique").fill(MAYOR)
    shoot(page, "way/05-inviter")
    press(page, "Inviter à signer")
    expect(page.locator("main")).to_contain_text(MAYOR)


def sign(page):
    page.goto(link_for(MAYOR))
    shoot(page, "way/06-invitation")
    fill_in(page, MAYOR, "Camille", "maire")
    press(page, "Créer mon compte et rejoindre")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tout le dossier de Clairval")
    page.locator("[name=statement]").check()
    shoot(page, "way/07-lecture")
    press(page, "Déposer la candidature")
    page.wait_for_url(f"**{FILE}/accuse/")
    shoot(page, "way/08-accuse")
