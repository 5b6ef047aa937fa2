"""A campaign of five hundred with the worker killed with -9 twice, against a server that refuses some."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Edition
from outbox.models import Job, JobState, Mail, MailState
from season.actions import campaign as actions
from season.models import Dispatch, Guest, Message
from tests.conftest import make_territory
from tests.smtp import catcher
from tests.worker import Worker, asked_for, wait

pytestmark = [pytest.mark.trial, pytest.mark.django_db(transaction=True)]

GUESTS, PATIENCE = 500, 300.0
FOR_GOOD, FOR_NOW = "mairie7@x.example", "mairie8@x.example"


@pytest.fixture
def message(framework, department, organiser):
    now = timezone.now()
    dates = {"opens_at": now, "closes_at": now + timedelta(days=30), "results_at": now + timedelta(days=90)}
    edition = Edition.objects.create(year=2027, framework=framework, **dates)
    for number in range(GUESTS):
        territory = make_territory(department, f"01{number:03}", f"Ville {number}", 900)
        Guest.objects.create(
            edition=edition, territory=territory, email=f"mairie{number}@x.example", added_by=organiser
        )
    values = {"segment": "invited", "subject": "{commune}", "text": "{lien}", "leaves_at": None, "days_before": None}
    return actions.write_message(
        message=Message(edition=edition), values={**values, "per_minute": 30_000}, by=organiser, now=now
    )


def test_a_campaign_loses_nobody_and_repeats_nobody(message, organiser, tmp_path):
    with catcher({FOR_GOOD: 550, FOR_NOW: 451}) as (port, accepted):
        environment = {"MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        actions.plan_message(message=message, by=organiser, now=timezone.now())
        with Worker(tmp_path / "log", EMAIL_PORT=port, JOB_LEASE=2, **environment) as worker:
            wait(lambda: Dispatch.objects.count() >= GUESTS // 5, seconds=PATIENCE)
            worker.kill()
            worker.start()
            wait(lambda: len(accepted) >= GUESTS // 2, seconds=PATIENCE)
            worker.kill()
            worker.start()
            wait(lambda: settled() == GUESTS - 1, seconds=PATIENCE, every=0.2)

    assert Dispatch.objects.count() == asked_for().count() == GUESTS
    received = Counter(mail["To"] for mail in accepted if mail["To"].endswith("@x.example"))
    assert set(received) == {f"mairie{number}@x.example" for number in range(GUESTS)} - {FOR_GOOD, FOR_NOW}
    # Cut between the server's acceptance and our commit: what was in the hands of the killed processes, no more.
    assert sum(received.values()) - len(received) <= 2 * 8
    assert Mail.objects.get(to=FOR_GOOD).state == MailState.FAILED
    assert Job.objects.get(key=f"mail:{Mail.objects.get(to=FOR_NOW).pk}").state == JobState.TODO


def settled():
    """Sent, or refused for good; the one refused for now waits."""
    return asked_for().filter(state__in=[MailState.SENT, MailState.FAILED]).count()
