"""The whole file as one PDF, before the deposit and beside the receipt after it."""

import pypdfium2
import pytest
from django.utils import timezone

from assessments import actions
from assessments.doors.reading import paragraphs
from assessments.models import Dossier
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, StoredFile
from tests import season

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"


def work():
    for job in Job.objects.filter(kind="dossier.make", state="todo"):
        jobs.run(job.pk)
    season.work("file.erase")


def text(content):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def ask(client):
    return client.post(f"{FILE}relecture/pdf/")


def test_who_reads_asks_for_it_and_downloads_it(ready, agent, sign_in):
    client = sign_in(agent)
    assert "Préparer le PDF" in client.get(f"{FILE}relecture/").text
    assert ask(client).headers["Location"] == f"{FILE}relecture/#pdf"
    assert "en préparation" in client.get(f"{FILE}relecture/").text

    work()

    assert f"{FILE}dossier.pdf" in client.get(f"{FILE}relecture/").text
    response = client.get(f"{FILE}dossier.pdf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="dossier-01901-2027.pdf"'
    said = text(b"".join(response.streaming_content))
    assert "Aidez-vous les habitants ?" in said
    assert "Permanences numériques" in said


def test_it_is_asked_for_again_when_the_file_changed(ready, agent, sign_in, now):
    client = sign_in(agent)
    ask(client)
    work()
    first = Dossier.objects.get().file

    actions.save_answer(
        application=ready, question_id="SER-01", seen=1, value="personne", state="answered", by=agent, now=now
    )
    assert client.get(f"{FILE}dossier.pdf").status_code == 404
    ask(client)
    work()

    assert "Personne" in text(files.read(Dossier.objects.get().file))
    assert not StoredFile.objects.filter(pk=first.pk).exists()


def test_asking_twice_makes_one(ready, agent, sign_in):
    client = sign_in(agent)
    for _time in range(2):
        ask(client)

    assert Job.objects.filter(kind="dossier.make").count() == 1


def test_it_stands_beside_the_receipt_with_the_same_fingerprint(submitted, agent, sign_in):
    work()

    page = sign_in(agent).get(f"{FILE}accuse/").text
    row = Dossier.objects.get()
    assert f"{FILE}dossier.pdf" in page
    assert (row.round, row.digest) == (1, submitted.scorecards.get().fingerprint)
    said = text(files.read(row.file)).replace(" ", "").replace("\u202f", "")
    assert row.digest in said
    assert "Déposéle" in said


def test_a_file_that_was_never_submitted_says_so(ready, agent, sign_in):
    ask(sign_in(agent))
    work()

    assert "En préparation" in text(files.read(Dossier.objects.get().file))


def test_a_file_submitted_while_its_paper_was_waited_for_has_the_paper_of_the_deposit(ready, agent, signatory, sign_in):
    ask(sign_in(agent))
    actions.submit(application=ready, by=signatory, now=timezone.now())
    work()

    assert [row.round for row in Dossier.objects.all()] == [1]


def test_a_stranger_finds_none(submitted, stranger, sign_in):
    client = sign_in(stranger)
    assert client.get(f"{FILE}dossier.pdf").status_code == 404
    assert ask(client).status_code == 404


def test_what_htmx_gets_is_no_page(ready, agent, sign_in):
    client = sign_in(agent)
    said = client.post(f"{FILE}relecture/pdf/", headers={"HX-Request": "true"}).text
    assert "en préparation" in said
    assert "<html" not in said


def test_paragraphs_are_said_without_their_marks():
    written = "Le **mardi**, voir [la page](https://a.example/).\n\n- un\n- *deux*\nlignes\n\n```\ncode\n```"
    assert paragraphs(written) == ["Le mardi, voir la page (https://a.example/).", "– un", "– deux lignes", "code"]
