"""The three crowds of a season (`tests.load`): nobody meets a fault, nothing acknowledged is lost."""

import os
from collections import Counter
from http import HTTPStatus

import pytest

from assessments.models import Answer
from tests import load
from tests.label.test_server import PATIENCE, as_installed, children, server
from tests.pair import PAIR
from tests.worker import wait

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(PAIR != "servers", reason="several web processes need PostgreSQL and Redis"),
    pytest.mark.django_db(transaction=True),
]


PROCESSES, THREADS, POOL = 2, 8, 5


@pytest.fixture(scope="module")
def variables(tmp_path_factory, django_db_setup):
    wanted = {"WEB_PROCESSES": PROCESSES, "WEB_THREADS": THREADS, "DATABASE_POOL": POOL}
    wanted = {name: str(value) for name, value in wanted.items()}
    return as_installed(tmp_path_factory.mktemp("load")) | {"REDIS_URL": os.environ["REDIS_URL"]} | wanted


@pytest.fixture
def port(tmp_path, variables):
    """Of a web server with two processes, whose threads share fewer connections to the database."""
    with server(tmp_path / "log", **variables) as (port, running):
        wait(lambda: len(children(running.pid)) == PROCESSES, seconds=PATIENCE)
        yield port


def statuses(asked):
    return Counter(each.status for each in asked)


def test_two_hundred_agents_save_until_the_closing(port):
    seen = load.closing(port)
    load.tell([save.asked for save in seen.written], seen.floor)

    assert statuses(seen.floor).keys() == {HTTPStatus.OK}
    # Everybody was refused in the end, and by a sentence.
    assert statuses(seen.refused) == {HTTPStatus.CONFLICT: load.AGENTS}
    assert [each.text for each in seen.refused if "sont closes depuis le" not in load.said(each.text)] == []
    # What was acknowledged is there, once, with what was typed; and nothing else.
    acknowledged = {(save.file, save.question, save.version): save.value for save in seen.written}
    rows = Answer.objects.filter(author__email__endswith=load.CROWD)
    kept = {(row.application_id, row.question_id, row.version): row.value for row in rows}
    assert len(acknowledged) == len(seen.written) >= load.SAVES * load.AGENTS
    assert kept == acknowledged
    assert [row.at for row in rows if row.at >= seen.closes_at] == []
    assert [each.begun for each in seen.refused if each.ended < seen.closes_at] == []
    assert THREADS * PROCESSES > POOL * PROCESSES >= seen.connections > 0


def test_five_hundred_readers_see_a_result_from_the_instant_and_not_before(port):
    seen = load.ceremony(port)
    load.tell(seen.asked, seen.floor)

    assert statuses([*seen.asked, *seen.floor]).keys() == {HTTPStatus.OK}
    shown = {True: Counter(), False: Counter()}
    for each in seen.asked:
        if each.ended < seen.results_at or each.begun > seen.results_at:
            assert (seen.shows[each.what] in each.text) is (each.begun > seen.results_at), each
            shown[each.begun > seen.results_at][each.what] += 1
    assert min(shown[True][page] for page in seen.shows) >= load.READERS
    assert sum(shown[False].values()) >= load.READERS


def test_forty_jurors_read_at_once(port):
    seen = load.jury(port)
    load.tell(seen.asked, seen.floor)

    assert statuses([*seen.asked, *seen.floor]).keys() == {HTTPStatus.OK}
    assert len(seen.typed) == load.JURORS
    assert load.comments() == seen.typed
