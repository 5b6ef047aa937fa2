import pytest
from django.urls import reverse

from assessments.enums import State
from outbox.models import Job, JobState
from results.models import PublishedResult

pytestmark = pytest.mark.django_db

PAGE = "/organisation/editions/2027/publication/"
PROGRESS = f"{PAGE}avancement/"
RETRY = f"{PAGE}relance/"
CORRECTION = "/organisation/editions/2027/resultats/01901/correction/"
WITHDRAWAL = "/organisation/editions/2027/resultats/01901/retrait/"


@pytest.fixture
def client_of_organiser(sign_in, organiser):
    return sign_in(organiser)


def test_publication_previews_what_will_be(client_of_organiser, make_file, aubaine):
    make_file(aubaine)

    page = client_of_organiser.get(PAGE).content.decode()

    assert "1 résultat sera figé" in page
    assert "Rien ne sera public avant l’annonce" in page
    assert not PublishedResult.objects.exists()


def test_publication_says_what_blocks(client_of_organiser, make_file, aubaine):
    make_file(aubaine, state=State.SUBMITTED)

    assert "1 dossier attend encore" in client_of_organiser.get(PAGE).content.decode()


def test_publication_names_what_differs_from_the_calculation(client_of_organiser, make_file, aubaine):
    file = make_file(aubaine)
    decision = file.decisions.get()
    decision.level, decision.reasons = decision.examined_level + 1, "Un effort remarquable."
    decision.save()

    page = client_of_organiser.get(PAGE).content.decode()

    assert "Un effort remarquable." in page
    assert f"décerné {decision.level}, calculé {decision.examined_level}" in page
    assert "1 décision n’est dans aucun procès-verbal signé" in page


def test_publication_names_the_files_that_wait(client_of_organiser, make_file, aubaine):
    make_file(aubaine, state=State.SUBMITTED)

    page = client_of_organiser.get(PAGE).content.decode()

    assert f'<a href="{reverse("jury:readers", args=[2027, aubaine.code])}">Aubaine</a> – déposée' in page


def test_publication_starts_on_the_second_step(client_of_organiser, make_file, aubaine):
    make_file(aubaine)

    answer = client_of_organiser.post(PAGE, {"unsigned": "La présidente signera demain."})

    assert answer["Location"] == PAGE
    assert Job.objects.filter(kind="edition.publish").count() == 1


def test_publication_twice_says_that_it_is_under_way(client_of_organiser, make_file, aubaine):
    make_file(aubaine)
    client_of_organiser.post(PAGE, {"unsigned": "La présidente signera demain."})

    answer = client_of_organiser.post(PAGE)

    assert answer.status_code == 409
    assert "déjà lancée" in answer.content.decode()


def test_publication_too_early_is_refused_with_the_reason(client_of_organiser, make_file, aubaine):
    make_file(aubaine, state=State.SUBMITTED)

    assert client_of_organiser.post(PAGE).status_code == 409


@pytest.mark.parametrize("address", [PAGE, PROGRESS, WITHDRAWAL])
@pytest.mark.parametrize("person", ["agent", "juror_user"])
def test_others_find_nothing(sign_in, published, request, person, address):
    assert sign_in(request.getfixturevalue(person)).get(address).status_code == 404


@pytest.mark.parametrize("address", [PAGE, PROGRESS, WITHDRAWAL])
def test_visitors_are_asked_to_sign_in(client, published, address):
    assert client.get(address).status_code == 302


def test_progress_counts_results_and_papers(client_of_organiser, published):
    page = client_of_organiser.get(PROGRESS).content.decode()

    assert "1 sur 1" in page
    assert "0 sur 1" in page
    assert "every 2s" in page


def test_progress_ends_when_all_is_made(client_of_organiser, published, run_jobs):
    run_jobs("certificate.make")

    page = client_of_organiser.get(PROGRESS).content.decode()

    assert "Publication terminée" in page
    assert "every 2s" not in page


def test_progress_at_its_end_reloads_the_page(client_of_organiser, published, run_jobs):
    run_jobs("certificate.make")

    assert client_of_organiser.get(PROGRESS, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_progress_unchanged_answers_304(client_of_organiser, published):
    tag = client_of_organiser.get(PROGRESS)["ETag"]

    again = client_of_organiser.get(PROGRESS, headers={"If-None-Match": tag})

    assert again.status_code == 304


def test_progress_moved_answers_anew(client_of_organiser, published, run_jobs):
    tag = client_of_organiser.get(PROGRESS)["ETag"]
    run_jobs("certificate.make")

    assert client_of_organiser.get(PROGRESS, headers={"If-None-Match": tag}).status_code == 200


def test_failures_are_shown_and_tried_again(client_of_organiser, published, now):
    Job.objects.filter(kind="certificate.make").update(
        state=JobState.DEAD, finished_at=now, error="OSError: disque plein"
    )
    assert "disque plein" in client_of_organiser.get(PAGE).content.decode()

    client_of_organiser.post(RETRY)

    assert Job.objects.get(kind="certificate.make").state == JobState.TODO


def test_retry_by_get_leads_to_the_publication(client_of_organiser, published):
    assert client_of_organiser.get(RETRY).url == PAGE


def test_correction_shows_what_is_written_and_replaces_it(client_of_organiser, published):
    assert "Numérique libre" in client_of_organiser.get(CORRECTION).text

    said = {"name": "Aubaine", "honours": "Inclusion\n\nAccueil ", "reason": "Une mention manquait."}
    answer = client_of_organiser.post(CORRECTION, said | {"seen": published.certificate.number})

    assert answer["Location"] == PAGE
    assert PublishedResult.objects.get(replaced_at=None).honours == ["Inclusion", "Accueil"]


def test_correction_written_about_a_copy_replaced_meanwhile_changes_nothing(client_of_organiser, published):
    """Two browsers: the second form would put the wrong name back."""
    first = {"name": "Aubaine-sur-Seine", "reason": "Le nom.", "seen": published.certificate.number}
    client_of_organiser.post(CORRECTION, first)

    late = client_of_organiser.post(CORRECTION, first | {"name": "Aubaine", "honours": "Inclusion"})

    assert (late.status_code, "vient d’être remplacé" in late.text) == (409, True)
    assert PublishedResult.objects.get(replaced_at=None).document["territory"]["name"] == "Aubaine-sur-Seine"


def test_withdrawal_asks_for_a_reason(client_of_organiser, published):
    answer = client_of_organiser.post(WITHDRAWAL, {"reason": "", "seen": published.certificate.number})

    assert answer.status_code == 422
    assert PublishedResult.objects.get().withdrawn_at is None


def test_withdrawal_withdraws(client_of_organiser, published):
    assert f'name="seen" value="{published.certificate.number}"' in client_of_organiser.get(WITHDRAWAL).text
    said = {"reason": "Fausse déclaration.", "seen": published.certificate.number}
    answer = client_of_organiser.post(WITHDRAWAL, said)

    assert answer["Location"] == PAGE
    assert PublishedResult.objects.get().withdrawn_reason == "Fausse déclaration."


def test_withdrawal_twice_says_so(client_of_organiser, published):
    said = {"reason": "Fausse déclaration.", "seen": published.certificate.number}
    client_of_organiser.post(WITHDRAWAL, said)

    assert "déjà été retiré" in client_of_organiser.get(WITHDRAWAL).content.decode()
    assert client_of_organiser.post(WITHDRAWAL, said).status_code == 409
