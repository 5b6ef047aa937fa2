"""What holds for every page, whoever wrote it."""

import gzip
import re
from collections import defaultdict
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import Form, NumberInput, TypedChoiceField
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.label.matrix import MATRIX, STATES, pages
from tests.queries import writes

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
MISSING = "⟦missing⟧ "
BUDGET, REQUESTS = 100_000, 10


class Page(HTMLParser):
    """What the rules below need from a page."""

    def __init__(self, text):
        super().__init__()
        self.lang, self.title, self.headings, self.ids = "", "", 0, []
        self.inline, self.loaded, self._inside = [], [], ""
        self.posting, self.tokens = 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = tag
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self.headings += tag == "h1"
        self.ids += [given["id"]] if "id" in given else []
        self.posting += tag == "form" and given.get("method") == "post"
        self.tokens += given.get("name") == "csrfmiddlewaretoken"
        self.inline += [f"{tag} {name}=" for name in given if name == "style" or name.startswith("on")]
        # A block of data runs nothing, and the policy lets it be.
        runs = "src" not in given and "json" not in (given.get("type") or "")
        self.inline += [tag] if tag == "style" or (tag == "script" and runs) else []
        if tag == "script" or (tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload")) or tag == "img":
            self.loaded += [address] if (address := given.get("src") or given.get("href")) else []

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


# Braces follow braces there.
DATA = re.compile(r'<script type="application/ld\+json">.*?</script>', re.DOTALL)


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
        "a tag that was not rendered": re.search(r"\{\{|\{%|\{#|#\}|%\}|\}\}", DATA.sub("", text)) is None,
        "no policy": "default-src 'none'" in response.get("Content-Security-Policy", ""),
        "unsafe policy": "unsafe" not in response.get("Content-Security-Policy", ""),
        "framed": "frame-ancestors 'none'" in response.get("Content-Security-Policy", ""),
        f"of another site: {page.loaded}": all(re.match(r"/(?!/)|data:", address) for address in page.loaded),
        # Of a page that acts in nobody's name, and needs no cookie.
        "forms without a token": page.posting == page.tokens or response.wsgi_request.path == "/verifier/",
        "no way out": not response.wsgi_request.user.is_authenticated or reverse("account_logout") in text,
        "sniffed": response.get("X-Content-Type-Options") == "nosniff",
        "referrer told": response.get("Referrer-Policy") == "same-origin",
        "kept by a cache": not response.wsgi_request.user.is_authenticated
        or "no-store" in response.get("Cache-Control", ""),
    }
    return [fault for fault, holds in rules.items() if not holds]


@pytest.mark.parametrize(("name", "role"), list(pages()))
def test_page_keeps_the_rules_of_every_page(look, season, name, role):
    response, text, _written = look(role, MATRIX[name].address(name, season))

    assert faults(response, text) == []


@pytest.mark.parametrize(("role", "address", "status"), STATES)
def test_page_in_another_state_keeps_the_rules(look, role, address, status):
    response, text, written = look(role, address)

    assert (response.status_code, written) == (status, [])
    assert faults(response, text) == []


def test_unknown_host_is_refused_with_a_page(client):
    response = client.get("/", headers={"host": "ailleurs.example"})

    assert response.status_code == 400
    assert "<h1>" in response.text


def test_titles_tell_pages_apart(look, season):
    named = defaultdict(set)
    for name, role in pages():
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


def test_home_reads_no_whole_copy_of_a_result(look, season):
    with CaptureQueriesContext(connection) as captured:
        _response, text, _written = look("anonymous", reverse("home"))

    assert "Des idées à reprendre" in text
    assert [query["sql"] for query in captured if '"document"' in query["sql"]] == []


def test_no_field_counts_by_the_wheel_of_a_mouse():
    """A field of type « number » changes when the page is scrolled over it, and forgets what it cannot read."""
    written = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/forms.py")]
    assert [path.name for path in written if re.search(r'type="number"|NumberInput', path.read_text())] == []
    for app in ("accounts", "assessments", "instance", "jury", "results", "season"):
        module = import_module(f"{app}.forms") if (ROOT / app / "forms.py").exists() else None
        for form in vars(module).values() if module else ():
            fields = getattr(form, "base_fields", {})
            assert [name for name, field in fields.items() if isinstance(field.widget, NumberInput)] == [], form


def test_the_icon_is_found_where_it_is_asked_unread(client):
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")
    assert finders.find(answer["Location"].removeprefix("/static/"))


def test_a_choice_of_nothing_says_what_to_do():
    class OneOf(Form):
        size = TypedChoiceField(choices=[*BLANK_CHOICE_DASH, ("s", "Petite")])

    drawn = str(OneOf()["size"])

    assert re.findall(r"<option[^>]*>([^<]*)<", drawn) == ["Choisissez", "Petite"]
