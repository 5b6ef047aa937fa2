from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.utils import timezone

from outbox import jobs
from outbox.doors import files
from outbox.jobs import mail
from outbox.models import Job, JobState, Mail, MailState
from tests.smtp import catcher

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def server(settings):
    """What a real server accepts."""
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with catcher() as (settings.EMAIL_PORT, accepted):
        yield accepted


def write(key="news:1", **fields):
    return mail.queue(
        key=key, **{"to": "mairie@x.example", "subject": "Nouvelle", "text": "Bonjour,\n.\nÀ bientôt\n"} | fields
    )


def send(message):
    jobs.run(Job.objects.get(key=f"mail:{message.pk}").pk)
    message.refresh_from_db()


def test_queue_same_key_writes_one_message():
    assert write() == write(subject="Autre")
    assert (Mail.objects.count(), Job.objects.count()) == (1, 1)


def test_queue_puts_the_subject_on_one_line():
    assert write(subject="Une\nnouvelle\r\nBcc: x@x.example").subject == "Une nouvelle Bcc: x@x.example"


def test_send_hands_the_whole_message_over(server):
    write()
    send(Mail.objects.get())

    [received] = server
    assert (received["To"], received["Subject"]) == ("mairie@x.example", "Nouvelle")
    assert received.get_content().replace("\r\n", "\n") == "Bonjour,\n.\nÀ bientôt\n"


def test_send_carries_the_identity_of_the_row(server):
    message = write()
    send(message)

    assert server[0]["Message-ID"] == message.message_id


def test_send_carries_the_files(server):
    stored = files.store(b"%PDF-1.7 receipt", content_type="application/pdf")
    send(write(attachments=[("accuse.pdf", stored)]))

    [attached] = server[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("accuse.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF-1.7 receipt"


def test_send_says_when_it_left(server):
    message = write()
    send(message)

    assert message.state == MailState.SENT
    assert message.sent_at <= timezone.now()


def test_send_twice_sends_once(server):
    message = write()
    send(message)
    send(message)

    assert len(server) == 1


def test_send_cut_off_before_its_end_repeats_the_same_identity(server):
    message = write()
    job = jobs.take(Job.objects.get().pk, now=timezone.now())
    Job.objects.update(attempts=job.attempts + 1)
    with pytest.raises(jobs.LeaseLost):
        mail.send(job)
    Job.objects.update(lease_until=None)
    send(message)

    assert [received["Message-ID"] for received in server] == [message.message_id] * 2


def test_send_without_a_server_waits_and_tells_why(settings):
    with catcher() as (closed, _accepted):
        settings.EMAIL_PORT = closed
    settings.EMAIL_HOST = "127.0.0.1"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    message = write()
    send(message)

    job = Job.objects.get()
    assert (message.state, job.state, job.failures) == (MailState.TODO, JobState.TODO, 1)
    assert "refused" in job.error
    assert timezone.now() < job.due_at < timezone.now() + timedelta(minutes=1)


def test_send_without_a_transport_keeps_the_message():
    message = write()
    send(message)

    assert (message.state, message.sent_at, Job.objects.get().state) == (MailState.KEPT, None, JobState.DONE)


def test_send_has_answers_go_to_the_organiser(server, settings):
    settings.INSTANCE = {**settings.INSTANCE, "contact": "label@x.example"}
    send(write())

    assert server[0]["Reply-To"] == "label@x.example"


@pytest.mark.parametrize(
    ("code", "state", "job"),
    [(550, MailState.FAILED, JobState.DONE), (451, MailState.TODO, JobState.TODO)],
    ids=["for good", "for now"],
)
def test_send_refused(settings, code, state, job):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    message = write()
    with catcher({message.to: code}) as (settings.EMAIL_PORT, accepted):
        send(message)

    assert (message.state, Job.objects.get().state, accepted) == (state, job, [])
    assert str(code) in (message.error or Job.objects.get().error)


def test_send_again_what_was_kept(server):
    message = write()
    first = message.message_id
    Mail.objects.filter(pk=message.pk).update(state=MailState.KEPT)
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())

    assert mail.send_again(message)
    assert not mail.send_again(message)
    send(message)

    assert [received["Message-ID"] for received in server] == [message.message_id] != [first]


def test_send_survives_a_server_that_is_away_for_an_hour(settings, server):
    there, message = settings.EMAIL_PORT, write()
    settings.EMAIL_PORT, waited = 1, timedelta()
    while waited < timedelta(hours=1):
        send(message)
        job = Job.objects.get()
        waited += job.due_at - timezone.now()
        Job.objects.update(due_at=timezone.now())
    settings.EMAIL_PORT = there
    send(message)

    assert message.state == MailState.SENT
    assert len(server) == 1


def test_send_is_tried_for_two_days():
    assert timedelta(days=1, hours=23) < timedelta(seconds=sum(mail.WAITS)) < timedelta(days=2)
    assert list(mail.WAITS) == sorted(mail.WAITS)


def test_mails_of_django_become_rows(settings):
    settings.EMAIL_BACKEND = "outbox.jobs.mail.OutboxBackend"
    message = EmailMessage("Mot de passe", "Voici le lien.", to=["a@x.example", "b@x.example"])

    with django_mail.get_connection() as connection:
        assert connection.send_messages([message]) == 1

    assert set(Mail.objects.values_list("to", "subject", "text")) == {
        ("a@x.example", "Mot de passe", "Voici le lien."),
        ("b@x.example", "Mot de passe", "Voici le lien."),
    }
