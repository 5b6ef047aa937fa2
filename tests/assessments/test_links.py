"""The pages that a file names are visited once, at its deposit, and what was found is shown beside the link."""

import pytest

from assessments import actions
from assessments.models import Initiative, LinkedPage
from outbox import jobs
from outbox.models import Job

pytestmark = pytest.mark.django_db

LIST = "/dossiers/01901/2027/preuves/"


@pytest.fixture
def piece(ready, agent, now):
    return actions.add_evidence(
        application=ready, title="Page", url="https://aubaine.example/aide", questions=["INC-01"], by=agent, now=now
    )


def submit(piece, signatory, now):
    actions.submit(application=piece.application, by=signatory, now=now)
    jobs.run(Job.objects.get(kind="links.visit").pk)


def test_each_link_of_a_proof_and_of_an_initiative_is_visited(piece, signatory, now):
    submit(piece, signatory, now)

    row = Initiative.objects.get()
    found = {(page.evidence_id, page.initiative_id): (page.url, page.fault) for page in LinkedPage.objects.all()}
    assert found == {(piece.pk, None): (piece.url, "name"), (None, row.pk): (row.link, "name")}


def test_a_demonstration_names_pages_that_do_not_exist(piece, signatory, now):
    type(piece.application).objects.update(simulated=True)
    piece.application.refresh_from_db()
    actions.submit(application=piece.application, by=signatory, now=now)

    assert not Job.objects.filter(kind="links.visit").exists()


def test_a_second_attempt_visits_only_what_is_left(piece, signatory, now):
    submit(piece, signatory, now)
    LinkedPage.objects.filter(evidence=piece).update(status=200, fault="")
    LinkedPage.objects.filter(evidence=None).delete()
    job = Job.objects.get(kind="links.visit")
    Job.objects.filter(pk=job.pk).update(state="todo", finished_at=None, lease_until=None)

    jobs.run(job.pk)

    assert list(LinkedPage.objects.order_by("pk").values_list("status", "fault")) == [(200, ""), (None, "name")]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"status": 200, "sha256": "a" * 64}, "cette page répondait"),
        ({"status": 404, "sha256": "a" * 64}, "cette page n’existait pas (404)"),
        ({"status": 503}, "le site était en panne (503)"),
        ({"status": 403}, "le site a refusé notre visite (403)"),
        ({"fault": "name"}, "cette adresse n’existe pas"),
        ({"fault": "private"}, "n’est pas sur l’internet public"),
    ],
)
def test_what_was_found_is_said_beside_the_link(piece, agent, sign_in, now, found, words):
    LinkedPage.objects.create(evidence=piece, url=piece.url, seen_at=now, **found)

    assert words in sign_in(agent).get(LIST).text


def test_what_was_found_of_another_address_is_not(piece, agent, sign_in, now):
    LinkedPage.objects.create(evidence=piece, url="https://aubaine.example/avant", fault="name", seen_at=now)

    assert "cette adresse n’existe pas" not in sign_in(agent).get(LIST).text
