import pytest

from jury import actions
from jury.jobs import figures
from jury.models import Figures
from outbox import jobs
from outbox.models import Job
from results import visibility

from .conftest import read

PAGE = "/jury/chiffres/2027/"


def work():
    jobs.run(Job.objects.filter(kind="jury.figures").latest("pk").pk)


def test_figures_are_asked_then_shown_to_the_chair(read_twice, chair, sign_in):
    client = sign_in(chair.user)
    assert "Calculer les chiffres" in client.get(PAGE).content.decode()
    assert client.post(PAGE).url == PAGE
    assert "Le calcul est en cours." in client.get(PAGE).content.decode()
    work()
    page = client.get(PAGE).content.decode()
    assert "Dossiers lus\u202f: 1." in page
    assert "Jeanne" in page


@pytest.mark.parametrize("who", ["juror_user", "organiser", "agent"])
def test_figures_of_who_is_not_the_chair_are_not_found(read_twice, chair, who, request, sign_in):
    assert sign_in(request.getfixturevalue(who)).get(PAGE).status_code == 404


def test_figures_leave_out_the_reading_of_a_recused_juror(read_twice, jules, panel, now):
    actions.recuse(juror=jules, application=read_twice, reason="Un ami.", by=jules.user, now=now)
    assert figures.compute(panel)["public"]["readings"] == 1


def test_figures_of_a_draft_count_nothing(in_reading, panel):
    assert figures.compute(panel)["public"]["readings"] == 0


def test_figures_take_two_queries(more_files, jeanne, chair, panel, organiser, now, django_assert_num_queries):
    for application in more_files(3):
        actions.assign(application=application, juror=jeanne, by=organiser, now=now)
        read(application, jeanne, now)
    panel.refresh_from_db()
    assert panel.edition.framework
    with django_assert_num_queries(2):
        assert figures.compute(panel)["public"]["readings"] == 3


def test_figures_are_public_with_the_results_alone(read_twice, panel, edition, now):
    figures.ask(panel, now=now)
    work()
    assert visibility.jury_figures(now=edition.results_at) is None
    edition.published_at = now
    edition.save()
    assert visibility.jury_figures(now=now) is None
    assert visibility.jury_figures(now=edition.results_at) == Figures.objects.get()
