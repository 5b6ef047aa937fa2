import io
import json
import logging
from datetime import datetime

import pytest

from label.logs import Json, Text, WithoutSecrets
from outbox.doors.log import telling


@pytest.fixture
def log():
    """`log(form)`: a logger of its own, and what it has written."""
    logger = logging.getLogger("tests.log")
    logger.propagate = False

    def write(form):
        handler = logging.StreamHandler(io.StringIO())
        handler.setFormatter(form())
        handler.addFilter(WithoutSecrets())
        logger.handlers = [handler]
        return logger, handler.stream

    yield write
    logger.handlers, logger.propagate = [], True


def test_line_is_an_object_with_its_time_its_job_and_its_facts(log):
    logger, written = log(Json)

    with telling(job=12, kind="mail.send"):
        logger.warning("late by %s", "an hour", extra={"facts": {"milliseconds": 7}})

    line = json.loads(written.getvalue())
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line == {
        "level": "WARNING",
        "logger": "tests.log",
        "message": "late by an hour",
        "job": 12,
        "kind": "mail.send",
        "milliseconds": 7,
    }


def test_line_of_text_says_the_same(log):
    logger, written = log(Text)

    with telling(job=12, kind="mail.send"):
        logger.warning("late", extra={"facts": {"milliseconds": 7}})

    time, rest = written.getvalue().split(" ", 1)
    assert datetime.fromisoformat(time).utcoffset() is not None
    assert rest == "WARNING tests.log [job=12 kind=mail.send milliseconds=7]: late\n"


def test_line_of_nothing_in_particular_is_bare(log):
    logger, written = log(Text)

    logger.warning("ready")

    assert written.getvalue().split(" ", 1)[1] == "WARNING tests.log: ready\n"


@pytest.mark.parametrize("form", [Json, Text])
def test_nobody_s_address_is_written(log, form):
    """A mail server and a database cite what they refuse."""
    logger, written = log(form)

    cited = "Key (email)=(agnes.o’hara+essai@aubaine.example) already exists"
    try:
        raise ValueError(cited)
    except ValueError:
        logger.exception("refused: %s", {"maire@aubaine.example": (550, b"no")})

    assert "agnes" not in written.getvalue()
    assert "maire" not in written.getvalue()
    assert written.getvalue().count("…@aubaine.example") == 2


def test_error_stays_on_the_line_of_its_object(log):
    logger, written = log(Json)

    try:
        raise ValueError("the reason")
    except ValueError:
        logger.exception("failed")

    [line] = written.getvalue().splitlines()
    assert json.loads(line)["error"].endswith("ValueError: the reason")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"), [("/organisation/reglages/", "Not Found"), ("/compte/invitations/PLANTED/", "Not Found")]
)
def test_refusal_is_logged(agent, sign_in, path, status):
    """Which page was refused, without the secret that its address may hold."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(Text())
    handler.addFilter(WithoutSecrets())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        sign_in(agent).get(path)
    finally:
        logger.removeHandler(handler)

    written = handler.stream.getvalue()
    assert f"{status}: {path.replace('PLANTED', '…')}" in written


def test_a_wrong_host_is_one_line_that_wakes_nobody(client, caplog):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400

    (record,) = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert (record.levelname, record.exc_info, record.exc_text) == ("WARNING", None, None)
