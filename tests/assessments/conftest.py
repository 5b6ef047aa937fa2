"""A small questionnaire that has one of everything, an edition that is open, and Aubaine's file in it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments import actions
from assessments.doors import frameworks
from assessments.models import Edition

QUESTIONNAIRE = """
schema: 1
id: small
edition: 2027
title: {fr: "Petit référentiel"}
context: {has_website: boolean, desks: integer, network: string}
axes:
  - {id: inclusion, title: {fr: "Inclusion"}, weight: 1}
  - {id: services, title: {fr: "Services"}, weight: 1}
issues:
  - {id: mediation, title: {fr: "Médiation numérique"}}
  - {id: services-publics, title: {fr: "Services publics"}}
questions:
  - {id: INC-01, axis: inclusion, issue: mediation, text: {fr: "Aidez-vous les habitants ?"}, kind: boolean,
     points: 10, nature: recommended, express: true, unproven_credit: 50, help: {fr: "Une aide au numérique."}}
  - {id: INC-02, axis: inclusion, issue: mediation, text: {fr: "Où en est votre site ?"}, kind: maturity, points: 8,
     nature: obligation, applies_when: 'has_website', express: true,
     references: [{title: "Loi n° 2005-102", url: "https://www.legifrance.gouv.fr/"}]}
  - {id: INC-03, axis: inclusion, issue: mediation, text: {fr: "Quels publics aidez-vous ?"}, kind: multiple, points: 6,
     nature: voluntary, options: [{id: aines, credit: 60, text: {fr: "Les aînés"}},
     {id: jeunes, credit: 60, text: {fr: "Les jeunes"}}]}
  - {id: SER-01, axis: services, issue: services-publics, text: {fr: "Qui répond ?"}, kind: choice, points: 5,
     nature: recommended, options: [{id: personne, credit: 0, text: {fr: "Personne"}},
     {id: agent, credit: 100, text: {fr: "Un agent"}}]}
  - {id: SER-02, axis: services, issue: services-publics, text: {fr: "Combien de bornes ?"}, kind: number, points: 4,
     nature: voluntary, unit: {fr: "bornes"}, scale: [[0, 0], [4, 100]], applies_when: 'population >= 10000'}
  - {id: SER-03, axis: services, issue: services-publics, text: {fr: "Vos sauvegardes sont-elles essayées ?"},
     kind: boolean, points: 3, nature: recommended, confidential: true}
  - {id: INI-01, axis: inclusion, issue: mediation, text: {fr: "Vos initiatives de médiation"}, kind: initiatives,
     points: 12, nature: voluntary, credits: [50, 100]}
  - {id: INI-02, axis: services, issue: services-publics, text: {fr: "Vos initiatives de service"}, kind: initiatives,
     points: 12, nature: voluntary, credits: [50, 100]}
levels:
  - {level: 1, min_overall: 0}
  - {level: 2, min_overall: 35}
  - {level: 3, min_overall: 60, min_axis: 25}
"""

DESCRIPTION = "Chaque mardi, une conseillère reçoit les habitants à la mairie et les aide dans leurs démarches. " * 3


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def framework(db):
    return frameworks.load(QUESTIONNAIRE)


@pytest.fixture
def edition(framework, now):
    """Open since a month, for a month."""
    return Edition.objects.create(
        year=2027,
        framework=framework,
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=30),
        results_at=now + timedelta(days=90),
    )


@pytest.fixture
def application(edition, aubaine, agent, now):
    return actions.start(edition=edition, territory=aubaine, by=agent, now=now)


@pytest.fixture
def ready(application, agent, now):
    """All that a submission asks for, and one initiative that counts."""
    document = {
        "context": {"has_website": True, "desks": 1, "network": "fibre"},
        "answers": {"INC-01": {"value": True}, "INC-02": {"state": "unknown"}, "SER-01": {"value": "agent"}},
        "initiatives": [initiative_fields(now)],
    }
    actions.fill(application=application, document=document, by=agent, now=now)
    return application


@pytest.fixture
def submitted(ready, signatory, now):
    actions.submit(application=ready, by=signatory, now=now)
    return ready


def initiative_fields(now, **fields):
    return {
        "title": "Permanences numériques",
        "description": DESCRIPTION,
        # The same for two moments on both sides of midnight.
        "started_on": date(timezone.localdate(now).year - 1, 1, 1),
        "ended_on": None,
        "operator": "in_house",
        "issues": ["mediation"],
        "link": "https://aubaine.example/permanences",
        **fields,
    }
