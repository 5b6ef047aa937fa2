import re

import pytest

from accounts.models import AuditEntry, Membership
from assessments import actions
from assessments.doors import scorecards
from assessments.enums import State
from assessments.jobs import receipts
from assessments.models import Scorecard
from outbox import files, jobs
from outbox.models import Job, Mail

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"


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
