from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.views.adapter import USED_ON
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(client, agent):
    """Of somebody who signed in, as it stood ten days later."""
    client.post("/compte/connexion/", {"login": agent.email, "password": PASSWORD})
    kept = client.session
    assert kept[USED_ON] == timezone.localdate().isoformat()
    kept[USED_ON] = (timezone.localdate() - timedelta(days=10)).isoformat()
    kept.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(days=4))
    return client


def test_a_session_lasts_two_weeks_from_its_last_use(session):
    answer = session.get("/dossiers/")

    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=13)
    assert answer.cookies["session"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_it_is_written_once_a_day(session):
    session.get("/dossiers/")

    assert "session" not in session.get("/dossiers/").cookies


def test_a_page_that_is_the_same_for_everybody_does_not_look(session):
    assert "session" not in session.get("/sante/vivant/").cookies
