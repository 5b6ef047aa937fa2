"""The user guide: the files of `docs/guide`, read in the repository, as pages of the service with their pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assessments.doors import uploads

FOLDER = settings.BASE_DIR / "docs" / "guide"
PICTURES = "../images/guide/"
INDEX = "index"
# Files out of the guide that it leads to, and the page that stands for each.
ELSEWHERE = {"../../assessments/pages/glossary.md": "assessments:glossary", "../referentiel.md": "results:method"}
# `/dossiers/`, said as code: an address where one may go.
ADDRESS = re.compile(r"(?:/[a-z-]+)+/")


@dataclass(frozen=True)
class Section:
    title: str
    anchor: str


@dataclass(frozen=True)
class Page:
    """`html` begins with the title, a heading of the first level; `sections` are those of the second."""

    name: str
    title: str
    sections: tuple[Section, ...]
    html: SafeString

    @property
    def address(self) -> str:
        return _address(f"{self.name}.md")


@cache
def pages() -> dict[str, Page]:
    """By name, in the order in which the first page lists them."""
    listed = re.findall(r"\]\(([a-z]+)\.md\)", _source(INDEX))
    return {name: page(name) for name in [INDEX, *listed]}


def _source(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@cache
def page(name: str) -> Page:
    """One of them, the others left unread: what a link to it needs."""
    # Our own text: headings, tables and pictures are let through, which `label.markdown` takes from what people write.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_source(name))
    headings: dict[str, list[Section]] = {"h1": [], "h2": [], "h3": []}
    html: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            section = Section(tokens[at + 1].content, slugify(tokens[at + 1].content, allow_unicode=True))
            token.attrSet("id", section.anchor)
            headings[token.tag].append(section)
        if token.type == "table_open":
            # It scrolls within itself and can be reached by keyboard, as every table of the service.
            html.append(_raw('<div class="table" role="region" aria-label="{}" tabindex="0">', section.title))
        token.children = token.children and [placed for child in token.children for placed in _placed(child)]
        html.append(token)
        if token.type == "table_close":
            html.append(_raw("</div>"))
    whole = SafeString(parser.renderer.render(html, parser.options, {}))
    return Page(name, headings["h1"][0].title, tuple(headings["h2"]), whole)


def _raw(html: str, *values: str) -> Token:
    return Token("html_block", "", 0, content=format_html(html, *values) if values else html)


def _placed(token: Token) -> Iterator[Token]:
    """The same piece of a line, its links and pictures where the service has them."""
    if token.type == "link_open":
        token.attrSet("href", _address(str(token.attrs["href"])))
    elif token.type == "image":
        picture = str(token.attrs["src"]).removeprefix(PICTURES)
        try:
            width, height = uploads.size_of_webp((FOLDER / PICTURES / picture).read_bytes())
        except FileNotFoundError:
            # The guide is there to help: a page goes without a picture that an installation lacks, its words stand.
            yield from token.children or ()
            return
        token.attrs |= {"src": static(f"guide/{picture}"), "width": width, "height": height, "loading": "lazy"}
    elif token.type == "code_inline" and ADDRESS.fullmatch(token.content):
        yield from (Token("link_open", "a", 1, attrs={"href": token.content}), token, Token("link_close", "a", -1))
        return
    yield token


def _address(link: str) -> str:
    """Where a link between the files leads in the service."""
    path, sharp, anchor = link.partition("#")
    if path in ELSEWHERE:
        path = reverse(ELSEWHERE[path])
    elif path.endswith(".md"):
        name = path.removesuffix(".md")
        path = reverse("guide") if name == INDEX else reverse("guide_page", args=[name])
    return path + sharp + anchor
