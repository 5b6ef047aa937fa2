from datetime import date

import pytest

from accounts.models import AuditEntry
from accounts.refusals import NotNow, Refused
from assessments import actions
from assessments.doors import scorecards
from assessments.models import Answer, Evidence, Initiative
from tests.assessments.conftest import initiative_fields

pytestmark = pytest.mark.django_db


def document(now, **changes):
    return {
        "context": {"has_website": True},
        "answers": {
            "INC-01": {"value": True},
            "INC-02": {"state": "unknown"},
            "SER-01": {"state": "not_applicable", "reason": "Pas d’accueil."},
        },
        "initiatives": [initiative_fields(now)],
        "evidence": [{"title": "Page", "url": "https://a.example/", "questions": ["INC-01"], "public": True}],
        **changes,
    }


def counts():
    return Answer.objects.count(), Initiative.objects.count(), Evidence.objects.count()


def test_fill_writes_the_whole_file(application, agent, now):
    actions.fill(application=application, document=document(now), by=agent, now=now)

    assert counts() == (3, 1, 1)
    assert application.declared_context == {"has_website": True}
    assert scorecards.inputs(application)["answers"]["INC-01"] == {"value": True, "evidence": True}
    assert scorecards.inputs(application)["initiatives"] == {"mediation": 1}
    assert AuditEntry.objects.filter(verb="application.filled").count() == 1


def test_fill_twice_writes_nothing_more(application, agent, now):
    for _ in range(2):
        actions.fill(application=application, document=document(now), by=agent, now=now)

    assert counts() == (3, 1, 1)


def test_fill_adds_a_version_to_what_differs(application, agent, now):
    actions.fill(application=application, document=document(now), by=agent, now=now)
    changes = {"answers": {"INC-01": {"value": False}}, "initiatives": [initiative_fields(now, link="")]}

    sheet = actions.fill(application=application, document=changes, by=agent, now=now)

    assert sheet.version("INC-01") == 2
    assert sheet.version("INC-02") == 1
    assert Initiative.objects.get().version == 2


def test_fill_reads_dates_as_text(application, agent, now):
    fields = initiative_fields(now, started_on="2026-03-01", ended_on="2026-04-01")

    actions.fill(application=application, document={"initiatives": [fields]}, by=agent, now=now)

    assert Initiative.objects.get().started_on == date(2026, 3, 1)


WRONG = {
    "key": {"reponses": {}},
    "question": {"answers": {"XXX": {"value": True}}},
    "value": {"answers": {"INC-02": {"value": 9}}},
    "evidence said": {"answers": {"INC-01": {"value": True, "evidence": True}}},
    "ruling": {"answers": {"SER-01": {"state": "not_applicable", "reason": "x", "accepted": True}}},
    "context": {"context": {"has_website": "oui"}},
    "context name": {"context": {"coastal": True}},
    "issue": {"initiatives": [{"title": "A", "issues": ["cuisine"]}]},
    "three issues": {"initiatives": [{"title": "A", "issues": ["mediation", "services-publics", "x"]}]},
    "no title": {"initiatives": [{"description": "A"}]},
    "initiative key": {"initiatives": [{"title": "A", "auteur": "B"}]},
    "operator": {"initiatives": [{"title": "A", "operator": "personne"}]},
    "date": {"initiatives": [{"title": "A", "started_on": "hier"}]},
    "evidence question": {"evidence": [{"title": "A", "url": "https://a.example/", "questions": ["XXX"]}]},
    "evidence address": {"evidence": [{"title": "A", "url": "javascript:alert(1)", "questions": ["INC-01"]}]},
    "evidence key": {"evidence": [{"title": "A"}]},
}


@pytest.mark.parametrize("case", WRONG)
def test_fill_with_a_fault_writes_nothing(application, agent, now, case):
    mixed = {"answers": {"INC-01": {"value": True}}} | WRONG[case]

    with pytest.raises(Refused):
        actions.fill(application=application, document=mixed, by=agent, now=now)

    assert counts() == (0, 0, 0)


def test_fill_once_submitted_is_refused(submitted, agent, now):
    with pytest.raises(NotNow):
        actions.fill(application=submitted, document={}, by=agent, now=now)


def test_fill_confidential_evidence_is_never_public(application, agent, now):
    piece = {"title": "A", "url": "https://a.example/", "questions": ["INC-01", "SER-03"], "public": True}

    actions.fill(application=application, document={"evidence": [piece]}, by=agent, now=now)

    assert Evidence.objects.get().public is False


def test_fill_on_what_was_seen_is_written(application, agent, now):
    answers = {"INC-01": {"value": True}}

    actions.fill(
        application=application,
        document={"answers": answers},
        seen={"INC-01": 0, "has_website": None},
        by=agent,
        now=now,
    )

    assert counts()[0] == 1


@pytest.mark.parametrize("seen", [{"INC-01": 0}, {"has_website": False}])
def test_fill_on_what_has_moved_writes_nothing(application, agent, now, seen):
    actions.fill(application=application, document=document(now), by=agent, now=now)
    changes = {"answers": {"INC-01": {"value": False}}, "context": {"has_website": False}}

    with pytest.raises(actions.StaleFilling):
        actions.fill(application=application, document=changes, seen=seen, by=agent, now=now)

    assert Answer.objects.filter(question_id="INC-01").count() == 1
