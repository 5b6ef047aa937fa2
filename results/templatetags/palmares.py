"""How results are written in pages, beyond the tags of every page."""

import json
import re
from html import unescape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.wording import points
from documents import french
from results import wording
from results.models import PastLaureate
from results.rules import contacts, stems
from results.rules.ideas import LONG_ENOUGH

WORD = re.compile(r"([^\W_]+)")
SHOWN, BEFORE = 220, 60  # characters of an excerpt, and of them before the word that was searched

register = template.Library()

register.filter("level_words", french.level)
register.filter("points", points)


@register.filter
def palmares(laureate: PastLaureate) -> str:
    """A fact of another label: `5@ au palmarès 2012`."""
    return wording.palmares_in_words(year=laureate.year, level=laureate.level, mention=laureate.mention)


register.filter("without_address", contacts.words)


@register.filter
def linked_data(body: dict[str, Any]) -> SafeString:
    """What search engines read of a page: a block of data, never run, that no text can end."""
    text = json.dumps(body, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- escaped just above


@register.filter
def marked(text: str, words: str) -> SafeString:
    """A text with the words that were searched brought out."""
    asked = [(word, stems.stem(word)) for word in stems.words(words)]
    parts = WORD.split(text)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if _is_asked(part, asked) else part,) for part in parts)
    )


@register.filter
def excerpt(text: str, words: str) -> SafeString:
    """Where a text has a word that was searched: its beginning, unless the word comes late."""
    asked = [(word, stems.stem(word)) for word in stems.words(words)]
    text = unescape(text)
    first = next((found.start() for found in WORD.finditer(text) if _is_asked(found[0], asked)), 0)
    start = text.rfind(" ", 0, max(first - BEFORE, 0)) + 1 if first > SHOWN - BEFORE else 0
    shown = text[start : start + SHOWN]
    cut = shown if start + SHOWN >= len(text) else f"{shown.rsplit(' ', 1)[0]}…"
    return marked(f"… {cut}" if start else cut, words)


def _is_asked(part: str, asked: list[tuple[str, str]]) -> bool:
    if not asked or not part[:1].isalnum():
        return False
    word = stems.plain(part)
    return any(
        stems.stem(word) == stem or (len(typed) >= LONG_ENOUGH and word.startswith(typed)) for typed, stem in asked
    )
