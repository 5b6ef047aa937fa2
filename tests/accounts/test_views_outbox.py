import pytest
from django.conf import settings
from django.utils import timezone

from accounts import actions
from outbox import jobs
from outbox.jobs import mail
from outbox.jobs.heartbeat import beat
from outbox.models import Job, JobState, Mail, MailState
from tests import work

pytestmark = pytest.mark.django_db

MAILS, JOBS = "/organisation/courriels/", "/organisation/taches/"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def page_of(organiser, sign_in):
    client = sign_in(organiser)
    return lambda path, **how: text(client.get(path, how))


def letter(number=1, **fields):
    fields = {"to": f"agent{number}@x.example", "subject": f"Objet {number}", "text": "Bonjour", **fields}
    return mail.queue(key=f"test:{number}", **fields)


def dead_job(number=1):
    job = work.kind().schedule(key=f"work:{number}")
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD, finished_at=timezone.now(), error="ValueError: boum")
    return job


def test_mails_empty(page_of):
    assert "Aucun courriel pour l’instant" in page_of(MAILS)


def test_mails_search_recipient_and_subject(page_of):
    letter(1)
    letter(2)

    assert "Objet 2" not in page_of(MAILS, q="AGENT1@")
    assert "Objet 2" in page_of(MAILS, q="objet 2")
    assert "Aucun courriel ne répond" in page_of(MAILS, q="rien")


def test_mails_by_state(page_of):
    sent, failed, _waiting = letter(1), letter(2), letter(3)
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=timezone.now())
    jobs.give_up(mail.send.find(mail=failed.pk), error="550")

    for state, subject in [("sent", "Objet 1"), ("failed", "Objet 2"), ("todo", "Objet 3")]:
        page = page_of(MAILS, etat=state)
        assert [f"Objet {number}" in page for number in (1, 2, 3)].count(True) == 1
        assert subject in page


@pytest.mark.parametrize("rows", [1, 3])
def test_mails_query_count(organiser, sign_in, django_assert_num_queries, rows):
    for number in range(rows):
        letter(number)
    client = sign_in(organiser)

    with django_assert_num_queries(5):
        client.get(MAILS)


def test_mails_in_pages(page_of, monkeypatch):
    monkeypatch.setattr("accounts.views.outbox.PAGE", 2)
    for number in range(3):
        letter(number)

    assert "?q=objet&amp;page=2" in page_of(MAILS, q="objet")
    assert "Objet 0" in page_of(MAILS, page=2)


def test_mail_shows_its_text(page_of):
    assert "Bonjour à vous" in page_of(f"{MAILS}{letter(text='Bonjour à vous').pk}/")


def test_mail_shows_no_personal_link(page_of, agent):
    actions.offer_way_in(email=agent.email, now=timezone.now())

    page = page_of(f"{MAILS}{Mail.objects.get().pk}/")
    assert "[lien personnel]" in page
    assert "mot-de-passe/choisir" not in page


def test_mail_of_a_demo_keeps_its_links(page_of, monkeypatch, agent):
    monkeypatch.setitem(settings.INSTANCE, "demo", True)
    actions.offer_way_in(email=agent.email, now=timezone.now())

    assert "/compte/mot-de-passe/choisir/" in page_of(f"{MAILS}{Mail.objects.get().pk}/")


def test_mail_unknown(organiser, sign_in):
    assert sign_in(organiser).get(f"{MAILS}9/").status_code == 404


def test_mail_escapes_its_text(page_of):
    assert "<script>alert" not in page_of(f"{MAILS}{letter(text='<script>alert(1)</script>').pk}/")


def test_jobs_empty(page_of):
    page = page_of(JOBS)

    assert "Aucune tâche pour l’instant" in page
    assert "Aucune tâche en échec" in page


def test_jobs_show_counts_progress_and_errors(page_of):
    dead_job()
    running = work.kind().schedule(key="publish:2027", total=1500)
    Job.objects.filter(pk=running.pk).update(done=300)
    page = page_of(JOBS)

    assert "ValueError: boum" in page
    assert 'value="300" max="1500"' in page


def test_jobs_are_named_in_french(page_of):
    jobs.named("certificate.make").schedule(certificate=1)
    page = page_of(JOBS)

    assert "Attestation" in page
    assert "certificate.make" not in page.replace("travail-certificate.make", "")


def test_jobs_say_what_is_left_of_each_kind(page_of):
    beat("mail")
    for number in range(6):
        mail.send.schedule(mail=number)
    sent = Job.objects.filter(key__in=("mail:0", "mail:1"))
    sent.update(state=JobState.DONE, finished_at=timezone.now())
    page = page_of(JOBS)

    assert 'value="2" max="6"' in page
    assert "encore 4 à faire" in page
    assert "environ 10 minutes" in page


def test_jobs_give_no_delay_when_nobody_works(page_of):
    for number in range(6):
        mail.send.schedule(mail=number)
    Job.objects.filter(key__in=("mail:0", "mail:1")).update(state=JobState.DONE, finished_at=timezone.now())
    page = page_of(JOBS)

    assert "environ 10 minutes" not in page
    assert "Rien n’avance en ce moment" in page


def test_jobs_fragment_for_htmx(organiser, sign_in):
    dead_job()
    answer = sign_in(organiser).get(JOBS, headers={"HX-Request": "true"})

    assert "avancement" in text(answer)
    assert "<html" not in text(answer)
    assert "ValueError" not in text(answer)


@pytest.mark.parametrize("rows", [1, 3])
def test_jobs_query_count(organiser, sign_in, django_assert_num_queries, rows):
    for number in range(rows):
        dead_job(number)
        work.kind(f"kind{number}").schedule(key=f"k:{number}", total=3)
    client = sign_in(organiser)

    with django_assert_num_queries(8):
        client.get(JOBS)


def test_retry_job(organiser, sign_in):
    first, second = dead_job(1), dead_job(2)
    answer = sign_in(organiser).post(f"{JOBS}{first.pk}/relancer/", follow=True)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (JobState.TODO, JobState.DEAD)
    assert "1 tâche relancée" in text(answer)


def test_retry_job_twice(organiser, sign_in):
    job = dead_job()
    client = sign_in(organiser)
    client.post(f"{JOBS}{job.pk}/relancer/")

    assert "Rien à relancer" in text(client.post(f"{JOBS}{job.pk}/relancer/", follow=True))


def test_retry_all_jobs(organiser, sign_in):
    dead_job(1)
    dead_job(2)

    assert "2 tâches relancées" in text(sign_in(organiser).post(f"{JOBS}relancer/", follow=True))


def test_retry_job_unknown(organiser, sign_in):
    assert sign_in(organiser).post(f"{JOBS}9/relancer/").status_code == 404


@pytest.mark.parametrize("path", [f"{JOBS}1/relancer/", f"{JOBS}relancer/"])
def test_retry_by_others_or_by_get(agent, organiser, sign_in, path):
    assert sign_in(organiser).get(path).url == JOBS
    assert sign_in(agent).post(path).status_code == 404


# X


def test_mail_sent_again_once(organiser, sign_in):
    message, client = letter(1), sign_in(organiser)
    Mail.objects.filter(pk=message.pk).update(state=MailState.FAILED, error="550 inconnu")
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
    assert "550 inconnu" in text(client.get(f"{MAILS}{message.pk}/"))

    first, second = (client.post(f"{MAILS}{message.pk}/renvoyer/", follow=True) for _time in range(2))

    assert "attend de nouveau son départ" in text(first)
    assert "attend déjà son départ" in text(second)
    assert Job.objects.get().state == JobState.TODO


def test_a_mail_that_came_back_counts_as_refused_and_may_leave_again(organiser, sign_in):
    sent = letter(1)
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now())
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT, sent_at=timezone.now())
    client = sign_in(organiser)

    answer = client.post(f"{MAILS}{sent.pk}/revenu/", {"said": "550 boîte pleine"}, follow=True)

    sent.refresh_from_db()
    assert (sent.state, sent.error) == (MailState.FAILED, "550 boîte pleine")
    assert "550 boîte pleine" in text(answer)
    client.post(f"{MAILS}{sent.pk}/renvoyer/")
    sent.refresh_from_db()
    assert sent.state == MailState.TODO


def test_a_mail_that_had_not_left_cannot_come_back(organiser, sign_in):
    waiting = letter(1)

    sign_in(organiser).post(f"{MAILS}{waiting.pk}/revenu/", {"said": "550"})

    waiting.refresh_from_db()
    assert waiting.state == MailState.TODO
