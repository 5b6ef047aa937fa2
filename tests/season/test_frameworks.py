from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import AuditEntry
from assessments.doors import frameworks as door
from assessments.models import Answer, Application, Edition, Framework, FrameworkImpact
from outbox.models import Job
from scoring import framework as engine
from season.models import Approval
from season.pages.questionnaires import differences
from season.rules.approval import holds_from
from tests.jury.conftest import SECOND

pytestmark = pytest.mark.django_db

PAGE = "/organisation/referentiels/"
SMALL = "tests/results/framework.yaml"


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def text(answer):
    return answer.content.decode()


def source():
    with open(SMALL, encoding="utf-8") as file:
        return file.read()


def send(page, content, **how):
    return page.post(PAGE, {"file": ContentFile(content.encode(), "cadre.yaml")}, follow=True, **how)


def test_nothing_is_loaded_yet(page):
    answer = text(page.get(PAGE))

    assert "Aucun référentiel n’est chargé" in answer
    assert "Charger le référentiel 2027" in answer


def test_the_shipped_one_in_one_click(page):
    answer = page.post(f"{PAGE}livre/2027/", follow=True)

    assert Framework.objects.get().document == door.shipped_source(2027)
    assert "Le référentiel 2027 est chargé" in text(answer)


def test_a_year_that_is_not_shipped(page):
    assert page.post(f"{PAGE}livre/1999/").status_code == 404


def test_a_file_is_loaded_once(page):
    send(page, source())
    send(page, source())

    assert Framework.objects.count() == 1


def test_faults_are_said_in_their_place_and_nothing_is_kept(page):
    answer = send(page, source().replace("points: ", "points: -", 1))

    assert answer.status_code == 422
    assert "points: -" in text(answer)
    assert "ligne" in text(answer)
    assert not Framework.objects.exists()


@pytest.mark.parametrize("content", ["", "- [", "\0", "é" * 1_100_000])
def test_what_is_no_framework(page, content):
    assert send(page, content).status_code == 422


def test_what_is_no_text(page):
    answer = page.post(PAGE, {"file": ContentFile(b"\xff\xfe\x00", "cadre.yaml")})

    assert "pas du texte en UTF-8" in text(answer)


def test_the_next_version_says_what_it_changes(page):
    send(page, source())
    old = engine.load(source())
    name = old.questions[0].text["fr"]
    answer = send(page, source().replace(name, "Une question tout autre ?"))

    assert "Ce qui change depuis" in text(answer)
    assert name in text(answer)


def test_differences_of_the_same_are_none():
    old = engine.load(source())

    assert differences(old, old) == []


@pytest.mark.parametrize(
    ("before", "after", "what", "said"),
    [
        ("axis: inclusion", "axis: services", "Change aussi", "axe"),
        ("weight: 1}", "weight: 2}", "Change aussi", "axes"),
        ("kind: boolean", "kind: maturity", "Change aussi", "sorte de réponse"),
        ("nature: voluntary", "nature: voluntary, confidential: true", "Change aussi", "confidentialité"),
        ("points: 10, nature: recommended", "points: 12, nature: recommended", "Points", "12"),
        ("min_overall: 90}", "min_overall: 90, min_obligations: 60}", "Seuils du niveau 5", "60 % des obligations"),
    ],
)
def test_differences_leave_nothing_unsaid(before, after, what, said):
    old, new = engine.load(SECOND), engine.load(SECOND.replace(before, after, 1))

    [difference] = differences(old, new)

    assert difference.what.startswith(what)
    assert said in difference.after


def test_judged(page):
    send(page, source())

    answer = page.get(f"{PAGE}{Framework.objects.get().hash}/verifier/")

    assert "L’équilibre du référentiel" in text(answer)


H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "holds"), [([], None), ([0], 24), ([0, 3], 3), ([3, 0, 5], 3), ([0, 30], 24)], ids=str
)
def test_approval_holds_from(now, hours, holds):
    found = holds_from([now + hour * H for hour in hours])

    assert found == (None if holds is None else now + holds * H)


def test_an_edition_is_shown_once_its_framework_is_approved(page, organiser, juror_user, framework, now):
    edition = Edition.objects.create(
        year=2027, framework=framework, opens_at=now + H, closes_at=now + 99 * H, results_at=now + 99 * H, draft=True
    )
    address = "/organisation/editions/2027/montrer/"
    assert "pas approuvé" in text(page.post(address))

    page.post(f"{PAGE}{framework.hash}/approuver/")
    page.post(f"{PAGE}{framework.hash}/approuver/")
    assert "Une seule personne" in text(page.post(address))

    Approval.objects.create(framework=framework, by=juror_user, at=now)
    page.post(address)

    edition.refresh_from_db()
    assert not edition.draft


def test_preview_says_what_is_not_asked_and_why(page):
    page.post(f"{PAGE}livre/2027/")
    answer = text(page.get(f"{PAGE}{Framework.objects.get().hash}/apercu/?kind=commune&population=900"))

    assert "Pas posée" in answer
    assert "habitants" in answer or "population" in answer


def test_preview_of_what_is_no_size(page):
    page.post(f"{PAGE}livre/2027/")
    address = f"{PAGE}{Framework.objects.get().hash}/apercu/?kind=commune&population=beaucoup"

    assert "Saisissez un nombre" in text(page.get(address))


@pytest.fixture
def upcoming(framework, now):
    dates = {"opens_at": now + 99 * H, "closes_at": now + 199 * H, "results_at": now + 299 * H}
    return Edition.objects.create(year=2027, framework=framework, **dates)


OPEN_NOW = "/organisation/editions/2027/ouvrir/"


@pytest.mark.parametrize(
    ("ages", "status"), [((), 409), ((2,), 409), ((25,), 302), ((2, 1), 302)], ids=["none", "one", "day old", "two"]
)
def test_an_edition_opens_once_its_framework_is_approved(
    page, upcoming, organiser, juror_user, framework, now, ages, status
):
    for hours, person in zip(ages, (organiser, juror_user), strict=False):
        Approval.objects.create(framework=framework, by=person, at=now - hours * H)

    assert page.post(OPEN_NOW).status_code == status


def test_an_open_edition_does_not_open_again(page, upcoming, organiser, framework, now):
    Edition.objects.update(opens_at=now - H)
    Approval.objects.create(framework=framework, by=organiser, at=now - 25 * H)

    assert page.post(OPEN_NOW).status_code == 409


def test_an_opening_brought_forward_waits_for_the_approval_too(page, upcoming, organiser, framework, now):
    dates = {name: getattr(upcoming, name) for name in ("closes_at", "results_at")} | {"opens_at": now + H}
    said = {name: timezone.localtime(when).strftime("%Y-%m-%dT%H:%M") for name, when in dates.items()}

    answer = page.post("/organisation/editions/2027/dates/", {**said, "reason": "plus tôt", "confirmed": "on"})

    assert answer.status_code == 422
    assert "pas approuvé" in text(answer)


def words_page(row, part="mediation"):
    return f"{PAGE}{row.hash}/textes/{part}/"


def typed(page, row, part="mediation"):
    form = page.get(words_page(row, part)).context["form"]
    return {name: field.initial for name, field in form.fields.items()}


def test_texts_corrected_make_a_version_that_changes_nothing_else(page, framework):
    answer = page.post(
        words_page(framework), {**typed(page, framework), "INC-01.text": "Aidez-vous tout le monde ?"}, follow=True
    )

    made = Framework.objects.latest("pk")
    framework.refresh_from_db()
    assert framework.document == source()
    assert made.document == source().replace("Aidez-vous vos habitants ?", "Aidez-vous tout le monde ?").replace(
        "Aidez-vous vos habitants\u202f?", "Aidez-vous tout le monde ?"
    )
    assert answer.redirect_chain[-1][0] == f"{PAGE}{made.hash}/"
    assert "Aidez-vous tout le monde ?" in text(answer)


def test_texts_left_as_they_were_make_no_version(page, framework):
    page.post(words_page(framework), typed(page, framework))

    assert Framework.objects.get() == framework


def test_question_is_one_line_however_it_is_typed(page, framework):
    words = {**typed(page, framework), "INC-01.text": "Aidez-vous\r\ntout le monde ?"}

    row = page.post(words_page(framework), words, follow=True).context["row"]

    assert row.parsed.questions[0].text["fr"].startswith("Aidez-vous tout le monde")


def test_texts_with_a_fault_are_kept_typed(page, framework):
    answer = page.post(words_page(framework), {**typed(page, framework), "INC-01.text": "", "INC-02.text": "Quoi ?"})

    assert answer.status_code == 422
    assert "Quoi ?" in text(answer)
    assert Framework.objects.count() == 1


def test_texts_that_nobody_writes_are_refused_in_their_place(page, framework):
    answer = page.post(words_page(framework), {**typed(page, framework), "INC-01.text": "Un \x07 mot"})

    assert answer.context["form"].errors.keys() == {"INC-01.text"}
    assert Framework.objects.count() == 1


def test_draft_edition_goes_on_with_the_corrected_version_and_a_shown_one_does_not(page, framework, now):
    dates = {"opens_at": now + H, "closes_at": now + 9 * H, "results_at": now + 9 * H}
    Edition.objects.create(year=2027, framework=framework, draft=True, **dates)
    Edition.objects.create(year=2026, framework=framework, **dates)

    page.post(words_page(framework), {**typed(page, framework), "INC-01.text": "Aidez-vous tout le monde ?"})

    made = Framework.objects.latest("pk")
    assert Edition.objects.get(year=2027).framework == made
    assert Edition.objects.get(year=2026).framework == framework


def test_facts_are_corrected_too_and_the_difference_tells(page):
    page.post(f"{PAGE}livre/2027/")
    row = Framework.objects.get()
    words = {**typed(page, row, "situation"), "has_website.text": "Un site ?"}

    answer = page.post(words_page(row, "situation"), words, follow=True)

    assert "Demandé sur la situation" in text(answer)
    assert "Un site ?" in text(answer)


def test_texts_of_no_part(page, framework):
    assert page.get(words_page(framework, "rien")).status_code == 404


def test_help_that_was_not_written_can_be_added(page, framework):
    answer = page.post(
        words_page(framework), {**typed(page, framework), "INC-01.help": "Comptez les ateliers."}, follow=True
    )

    made = Framework.objects.latest("pk").parsed
    assert made.question_by_id["INC-01"].help["fr"] == "Comptez les ateliers."
    assert "Comptez les ateliers." in text(answer)


def test_optional_text_is_emptied_then_written_again(page, framework):
    row = framework
    for said in ("Comptez les ateliers.", "", "Comptez tout."):
        words = {**typed(page, row), "INC-01.help": said, "INC-01.evidence_hint": said}
        row = page.post(words_page(row), words, follow=True).context["row"]

        question = row.parsed.question_by_id["INC-01"]
        texts = [question.help, question.evidence_hint]
        assert [text and text["fr"] for text in texts] == ([said, said] if said else [None, None])


def test_version_that_nothing_follows_is_removed_and_traced(page, framework, juror_user, organiser):
    Approval.objects.create(framework=framework, by=juror_user, at=timezone.now())

    answer = page.post(f"{PAGE}{framework.hash}/retirer/", follow=True)

    assert "retirée de la liste" in text(answer)
    assert not Framework.objects.exists()
    [entry] = AuditEntry.objects.filter(verb="framework.removed")
    assert (entry.actor_id, entry.detail["hash"]) == (organiser.pk, framework.hash)


def test_version_loaded_again_after_its_removal_has_its_booklet_made(page):
    page.post(f"{PAGE}livre/2027/")
    page.post(f"{PAGE}{Framework.objects.get().hash}/retirer/")
    page.post(f"{PAGE}livre/2027/")
    row = Framework.objects.get()

    assert Job.objects.get(kind="booklet.make").payload == {"framework": row.pk, "hash": row.hash}


@pytest.fixture
def by_edition(upcoming):
    return upcoming


@pytest.fixture
def by_file(upcoming, aubaine, framework, other):
    Edition.objects.update(framework=other)
    return Application.objects.create(edition=upcoming, territory=aubaine, framework=framework)


@pytest.fixture
def by_score(by_file, framework, other):
    by_file.scorecards.create(kind="declared", framework_hash=framework.hash, inputs="{}", result="{}")
    Application.objects.update(framework=other)


@pytest.fixture
def by_answer(by_file, framework, other, agent):
    Answer.objects.create(
        application=by_file, question_id="INC-01", version=1, state="cleared", parked_from=framework, author=agent
    )
    Application.objects.update(framework=other)


@pytest.fixture
def other(framework):
    return door.load(source().replace("Aidez-vous", "Épaulez-vous"))


@pytest.mark.parametrize("use", ["by_edition", "by_file", "by_score", "by_answer"])
def test_version_in_use_stays(page, framework, request, use):
    request.getfixturevalue(use)

    answer = page.post(f"{PAGE}{framework.hash}/retirer/")

    assert answer.status_code == 409
    assert Framework.objects.filter(pk=framework.pk).exists()
    assert f"{framework.hash}/retirer/" not in text(page.get(PAGE))


@pytest.fixture
def other_measured(upcoming, other):
    FrameworkImpact.objects.create(edition=upcoming, framework=other, document={"meanings": []})
    return other


def adopt(page, version):
    return page.post(f"/organisation/editions/2027/referentiel/{version.hash}/adopter/", {"reason": "Des mots."})


@pytest.mark.parametrize(
    ("ages", "draft", "status"),
    [((), False, 409), ((2,), False, 409), ((25,), False, 302), ((2, 1), False, 302), ((), True, 302)],
    ids=["none", "one", "day old", "two", "draft"],
)
def test_shown_edition_moves_to_an_approved_version_alone(
    page, upcoming, other_measured, organiser, juror_user, now, ages, draft, status
):
    Edition.objects.update(draft=draft)
    for hours, person in zip(ages, (organiser, juror_user), strict=False):
        Approval.objects.create(framework=other_measured, by=person, at=now - hours * H)

    answer = adopt(page, other_measured)

    assert answer.status_code == status
    assert (Edition.objects.get().framework == other_measured) is (status == 302)
