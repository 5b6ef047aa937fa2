"""What leaves for a service of errors, caught at its door: a real server, a real process of ours."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest

PLAIN = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PROGRAM = """
import django, logging, sentry_sdk
django.setup()
from django.urls import path
from label import urls

def fails(request):
    planted = "PLANTED variable"
    raise ValueError("refused: maire@aubaine.example at /repondre/PLANTED/")

urls.urlpatterns.insert(0, path("echoue/", fails))
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["session"] = "PLANTED"
client.post("/echoue/?q=PLANTED", {"password": "PLANTED"}, headers={"host": "localhost", "authorization": "PLANTED"})
logging.getLogger("outbox.jobs").error("job %s is given up", "mail:12")
sentry_sdk.flush(20)
"""


@pytest.fixture
def door():
    """Its address, and the bodies that came."""
    came = []

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(PLAIN[self.headers.get("Content-Encoding")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Catcher)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", came
    server.shutdown()
    thread.join()
    server.server_close()


def run(data, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"AROBASE_DATA": str(data), "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "label.settings", **variables}
    return subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)


def test_error_leaves_without_what_is_anybody_s(door, tmp_path):
    address, came = door

    done = run(tmp_path, SENTRY_DSN=address)

    assert done.returncode == 0, done.stderr
    told = b"\n".join(came).decode()
    assert "ValueError" in told
    assert "mail:12" in told
    assert "@aubaine.example" in told
    assert "PLANTED" not in told
    assert "maire@" not in told


def test_nothing_is_loaded_when_nobody_is_to_be_told(tmp_path):
    program = "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)"
    environment = os.environ | {"AROBASE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "label.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)

    assert done.stdout.strip() == "False", done.stderr
