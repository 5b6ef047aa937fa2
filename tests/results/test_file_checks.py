import json
import time
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments import actions as applications
from assessments import queries
from assessments.doors import scorecards
from assessments.enums import ScorecardKind, State
from assessments.jobs import receipts
from documents import certificate
from jury import actions as jury_actions
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, StoredFile
from results import actions
from results.doors.throttles import FileThrottle
from results.jobs import certificates, file_checks
from results.models import Credential, FileCheck, Paper, Report
from results.queries import Line
from results.rules import numbers
from tests.documents.samples import CERTIFICATE
from tests.documents.test_verify import flipped, replace_page, updated
from tests.results.test_publication import uphold

pytestmark = pytest.mark.django_db

FILES = {"receipt": "receipt", "minutes": "file"}
AUTHENTIC = {"receipt": "Accusé de dépôt authentique</h1>", "minutes": "Procès-verbal authentique</h1>"}


@pytest.fixture
def paper(published, run_jobs):
    """The file that the commune downloads."""
    run_jobs("certificate.make")
    published.certificate.refresh_from_db()
    return files.read(published.certificate.file)


@pytest.fixture
def report(published, run_jobs):
    run_jobs("report.make")
    return files.read(Report.objects.get().file)


@pytest.fixture
def credential(published, run_jobs):
    """Its three forms, by kind."""
    run_jobs("credential.issue")
    made = Credential.objects.get()
    return {kind: files.read(getattr(made, kind)) for kind in ("json", "png", "svg")}


@pytest.fixture
def receipt(make_file, aubaine, run_jobs):
    """Of a file that nobody may know to be one: nothing is announced. The declared scorecard that has it."""
    card = make_file(aubaine, state=State.SUBMITTED).scorecards.get()
    sheet = queries.sheet(card.application)
    told = receipts.payload(card, sheet)
    receipts.make.schedule(**told)
    run_jobs("receipt.make")
    card.refresh_from_db()
    return card


@pytest.fixture
def minutes(make_file, aubaine, chair, run_jobs, now):
    """Of the one decision on a file, signed before the announcement."""
    make_file(aubaine)
    chair.declared_at = now
    chair.save(update_fields=["declared_at"])
    row = jury_actions.sign_minutes(
        by=chair, held_on=timezone.localdate(now), place="Lyon", present=[chair], statement=True, now=now
    )
    run_jobs("minutes.make")
    row.refresh_from_db()
    return row


@pytest.fixture(params=["receipt", "minutes"])
def kept(request):
    """A paper for its readers alone: its file and what the register says of it."""
    row = request.getfixturevalue(request.param)
    return files.read(getattr(row, FILES[request.param])), Line(Paper(request.param), **{request.param: row})


@pytest.fixture
def send(client):
    """`send(content)`: the answer of the form."""

    def _send(content, **headers):
        upload = SimpleUploadedFile("attestation.pdf", content, content_type="application/pdf")
        return client.post("/verifier/", {"fichier": upload}, headers=headers)

    return _send


@pytest.fixture
def ask(client, send, run_jobs):
    """`ask(content)`: the page of the answer, once the worker has read the file."""

    def _ask(content):
        address = send(content)["Location"]
        run_jobs("file.check")
        return client.get(address).content.decode()

    return _ask


def test_form_asks_for_a_file_without_a_cookie(client, db):
    page = client.get("/verifier/")

    assert 'type="file"' in page.content.decode()
    assert not page.cookies


def test_registered_file_is_answered_at_once(client, send, paper):
    page = client.get(send(paper)["Location"]).content.decode()

    assert "Fichier authentique, attestation en vigueur" in page
    assert "Aubaine" in page
    assert not Job.objects.filter(kind="file.check").exists()
    assert FileCheck.objects.get().upload is None


def test_other_file_waits_for_a_worker(client, send, paper):
    page = client.get(send(paper + b"\n")["Location"])

    assert "Vérification en cours" in page.content.decode()
    assert set(page["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_one_bit_flipped_is_told(ask, paper, published):
    page = ask(flipped(paper, paper.index(b"/MediaBox") + 12))

    assert "Fichier modifié" in page
    assert published.certificate.number in page


def test_page_replaced_by_an_update_is_told(ask, paper):
    assert "Fichier modifié" in ask(updated(paper, replace_page))


def test_copy_that_the_seal_alone_proves_is_authentic(ask, paper, published):
    again = certificates.seal(published.certificate).pdf

    assert again != paper
    assert "Fichier authentique, attestation en vigueur" in ask(again)


def test_withdrawn_paper_says_why(ask, paper, published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)

    page = ask(paper)

    assert "Fichier authentique, mais attestation retirée" in page
    assert "Fausse déclaration." in page


def test_replaced_paper_leads_to_the_new_one(ask, paper, published, signatory, chair):
    jobs.run(uphold(published.application, signatory, chair).pk)

    page = ask(paper)

    published.refresh_from_db()
    assert "Fichier authentique, mais attestation remplacée" in page
    assert published.replaced_by.certificate.number in page


@pytest.mark.parametrize("content", [b"bonjour", b"%PDF-1.7\n", certificate.render(CERTIFICATE)])
def test_foreign_file_is_unknown(ask, published, content):
    assert "Fichier inconnu" in ask(content)


def test_registered_report_is_answered_at_once(client, send, report):
    page = client.get(send(report)["Location"]).content.decode()

    assert "Fichier authentique, attestation en vigueur" in page
    assert "C’est bien le rapport d’évaluation" in page


def test_withdrawn_report_says_why(client, send, report, published, organiser, now):
    actions.withdraw(result=published, reason="Fausse déclaration.", by=organiser, now=now)
    page = client.get(send(report)["Location"]).content.decode()

    assert "Fichier authentique, mais attestation retirée" in page
    assert "Fausse déclaration." in page


def test_report_that_the_seal_alone_proves_is_authentic(report, published):
    Report.objects.update(content=None, file=None, made_at=None)

    assert file_checks.examine(report, now=timezone.now()) == ("authentic", Line(certificate=published.certificate))


def test_altered_reports_are_told(report, published):
    changed = [flipped(report, report.index(b"/MediaBox") + 12), updated(report, replace_page)]

    found = [file_checks.examine(content, now=timezone.now()) for content in changed]
    assert found == [("altered", Line(certificate=published.certificate))] * 2


def test_kept_paper_is_answered_at_once_to_who_holds_it(client, send, kept):
    content, line = kept
    page = client.get(send(content)["Location"]).content.decode()

    assert AUTHENTIC[line.paper] in page
    assert not Job.objects.filter(kind="file.check").exists()


def test_kept_paper_that_the_seal_alone_proves_is_authentic(kept):
    content, line = kept
    row = line.receipt or line.minutes
    type(row).objects.filter(pk=row.pk).update(**{FILES[line.paper]: None})

    assert file_checks.examine(content, now=timezone.now()) == ("authentic", line)


def test_altered_kept_papers_are_told_without_whose_they_are(kept):
    content, line = kept
    changed = [flipped(content, content.index(b"/MediaBox") + 12), updated(content, replace_page)]

    found = [file_checks.examine(each, now=timezone.now()) for each in changed]
    assert found == [("altered", Line(line.paper))] * 2


def test_kept_paper_is_claimed_in_our_words_alone(kept):
    """Another row in the same words: a file made by somebody who knows no receipt of it learns nothing."""
    content, line = kept
    row = line.receipt or line.minutes
    colon = rb"\072"  # as the toolkit writes it
    said = [line.paper.encode() + colon + str(pk).encode() + colon for pk in (row.pk, row.pk + 1)]
    guessed = content.replace(*said)

    assert guessed != content
    assert file_checks.examine(guessed, now=timezone.now()) == ("unknown", Line())


def test_page_of_an_altered_receipt_names_nobody(ask, receipt):
    page = ask(flipped(files.read(receipt.receipt), 700))

    assert "Fichier modifié" in page
    assert "(accusé de dépôt)" in page
    assert "Aubaine" not in page


def test_receipt_is_replaced_by_the_next_submission(client, send, receipt, now):
    scorecards.freeze(application=receipt.application, kind=ScorecardKind.DECLARED, now=now)

    page = client.get(send(files.read(receipt.receipt))["Location"]).content.decode()

    assert "Accusé de dépôt authentique, mais remplacé" in page


def test_receipt_of_a_withdrawn_candidature_says_so(client, receipt, now):
    applications.move(application=receipt.application, to=State.WITHDRAWN, by=None, now=now)

    told = upload(client, files.read(receipt.receipt)).json()["receipt"]

    assert (told["status"], told["name"]) == ("withdrawn", "Aubaine")
    assert told["since"]


def test_minutes_are_replaced_when_a_decision_was_reopened(client, send, minutes, now):
    minutes.decisions.update(reopened_at=now)
    content = files.read(minutes.file)

    assert "Procès-verbal authentique, mais remplacé en partie" in client.get(send(content)["Location"]).text
    told = upload(client, content).json()["minutes"]
    assert (told["status"], told["held_on"]) == ("replaced", str(minutes.held_on))


def test_registered_credential_is_answered_at_once(client, send, credential):
    pages = [client.get(send(content)["Location"]).content.decode() for content in credential.values()]

    assert [page for page in pages if "C’est bien le justificatif numérique" not in page] == []


def test_credential_that_a_wallet_wrote_again_is_authentic(credential, published):
    again = json.dumps(json.loads(credential["json"]), sort_keys=True).encode()

    assert again != credential["json"]
    line = Line(Paper.CREDENTIAL, published.certificate)
    assert file_checks.examine(again, now=timezone.now()) == ("authentic", line)


def test_altered_credentials_are_told(credential, published):
    """A field, a field said twice, a picture over an intact credential, a credential inside an intact picture."""
    said, png, svg = credential["json"], credential["png"], credential["svg"]
    more = "3\u00a0arobases".encode(), "5\u00a0arobases".encode()
    changed = {
        "field": said.replace(*more),
        "twice": said.replace(b'"proof"', b'"name": "5", "proof"', 1),
        "cut": said[:-40],
        "picture": flipped(png, png.index(b"IDAT") + 40),
        "text": png.replace(*more),
        "drawing": svg.replace(b"<path ", b"<path opacity='0' ", 1),
        "element": svg.replace(*more),
    }

    assert [name for name, content in changed.items() if content in credential.values()] == []
    told = {name: file_checks.examine(content, now=timezone.now()) for name, content in changed.items()}
    assert told == dict.fromkeys(changed, ("altered", Line(Paper.CREDENTIAL, published.certificate)))


def test_credential_of_a_stranger_is_unknown(credential, published):
    number = published.certificate.number
    foreign = credential["json"].replace(number.encode(), numbers.new(year=2027).encode())

    assert file_checks.examine(foreign, now=timezone.now()) == ("unknown", Line())


def test_paper_is_unknown_before_the_announcement(ask, paper, credential, edition, now):
    edition.results_at = now + timedelta(days=1)
    edition.save(update_fields=["results_at"])

    assert "Fichier inconnu" in ask(paper)
    assert "Fichier inconnu" in ask(paper + b"\n")
    assert "Fichier inconnu" in ask(credential["json"])
    assert "Fichier inconnu" in ask(credential["json"] + b"\n")


def test_file_is_deleted_with_the_answer(ask, published):
    ask(b"%PDF-1.7 something of mine")

    check = FileCheck.objects.get()
    assert (check.answer, check.upload) == ("unknown", None)
    assert not StoredFile.objects.exists()


def test_file_that_takes_too_long_is_unknown(published, monkeypatch):
    monkeypatch.setattr(file_checks, "LONGEST", 0.01)
    monkeypatch.setattr("documents.verify.verify", lambda *_args, **_rest: time.sleep(60))

    assert file_checks.examine(b"%PDF-1.7", now=timezone.now()) == ("unknown", Line())


def test_file_that_unfolds_without_end_is_altered(paper):
    bomb = zlib.compress(bytes(100 * 1024 * 1024), 9)
    head = b"\n999 0 obj\n<</Type/XRef/Size 1/W[1 1 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(bomb)
    hostile = paper + head + bomb + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % (len(paper) + 1)

    assert file_checks.examine(hostile, now=timezone.now())[0] == "altered"


def test_fragment_asks_again_then_reloads_the_page(client, send, published, run_jobs):
    address = send(b"%PDF-1.7\n")["Location"]
    waiting = client.get(address, headers={"HX-Request": "true"})
    run_jobs("file.check")
    done = client.get(address, headers={"HX-Request": "true"})

    assert "<html" not in waiting.content.decode()
    assert done["HX-Refresh"] == "true"


def test_answer_has_an_address_that_nobody_guesses(client, send, paper):
    assert len(FileCheck.objects.get(token=send(paper)["Location"].split("/")[-2]).token) == 32
    assert client.get("/verifier/fichier/1/").status_code == 404


def test_form_without_a_file_says_so(client, db):
    page = client.post("/verifier/")

    assert page.status_code == 422
    assert "Choisissez un fichier." in page.content.decode()


def test_large_file_is_refused_before_it_is_read(send, published, settings):
    settings.CHECKED_FILE_MAX_BYTES = 1000

    page = send(bytes(1001))

    assert (page.status_code, "dépasse 5 Mo" in page.content.decode()) == (400, True)
    assert not FileCheck.objects.exists()


def test_files_are_limited_for_each_address(send, published, monkeypatch):
    monkeypatch.setattr(FileThrottle, "rate", "1/min")

    assert [send(b"a").status_code, send(b"b").status_code] == [302, 429]


def test_answers_are_forgotten_after_an_hour(send, published, now):
    send(b"%PDF-1.7\n")
    FileCheck.objects.update(asked_at=now - timedelta(minutes=61))
    send(b"%PDF-1.7\n")

    assert actions.forget_checks(now=now) == 1
    assert FileCheck.objects.count() == Job.objects.filter(kind="file.check").count() == 1


def upload(client, content):
    return client.post("/api/v1/checks/", {"file": BytesIO(content)})


def test_api_answers_a_registered_file(client, paper, published):
    answer = upload(client, paper)

    assert answer.status_code == 201
    assert (answer.json()["answer"], answer.json()["paper"]) == ("authentic", "certificate")
    assert answer.json()["certificate"]["number"] == published.certificate.number
    assert answer.json()["certificate"]["status"] == "in_force"


def test_api_answers_an_altered_file_later(client, paper, run_jobs):
    pending = upload(client, paper + b"\n").json()
    run_jobs("file.check")
    answer = client.get(pending["url"]).json()

    assert (pending["answer"], pending["certificate"]) == ("pending", None)
    assert (answer["answer"], answer["certificate"]["name"]) == ("altered", "Aubaine")


def test_api_refuses_in_the_same_words(client, db, settings):
    settings.CHECKED_FILE_MAX_BYTES = 10

    answer = upload(client, bytes(11))

    assert answer.status_code == 400
    assert "dépasse 5 Mo" in answer.json()["detail"]


def test_api_without_a_file_says_so(client, db):
    assert list(client.post("/api/v1/checks/", {"a": "b"}).json()["errors"]) == ["file"]
