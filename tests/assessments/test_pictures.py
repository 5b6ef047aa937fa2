"""Pictures of initiatives and thumbnails of evidence: drawn anew by the worker, without what the file carried."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.refusals import NotNow, Refused
from assessments import actions
from assessments.doors import uploads
from assessments.jobs import pictures
from assessments.models import Evidence, Initiative, Picture
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, StoredFile
from tests import season
from tests.assessments.test_uploads import PDF, png, whole_pdf
from tests.documents.test_pages import picture as drawing

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
WORDS = "Une conseillère et un habitant devant un écran."


@pytest.fixture
def initiative(ready):
    row = Initiative.objects.get()
    row.application = ready
    return row


@pytest.fixture
def add(initiative, agent, now):
    def _add(content=None, *, name="photo.png", words=WORDS):
        upload = (name, content or drawing((40, 30)))
        return actions.add_picture(initiative=initiative, alternative=words, upload=upload, by=agent, now=now)

    return _add


def located(kind="JPEG"):
    """A picture that says where it was taken, by whom, and with what."""
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la mairie"
    exif.get_ifd(0x8825)[2] = (45.0, 45.0, 0.0)
    content = drawing((60, 40), kind, exif=exif)
    assert b"Appareil" in content
    return content


def work(kind):
    jobs.run(Job.objects.get(kind=kind).pk)
    season.work("file.erase")


def test_what_is_shown_carries_neither_place_nor_camera(add):
    row = add(located(), name="photo.jpg")
    work("picture.make")
    row.refresh_from_db()
    content = files.read(row.file)
    shown = Image.open(BytesIO(content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (60, 40), {})
    assert b"Appareil" not in content
    assert (row.width, row.height, row.sent) == (60, 40, None)


def test_what_was_sent_is_forgotten(add):
    sent = add(located(), name="photo.jpg").sent
    work("picture.make")
    assert not StoredFile.objects.filter(pk=sent.pk).exists()


def test_what_was_sent_stays_when_it_is_also_evidence(add, ready, agent, now):
    upload = ("photo.jpg", located())
    piece = actions.add_evidence(application=ready, title="", upload=upload, questions=["INC-01"], by=agent, now=now)
    add(upload[1], name="photo.jpg")
    work("picture.make")
    assert StoredFile.objects.filter(pk=piece.file_id).exists()


def test_making_twice_makes_one(add):
    row = add()
    job = Job.objects.get(kind="picture.make")
    for _time in range(2):
        Job.objects.filter(pk=job.pk).update(state="todo", finished_at=None, lease_until=None)
        jobs.run(job.pk)
    row.refresh_from_db()
    assert (row.file is not None, row.fault) == (True, "")


def test_a_damaged_picture_says_so(add):
    row = add(png())
    Picture.objects.filter(pk=row.pk).update(sent=files.store(b"damaged", content_type="image/png"))
    work("picture.make")
    row.refresh_from_db()
    assert (row.file, bool(row.fault)) == (None, True)


@pytest.mark.parametrize(
    ("name", "content", "words", "why"),
    [
        ("photo.png", None, "  ", "en quelques mots"),
        ("photo.png", None, "x" * 251, "250 caractères"),
        ("plan.pdf", PDF, WORDS, "Envoyez une image"),
        ("photo.png", png(30_000, 30_000), WORDS, "trop grande"),
        ("photo.png", b"<svg/>", WORDS, "n’est pas celui"),
        ("photo.webp", b"RIFF\0\0\0\0WEBPVP9 ", WORDS, "n’est pas celui"),
        ("photo.png", b"x" * (25 * 1024 * 1024 + 1), WORDS, "25 Mo"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(add, name, content, words, why):
    with pytest.raises(Refused, match=why):
        add(content, name=name, words=words)
    assert (Picture.objects.count(), StoredFile.objects.count()) == (0, 0)


# Three ways to write a WebP: with loss, without, with something beside the picture.
WEBPS = pytest.mark.parametrize("fields", [{}, {"lossless": True}, {"exif": b"Exif"}])


@WEBPS
def test_a_webp_is_taken(add, fields):
    assert add(drawing((60, 40), "WEBP", **fields), name="photo.webp").sent.content_type == "image/webp"


@WEBPS
def test_a_webp_is_measured_before_it_is_opened(add, fields, monkeypatch):
    # The limit itself would take seconds to draw.
    monkeypatch.setattr(uploads, "MAX_PIXELS", 25_000_000)
    with pytest.raises(Refused, match="trop grande"):
        add(drawing((5_001, 5_000), "WEBP", **fields), name="photo.webp")


def test_an_initiative_shows_four_pictures_at_most(add):
    for side in range(4):
        add(drawing((10, 10 + side)))
    with pytest.raises(Refused, match="4 images"):
        add()


def test_pictures_of_a_submitted_file_do_not_change(add, ready, agent, signatory, now):
    row = add()
    row.initiative.application = ready
    actions.submit(application=ready, by=signatory, now=now)
    with pytest.raises(NotNow):
        actions.remove_picture(picture=row, by=agent, now=now)
    with pytest.raises(NotNow):
        add(drawing((10, 10)))


# Taken back


def addresses(row):
    return [f"{FILE}images/{row.pk}/", f"/jury/01901/2027/images/{row.pk}/"]


@pytest.mark.parametrize("drawn", [True, False], ids=["drawn", "as it was sent"])
def test_a_picture_taken_back_leaves_its_words_and_its_digest_alone(add, agent, sign_in, now, drawn):
    row = add()
    if drawn:
        work("picture.make")
        row.refresh_from_db()
    sha256 = (row.file or row.sent).sha256

    actions.remove_picture(picture=row, by=agent, now=now)

    assert {sign_in(agent).get(address).status_code for address in addresses(row)} == {404}
    work("picture.erase")
    row.refresh_from_db()
    assert (row.file, row.sent, row.alternative, row.erased_sha256) == (None, None, WORDS, sha256)
    assert not StoredFile.objects.filter(sha256=sha256).exists()
    assert not default_storage.exists(files.path_of(sha256))


def test_what_another_picture_still_shows_stays(add, agent, now):
    first, second = add(), add()
    actions.remove_picture(picture=first, by=agent, now=now)

    work("picture.erase")

    assert files.read(second.sent) == drawing((40, 30))


def test_a_picture_drawn_too_late_is_not_kept(add, agent, now, monkeypatch):
    row = add()
    draw = pictures._drawn

    def taken_back_meanwhile(*args):
        actions.remove_picture(picture=row, by=agent, now=now)
        return draw(*args)

    monkeypatch.setattr(pictures, "_drawn", taken_back_meanwhile)
    work("picture.make")
    work("picture.erase")

    row.refresh_from_db()
    assert (row.file, row.sent) == (None, None)
    assert not StoredFile.objects.exists()


# Pages


def test_a_picture_is_added_shown_and_removed(client, initiative, agent):
    client.force_login(agent)
    page = f"{FILE}initiatives/{initiative.pk}/"
    photo = SimpleUploadedFile("photo.png", drawing((40, 30)))
    assert client.post(page + "images/", {"upload": photo, "alternative": WORDS}).status_code == 302
    row = Picture.objects.get()
    assert "se prépare" in client.get(page).content.decode()
    assert client.get(f"{FILE}images/{row.pk}/").status_code == 404

    work("picture.make")

    assert f'alt="{WORDS}" width="40" height="30"' in client.get(page).content.decode()
    answer = client.get(f"{FILE}images/{row.pk}/")
    assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (40, 30)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, no-store")
    client.post(f"{FILE}images/{row.pk}/retirer/")
    assert client.get(f"{FILE}images/{row.pk}/").status_code == 404


def test_a_picture_without_words_says_why(client, initiative, agent):
    client.force_login(agent)
    answer = client.post(
        f"{FILE}initiatives/{initiative.pk}/images/", {"upload": SimpleUploadedFile("photo.png", png())}
    )
    assert answer.status_code == 422
    assert "qui ne la voit pas lira ce texte" in answer.content.decode()


def test_an_image_among_the_evidence_has_a_thumbnail(client, ready, agent, now):
    upload = ("photo.jpg", located())
    piece = actions.add_evidence(application=ready, title="", upload=upload, questions=["INC-01"], by=agent, now=now)
    client.force_login(agent)
    assert "vignette" not in client.get(f"{FILE}preuves/").content.decode()

    work("evidence.thumbnail")

    assert f'src="{FILE}preuves/{piece.pk}/vignette/"' in client.get(f"{FILE}preuves/").content.decode()
    answer = client.get(f"{FILE}preuves/{piece.pk}/vignette/")
    content = b"".join(answer.streaming_content)
    assert (Image.open(BytesIO(content)).format, b"Appareil" in content) == ("WEBP", False)


def test_a_paper_among_the_evidence_has_none(ready, agent, now):
    actions.add_evidence(
        application=ready, title="", upload=("plan.pdf", whole_pdf()), questions=["INC-01"], by=agent, now=now
    )
    assert not Job.objects.filter(kind="evidence.thumbnail").exists()
    assert Evidence.objects.get().thumbnail is None
