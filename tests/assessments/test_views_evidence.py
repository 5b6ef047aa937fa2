import hashlib
import io

import pikepdf
import pillow_heif
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.refusals import Refused
from assessments import actions
from assessments.models import Evidence, Initiative
from documents import pages
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, StoredFile
from tests import season
from tests.assessments.test_uploads import HOSTILE, LAUNCH, whole_pdf
from tests.documents.test_pages import picture as drawing

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


@pytest.mark.parametrize("url", ["https://moi:secret@a.example/", "https://a.example:99999/", "http://127.0.0.1/"])
def test_an_address_that_nobody_else_opens_is_refused_as_it_is_typed(application, agent, sign_in, url):
    response = sign_in(agent).post(f"{LIST}ajouter/?question=SER-03", {"url": url})

    assert response.status_code == 422
    assert response.text.count("Donnez une adresse que tout le monde peut ouvrir") >= 1
    assert Evidence.objects.count() == 0


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


@pytest.mark.parametrize("target", ["?question=XXX", "?initiative=9", "?initiative=x", f"?initiative={'9' * 30}"])
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

    with django_assert_num_queries(9):
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


def test_the_same_file_for_the_same_question_is_said_and_not_kept_twice(piece, agent, sign_in):
    response = sign_in(agent).post(ADD, {"title": "Autre nom", "upload": upload("copie.pdf")})

    assert response.status_code == 422
    assert "sous l’intitulé « Plan »" in response.text
    assert Evidence.objects.count() == 1


def test_the_same_file_for_another_question_proves_both(piece, agent, sign_in):
    response = sign_in(agent).post(f"{LIST}ajouter/?question=SER-01", {"upload": upload("copie.pdf")}, follow=True)

    assert uses(piece) == ["INC-01", "SER-01"]
    assert "était déjà dans le dossier, sous l’intitulé « Plan »" in response.text


def test_the_same_link_is_not_joined_twice(application, agent, sign_in):
    client = sign_in(agent)
    for _time in range(2):
        response = client.post(ADD, {"url": "https://a.example/page"})

    assert (response.status_code, Evidence.objects.count()) == (422, 1)


def test_a_piece_is_not_replaced_by_itself(piece, agent, sign_in):
    response = sign_in(agent).post(f"{LIST}{piece.pk}/remplacer/", {"upload": upload()})

    piece.refresh_from_db()
    assert (response.status_code, piece.removed_at) == (422, None)


@pytest.mark.parametrize(("proves", "shown"), [("SER-01", "SER-01"), ("initiative", "")])
def test_one_joins_from_the_list_and_says_what_is_proved(ready, agent, sign_in, proves, shown):
    if proves == "initiative":
        proves = f"initiative:{Initiative.objects.get().pk}"
    client = sign_in(agent)
    assert f'href="{LIST}ajouter/"' in client.get(LIST).text

    response = client.post(f"{LIST}ajouter/", {"proves": proves, "url": "https://a.example/"})

    assert response.headers["Location"] == LIST
    assert uses(Evidence.objects.get()) == [shown]


@pytest.mark.parametrize("proves", ["", "XXX", "initiative:9", "initiative:", "SER-02"])
def test_one_proves_from_the_list_only_what_it_offers(application, agent, sign_in, proves):
    response = sign_in(agent).post(f"{LIST}ajouter/", {"proves": proves, "url": "https://a.example/"})

    assert (response.status_code, Evidence.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("back", "page"),
    [("express", "express"), ("inclusion", "inclusion"), ("services", "mediation"), ("x", "mediation")],
)
def test_one_goes_back_to_the_page_one_came_from(application, agent, sign_in, back, page):
    client, address = sign_in(agent), f"{ADD}&retour={back}"
    there = f"/dossiers/01901/2027/questions/{page}/#INC-01"

    assert f'href="{there}"' in client.get(address).text
    assert client.post(address, {"url": "https://a.example/"}).headers["Location"] == there


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
    assert "Remplace « Plan »" in client.get(LIST).text
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


# The files as people have them: what is kept of each, once a worker has had it.
RESTRICTED = pikepdf.Encryption(owner="secret", user="", allow=pikepdf.Permissions(print_highres=False, extract=False))


def photograph(size=(60, 40), kind="JPEG", **fields):
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la mairie"
    return drawing(size, kind, exif=exif, **fields)


def scan(pages):
    written = io.BytesIO()
    sheets = [Image.new("1", (248, 351), 1) for _page in range(pages)]
    sheets[0].save(written, "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    return written.getvalue()


def heic():
    pillow_heif.register_heif_opener()
    return photograph((64, 48), "HEIF")


AS_PEOPLE_HAVE_THEM = {
    "a JPEG": ("photo.jpg", photograph, "photo.jpg", "image/jpeg"),
    "a JPEG without a name": ("IMG_2031", photograph, "IMG_2031.jpg", "image/jpeg"),
    "a JPEG of a messenger": ("photo.jfif", photograph, "photo.jpg", "image/jpeg"),
    "a photograph of an iPhone": ("IMG_1.HEIC", heic, "IMG_1.jpg", "image/jpeg"),
    "the same under another name": ("IMG_1.jpg", heic, "IMG_1.jpg", "image/jpeg"),
    "a scan of three pages": ("scan.tiff", lambda: scan(3), "scan.pdf", "application/pdf"),
    "27 million pixels": ("photo.jpg", lambda: photograph((6_000, 4_500)), "photo.jpg", "image/jpeg"),
    "a large scan in PNG": ("scan.png", lambda: photograph((4_960, 7_016), "PNG"), "scan.jpg", "image/jpeg"),
    "a PDF that may not be printed": (
        "plan.pdf",
        lambda: whole_pdf(encryption=RESTRICTED),
        "plan.pdf",
        "application/pdf",
    ),
}


def test_an_image_cut_short_is_refused_at_once(application, agent, sign_in):
    content = photograph()[:300] + b"\xff\xd9"

    response = sign_in(agent).post(ADD, {"upload": upload("photo.jpg", content)})

    assert (response.status_code, Evidence.objects.count()) == (422, 0)
    assert "abîmé" in response.text


@pytest.mark.parametrize("case", AS_PEOPLE_HAVE_THEM)
def test_a_file_as_people_have_it_is_taken_and_opens_everywhere(application, agent, sign_in, case):
    """Posted as a browser without scripts does."""
    name, make, kept, content_type = AS_PEOPLE_HAVE_THEM[case]
    content = make()

    assert sign_in(agent).post(ADD, {"upload": upload(name, content)}).status_code == 302
    for job in Job.objects.filter(kind="evidence.thumbnail"):
        jobs.run(job.pk)

    row = Evidence.objects.get()
    assert (row.file_name, row.file.content_type, row.fault) == (kept, content_type, "")
    assert row.digest == hashlib.sha256(content).hexdigest()
    assert pages.draw(files.read(row.file), row.file.content_type).total == (3 if "three" in case else 1)


@pytest.mark.parametrize("case", ["a photograph of an iPhone", "27 million pixels"])
def test_what_was_sent_leaves_when_a_smaller_one_is_kept(application, agent, now, case):
    name, make, *_kept = AS_PEOPLE_HAVE_THEM[case]
    row = actions.add_evidence(
        application=application, title="", upload=(name, make()), questions=["INC-01"], by=agent, now=now
    )
    sent = row.file

    jobs.run(Job.objects.get(kind="evidence.thumbnail").pk)
    season.work("file.erase")

    row.refresh_from_db()
    shown = Image.open(io.BytesIO(files.read(row.file)))
    assert (shown.format, max(shown.size) <= 4_096, dict(shown.getexif())) == ("JPEG", True, {})
    assert not StoredFile.objects.filter(pk=sent.pk).exists()
    assert not default_storage.exists(files.path_of(sent.sha256))


def test_an_image_that_no_worker_can_open_says_so(application, agent, sign_in, now):
    row = actions.add_evidence(
        application=application, title="", upload=("photo.jpg", photograph()), questions=["INC-01"], by=agent, now=now
    )
    Evidence.objects.filter(pk=row.pk).update(file=files.store(b"damaged", content_type="image/jpeg"))
    jobs.run(Job.objects.get(kind="evidence.thumbnail").pk)

    assert "joignez-la de nouveau" in sign_in(agent).get(LIST).text


def test_an_image_taken_back_before_a_worker_had_it_leaves_nothing(application, agent, now):
    upload = ("IMG_1.HEIC", heic())
    row = actions.add_evidence(
        application=application, title="", upload=upload, questions=["INC-01"], by=agent, now=now
    )
    row.application = application
    actions.remove_evidence(evidence=row, by=agent, now=now)
    for job in Job.objects.order_by("-pk").filter(kind__startswith="evidence"):
        jobs.run(job.pk)
    season.work("file.erase")

    assert StoredFile.objects.count() == 0


PUBLISH = LIST + "{}/publier/"


def test_a_file_is_published_when_the_commune_says_so_for_it(piece, agent, sign_in):
    client = sign_in(agent)
    assert "La montrer au public après l’annonce" in client.get(LIST).text

    client.post(PUBLISH.format(piece.pk))
    jobs.run(Job.objects.get(kind="evidence.clean").pk)

    piece.refresh_from_db()
    assert (piece.public, piece.cleaned.content_type) == (True, "application/pdf")
    assert "Ne plus la montrer au public" in client.get(LIST).text


def test_a_file_joined_as_public_is_cleaned(application, agent, sign_in):
    sign_in(agent).post(ADD, {"upload": upload("photo.jpg", photograph()), "public": "on"})
    jobs.run(Job.objects.get(kind="evidence.clean").pk)

    assert b"Appareil" not in files.read(Evidence.objects.get().cleaned)


def test_a_photograph_converted_after_its_copy_has_another(application, agent, sign_in):
    sign_in(agent).post(ADD, {"upload": upload("IMG_1.HEIC", heic()), "public": "on"})
    for kind in ("clean", "thumbnail", "clean"):
        jobs.run(Job.objects.get(kind=f"evidence.{kind}").pk)

    row = Evidence.objects.get()
    assert (row.file.content_type, row.cleaned.content_type) == ("image/jpeg", "image/jpeg")


def test_a_file_that_cannot_be_cleaned_is_not_public(application, agent, sign_in):
    response = sign_in(agent).post(ADD, {"upload": upload("notes.txt", b"Bonjour"), "public": "on"})

    assert response.status_code == 422
    assert "seuls une image ou un PDF se publient" in response.text
    assert StoredFile.objects.count() == 0


def test_a_file_of_a_confidential_answer_is_never_published(piece, agent, sign_in, now):
    actions.reuse_evidence(evidence=piece, question_id="SER-03", by=agent, now=now)
    client = sign_in(agent)

    assert client.post(PUBLISH.format(piece.pk)).status_code == 400
    piece.refresh_from_db()
    assert piece.public is False
    assert "La montrer au public" not in client.get(LIST).text


def test_a_public_file_taken_back_leaves_no_copy(piece, application, agent, sign_in, now):
    sign_in(agent).post(PUBLISH.format(piece.pk))
    jobs.run(Job.objects.get(kind="evidence.clean").pk)
    piece.application = application
    actions.remove_evidence(evidence=piece, by=agent, now=now)
    jobs.run(Job.objects.get(kind="evidence.erase").pk)
    season.work("file.erase")

    assert StoredFile.objects.exclude(content_type="image/webp").count() == 0
