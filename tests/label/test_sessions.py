from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import actions
from accounts.views.adapter import BEGAN, HOUR, USED_AT
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(client):
    """`later(person, days)`: a browser signed in so many days ago, which last served two hours ago."""

    def _later(person, days=10):
        client.post("/compte/connexion/", {"login": person.email, "password": PASSWORD})
        kept = client.session
        assert kept[USED_AT] == int(timezone.now().timestamp()) // HOUR
        kept[BEGAN] -= timedelta(days=days).total_seconds()
        kept[USED_AT] -= 2
        kept.save()
        Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
        return client

    return _later


def lasts():
    """Hours that are left to the only session."""
    return round((Session.objects.get().expire_date - timezone.now()) / timedelta(hours=1))


def test_a_session_lasts_two_weeks_from_its_last_use(later, agent):
    answer = later(agent).get("/dossiers/")

    assert lasts() == 14 * 24
    assert answer.cookies["session"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_that_of_a_role_lasts_half_a_day_from_its_last_use(later, organiser):
    later(organiser).get("/organisation/")

    assert lasts() == 12


def test_signing_out_deletes_it(later, agent):
    later(agent).post("/compte/deconnexion/")

    assert not Session.objects.exists()


def test_erased_account_has_none_left(later, agent):
    browser = later(agent)
    actions.erase_user(user=agent, by=agent, now=timezone.now())

    assert browser.get("/dossiers/").status_code == 302
    assert not Session.objects.exists()


def test_it_ends_ninety_days_after_the_sign_in_whatever_its_use(later, agent):
    browser = later(agent, days=89)
    browser.get("/dossiers/")
    assert lasts() == 24

    kept = browser.session
    kept[BEGAN] -= timedelta(days=2).total_seconds()
    kept[USED_AT] -= 2
    kept.save()
    browser.get("/dossiers/")
    assert lasts() == 0


def test_it_is_written_once_an_hour(later, agent):
    browser = later(agent)
    browser.get("/dossiers/")

    assert "session" not in browser.get("/dossiers/").cookies


def test_a_page_that_is_the_same_for_everybody_does_not_look(later, agent):
    assert "session" not in later(agent).get("/sante/vivant/").cookies
