"""The real web server, in its own process, alone and behind a chain of two proxies. A visitor's address is one of
loopback's own: 127.0.0.6 is a stranger who guesses, 127.0.0.9 is somebody else."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import pytest

from tests.conftest import PASSWORD, make_user
from tests.pair import free_port
from tests.worker import database_url, wait

STRANGER, SOMEBODY = "127.0.0.6", "127.0.0.9"
PATIENCE = 120  # seconds: after them it is held to hang


@contextmanager
def process(*words, port, log, **variables):
    """Until it listens; ended at the end."""
    environment = os.environ | {"DEBUG": "1"} | variables
    with log.open("ab") as output:
        running = subprocess.Popen([sys.executable, "-m", *words], env=environment, stdout=output, stderr=output)
    try:
        wait(lambda: running.poll() is not None or listens(port), seconds=PATIENCE, every=0.05)
        assert running.poll() is None, log.read_text()
        yield running
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server(log, **variables):
    port = free_port()
    with process("label.server", "--bind", f"127.0.0.1:{port}", port=port, log=log, **variables) as running:
        yield port, running


def as_installed(folder):
    """The variables of a server as an instance runs it: static files collected, pages kept."""
    variables = {"DEBUG": "0", "DATABASE_URL": database_url(), "AROBASE_STATIC": str(folder / "static")}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, env=os.environ | variables, check=True)
    return variables


@pytest.fixture
def behind_proxies(tmp_path, transactional_db):
    """The port of the outer of two proxies."""
    log, outer, inner = tmp_path / "log", free_port(), free_port()
    with ExitStack() as stack:
        port, _running = stack.enter_context(server(log, BEHIND_PROXY="2", DATABASE_URL=database_url()))
        stack.enter_context(process("tests.proxy", str(inner), str(port), port=inner, log=log))
        stack.enter_context(process("tests.proxy", str(outer), str(inner), port=outer, log=log))
        yield outer


class Visitor:
    patience = PATIENCE

    def __init__(self, address, port, **headers):
        self.address, self.port, self.headers = address, port, headers

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, self.patience, source_address=(self.address, 0))
        connection.request(method, path, body, self.headers | headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")
        connection.close()
        return answer

    def sign_in(self, email, password):
        page = self.ask("GET", "/compte/connexion/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        cookie = page.headers["Set-Cookie"].split(";")[0]
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", "/compte/connexion/", urlencode(form), **{"Cookie": cookie, "Content-Type": kind})


@pytest.fixture
def email(transactional_db, settings):
    """Of an account whose password is kept as the real server keeps it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return make_user("Agnès", "secrétaire de mairie").email


def test_tries_of_a_stranger_shut_out_nobody_else(email, behind_proxies):
    stranger, somebody = Visitor(STRANGER, behind_proxies), Visitor(SOMEBODY, behind_proxies)

    tries = [stranger.sign_in(email, "un mauvais mot de passe") for _ in range(7)]

    assert [answer.status for answer in tries] == [200] * 5 + [429] * 2
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert somebody.sign_in(email, PASSWORD).status == 302


def test_header_that_a_visitor_sends_counts_for_nothing(email, behind_proxies):
    tries = [
        Visitor(STRANGER, behind_proxies, **{"X-Forwarded-For": f"192.0.2.{number}"}).sign_in(email, "mauvais")
        for number in range(7)
    ]

    assert [answer.status for answer in tries] == [200] * 5 + [429] * 2


def test_api_counts_the_same_address(behind_proxies):
    stranger, somebody = Visitor(STRANGER, behind_proxies), Visitor(SOMEBODY, behind_proxies)

    for _ in range(160):
        answer = stranger.ask("GET", "/api/v1/editions/")

    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert somebody.ask("GET", "/api/v1/editions/").status == 200


HALVES = {
    "head": b"GET /accessibilite/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": b"POST /compte/connexion/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000\r\n\r\nlogin=",
}


@pytest.mark.parametrize("half", HALVES)
def test_fifty_half_sent_requests_stop_nobody(tmp_path, half):
    with ExitStack() as stack:
        port, _running = stack.enter_context(server(tmp_path / "log", WEB_THREADS="4"))
        for _ in range(50):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            slow.sendall(HALVES[half])

        assert Visitor(SOMEBODY, port).ask("GET", "/accessibilite/").status == 200


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return {int(child) for child in file.read().split()}


def test_head_is_answered_without_a_body(tmp_path, transactional_db):
    """Whatever follows on the connection would be read as the next answer."""
    with server(tmp_path / "log", DATABASE_URL=database_url()) as (port, _running), socket.socket() as asked:
        asked.connect(("127.0.0.1", port))
        asked.settimeout(PATIENCE)
        for path in ("/", "/annuaire/", "/rien/", "/api/v1/editions/", "/sante/vivant/"):
            asked.sendall(f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        asked.sendall(b"GET /mentions-legales/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        found = b"".join(iter(lambda: asked.recv(65_536), b""))

    heads = found.split(b"\r\n\r\n")
    assert [head[:8] for head in heads[:6]] == [b"HTTP/1.1"] * 6
    assert len(heads) == 7


def test_web_process_that_dies_is_replaced_and_all_end_together(tmp_path, transactional_db):
    # No Redis answers there: the pages asked for here count and keep nothing.
    variables = {"DATABASE_URL": database_url()}
    with server(tmp_path / "log", WEB_PROCESSES="2", REDIS_URL="redis://127.0.0.1:1", **variables) as (port, running):
        wait(lambda: len(children(running.pid)) == 2, seconds=PATIENCE)
        dead = min(children(running.pid))

        os.kill(dead, signal.SIGKILL)

        wait(lambda: dead not in children(running.pid) and len(children(running.pid)) == 2, seconds=PATIENCE)
        assert Visitor(SOMEBODY, port).ask("GET", "/accessibilite/").status == 200
        left = children(running.pid)
        running.terminate()
        assert running.wait(timeout=PATIENCE) == 0
    assert [pid for pid in left if os.path.exists(f"/proc/{pid}")] == []


def test_processes_count_their_requests_together(tmp_path, transactional_db):
    variables = {"MONITOR_TOKEN": "a token of the monitor", "DATABASE_URL": database_url()}
    with server(tmp_path / "log", WEB_PROCESSES="2", REDIS_URL="redis://127.0.0.1:1", **variables) as (port, running):
        wait(lambda: len(children(running.pid)) == 2, seconds=PATIENCE)
        visitor = Visitor(SOMEBODY, port, Authorization="Bearer a token of the monitor")
        for _ in range(20):
            assert visitor.ask("GET", "/accessibilite/").status == 200

        told = visitor.ask("GET", "/sante/mesures/").text

    assert 'arobase_requests_total{method="GET",route="accessibility",status="200"} 20.0' in told


def test_application_is_loaded_before_any_server_is_asked(tmp_path):
    """It is loaded once, then shared by processes: a connection, or a thread that keeps some, would be too."""
    silent = f"127.0.0.1:{free_port()}"
    variables = {
        "DATABASE_URL": f"postgres://nobody@{silent}/none",
        "DATABASE_POOL": "2",
        "REDIS_URL": f"redis://{silent}",
    }
    asked = (
        "import threading; from label.server import load; load(); from django.db import connection;"
        "print(connection.connection, connection._connection_pools, threading.active_count())"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "label.settings"} | variables,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == ["None", "{}", "1"], told.stderr
