"""The page, the workbook and the API take and refuse the same reasons."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


# Pieces that people paste, some of which no text holds, repeated up to and beyond what each door takes.
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["e\u0301", "a\u0328\u0301", "\ud55c", "\u1112\u1161\u11ab", "🏳️‍🌈", "👩‍👩‍👧", "\r\n", "\x0b", "\u2028"]
    ),
    st.sampled_from(
        ["\x00", "\x07", "\x7f", "\ufeff", "\u200b", "\ufffe", "• ", "“oui”", " ", "\u00a0", "<b>", "=1+1"]
    ),
)
TIMES = st.sampled_from([1, 2, texts.LONG // 2, texts.LONG - 1, texts.LONG, texts.LONG + 1, 32_768, 120_000])
PASTED = st.lists(st.tuples(PIECES, TIMES), min_size=1, max_size=3).map(
    lambda parts: "".join(piece * (times if len(piece) * times <= 120_000 else 1) for piece, times in parts)
)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(reason=PASTED)
def test_whatever_is_pasted_meets_one_fate(application, agent, sign_in, reason):
    try:
        kept = texts.taken(reason)
    except Refused:
        kept = ""
    client = sign_in(agent)
    fates = {}
    for door in (by_page, by_api, by_workbook):
        with undone():
            took = door(client, agent, reason)
            fates[door.__name__] = (took, list(Answer.objects.values_list("reason", flat=True)))

    wanted = (bool(kept), [kept] if kept else [])
    assert fates == dict.fromkeys(fates, wanted)
