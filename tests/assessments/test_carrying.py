from datetime import timedelta

import pytest

from assessments import actions, queries
from assessments.doors import frameworks, scorecards
from assessments.enums import State
from assessments.models import Application, Complement, Edition, Initiative
from tests.assessments.conftest import QUESTIONNAIRE, initiative_fields

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/reprise/"
# Last year asked INC-01 in other words, had one more answer to SER-01 and no SER-03, and an issue that is gone.
LAST_YEAR = (
    QUESTIONNAIRE.replace("edition: 2027", "edition: 2026")
    .replace("Aidez-vous les habitants ?", "Aidez-vous les gens ?")
    .replace(
        '{id: agent, credit: 100, text: {fr: "Un agent"}}',
        '{id: agent, credit: 90, text: {fr: "Un agent"}},\n     {id: robot, credit: 100, text: {fr: "Un robot"}}',
    )
    .replace("- {id: SER-03,", "- {id: SER-09,")
    .replace("issues:\n", 'issues:\n  - {id: emploi, title: {fr: "Emploi"}}\n')
)


@pytest.fixture
def previous(aubaine, agent, now):
    """Last year's file, still open when it is filled in; then its edition closes."""
    edition = Edition.objects.create(
        year=2026,
        framework=frameworks.load(LAST_YEAR),
        opens_at=now - timedelta(days=400),
        closes_at=now + timedelta(days=1),
        results_at=now + timedelta(days=2),
    )
    file = actions.start(edition=edition, territory=aubaine, by=agent, now=now)
    document = {
        "context": {"has_website": True},
        "answers": {
            "INC-01": {"value": True},
            "INC-02": {"state": "unknown"},
            "INC-03": {"value": ["aines"]},
            "SER-01": {"value": "robot"},
            "SER-09": {"value": True},
        },
        "initiatives": [initiative_fields(now, issues=["mediation", "emploi"])],
    }
    actions.fill(application=file, document=document, by=agent, now=now)
    return file


@pytest.fixture
def agents(client, previous, application, agent):
    client.force_login(agent)
    return client


def groups(client):
    return {group.id: group.items for group in client.get(PAGE).context["proposals"].groups}


def take(client, group, *names):
    return client.post(PAGE, {"group": group, "take": names})


def test_what_still_fits_is_proposed_and_what_changed_is_marked(agents):
    shown = groups(agents)

    items = {item.name: item for group in shown.values() for item in group}
    assert set(shown) == {"contexte", "mediation", "services-publics", "initiatives"}
    assert (items["INC-03"].said, items["INC-03"].changed) == ("Les aînés", "")
    assert "reformulée" in items["INC-01"].changed
    assert (items["SER-01"].said, items["SER-01"].document) == ("Un robot", None)
    assert "INC-02" not in items
    assert "SER-09" not in items


def test_the_questions_of_this_year_only_are_told(agents):
    assert [question.id for question in agents.get(PAGE).context["proposals"].fresh] == ["SER-03"]


def test_nothing_counts_before_it_is_confirmed(agents, application):
    agents.get(PAGE)

    assert scorecards.inputs(application)["answers"] == {}
    assert scorecards.inputs(application)["initiatives"] == {}


def test_only_what_is_ticked_in_a_group_is_written(agents, application):
    take(agents, "mediation", "INC-03", "SER-01")

    assert scorecards.inputs(application)["answers"] == {"INC-03": {"value": ["aines"], "evidence": False}}
    assert [item.name for item in groups(agents)["mediation"]] == ["INC-01"]


def test_all_of_a_group_is_what_has_not_changed(agents, application):
    agents.post(PAGE, {"group": "mediation", "all": "yes"})
    agents.post(PAGE, {"group": "services-publics", "all": "yes"})

    assert scorecards.inputs(application)["answers"] == {"INC-03": {"value": ["aines"], "evidence": False}}


def test_an_answer_that_no_longer_fits_cannot_be_taken(agents, application):
    take(agents, "services-publics", "SER-01")

    assert scorecards.inputs(application)["answers"] == {}


def test_the_context_is_taken(agents, application):
    take(agents, "contexte", "has_website")

    application.refresh_from_db()
    assert application.declared_context == {"has_website": True}


def test_an_initiative_still_running_is_copied_and_last_year_s_stays(agents, application, previous):
    (item,) = groups(agents)["initiatives"]

    take(agents, "initiatives", item.name)

    copy = Initiative.objects.get(application=application)
    assert (copy.title, copy.issues) == (item.text, ["mediation"])
    assert Initiative.objects.get(application=previous).issues == ["mediation", "emploi"]
    assert scorecards.inputs(application)["initiatives"] == {"mediation": 1}
    assert "initiatives" not in groups(agents)


def test_what_was_answered_meanwhile_is_left_alone(agents, application, signatory, now):
    actions.fill(application=application, document={"answers": {"INC-03": {"value": []}}}, by=signatory, now=now)

    take(agents, "mediation", "INC-03")

    assert queries.sheet(application).answers["INC-03"].value == []


def test_a_file_without_a_past_has_nothing_to_take_over(client, application, agent):
    client.force_login(agent)

    assert client.get(PAGE).status_code == 404


def test_a_locked_file_takes_nothing(agents, application):
    Application.objects.filter(pk=application.pk).update(state=State.WITHDRAWN)

    assert take(agents, "mediation", "INC-03").status_code == 409
    assert scorecards.inputs(application)["answers"] == {}


def test_a_returned_file_takes_nothing_over(agents, application, organiser, now):
    asked = Complement.objects.create(
        application=application, reason="Une date.", parts=["mediation"], asked_by=organiser, asked_at=now
    )
    Application.objects.filter(pk=application.pk).update(
        state=State.RETURNED, state_reason="Une date.", complement=asked, submitted_at=now, submitted_by=organiser
    )

    assert take(agents, "mediation", "INC-03").status_code == 409
    assert scorecards.inputs(application)["answers"] == {}
