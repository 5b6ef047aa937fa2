"""Markdown as people write it, and the few elements of HTML that are let through."""

from functools import cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# No heading (the page has its own), no image (it would call another site), no table.
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "code", "pre"}
SCHEMES = {"http", "https", "mailto"}


@cache
def _parser() -> MarkdownIt:
    # Raw HTML is shown as text; a line break is one, as in what was written before Markdown was offered.
    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def rendered(text: str) -> SafeString:
    """Safe whatever the text: the parser lets no HTML in, the sanitiser lets nothing else out."""
    return SafeString(
        nh3.clean(
            _parser().render(text),
            tags=TAGS,
            attributes={"a": {"href"}, "*": set()},
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
    )
