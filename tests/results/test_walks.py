"""How many of our files it takes to follow a piece of work from the organiser to the public."""

from django.urls import reverse

from outbox import jobs
from outbox.models import Job, JobState
from tests.walks import check, walk


def test_from_the_publication_to_the_certificate(sign_in, organiser, make_file, aubaine):
    make_file(aubaine)
    client = sign_in(organiser)
    with walk() as seen:
        posted = {"unsigned": "La présidente signera demain."}
        assert client.post(reverse("results:publication", args=[2027]), posted).status_code == 302
        for kind in ("edition.publish", "certificate.make"):
            jobs.run(Job.objects.get(kind=kind).pk)
    states = Job.objects.filter(kind__in=["edition.publish", "certificate.make"]).values_list("state", flat=True)
    assert list(states) == [JobState.DONE] * 2
    check(seen, "From the publication to the certificate", most=26)
