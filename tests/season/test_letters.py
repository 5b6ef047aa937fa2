import pytest

from accounts.models import AuditEntry
from outbox.doors import letters
from outbox.doors.letters import COMMON, FIELDS, LETTERS
from outbox.jobs import mail
from outbox.models import LetterText, Mail
from season.pages import letters as pages

pytestmark = pytest.mark.django_db
PAGE = "/organisation/reglages/textes/jury.turned_down/"
KEEPS = "{motif} {lien}"


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_original_is_made_of_known_fields(letter):
    assert letters.unknown_fields(f"{letter.subject} {letter.text}", FIELDS) == []


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_example_leaves_no_field_bare(letter):
    subject, text = pages.example(letter, {})

    assert letters.fields_of(f"{subject} {text}") == []


def test_every_letter_is_found_on_the_page(page):
    text = page.get("/organisation/reglages/textes/").text

    assert [name for name in LETTERS if f"/textes/{name}/" not in text] == []


def test_changed_words_leave_in_the_next_mail_of_that_letter_alone(page):
    page.post(PAGE, {"subject": "Non recevable", "text": f"Hélas. {KEEPS}"})
    told = dict.fromkeys(FIELDS, "…")

    changed = mail.write(LETTERS["jury.turned_down"], told, key="a", to="a@x.example")
    other = mail.write(LETTERS["jury.appeal_filed"], told, key="b", to="a@x.example")

    assert (changed.subject, "Hélas. … …" in changed.text) == ("Non recevable", True)
    assert "Hélas" not in other.text


def test_frame_goes_around_every_letter(page):
    page.post("/organisation/reglages/textes/frame/", {"text": "Chère commune,\n{texte}\nÀ bientôt, {label}"})

    written = mail.write(LETTERS["jury.appeal_filed"], {"lien": "https://x.example/"}, key="a", to="a@x.example")

    assert written.text.startswith("Chère commune,\nUne demande")
    assert "Cordialement" not in written.text


def test_frame_is_seen_once(page):
    _subject, text = page.get("/organisation/reglages/textes/frame/").context["seen"]

    assert (text.count("Bonjour,"), text.count("Cordialement,"), "(ici, le texte" in text) == (1, 1, True)


def test_value_that_looks_like_a_field_stays_as_it_is():
    told = {"lien": "{label}"}

    _subject, text = letters.in_words(LETTERS["jury.appeal_filed"], told, changed={})

    assert "{label}" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hélas. {lien}", "doit garder le champ « {motif} »"),
        (f"{KEEPS} {{niveau}}", "pas de champ « {niveau} »"),
        (" ", "obligatoire"),
    ],
)
def test_faulty_fields_are_refused_and_the_text_is_kept_typed(page, text, said):
    answer = page.post(PAGE, {"subject": "Non", "text": text})

    assert answer.status_code == 422
    assert said in answer.text.replace("\u202f", " ").replace("\xa0", " ")
    assert not LetterText.objects.exists()


def test_look_shows_and_keeps_nothing(page):
    answer = page.post(PAGE, {"subject": "Non", "text": f"Hélas. {KEEPS}", "look": "1"})

    assert "Hélas. Une pièce manque." in answer.text
    assert not LetterText.objects.exists()


def test_original_comes_back_and_the_trail_knows_both(page):
    page.post(PAGE, {"subject": "Non", "text": f"Hélas. {KEEPS}"})

    page.post(f"{PAGE}origine/")

    assert not LetterText.objects.exists()
    assert {*AuditEntry.objects.filter(verb__startswith="letter.").values_list("verb", flat=True)} == {
        "letter.changed",
        "letter.restored",
    }


def test_mail_of_the_sign_in_package_is_ours(client, agent):
    client.post("/compte/mot-de-passe/oublie/", {"email": agent.email})

    sent = Mail.objects.get(to=agent.email)
    assert "Pour choisir un nouveau mot de passe" in sent.text
    assert all(name in FIELDS for name in COMMON)
