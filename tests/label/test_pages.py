"""What holds for every page, whoever wrote it."""

import gzip
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from tests.label.matrix import MATRIX, ROLES
from tests.queries import writes
from tests.season import AUBAINE, BEAUPRE, LAST_YEAR, YEAR

pytestmark = pytest.mark.django_db

NOT_PAGES = {
    "health": "JSON",
    "api-schema": "JSON",
    "results:palmares-csv": "a file",
    "results:palmares-json": "a file",
    "results:palmares-schema": "JSON",
    "results:certificate_file": "a PDF",
    "assessments:receipt_file": "a PDF",
    "assessments:download_evidence": "a file",
    "jury:evidence": "a file",
    "results:publication_progress": "a piece that its page asks again",
}
MISSING = "⟦missing⟧ "
BUDGET, REQUESTS = 100_000, 10


def of_matrix():
    """Each page for the first role and for the last role that may read it."""
    for name, row in MATRIX.items():
        if name in NOT_PAGES or ":api-" in name:
            continue
        readers = [role for role in ROLES if row.get[role] == 200]
        for role in dict.fromkeys(readers[:1] + readers[-1:]):
            yield name, role


# The same pages when the file, the edition or the request is in another state: (who, address, status).
STATES = [
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/questions/express/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{YEAR}/questions/mediation/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{YEAR}/questions/inclusion/", 200),
    ("reader", f"/dossiers/{AUBAINE}/{YEAR}/questions/mediation/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/questions/express/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/depot/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/initiatives/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{YEAR}/accuse/", 200),
    ("stranger", f"/dossiers/{BEAUPRE}/{LAST_YEAR}/reexamen/", 200),
    ("agent", f"/dossiers/{AUBAINE}/{LAST_YEAR}/retrait/", 409),
    ("agent", f"/dossiers/{BEAUPRE}/{YEAR}/", 404),
    ("chair", f"/jury/01903/{YEAR}/", 200),
    ("chair", f"/jury/01904/{YEAR}/", 200),
    ("chair", f"/jury/deliberation/{LAST_YEAR}/", 200),
    ("chair", f"/jury/deliberation/{YEAR}/?etat=decided", 200),
    ("second", f"/jury/{BEAUPRE}/{YEAR}/", 200),
    ("organiser", f"/organisation/editions/{YEAR}/lecteurs/?apercu=1", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/publication/", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/resultats/01905/retrait/", 200),
    ("organiser", f"/organisation/editions/{LAST_YEAR}/", 200),
    ("organiser", "/organisation/rattachements/?etat=active", 200),
    ("anonymous", "/annuaire/?q=aubaine", 200),
    ("anonymous", "/annuaire/?q=aubene", 200),
    ("anonymous", f"/annuaire/{BEAUPRE}/", 200),
    ("anonymous", "/annuaire/01903/", 200),
    ("anonymous", "/annuaire/01908/", 200),
    ("anonymous", "/annuaire/200000001/", 200),
    ("anonymous", "/initiatives/?q=mediatheque", 200),
    ("anonymous", "/territoires/recherche/?q=beaupre", 200),
    ("anonymous", "/verifier/?numero=2026-FAUX", 404),
    ("anonymous", "/nulle-part/", 404),
    ("agent", "/compte/rattachement/?q=beau", 200),
]


class Page(HTMLParser):
    """What the rules below need from a page."""

    def __init__(self, text):
        super().__init__()
        self.lang, self.title, self.headings, self.ids = "", "", 0, []
        self.inline, self.loaded, self._inside = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = tag
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self.headings += tag == "h1"
        self.ids += [given["id"]] if "id" in given else []
        self.inline += [f"{tag} {name}=" for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        if tag == "script" or (tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload")) or tag == "img":
            self.loaded += [given.get("src") or given.get("href")]

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        self.title += data if self._inside == "title" else ""


@pytest.fixture(scope="module")
def look(visitors):
    """`look(role, address)`: the response, and the tables written; templates say what they lack. Asked once."""
    engine, seen = engines["django"].engine, {}
    engine.string_if_invalid = f"{MISSING}%s"

    def _look(role, address):
        if (role, address) not in seen:
            with CaptureQueriesContext(connection) as queries:
                response = visitors[role].client().get(address)
                whole = b"".join(response)
            seen[role, address] = response, whole.decode(errors="replace"), writes(queries)
        return seen[role, address]

    yield _look
    engine.string_if_invalid = ""


def faults(response, text):
    """Everything wrong with a page, in words."""
    page = Page(text)
    repeated = {identifier for identifier in page.ids if page.ids.count(identifier) > 1}
    rules = {
        "no French": page.lang == "fr",
        f"{page.headings} h1": page.headings == 1,
        "no title": page.title.strip() != "",
        f"inline: {page.inline}": page.inline == [],
        f"repeated ids: {repeated}": not repeated,
        f"missing: {re.findall(MISSING + '[^<>⟦]*', text)}": MISSING not in text,
        "a tag that was not rendered": re.search(r"\{\{|\{%|\{#|#\}|%\}|\}\}", text) is None,
        "no policy": "default-src 'none'" in response.get("Content-Security-Policy", ""),
        "unsafe policy": "unsafe" not in response.get("Content-Security-Policy", ""),
        "sniffed": response.get("X-Content-Type-Options") == "nosniff",
        "referrer told": response.get("Referrer-Policy") == "same-origin",
        "kept by a cache": not response.wsgi_request.user.is_authenticated
        or "no-store" in response.get("Cache-Control", ""),
    }
    return [fault for fault, holds in rules.items() if not holds]


@pytest.mark.parametrize(("name", "role"), list(of_matrix()))
def test_page_keeps_the_rules_of_every_page(look, season, name, role):
    response, text, _written = look(role, MATRIX[name].address(name, season))

    assert faults(response, text) == []


@pytest.mark.parametrize(("role", "address", "status"), STATES)
def test_page_in_another_state_keeps_the_rules(look, role, address, status):
    response, text, written = look(role, address)

    assert (response.status_code, written) == (status, [])
    assert faults(response, text) == []


def test_titles_tell_pages_apart(look, season):
    named = defaultdict(set)
    for name, role in of_matrix():
        _response, text, _written = look(role, MATRIX[name].address(name, season))
        named[Page(text).title.strip()].add(name)

    assert {title: names for title, names in named.items() if len(names) > 1} == {}


def test_first_page_is_light(client):
    """As a browser gets it without a cache: texts compressed, fonts as they are."""
    response = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    loaded = set(Page(gzip.decompress(response.content).decode()).loaded)
    fonts = {
        urljoin(sheet, name)
        for sheet in loaded
        if sheet.endswith(".css")
        for name in re.findall(r"url\([\"']?([^\"')]+)", on_disk(sheet).read_text())
    }
    sizes = {address: transferred(on_disk(address)) for address in loaded | fonts}

    assert sum(sizes.values()) + len(response.content) <= BUDGET, sizes
    assert len(sizes) + 1 <= REQUESTS, sorted(sizes)


def on_disk(address):
    return Path(finders.find(address.removeprefix("/static/")))


def transferred(path):
    content = path.read_bytes()
    return len(content if path.suffix in {".woff2", ".png", ".webp"} else gzip.compress(content))
