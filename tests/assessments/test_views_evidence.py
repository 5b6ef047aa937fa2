import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.refusals import Refused
from assessments import actions
from assessments.models import Evidence, Initiative
from outbox.models import StoredFile
from tests.assessments.test_uploads import HOSTILE, LAUNCH, whole_pdf

PDF = whole_pdf()

pytestmark = pytest.mark.django_db

LIST = "/dossiers/01901/2027/preuves/"
ADD = f"{LIST}ajouter/?question=INC-01"


def upload(name="plan.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def piece(application, agent, now):
    return actions.add_evidence(
        application=application, title="Plan", upload=("plan é.pdf", PDF), questions=["INC-01"], by=agent, now=now
    )


def test_add_a_file_stores_it_under_its_cleaned_name(application, agent, sign_in):
    response = sign_in(agent).post(ADD, {"title": "", "upload": upload("../plan.pdf")})

    row = Evidence.objects.get()
    assert response.headers["Location"] == "/dossiers/01901/2027/questions/mediation/#INC-01"
    assert (row.title, row.file_name, row.public) == ("plan.pdf", "plan.pdf", False)
    assert row.file.content_type == "application/pdf"


def test_add_a_link_to_an_initiative_makes_it_proven(ready, agent, sign_in):
    row = Initiative.objects.get()

    response = sign_in(agent).post(f"{LIST}ajouter/?initiative={row.pk}", {"url": "a.example/page", "public": "on"})

    assert response.headers["Location"] == f"/dossiers/01901/2027/initiatives/{row.pk}/"
    assert Evidence.objects.get().public is True
    assert Evidence.objects.get().url == "https://a.example/page"


def test_add_to_a_confidential_question_is_never_public(application, agent, sign_in):
    sign_in(agent).post(f"{LIST}ajouter/?question=SER-03", {"url": "https://a.example/", "public": "on"})

    assert Evidence.objects.get().public is False


@pytest.mark.parametrize("data", [{}, {"url": "https://a.example/", "upload": "file"}, {"url": "javascript:alert(1)"}])
def test_add_neither_or_both_is_refused(application, agent, sign_in, data):
    if "upload" in data:
        data = data | {"upload": upload()}
    response = sign_in(agent).post(ADD, data)

    assert response.status_code == 422
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("case", ["HTML before a PDF", "zip bomb", "too large", "macro"])
def test_add_a_hostile_file_stores_nothing(application, agent, sign_in, case):
    response = sign_in(agent).post(ADD, {"upload": upload(*HOSTILE[case])})

    assert response.status_code == 422
    assert Evidence.objects.count() == StoredFile.objects.count() == 0


def test_add_a_file_that_acts_stores_nothing(application, agent, sign_in):
    response = sign_in(agent).post(ADD, {"upload": upload(content=whole_pdf(**{"/OpenAction": LAUNCH}))})

    assert response.status_code == 422
    assert "Ce PDF contient du code" in response.content.decode()
    assert Evidence.objects.count() == StoredFile.objects.count() == 0


@pytest.mark.parametrize("target", ["", "?question=XXX", "?initiative=9", "?initiative=x", f"?initiative={'9' * 30}"])
def test_add_to_nothing_is_not_found(application, agent, sign_in, target):
    assert sign_in(agent).get(f"{LIST}ajouter/{target}").status_code == 404


def test_add_by_a_reader_is_forbidden(application, reader, sign_in):
    assert sign_in(reader).post(ADD, {"url": "https://a.example/"}).status_code == 403


def test_add_once_submitted_is_refused(submitted, agent, sign_in):
    assert sign_in(agent).post(ADD, {"url": "https://a.example/"}).status_code == 409


def test_download_is_an_attachment_that_cannot_run(piece, reader, sign_in):
    response = sign_in(reader).get(f"{LIST}{piece.pk}/")

    assert response.getvalue() == PDF
    response.close()
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''plan%20%C3%A9.pdf"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"


def test_download_of_another_file_is_not_found(piece, edition, beaupre, stranger, sign_in, now):
    actions.start(edition=edition, territory=beaupre, by=stranger, now=now)

    assert sign_in(stranger).get(f"/dossiers/01902/2027/preuves/{piece.pk}/").status_code == 404
    assert sign_in(stranger).post(f"/dossiers/01902/2027/preuves/{piece.pk}/retirer/").status_code == 404


def test_removed_piece_cannot_be_downloaded(piece, agent, sign_in):
    client = sign_in(agent)
    for _ in range(2):
        assert client.post(f"{LIST}{piece.pk}/retirer/").status_code == 302

    assert client.get(f"{LIST}{piece.pk}/").status_code == 404
    assert "Aucune preuve" in client.get(LIST).text
    assert Evidence.objects.count() == 1


def test_list_names_what_is_proved(piece, agent, sign_in):
    text = sign_in(agent).get(LIST).text

    assert "Aidez-vous les habitants" in text
    assert piece.file.sha256[:12] in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_uses_the_same_queries(application, agent, sign_in, now, count, django_assert_num_queries):
    for number in range(count):
        url = f"https://a.example/{number}"
        actions.add_evidence(application=application, title="A", url=url, questions=["INC-01"], by=agent, now=now)
    client = sign_in(agent)
    client.get(LIST)

    with django_assert_num_queries(10):
        client.get(LIST)


def uses(row):
    return sorted(row.uses.values_list("question_id", flat=True))


def test_a_piece_proves_another_question_without_being_sent_again(piece, agent, sign_in):
    client = sign_in(agent)

    client.post(f"{LIST}ajouter/?question=SER-01", {"existing": piece.pk})
    again = client.post(f"{LIST}ajouter/?question=SER-01", {"existing": piece.pk})

    assert uses(piece) == ["INC-01", "SER-01"]
    assert again.status_code == 422
    assert Evidence.objects.count() == 1


def test_a_public_piece_used_for_a_confidential_question_is_public_no_more(piece, agent, sign_in):
    Evidence.objects.update(public=True)

    sign_in(agent).post(f"{LIST}ajouter/?question=SER-03", {"existing": piece.pk})

    piece.refresh_from_db()
    assert piece.public is False


def test_a_piece_of_another_file_cannot_be_used(piece, edition, beaupre, stranger, sign_in, now):
    actions.start(edition=edition, territory=beaupre, by=stranger, now=now)

    response = sign_in(stranger).post("/dossiers/01902/2027/preuves/ajouter/?question=SER-01", {"existing": piece.pk})

    assert response.status_code == 422
    assert uses(piece) == ["INC-01"]


def test_a_replaced_piece_leaves_its_place_and_stays_in_the_history(piece, application, agent, sign_in, now):
    actions.reuse_evidence(evidence=piece, question_id="SER-01", by=agent, now=now)
    client = sign_in(agent)

    client.post(f"{LIST}{piece.pk}/remplacer/", {"title": "Plan 2027", "url": "https://a.example/plan"})

    new = Evidence.objects.get(removed_at=None)
    piece.refresh_from_db()
    assert (new.replaces, uses(new), new.title) == (piece, ["INC-01", "SER-01"], "Plan 2027")
    assert piece.file is not None
    assert "Remplace « Plan »" in client.get(LIST).text
    assert client.get(f"{LIST}{piece.pk}/").status_code == 404


def test_a_hostile_file_replaces_nothing(piece, agent, sign_in):
    response = sign_in(agent).post(f"{LIST}{piece.pk}/remplacer/", {"upload": upload(content=b"<html>")})

    piece.refresh_from_db()
    assert response.status_code == 422
    assert piece.removed_at is None


def test_a_piece_is_replaced_once(piece, application, agent, now):
    piece.application = application
    actions.replace_evidence(evidence=piece, title="", url="https://a.example/1", by=agent, now=now)
    piece.refresh_from_db()

    with pytest.raises(Refused):
        actions.replace_evidence(evidence=piece, title="", url="https://a.example/2", by=agent, now=now)
