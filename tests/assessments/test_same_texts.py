"""The page, the workbook and the API take and refuse the same reasons."""

import pytest

from accounts.actions import create_token
from accounts.refusals import Refused
from accounts.rules import texts
from assessments import actions
from assessments.doors import frameworks, spreadsheets
from assessments.models import Answer, Application

pytestmark = pytest.mark.django_db

PAGE = "/dossiers/01901/2027/questions/mediation/INC-01/"
API = "/api/v1/applications/01901/2027/answers/INC-01/"
REASONS = {
    "short": "Pas d’accueil.",
    "decomposed": "e\u0301" * texts.LONG,
    "emoji": "🏳️‍🌈" * 500,
    "full": "a" * texts.LONG,
    "one more": "a" * (texts.LONG + 1),
    "long": "é" * 60_000,
    "longer than a cell": "x" * 120_000,
    "nul": "avec un\x00nul",
    "blank": " \n ",
    "quotes": "“Non”",
}


def by_page(client, agent, reason):
    data = {"answer": "not_applicable", "reason": reason, "seen": 0}
    return client.post(PAGE, data).status_code == 302


def by_api(client, agent, reason):
    _row, key = create_token(name="Clé", by=agent)
    data = {"state": "not_applicable", "reason": reason, "seen": 0}
    headers = {"Authorization": f"Bearer {key}"}
    return client.put(API, data, content_type="application/json", headers=headers).status_code == 200


def by_workbook(client, agent, reason):
    file = Application.objects.get()
    question = frameworks.of(file.framework).question_by_id["INC-01"]
    try:
        answer = spreadsheets.answer_of(question, "Pas concerné", reason.strip())
        actions.fill(application=file, document={"answers": {"INC-01": answer}}, by=agent, now=file.started_at)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("door", [by_page, by_api, by_workbook])
@pytest.mark.parametrize("name", REASONS)
def test_a_reason_meets_the_same_fate_by_every_door(application, agent, sign_in, name, door):
    reason = REASONS[name]
    try:
        kept = texts.taken(reason)
    except Refused:
        kept = ""

    assert door(sign_in(agent), agent, reason) is bool(kept)
    assert list(Answer.objects.values_list("reason", flat=True)) == ([kept] if kept else [])
