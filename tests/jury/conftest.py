"""A small questionnaire, two files submitted, a panel of two readers and a chair."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from assessments import actions as files
from assessments.doors import frameworks
from assessments.enums import State
from assessments.models import Edition
from jury import actions
from tests.conftest import join, make_territory, make_user

QUESTIONNAIRE = """
schema: 1
id: small
edition: 2027
title: {fr: "Petit référentiel"}
axes:
  - {id: inclusion, title: {fr: "Inclusion"}, weight: 1}
  - {id: services, title: {fr: "Services"}, weight: 1}
issues:
  - {id: mediation, title: {fr: "Médiation numérique"}}
questions:
  - {id: INC-01, axis: inclusion, issue: mediation, text: {fr: "Aidez-vous les habitants ?"}, kind: boolean,
     points: 10, nature: recommended, express: true, unproven_credit: 50}
  - {id: INC-02, axis: inclusion, issue: mediation, text: {fr: "Où en est votre site ?"}, kind: maturity, points: 10,
     nature: obligation}
  - {id: SER-01, axis: services, issue: mediation, text: {fr: "Qui répond ?"}, kind: choice, points: 10,
     nature: recommended, options: [{id: personne, credit: 0, text: {fr: "Personne"}},
     {id: agent, credit: 100, text: {fr: "Un agent"}}]}
  - {id: SER-02, axis: services, issue: mediation, text: {fr: "Que faites-vous à la maternité ?"}, kind: boolean,
     points: 10, nature: voluntary}
  - {id: INI-01, axis: inclusion, issue: mediation, text: {fr: "Vos initiatives"}, kind: initiatives,
     points: 10, nature: voluntary, credits: [50, 100]}
levels:
  - {level: 1, min_overall: 0}
  - {level: 2, min_overall: 30}
  - {level: 3, min_overall: 50}
  - {level: 4, min_overall: 70}
  - {level: 5, min_overall: 90}
"""

# The same in schema 2, where a claim earns nothing before it is accepted.
SECOND = QUESTIONNAIRE.replace(
    "schema: 1",
    """schema: 2
maturity: [{fr: "Rien"}, {fr: "En projet"}, {fr: "En cours"}, {fr: "En place"}, {fr: "Évalué"}]
initiatives: {min_description: 200, max_issues: 2, max_age_years: 2, requires: [dates]}""",
).replace("{level: 1, min_overall: 0}", "{level: 1, min_overall: 10}")

# As SECOND, every level from the second on asking for its obligation.
BINDING = (
    SECOND.replace("{level: 2, min_overall: 30}", "{level: 2, min_overall: 30, min_obligations: 60}")
    .replace("min_overall: 50}", "min_overall: 50, min_obligations: 60}")
    .replace("min_overall: 70}", "min_overall: 70, min_obligations: 60}")
    .replace("min_overall: 90}", "min_overall: 90, min_obligations: 60}")
)

DESCRIPTION = "Chaque mardi, une conseillère reçoit les habitants à la mairie et les aide dans leurs démarches. " * 3

MARKS = {"inclusion": 3, "services": 2}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def questionnaire():
    return QUESTIONNAIRE


@pytest.fixture
def edition(db, now, questionnaire):
    return Edition.objects.create(
        year=2027,
        framework=frameworks.load(questionnaire),
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
    )


def document(now):
    """Level 4, 5/6: inclusion 2,000 of 3,000 hundredths, services 1,000 of 1,000, the claim being left out."""
    return {
        "answers": {
            "INC-01": {"value": True},
            "INC-02": {"value": 2},
            "SER-01": {"value": "agent"},
            "SER-02": {"state": "not_applicable", "reason": "Nous n’avons pas de maternité."},
        },
        "evidence": [{"title": "La page d’aide", "url": "https://aubaine.example/aide", "questions": ["INC-01"]}],
        "initiatives": [
            {
                "title": "Permanences numériques",
                "description": DESCRIPTION,
                "started_on": timezone.localdate(now) - timedelta(days=400),
                "operator": "in_house",
                "issues": ["mediation"],
                "link": "https://aubaine.example/permanences",
            }
        ],
    }


def submit_file(edition, territory, signatory, now):
    application = files.start(edition=edition, territory=territory, by=signatory, now=now)
    files.fill(application=application, document=document(now), by=signatory, now=now)
    files.submit(application=application, by=signatory, now=now)
    return application


@pytest.fixture
def submitted(edition, aubaine, signatory, now):
    return submit_file(edition, aubaine, signatory, now)


@pytest.fixture
def other(edition, beaupre, stranger, now):
    return submit_file(edition, beaupre, stranger, now)


@pytest.fixture
def panel(edition, organiser):
    return actions.open_panel(edition=edition, by=organiser)


def seat(panel, user, organiser, now, **fields):
    juror = actions.add_juror(
        panel=panel, email=user.email, name=user.name, function=user.function, by=organiser, now=now, **fields
    )
    return actions.declare(juror=juror, by=juror.user, now=now)


@pytest.fixture
def jeanne(panel, juror_user, organiser, now):
    return seat(panel, juror_user, organiser, now - timedelta(days=3))


@pytest.fixture
def jules(panel, second_juror_user, organiser, now):
    return seat(panel, second_juror_user, organiser, now - timedelta(days=2))


@pytest.fixture
def chair(panel, chair_user, organiser, now):
    return seat(panel, chair_user, organiser, now - timedelta(days=1), is_chair=True)


@pytest.fixture
def in_reading(submitted, jeanne, jules, chair, organiser, now):
    """Jeanne and Jules read Aubaine's file."""
    for juror in (jeanne, jules):
        actions.assign(application=submitted, juror=juror, by=organiser, now=now)
    return submitted


def reading(**fields):
    fields = {
        "marks": MARKS,
        "proposed_level": 3,
        "comment_to_jury": "Entre nous, le dossier est fragile.",
        "comment_to_territory": "Un bel accueil des habitants.",
        **fields,
    }
    return actions.Reading(**fields)


def read(application, juror, now, *, seen=0, **fields):
    return actions.submit_review(application=application, by=juror, reading=reading(**fields), seen=seen, now=now)


def accept_claim(application, juror, now):
    return actions.rule(
        application=application, on="SER-02", accepted=True, reason="Pas de maternité.", by=juror, now=now
    )


@pytest.fixture
def read_twice(in_reading, jeanne, jules, now):
    read(in_reading, jeanne, now)
    read(in_reading, jules, now, proposed_level=4)
    accept_claim(in_reading, jeanne, now)
    return in_reading


@pytest.fixture
def agreed(in_reading, jeanne, jules, now):
    """Both readers propose the level computed."""
    for juror in (jeanne, jules):
        read(in_reading, juror, now, proposed_level=4)
    accept_claim(in_reading, jeanne, now)
    return in_reading


@pytest.fixture
def decided(read_twice, chair, now):
    actions.decide(application=read_twice, level=4, by=chair, now=now)
    return read_twice


@pytest.fixture
def more_files(edition, department, now):
    """`more_files(n)` submits the files of n other communes, each with its own signatory."""

    def _more_files(count):
        made = []
        for number in range(count):
            territory = make_territory(department, f"{1950 + number:05d}", f"Commune {number}", 2_500)
            person = join(make_user(f"Signataire{number}", "maire"), territory, Role.SIGNATORY)
            made.append(submit_file(edition, territory, person, now))
        return made

    return _more_files


def announced(application, organiser, now):
    """Public for ten days."""
    files.move(application=application, to=State.PUBLISHED, by=organiser, now=now)
    past = now - timedelta(days=10)
    Edition.objects.update(opens_at=past - timedelta(days=9), closes_at=past, results_at=past, published_at=past)
    application.edition.refresh_from_db()
    return application
