"""Where links lead: those of a page follow the address that was asked; what leaves the service bears its own. And what
an address answers whose numbers are those of nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import resolve

from tests.label.matrix import MATRIX, pages

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
FOLLOWED = re.compile(r'<(?:a|form|img|script|area)\b[^>]*?\b(?:href|src|action)="(https?://[^"]*)"')
OURS = re.compile(r"https?://(?:127\.0\.0\.1|localhost|testserver)(?::\d+)?/")
ASKED = "localhost:8003"
PAGES = sorted({name for name, role in pages() if role == "anonymous"})
# One more than a column of two, of four and of eight bytes holds.
NUMBERS = ("32768", "2147483648", "9223372036854775808")
NUMBER = re.compile(r"<(?:int|year):\w+>")


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page_stay_where_it_was_asked(season, visitors, name):
    visitor = visitors["anonymous"]
    page = b"".join(visitor.client().get(MATRIX[name].address(name, season), HTTP_HOST=ASKED)).decode()

    assert [link for link in FOLLOWED.findall(page) if OURS.match(link)] == []


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8003", "127.0.0.1@evil.example"])
def test_host_that_is_not_ours_is_refused(client, db, host):
    assert client.get("/", HTTP_HOST=host).status_code == 400


@pytest.mark.parametrize("site", ["http://127.0.0.1:8003", "https://label.example"])
@pytest.mark.parametrize(
    "address",
    ["/donnees/resultats.atom", "/sitemap.xml", "/robots.txt", "/donnees/schemas/resultats.json", "/api/schema/"],
)
def test_what_leaves_bears_the_address_of_the_instance(season, visitors, settings, site, address):
    settings.SITE_URL = site
    told = b"".join(visitors["anonymous"].client().get(address, HTTP_HOST=ASKED)).decode()

    assert site in told
    assert ASKED not in told
    assert "127.0.0.1:8000" not in told


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "http://127.0.0.1:8003"), ({"SITE_URL": "https://label.example/"}, "https://label.example")],
)
def test_every_process_bears_the_port_of_the_start_unless_told_otherwise(tmp_path, given, expected):
    """`serve` writes where it was started; the web server, the workers and later commands read it there."""
    (tmp_path / "address").write_text("http://127.0.0.1:8003")
    told = subprocess.run(
        [sys.executable, "-c", "from label import settings; print(settings.SITE_URL)"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "AROBASE_DATA": str(tmp_path), **given},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == expected


def numbered(name, season):
    """The address of the row, with a number that no row has in each place of a number in turn."""
    address = MATRIX[name].address(name, season).partition("?")[0]
    for place, part in enumerate(resolve(address).route.split("/"), 1):
        for number in NUMBERS if NUMBER.search(part) else ():
            parts = address.split("/")
            parts[place] = NUMBER.sub(number, part)
            yield "/".join(parts)


@pytest.mark.both
def test_a_number_of_an_address_that_is_no_row_is_not_found(season, visitors):
    told = {}
    for name, row in MATRIX.items():
        role = next((role for role in (*row.get, *row.post) if row.get[role] == 200 and role != "anonymous"), "agent")
        client = visitors[role].client()
        client.raise_request_exception = False
        for address in numbered(name, season):
            told[address] = client.get(address, headers=visitors[role].headers).status_code

    assert len(told) > 100
    assert {address: status for address, status in told.items() if status not in (302, 404, 405)} == {}
