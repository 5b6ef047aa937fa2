"""Several people on one file: who takes care of what, comments, and a question asked by a link."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actions import choose_pace
from accounts.models import AuditEntry, Pace
from accounts.refusals import NotAllowed, NotNow, Refused
from assessments import actions, policies, queries
from assessments.actions import StaleAnswer
from assessments.enums import AnswerState
from assessments.models import Answer, Carer, Comment, Enquiry, Notice
from outbox import jobs
from outbox.jobs import mail
from outbox.models import Job, JobState, Mail

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/questions/mediation/INC-01/a-plusieurs/"
EMAIL = "bibliothecaire@aubaine.example"


@pytest.fixture
def enquiry(application, agent, now):
    return actions.ask(application=application, question_id="INC-01", email=EMAIL, by=agent, now=now)


@pytest.fixture
def link(enquiry):
    return "/repondre/" + mail.whole(Mail.objects.get(to=EMAIL)).split("/repondre/")[1].split("\n")[0].strip()


def reply(enquiry, now, *, state=AnswerState.ANSWERED, value=True, reason="", words=""):
    return actions.reply(enquiry=enquiry, state=state, value=value, reason=reason, words=words, now=now)


# Charges


def test_question_is_given_by_itself_or_with_its_issue(application, agent, signatory, now):
    actions.assign(application=application, part="mediation", person=agent, by=signatory, now=now)
    actions.assign(application=application, part="INC-02", person=signatory, by=agent, now=now)

    shared = queries.shared(application)
    assert shared.carers == {"mediation": agent, "INC-02": signatory}


def test_charge_given_again_or_taken_back(application, agent, signatory, now):
    for person in (agent, signatory):
        actions.assign(application=application, part="INC-01", person=person, by=agent, now=now)
    assert Carer.objects.get().person == signatory

    actions.assign(application=application, part="INC-01", person=None, by=agent, now=now)
    assert not Carer.objects.exists()


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_charge_to_somebody_who_may_not_write_is_refused(application, agent, now, who, request):
    with pytest.raises(NotAllowed):
        actions.assign(application=application, part="INC-01", person=request.getfixturevalue(who), by=agent, now=now)


def test_charge_of_an_unknown_part_is_refused(application, agent, now):
    with pytest.raises(Refused):
        actions.assign(application=application, part="cuisine", person=agent, by=agent, now=now)


def test_overview_says_what_i_have_to_do(ready, agent, signatory, sign_in, now):
    actions.assign(application=ready, part="mediation", person=agent, by=signatory, now=now)
    section = sign_in(agent).get("/dossiers/01901/2027/").text.split("Ce qu’il me reste")[1].split("</section>")[0]

    # INC-01 and INC-02 have an answer already.
    assert "Quels publics aidez-vous" in section
    assert "Aidez-vous les habitants" not in section


# Comments


def test_comment_is_kept_with_its_author(application, agent, reader, sign_in):
    client = sign_in(agent)
    client.post(PAGE, {"do": "comment", "text": " À voir avec Paul. "})

    assert list(Comment.objects.values_list("text", "author")) == [("À voir avec Paul.", agent.pk)]
    assert "1 commentaire" in client.get("/dossiers/01901/2027/questions/mediation/").text
    assert "À voir avec Paul." in sign_in(reader).get(PAGE).text


def test_comment_without_a_word_is_refused(application, agent, sign_in):
    assert sign_in(agent).post(PAGE, {"do": "comment", "text": "  "}).status_code == 400


def test_comment_once_submitted_is_refused(submitted, agent, now):
    with pytest.raises(NotNow):
        actions.comment(application=submitted, question_id="INC-01", text="Trop tard", by=agent, now=now)


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_posting_is_for_the_team_that_writes(application, who, request, sign_in):
    response = sign_in(request.getfixturevalue(who)).post(PAGE, {"do": "comment", "text": "Moi aussi"})

    assert response.status_code == {"reader": 403, "stranger": 404}[who]
    assert not Comment.objects.exists()


# A question asked by a link


def test_link_shows_the_question_alone(application, agent, link, client, now):
    actions.save_answer(
        application=application, question_id="INC-01", state=AnswerState.ANSWERED, value=True, seen=0, by=agent, now=now
    )

    text = client.get(link).text

    assert "Aidez-vous les habitants" in text
    assert "Qui répond" not in text
    # Nor what was answered already.
    assert 'value="v:true" checked' not in text


def test_reply_waits_until_a_member_takes_it_over(application, agent, enquiry, link, client, sign_in):
    assert "Merci" in client.post(link, {"seen": 0, "answer": "v:true", "words": "Chaque mardi."}).text
    assert not Answer.objects.exists()
    assert Mail.objects.filter(to=agent.email, key=f"enquiry:{enquiry.pk}:replied").count() == 1
    client = sign_in(agent)
    assert "Chaque mardi." in client.get(PAGE).text

    client.post(PAGE, {"do": "adopt", "enquiry": enquiry.pk, "seen": 0})

    assert list(Answer.objects.values_list("value", "author")) == [(True, agent.pk)]


@pytest.mark.parametrize("posted", [{"seen": "9" * 25}, {"seen": "0", "enquiry": "9" * 25}, {"seen": ""}])
def test_a_number_that_no_database_counts_with_is_no_fault(application, agent, enquiry, sign_in, now, posted):
    reply(enquiry, now)
    answer = sign_in(agent).post(PAGE, {"do": "adopt", "enquiry": enquiry.pk, **posted})
    assert answer.status_code == (404 if "enquiry" in posted else 400)


def test_reply_taken_over_an_unseen_answer_is_refused(application, enquiry, agent, signatory, now):
    reply(enquiry, now)
    actions.save_answer(
        application=application, question_id="INC-01", state=AnswerState.UNKNOWN, seen=0, by=signatory, now=now
    )
    enquiry.refresh_from_db()

    with pytest.raises(StaleAnswer):
        actions.adopt(enquiry=enquiry, seen=0, by=agent, now=now)


def test_link_serves_once(enquiry, link, client):
    client.post(link, {"seen": 0, "answer": "v:true"})

    again = client.post(link, {"seen": 0, "answer": "v:false"})

    assert (again.status_code, Enquiry.objects.get().value) == (409, True)


def test_link_cancelled_or_expired_shows_nothing(enquiry, link, agent, client, now):
    Enquiry.objects.update(expires_at=now)
    expired = client.get(link)
    Enquiry.objects.update(expires_at=now + timedelta(days=1))
    actions.cancel_enquiry(enquiry=enquiry, by=agent, now=now)
    cancelled = client.get(link)

    assert [page.status_code for page in (expired, cancelled)] == [409, 409]
    assert all("Aidez-vous les habitants" not in page.text for page in (expired, cancelled))


def test_link_with_another_secret_is_not_found(enquiry, client):
    assert client.get("/repondre/autre/").status_code == 404


def test_link_once_submitted_is_closed(ready, signatory, agent, client, now):
    actions.ask(application=ready, question_id="INC-03", email=EMAIL, by=agent, now=now)
    address = "/repondre/" + mail.whole(Mail.objects.get(to=EMAIL)).split("/repondre/")[1].split("\n")[0].strip()
    actions.submit(application=ready, by=signatory, now=now)

    assert client.get(address).status_code == 409


def test_reply_that_cannot_be_read_says_so_and_keeps_the_words(link, client):
    response = client.post(link, {"seen": 0, "words": "Je cherche."})

    assert response.status_code == 422
    assert "Je cherche." in response.text


@pytest.mark.parametrize("question", ["SER-03", "INI-01"])
def test_confidential_question_never_leaves_by_a_link(application, agent, now, question):
    with pytest.raises(Refused):
        actions.ask(application=application, question_id=question, email=EMAIL, by=agent, now=now)

    assert not Mail.objects.filter(to=EMAIL).exists()


def test_secret_is_kept_as_its_digest_and_hidden_from_the_organiser(enquiry, link):
    secret = link.split("/")[2]
    assert secret not in str(Enquiry.objects.values().get())
    assert secret not in Mail.objects.get(to=EMAIL).text


def test_link_sent_again_is_another_and_ends_the_former(client, enquiry, link):
    message = Mail.objects.get(to=EMAIL)
    Job.objects.filter(key=f"mail:{message.pk}").update(state=JobState.DONE, finished_at=timezone.now())
    assert mail.send_again(message)

    message.refresh_from_db()
    fresh = "/repondre/" + mail.whole(message).split("/repondre/")[1].split()[0]
    assert [client.get(address).status_code for address in (link, fresh)] == [404, 200]


def test_no_mail_leaves_for_a_question_taken_back(enquiry, agent, now):
    actions.cancel_enquiry(enquiry=enquiry, by=agent, now=now)

    assert mail.whole(Mail.objects.get(to=EMAIL)) is None


def test_link_lasts_two_weeks(enquiry, now):
    assert enquiry.expires_at == now + policies.ENQUIRY_LIFE == now + timedelta(days=14)


def test_all_that_is_done_together_leaves_a_trail(application, enquiry, agent, now):
    actions.assign(application=application, part="INC-01", person=agent, by=agent, now=now)
    actions.comment(application=application, question_id="INC-01", text="Bien.", by=agent, now=now)
    reply(enquiry, now)

    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs >= {"carer.set", "comment.added", "enquiry.sent", "enquiry.replied"}


def test_ask_with_a_wrong_address_is_refused(application, agent, sign_in):
    assert sign_in(agent).post(PAGE, {"do": "ask", "email": "mairie"}).status_code == 400


def test_a_reply_that_waits_is_among_what_is_left(application, agent, enquiry, sign_in, now):
    client = sign_in(agent)
    assert "une réponse à reprendre" not in client.get("/dossiers/01901/2027/").text

    reply(enquiry, now)

    assert "une réponse à reprendre" in client.get("/dossiers/01901/2027/").text


# Mails to a colleague


def told(person):
    """The mails of this sort that were written to somebody, once what is due is done."""
    for job in Job.objects.filter(kind="notices.tell", state=JobState.TODO):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        jobs.run(job.pk)
    return list(Mail.objects.filter(to=person.email, stop__contains="/compte/courriels/arreter/"))


def test_what_is_confided_is_told_once_in_one_mail(application, agent, signatory, now):
    for part in ("mediation", "INC-01"):
        actions.assign(application=application, part=part, person=agent, by=signatory, now=now)

    [mail] = told(agent)

    assert mail.text.count(f"{signatory} vous confie") == 2
    assert "/dossiers/01901/2027/" in mail.text
    assert Notice.objects.count() == 0
    assert told(agent) == [mail]


def test_a_comment_is_told_to_who_works_on_the_question_alone(application, agent, signatory, reader, now):
    actions.assign(application=application, part="mediation", person=agent, by=agent, now=now)
    actions.comment(application=application, question_id="INC-01", text="Je cherche.", by=agent, now=now)
    assert told(agent) == []

    actions.comment(application=application, question_id="INC-01", text="Voir la CAF.", by=signatory, now=now)

    [mail] = told(agent)
    assert f"{signatory} commente" in mail.text
    assert "CAF" not in mail.text
    assert told(signatory) == told(reader) == []


def test_once_a_day_is_one_mail_the_next_morning(application, agent, signatory, now):
    choose_pace(user=agent, pace=Pace.DAILY)
    evening = timezone.localtime(now).replace(hour=18, minute=30)
    for minutes, part in ((0, "INC-01"), (50, "INC-02")):
        at = evening + timedelta(minutes=minutes)
        actions.assign(application=application, part=part, person=agent, by=signatory, now=at)

    job = Job.objects.get(kind="notices.tell")
    assert timezone.localtime(job.due_at) == (evening + timedelta(days=1)).replace(
        hour=7, minute=0, second=0, microsecond=0
    )
    assert len(told(agent)) == 1


def test_one_click_stops_these_mails(application, agent, signatory, now):
    actions.assign(application=application, part="INC-01", person=agent, by=signatory, now=now)
    [mail] = told(agent)
    address = mail.stop.removeprefix(settings.SITE_URL)
    strict = Client(enforce_csrf_checks=True)

    assert "Ne plus recevoir" in strict.get(address).text
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200

    actions.assign(application=application, part="INC-02", person=agent, by=signatory, now=now)
    assert told(agent) == [mail]
    agent.refresh_from_db()
    assert agent.pace == Pace.NEVER
    strict.post(address, {"reprendre": "oui"})
    agent.refresh_from_db()
    assert agent.pace == Pace.DAILY


def test_who_left_the_team_is_not_told(application, agent, signatory, now):
    actions.assign(application=application, part="INC-01", person=agent, by=signatory, now=now)
    agent.memberships.all().delete()

    assert told(agent) == []
    assert Notice.objects.count() == 0
