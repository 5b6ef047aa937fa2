"""What is nobody's mistake is said in a page of its own: the database away, no room left."""

import errno

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from label import faults, views


def caused(by):
    error = OperationalError(str(by))
    error.__cause__ = by
    return error


class Refusal(Exception):
    def __init__(self, sqlstate, words=""):
        super().__init__(words)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), faults.Fault.FULL),
        (OSError(errno.EROFS, "Read-only file system"), faults.Fault.FULL),
        (OSError(errno.ENOENT, "No such file"), None),
        (caused(Refusal("53100")), faults.Fault.FULL),
        (OperationalError("database or disk is full"), faults.Fault.FULL),
        (OperationalError("attempt to write a readonly database"), faults.Fault.FULL),
        (caused(Refusal(None, "connection refused")), faults.Fault.AWAY),
        (caused(Refusal("57P01")), faults.Fault.AWAY),
        (caused(Refusal("40P01", "deadlock")), None),
        (OperationalError("no such table: gone"), None),
        (OperationalError("database is locked"), faults.Fault.AWAY),
        (ValueError("ours"), None),
    ],
    ids=repr,
)
def test_fault_of(error, fault):
    assert faults.of(error) == fault


def answer_to(error):
    request = RequestFactory().get("/")
    try:
        raise error
    except Exception:
        return views.server_error(request)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507, "Il n’y a plus de place"),
        (caused(Refusal("57P01")), 503, "Le service revient dans un instant"),
        (ValueError("ours"), 500, "Le service a rencontré une panne"),
    ],
)
def test_page_says_what_stopped(error, status, said):
    answer = answer_to(error)

    assert answer.status_code == status
    assert said in answer.content.decode()


@pytest.mark.django_db
def test_every_page_says_that_the_database_is_away(client, db):
    client.raise_request_exception = False

    def refuse(*_):
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(refuse):
        answer = client.get("/annuaire/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "ne répond pas pour le moment" in answer.content.decode()
