"""How many of our files it takes to follow a piece of work of the applicant's side."""

from outbox import jobs
from outbox.models import Job, JobState
from tests.walks import check, walk

from .test_views_questionnaire import HTMX, PAGE, post


def test_saving_an_answer(ready, agent, sign_in):
    client = sign_in(agent)
    client.get(PAGE)
    with walk() as seen:
        assert post(client, seen=1, answer="v:false", headers=HTMX).status_code == 200
    check(seen, "Saving an answer", most=13)


def test_from_the_submission_to_the_receipt(ready, signatory, sign_in):
    client = sign_in(signatory)
    with walk() as seen:
        assert client.post("/dossiers/01901/2027/depot/", {"statement": "yes"}).status_code == 302
        job = Job.objects.get(kind="receipt.make")
        jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    check(seen, "From the submission to the receipt", most=20)
