"""A decided file, then a published one, made of rows: what precedes them is tested where it is done."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from assessments.doors import frameworks, scorecards
from assessments.enums import ScorecardKind, State
from assessments.models import Answer, Application, Edition, Initiative
from jury.models import Decision, Juror, Panel
from outbox import jobs
from outbox.models import Job, JobState
from results import actions
from results.models import PublishedResult

FRAMEWORK = (Path(__file__).parent / "framework.yaml").read_text(encoding="utf-8")
ANSWERS = {"INC-01": 3, "SOV-01": True, "SOV-02": False, "ECO-01": 6, "SER-01": ["cantine"]}
SECRET = "Vos sauvegardes sont-elles essayées"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def edition(db, now):
    """Closed, its results announced tomorrow."""
    return Edition.objects.create(
        year=2027,
        framework=frameworks.load(FRAMEWORK),
        opens_at=now - timedelta(days=90),
        closes_at=now - timedelta(days=30),
        results_at=now + timedelta(days=1),
    )


@pytest.fixture
def chair(edition, chair_user):
    return Juror.objects.create(panel=Panel.objects.create(edition=edition), user=chair_user, is_chair=True)


@pytest.fixture
def make_file(edition, chair, organiser, now):
    """`make_file(territory, level=…)`: a file decided at that level; the calculated one is 3."""

    def make(territory, *, level=3, state=State.DECIDED, simulated=False, edition=edition):
        application = Application.objects.create(
            edition=edition,
            territory=territory,
            framework=edition.framework,
            state=State.SUBMITTED,
            official_context={
                "kind": territory.kind,
                "population": territory.population,
                "department": "01",
                "region": "84",
                "overseas": False,
            },
            submitted_at=now,
            submitted_by=organiser,
            simulated=simulated,
        )
        for question, value in ANSWERS.items():
            Answer.objects.create(
                application=application, question_id=question, version=1, state="answered", value=value
            )
        Initiative.objects.create(
            application=application,
            title="Un atelier d’aide au numérique",
            description="Chaque jeudi, la médiathèque ouvre ses ordinateurs aux habitants. " * 4,
            started_on=date(2026, 9, 1),
            operator="in_house",
            issues=["mediation"],
            link="https://aubaine.example/atelier",
        )
        scorecards.freeze(application=application, kind=ScorecardKind.DECLARED, now=now)
        if state == State.DECIDED:
            card = scorecards.freeze(application=application, kind=ScorecardKind.EXAMINED, now=now)
            Decision.objects.create(
                application=application,
                scorecard=card,
                level=level,
                examined_level=card.level,
                reasons="" if level == card.level else "L’atelier sert tout le canton.",
                honours=["Numérique libre"],
                decided_by=chair,
                decided_at=now,
            )
        Application.objects.filter(pk=application.pk).update(state=state)
        return application

    return make


@pytest.fixture
def run_jobs():
    """Run what is due, as the worker would, until nothing is left; returns the kinds run."""

    def run(*kinds):
        done = []
        while True:
            due = Job.objects.filter(state=JobState.TODO, due_at__lte=timezone.now()).order_by("pk")
            job = (due.filter(kind__in=kinds) if kinds else due.exclude(kind="mail.send")).first()
            if job is None:
                return done
            jobs.run(job.pk)
            job.refresh_from_db()
            assert job.state == JobState.DONE, job.error
            done.append(job.kind)

    return run


@pytest.fixture
def publish(edition, organiser, now, run_jobs):
    """`publish()`: the whole edition is published by the worker; its announcement is still to come."""

    def _publish():
        actions.publish(edition=edition, by=organiser, unsigned="La séance est à signer.", now=now)
        run_jobs("edition.publish")
        run_jobs("benchmark.publish", "edition.reports")
        edition.refresh_from_db()

    return _publish


@pytest.fixture
def announce(edition, now):
    """`announce()`: the instant comes."""

    def _announce():
        edition.results_at = now - timedelta(seconds=1)
        edition.save(update_fields=["results_at"])

    return _announce


@pytest.fixture
def published(make_file, aubaine, publish, announce):
    """Aubaine, three arobases, announced."""
    make_file(aubaine)
    publish()
    announce()
    return PublishedResult.objects.select_related("certificate").get()
