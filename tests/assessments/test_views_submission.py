import re
from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Membership
from assessments import actions, queries
from assessments.doors import scorecards
from assessments.enums import State
from assessments.jobs import receipts
from assessments.models import Scorecard
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Mail
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
READING = f"{FILE}relecture/"


def test_submit_by_who_signs_locks_the_file(ready, signatory, sign_in):
    response = sign_in(signatory).post(f"{FILE}depot/", {"statement": "yes"})

    ready.refresh_from_db()
    assert response.headers["Location"] == f"{FILE}accuse/"
    assert (ready.state, ready.submitted_by) == (State.SUBMITTED, signatory)
    assert AuditEntry.objects.filter(verb="application.submitted").count() == 1


def test_submit_without_the_statement_is_refused(ready, signatory, sign_in):
    assert sign_in(signatory).post(f"{FILE}depot/", {}).status_code == 400

    ready.refresh_from_db()
    assert ready.state == State.DRAFT


@pytest.mark.parametrize("person", ["agent", "reader"])
def test_submit_by_who_does_not_sign_is_forbidden(request, ready, sign_in, person):
    response = sign_in(request.getfixturevalue(person)).post(f"{FILE}depot/", {"statement": "yes"})

    assert response.status_code == 403


def test_submit_by_a_stranger_is_not_found(ready, stranger, sign_in):
    assert sign_in(stranger).post(f"{FILE}depot/", {"statement": "yes"}).status_code == 404


def test_submit_incomplete_is_refused(application, signatory, sign_in):
    assert sign_in(signatory).post(f"{FILE}depot/", {"statement": "yes"}).status_code == 409


def test_submit_twice_is_refused(submitted, signatory, sign_in):
    response = sign_in(signatory).post(f"{FILE}depot/", {"statement": "yes"})

    assert response.status_code == 409
    assert Scorecard.objects.count() == 1


def test_page_lists_what_is_missing_with_links(application, signatory, sign_in):
    text = sign_in(signatory).get(f"{FILE}depot/").text

    assert f"{FILE}questions/express/#INC-01" in text
    assert "Avez-vous un site internet" in text
    assert "Déposer la candidature</button>" not in text


def test_page_of_a_complete_file_offers_the_signature(ready, signatory, sign_in):
    assert "Déposer la candidature</button>" in sign_in(signatory).get(f"{FILE}depot/").text


def test_page_of_a_complete_file_tells_an_agent_who_signs(ready, agent, signatory, sign_in):
    text = sign_in(agent).get(f"{FILE}depot/").text

    assert "Qui peut signer" in text
    assert "Simon" in text
    assert "Déposer la candidature</button>" not in text


def test_page_after_closing_says_too_late(ready, signatory, sign_in, now):
    actions.close_now(edition=ready.edition, by=signatory, now=now)

    assert "ne peut pas être déposé" in sign_in(signatory).get(f"{FILE}depot/").text


def test_receipt_is_made_once_stored_and_sent(submitted, agent, reader, sign_in):
    job = Job.objects.get(kind="receipt.make")

    jobs.run(job.pk)
    jobs.run(job.pk)

    stored = submitted.scorecards.get().receipt
    paper = files.read(stored)
    assert paper.startswith(b"%PDF-")
    assert b"/ByteRange" in paper
    assert sorted(Mail.objects.values_list("to", flat=True)) == [
        "agnes@aubaine.example",
        "rita@aubaine.example",
        "simon@aubaine.example",
    ]
    assert Mail.objects.first().files.get().file == stored
    response = sign_in(agent).get(f"{FILE}accuse.pdf")
    response.close()
    assert response.headers["Content-Disposition"] == 'attachment; filename="accuse-de-depot-01901-2027.pdf"'


def test_receipt_before_the_paper_says_it_is_coming(submitted, agent, sign_in):
    text = sign_in(agent).get(f"{FILE}accuse/").text

    assert submitted.scorecards.get().input_hash in text
    assert "en préparation" in text
    assert sign_in(agent).get(f"{FILE}accuse.pdf").status_code == 404


def test_receipt_fragment_is_small(submitted, agent, sign_in):
    response = sign_in(agent).get(f"{FILE}accuse/", headers={"HX-Request": "true"})

    assert response.text.strip().startswith('<div id="paper"')


def test_receipt_before_the_submission_is_not_found(ready, agent, sign_in):
    assert sign_in(agent).get(f"{FILE}accuse/").status_code == 404


def test_receipt_of_the_same_scorecard_has_the_same_bytes(submitted):
    from documents import receipt

    told = receipts.data(submitted.scorecards.get(), Job.objects.get(kind="receipt.make").payload)
    assert receipt.render(told) == receipt.render(told)


def test_receipt_tells_what_was_submitted_whatever_is_written_before_it_is_made(submitted, signatory):
    card, job = submitted.scorecards.get(), Job.objects.get(kind="receipt.make")
    before = receipts.data(card, job.payload)
    submitted.answers.all().delete()
    submitted.initiatives.all().delete()

    assert receipts.data(card, job.payload) == before
    assert (before.answers > 0, before.submitted_by_name) == (True, signatory.name)


def test_trace_rows_sum_to_the_totals_shown(ready, agent, sign_in):
    text = sign_in(agent).get(f"{FILE}score/").text
    result = scorecards.live(ready)

    for axis, (earned, possible) in result.axes.items():
        section = text[text.index(f'<section id="{axis}"') :]
        section = section[: section.index("</section>")]
        rows = re.findall(r'<td class="num"[^>]*>([\d,]+) sur ([\d,]+)</td>', section)
        (totals,) = re.findall(r"<strong>([\d,]+) sur ([\d,]+)</strong>", section)
        sums = [sum(map(number, column)) for column in zip(*rows, strict=True)]
        assert sums == [*map(number, totals)] == [earned / 100, possible / 100]


def number(written):
    return float(written.replace(",", "."))


def test_trace_says_why_each_question_counts(ready, agent, sign_in):
    text = sign_in(agent).get(f"{FILE}score/").text

    assert "Posée parce que vous avez un site internet" in text
    assert "Ne vous concerne pas, parce que la population est de moins de" in text
    assert "Sans preuve\u202f: 50\u202f% des points" in text
    assert 'href="https://www.legifrance.gouv.fr/"' in text
    assert scorecards.live(ready).input_hash in text


def test_trace_of_an_empty_file_works(application, agent, sign_in):
    assert sign_in(agent).get(f"{FILE}score/").status_code == 200


def test_the_person_who_will_sign_is_invited_by_one_address(ready, agent, sign_in, signatory):
    Membership.objects.filter(user=signatory).delete()
    client = sign_in(agent)
    page = "/dossiers/01901/2027/depot/"
    assert "Inviter à signer" in client.get(page).text

    response = client.post(f"{page}signataire/", {"email": "maire@aubaine.example"}, follow=True)

    assert "maire@aubaine.example a une invitation à relire et à signer" in response.text
    assert "Inviter à signer" not in response.text


def test_an_address_that_is_none_is_said_so(ready, agent, sign_in, signatory):
    Membership.objects.filter(user=signatory).delete()

    response = sign_in(agent).post("/dossiers/01901/2027/depot/signataire/", {"email": "maire"}, follow=True)

    assert "Donnez l’adresse électronique de la personne qui signera." in response.text


def test_whole_file_shows_answers_initiatives_and_proofs_in_words(ready, agent, sign_in, now):
    actions.add_evidence(
        application=ready,
        title="Le planning",
        url="https://aubaine.example/planning",
        questions=["INC-01"],
        by=agent,
        now=now,
    )
    text = sign_in(agent).get(READING).text

    assert "Un agent" in text
    assert "Je ne sais pas" in text
    assert "Permanences numériques" in text
    assert "Chaque mardi, une conseillère" in text
    assert "Le planning" in text
    assert "Sans réponse" in text
    assert "Combien de bornes" not in text


def test_whole_file_can_be_read_empty_and_after_the_submission(application, ready, signatory, sign_in, now):
    client = sign_in(signatory)
    assert client.get(READING).status_code == 200
    actions.submit(application=ready, by=signatory, now=now)

    assert "Permanences numériques" in client.get(READING).text
    assert READING in client.get(f"{FILE}accuse/").text


def test_whole_empty_file_is_a_page(application, reader, sign_in):
    assert "Aucune initiative n’est décrite." in sign_in(reader).get(READING).text


def test_what_changed_since_the_last_reading_is_told_before_the_deposit(ready, agent, signatory, sign_in, now):
    client = sign_in(signatory)
    seen = client.get(READING).context["now"]
    actions.save_answer(
        application=ready, question_id="SER-03", state="unknown", seen=0, by=agent, now=seen + timedelta(seconds=1)
    )
    response = client.post(READING, {"seen": seen.isoformat()}, follow=True)

    assert response.redirect_chain == [(f"{FILE}depot/", 302)]
    since = response.text.split("Ce que vos collègues ont changé depuis")[1].split("</section>")[0]
    assert "Vos sauvegardes sont-elles essayées" in since
    assert "Qui répond" not in since


def test_what_did_not_change_since_the_last_reading_is_said(ready, signatory, sign_in):
    client = sign_in(signatory)
    seen = client.get(READING).context["now"].isoformat()

    assert "Vos collègues n’y ont rien changé depuis." in client.post(READING, {"seen": seen}, follow=True).text


def test_reading_is_noted_once_for_each_person(ready, agent, signatory, now):
    for moment in (now, now + timedelta(hours=1)):
        actions.mark_read(application=ready, seen=moment, by=signatory, now=moment)

    assert queries.last_reading(ready, user=signatory) == now + timedelta(hours=1)
    assert queries.last_reading(ready, user=agent) is None


def test_reading_of_tomorrow_is_of_today(ready, signatory, now):
    actions.mark_read(application=ready, seen=now + timedelta(days=1), by=signatory, now=now)

    assert queries.last_reading(ready, user=signatory) == now


@pytest.mark.parametrize("seen", ["", "hier", "2027-13-45T00:00:00+00:00", "2027-01-01T00:00:00", "9" * 5000])
def test_reading_at_no_moment_is_refused(ready, signatory, sign_in, seen):
    assert sign_in(signatory).post(READING, {"seen": seen}).status_code == 400


def test_page_of_a_file_that_may_be_submitted_says_so_and_what_more_would_bring(ready, signatory, sign_in):
    text = sign_in(signatory).get(f"{FILE}depot/").text

    assert "Vous pouvez déjà déposer." in text
    assert "Quels publics aidez-vous" in text


def test_page_of_an_incomplete_file_does_not_say_that_it_may_be_submitted(application, signatory, sign_in):
    assert "Vous pouvez déjà déposer" not in sign_in(signatory).get(f"{FILE}depot/").text


@pytest.mark.parametrize(("who", "page"), [("signatory", "relecture/"), ("agent", "")])
def test_who_comes_to_sign_arrives_at_the_whole_file(application, sign_in, request, who, page):
    answer = sign_in(request.getfixturevalue(who)).get("/depart/?collectivite=01901")

    assert answer.url == f"/dossiers/01901/2027/{page}"


def test_a_stranger_is_led_to_no_file(application, stranger, sign_in):
    assert sign_in(stranger).get("/depart/?collectivite=01901").url == "/dossiers/"


def test_who_never_asked_for_anything_is_led_to_join(db, sign_in):
    assert sign_in(make_user("Nina", "agent")).get("/depart/").url == "/compte/rattachement/"


def test_the_whole_file_ends_with_the_deposit_for_who_signs(ready, signatory, agent, sign_in):
    page = "/dossiers/01901/2027/relecture/"

    assert 'name="statement"' in sign_in(signatory).get(page).text
    assert 'name="statement"' not in sign_in(agent).get(page).text


def test_what_is_submitted_offers_no_more_points(ready, signatory, sign_in):
    client = sign_in(signatory)
    before = client.get(FILE).text
    client.post(f"{FILE}depot/", {"statement": "yes"})

    after = client.get(FILE).text

    offers = ("Ce qui compte le plus", "Vers le niveau suivant", "Votre score aujourd’hui", "il manque")
    assert [words in before for words in offers[:3]] == [True, True, True]
    assert [words for words in offers if words in after] == []
    assert "Votre score déclaré" in after
    assert "heure de Paris" in after
