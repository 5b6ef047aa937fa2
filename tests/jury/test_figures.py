import pytest

from jury import actions
from jury.jobs import figures
from jury.models import Decision, PanelFigures
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


@pytest.mark.parametrize(
    ("who", "status", "files"),
    [
        # Of two files read; the recused chair is recused from one of them, where Jeanne stands in.
        ("chair", 200, 2),
        ("recused chair", 200, 1),
        ("who stands in", 404, None),
        ("reader", 404, None),
        ("former chair", 404, None),
        ("organiser", 404, None),
        ("commune", 404, None),
    ],
)
def test_who_sees_figures_of_what(
    read_twice, other, jeanne, jules, chair, organiser, signatory, now, who, status, files, sign_in
):
    actions.assign(application=other, juror=jules, by=organiser, now=now)
    read(other, jules, now)
    if who in ("recused chair", "who stands in"):
        actions.recuse(juror=chair, application=other, reason="Un ami.", by=chair.user, now=now)
    if who == "former chair":
        actions.remove_juror(juror=chair, by=organiser, now=now)
    figures.ask(chair.panel, now=now)
    work()
    people = {"who stands in": jeanne.user, "reader": jules.user, "organiser": organiser, "commune": signatory}
    page = sign_in(people.get(who, chair.user)).get(PAGE)
    assert (page.status_code, page.context and page.context.get("public", {}).get("files")) == (status, files)


@pytest.mark.parametrize("hidden", [False, True])
def test_everybody_reads_the_figures_of_the_chair_once_announced(
    read_twice, other, jules, chair, edition, organiser, now, hidden
):
    actions.assign(application=other, juror=jules, by=organiser, now=now)
    read(other, jules, now)
    if hidden:
        actions.recuse(juror=chair, application=other, reason="Un ami.", by=chair.user, now=now)
    figures.ask(chair.panel, now=now)
    work()
    edition.published_at = now
    edition.save()
    public = visibility.jury_figures(now=edition.results_at)
    assert public.content["public"]["files"] == 2 - hidden
    assert public == figures.of(chair.panel)


def test_figures_leave_out_the_reading_of_a_recused_juror(read_twice, jules, panel, now):
    actions.recuse(juror=jules, application=read_twice, reason="Un ami.", by=jules.user, now=now)
    assert figures.compute(panel)["public"]["readings"] == 1


def test_reading_hidden_from_the_chair_changes_no_figure(other, read_twice, jeanne, chair, panel, organiser, now):
    """Thirty readings at an unchanged mean told how the thirtieth was judged."""
    actions.assign(application=other, juror=jeanne, by=organiser, now=now)
    actions.recuse(juror=chair, application=other, reason="Un ami.", by=chair.user, now=now)
    before = figures.compute(panel)
    read(other, jeanne, now)
    assert figures.compute(panel) == before


def test_decision_hidden_from_the_chair_changes_no_figure(decided, more_files, jules, chair, panel, now):
    for application in more_files(5):
        Decision.objects.create(
            application=application,
            scorecard=application.scorecards.get(),
            level=4,
            examined_level=4,
            decided_by=jules,
        )
    counted = figures.compute(panel)["public"]["decisions"]["same"]
    actions.recuse(juror=chair, application=decided, reason="Un ami.", by=chair.user, now=now)
    assert (counted, figures.compute(panel)["public"]["decisions"]["same"]) == (6, 5)


def test_published_figures_are_those_that_the_chair_may_see(read_twice, chair, panel, edition, now):
    actions.recuse(juror=chair, application=read_twice, reason="Un ami.", by=chair.user, now=now)
    figures.ask(panel, now=now)
    work()
    edition.published_at = now
    edition.save()
    assert figures.in_words(visibility.jury_figures(now=edition.results_at))["public"]["readings"] == 0


def test_figures_computed_before_a_recusal_are_withheld(read_twice, chair, panel, now, sign_in):
    figures.ask(panel, now=now)
    work()
    actions.recuse(juror=chair, application=read_twice, reason="Un ami.", by=chair.user, now=now)
    client = sign_in(chair.user)
    page = client.get(PAGE).text
    assert ("Dossiers lus" in page, "ne vous est plus montré" in page) == (False, True)
    client.post(PAGE)
    work()
    assert "Dossiers lus\u202f: 0." in client.get(PAGE).text


def test_published_figures_change_no_more(read_twice, chair, panel, edition, now, sign_in):
    figures.ask(panel, now=now)
    work()
    edition.published_at = now
    edition.save()
    client = sign_in(chair.user)
    assert client.post(PAGE).status_code == 409
    page = client.get(PAGE).text
    assert ("ils ne changent plus" in page, "Calculer de nouveau" in page) == (True, False)


def test_figures_of_a_draft_count_nothing(in_reading, panel):
    assert figures.compute(panel)["public"]["readings"] == 0


def test_figures_take_four_queries(more_files, jeanne, chair, panel, organiser, now, django_assert_num_queries):
    for application in more_files(3):
        actions.assign(application=application, juror=jeanne, by=organiser, now=now)
        read(application, jeanne, now)
    panel.refresh_from_db()
    assert panel.edition.framework
    with django_assert_num_queries(4):
        assert figures.compute(panel)["public"]["readings"] == 3


def test_figures_are_public_with_the_results_alone(read_twice, panel, edition, now):
    figures.ask(panel, now=now)
    work()
    assert visibility.jury_figures(now=edition.results_at) is None
    edition.published_at = now
    edition.save()
    assert visibility.jury_figures(now=now) is None
    assert visibility.jury_figures(now=edition.results_at) == PanelFigures.objects.get()
