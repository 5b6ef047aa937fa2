"""Where links lead: those of a page follow the address that was asked; what leaves the service bears its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.label.matrix import MATRIX, pages

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
FOLLOWED = re.compile(r'<(?:a|form|img|script|area)\b[^>]*?\b(?:href|src|action)="(https?://[^"]*)"')
OURS = re.compile(r"https?://(?:127\.0\.0\.1|localhost|testserver)(?::\d+)?/")
ASKED = "localhost:8003"
PAGES = sorted({name for name, role in pages() if role == "anonymous"})


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
