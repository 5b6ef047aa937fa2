"""Pages that files name: followed to what they say, and never into a network of ours."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assessments.doors import webpages
from assessments.doors.webpages import Seen, is_of_the_internet, visit

PRIVATE = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:8",
    "::10.0.0.8",
    "::ffff:0:10.0.0.8",
    "fec0::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_network_of_ours_is_never_visited(address):
    assert not is_of_the_internet(address)
    assert visit("http://mairie.fr/", resolve=lambda *_name: [address]) == Seen(fault="private")


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_may_be(address):
    assert is_of_the_internet(address)


def test_one_private_address_among_others_is_enough():
    assert visit("http://mairie.fr/", resolve=lambda *_name: ["1.1.1.1", "10.0.0.8"]).fault == "private"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://mairie.localhost./",
        "https://aubaine.example/",
        "http://imprimante.local/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "gopher://mairie.fr/",
        "http://agent:secret@mairie.fr/",
        "http:///nulle-part",
        "http://" + "a" * 70 + ".fr/",
    ],
)
def test_a_name_that_is_none_of_the_internet_is_not_even_looked_up(url):
    def resolve(*_name):
        raise AssertionError("looked up")

    assert visit(url, resolve=resolve) == Seen(fault="name")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"])
def test_a_number_is_read_as_the_system_reads_it(url):
    assert visit(url).fault in ("private", "name")


@pytest.mark.parametrize("port", [22, 6379, 5432, 8080])
def test_only_the_ports_of_the_web_are_knocked_at(port):
    assert visit(f"http://mairie.fr:{port}/", resolve=lambda *_name: ["1.1.1.1"]).fault == "private"


class Site(BaseHTTPRequestHandler):
    """`/404` answers that, `/to?URL` sends there; anything else says its own path."""

    def do_GET(self):
        code = int(self.path[1:4]) if self.path[1:4].isdecimal() else 200
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
            return
        body = self.path.encode() if self.path != "/large" else b"x" * 2_000
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        pass


@pytest.fixture
def site(monkeypatch):
    """A real server on this machine; `site(path)` is what a visit finds there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    monkeypatch.setattr(webpages, "PORTS", {"http": port, "https": 443})
    known = {"mairie.fr": ["127.0.0.1"], "secret.fr": ["10.0.0.8"]}

    def _site(path):
        return visit(
            f"http://mairie.fr{path}",
            resolve=lambda host, _port: known[host],
            allowed=lambda address: address == "127.0.0.1",
        )

    yield _site
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 403, 404, 503])
def test_what_answered_is_kept_with_its_digest(site, status):
    assert site(f"/{status}") == Seen(status, hashlib.sha256(f"/{status}".encode()).hexdigest())


def test_an_address_with_accents_is_asked_for_in_bytes(site):
    assert site("/été?q=à b").sha256 == hashlib.sha256(b"/%C3%A9t%C3%A9?q=%C3%A0%20b").hexdigest()


def test_a_redirection_is_followed_to_what_it_says(site):
    assert site("/to?/to?/404").status == 404


def test_a_redirection_into_a_network_of_ours_goes_nowhere(site):
    assert site("/to?http://secret.fr/") == Seen(fault="private")


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://localhost/", "//agent:secret@mairie.fr/"])
def test_a_redirection_to_what_is_no_page_goes_nowhere(site, where):
    assert site(f"/to?{where}") == Seen(fault="name")


def test_a_redirection_without_end_ends(site, monkeypatch):
    monkeypatch.setattr(webpages, "MOST_REDIRECTIONS", 1)
    assert site("/to?/to?/to?/200") == Seen(fault="loops")


def test_a_page_too_large_has_a_status_and_no_digest(site, monkeypatch):
    monkeypatch.setattr(webpages, "MOST_BYTES", 1_000)
    assert site("/large") == Seen(200)


def test_a_site_that_does_not_listen_is_silent():
    found = visit("http://mairie.fr/", resolve=lambda *_name: ["127.0.0.2"], allowed=lambda _address: True)
    assert found.fault == "silent"


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://www.commune.fr/page", True),
        ("http://www.commune.fr:80/", True),
        ("https://93.184.216.34/", True),
        ("https://moi:secret@ex.fr/", False),
        ("https://moi@ex.fr/", False),
        ("https://ex.fr:99999/", False),
        ("https://ex.fr:8443/", False),
        ("http://127.0.0.1/", False),
        ("http://169.254.169.254/latest", False),
        ("http://[::1]/", False),
        ("http://localhost/", False),
        ("http://[", False),
    ],
)
def test_an_address_says_itself_that_nobody_else_may_open_it(url, may):
    assert webpages.may_be_cited(url) is may
