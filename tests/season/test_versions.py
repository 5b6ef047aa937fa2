"""The organiser's pages on another version of a questionnaire: measured, then adopted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions, queries
from assessments.doors import frameworks
from outbox import jobs
from outbox.models import Job
from season.models import Approval
from tests.assessments import conftest as small
from tests.assessments.test_versions import GONE, QUESTIONNAIRE

pytestmark = pytest.mark.django_db

PAGES = "/organisation/editions/2027/referentiel/"

# Aubaine's file in a small questionnaire that is open.
now, framework, edition = small.now, small.framework, small.edition
application, ready, submitted = small.application, small.ready, small.submitted


@pytest.fixture
def second(ready, agent, now):
    """Of the second level, thanks to the question that the other version leaves out."""
    actions.fill(application=ready, document={"answers": {"INC-02": {"value": 4}}}, by=agent, now=now)
    return ready


@pytest.fixture
def measured(edition, organiser):
    """`measured(text)`: a version, and what it would change."""

    def _measured(text):
        version = frameworks.load(text)
        jobs.run(actions.measure_impact(edition=edition, framework=version, by=organiser).pk)
        return version

    return _measured


def test_pages_lead_from_the_measure_to_the_move(second, organiser, sign_in):
    version, client = frameworks.load(GONE), sign_in(organiser)
    address = f"{PAGES}{version.hash}/"

    assert version.hash[:12] in client.get(PAGES).content.decode()
    assert "Mesurer les effets" in client.get(address).content.decode()
    client.post(f"{address}mesurer/")
    assert "calcul est en cours" in client.get(address).content.decode()
    jobs.run(Job.objects.get(kind="framework.impact").pk)
    page = client.get(address).content.decode()
    assert "SER-09" in page
    assert "niveau 2 → 1" in page
    assert "pas approuvé" in page
    assert client.post(f"{address}adopter/", {"reason": "Une question visait à côté."}).status_code == 409
    Approval.objects.create(framework=version, by=organiser, at=timezone.now() - timedelta(hours=25))
    client.post(f"{address}adopter/", {"reason": "Une question visait à côté."})
    assert queries.applications().get().framework == version
    assert "Déplacer l’édition" not in client.get(address).content.decode()


def test_page_tells_in_french_what_a_question_changed(ready, organiser, sign_in, measured):
    version = measured(QUESTIONNAIRE.replace("points: 5,", "points: 6,").replace("min_overall: 60", "min_overall: 65"))
    page = sign_in(organiser).get(f"{PAGES}{version.hash}/").content.decode()

    assert '<small class="quiet-text">points</small>' in page
    assert "<dd>minima des niveaux</dd>" in page


def test_page_says_why_the_edition_may_not_move(submitted, organiser, sign_in, measured):
    version = measured(GONE)
    page = sign_in(organiser).get(f"{PAGES}{version.hash}/").content.decode()

    assert "Un dossier est déjà déposé" in page
    assert "adopter/" not in page
